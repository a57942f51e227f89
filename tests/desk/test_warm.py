"""A process of the server: what it has read before its first answer, and how often it looks for changed keys."""

import gc

from django.template import engines

from goodoffices.desk import keys, remember
from goodoffices.desk.warm import warm


def test_a_process_has_read_every_template_and_leaves_the_collector_nothing_of_it():
    loader = engines["django"].engine.template_loaders[0]
    loader.reset()
    try:
        warm()
        assert {"pairs/pairs.html", "talks/talks.html", "frame/base.html"} <= {
            str(key) for key in loader.get_template_cache
        }
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()


def test_a_request_looks_once_for_changed_keys_and_again_for_one_made_since(tmp_path, monkeypatch):
    here, other = keys.KeyRing(tmp_path, ""), keys.KeyRing(tmp_path, "")
    sealed = here.seal("UA", b"a name", bound_to="row:1")
    looked = []
    fresh = here._fresh
    monkeypatch.setattr(here, "_fresh", lambda: looked.append(1) or fresh())
    held = remember._KEPT.set({})
    try:
        for _ in range(50):
            assert here.open("UA", sealed, bound_to="row:1") == b"a name"
        assert len(looked) == 1
        other.renew("UA")
        newer = other.seal("UA", b"another", bound_to="row:2")
        assert here.open("UA", newer, bound_to="row:2") == b"another"
        assert len(looked) == 2
    finally:
        remember._KEPT.reset(held)
    here.open("UA", sealed, bound_to="row:1")
    assert len(looked) == 3, "outside a request every time"
