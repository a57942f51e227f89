"""Freezing and tabling at the very same moment, by two browsers on a desk that is served: one wins."""

import json
import re
import threading

import pytest

from tests.desk.serving import Browser, Server, open_desk, python

ROUNDS = 8
_MAKE = """
import django; django.setup()
from goodoffices.desk.talks import demo, drafting, drafts
from goodoffices.desk.talks.models import Forum
from tests.desk.conftest import AT, viewer
chair, side = viewer("secretariat-1"), viewer("side-ua-1")
for number in range(ROUNDS):
    forum = Forum.objects.create(code=f"f{number}", kind="round", title="F", members=["RU", "UA"], state="at_work")
    source = {"en": "@title T\\n@language en\\n@parties RU UA\\n1.1 all return\\n"}
    text = drafting.text_open(forum=forum, title="T", source=source, by=chair, at=AT)
    drafts.draft_keep(text=text, clause="1.1", place=0, wording={"en": "zyzzyva"}, by=side, at=AT)
""".replace("ROUNDS", str(ROUNDS))
_LOOK = """
import django, json; django.setup()
from goodoffices.desk.talks.models import Text
from goodoffices.desk.talks.selectors import version_of
from goodoffices.desk.talks.records import documents
from goodoffices.engines.talks.consent import text_hash
print(json.dumps({
    text.forum.code: [text.state, text.frozen_hash == text_hash(documents(version_of(text))), text.drafts.count(),
                      "zyzzyva" in str(version_of(text).source)]
    for text in Text.objects.select_related("forum")
}))
"""


@pytest.mark.slow
def test_of_freezing_and_tabling_one_wins_and_the_other_is_told(tmp_path):
    open_desk(tmp_path / "desk")
    python(_MAKE, tmp_path / "desk")
    server, answers = Server(tmp_path / "desk", tmp_path / "log").start(), {}
    try:
        chair, side = Browser(server.port).enter("secretariat-1"), Browser(server.port).enter("side-ua-1")
        for number in range(ROUNDS):
            page, gate = f"/talks/f{number}/text", threading.Barrier(2)

            def press(browser, act, field, page=page, gate=gate):
                body = browser.get(page)[1]
                given = re.search(rf'action="{page}/{act}".*?name="{field}" value="([^"]*)"', body, re.DOTALL)[1]
                fields = {"once": act + page, "csrfmiddlewaretoken": browser.token(page), "event": "freeze"}
                gate.wait()
                answers[page, act] = browser.send(f"{page}/{act}", {**fields, field: given})[:2]

            hands = [(chair, "freeze", "version"), (side, "table", "mark")]
            threads = [threading.Thread(target=press, args=hand) for hand in hands]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
    finally:
        server.kill()
    found = json.loads(python(_LOOK, tmp_path / "desk"))
    for number in range(ROUNDS):
        page, told = f"/talks/f{number}/text", found[f"f{number}"]
        frozen, tabled = answers[page, "freeze"], answers[page, "table"]
        assert sorted([frozen[0], tabled[0]]) == [302, 409]
        if frozen[0] == 302:
            assert told == ["frozen", True, 1, False]
            assert "The text was frozen before this was tabled" in tabled[1]
            assert "zyzzyva" in tabled[1]
        else:
            assert told == ["draft", False, 0, True]
            assert "The text has changed since you opened this page" in frozen[1]
