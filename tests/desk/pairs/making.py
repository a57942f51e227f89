"""Pairs for tests: two invented lists, released to the neutral and compared by the humanitarian desk."""

from django.utils import timezone

from goodoffices.desk.lists.selectors import version_seen
from goodoffices.desk.pairs import services
from goodoffices.desk.pairs.models import Run
from tests.desk.conftest import viewer
from tests.desk.lists.making import NAMES, release, sealed, two_lists, work_off

FIELDS = (*NAMES, "birth_place", "service_number", "rank", "unit", "sex", "captured_on")


def compared(persons=60, *, fields=FIELDS, lists=None) -> Run:
    """Give a finished run: held by UA, sought by RU."""
    left, right = lists or two_lists(persons)[:2]
    held, sought = sealed("side-ua-1", left, kind="held"), sealed("side-ru-1", right, kind="sought")
    release(held, fields=fields)
    release(sought, fields=fields)
    return linked(held, sought)


def linked(held, sought) -> Run:
    """Have two released versions compared."""
    by, now = viewer("humanitarian-1"), timezone.now()
    seen = [version_seen(by, version.list_id, now, version=version.id) for version in (held, sought)]
    run = services.run_ask(left=seen[0], right=seen[1], by=by, at=now)
    work_off()
    return Run.objects.get(id=run.id)


def decide(pair, verdict="same", *, username="humanitarian-1"):
    """Decide on a pair as a member."""
    return services.pair_decide(
        pair=pair, verdict=verdict, seen=pair.decisions.count(), by=viewer(username), at=timezone.now()
    )
