"""How talks begin: a forum is proposed and moved along, its text begun, a signed text published."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goodoffices.desk.talks import drafting, owing, signing
from goodoffices.desk.talks.models import Accord, Commitment, Forum, Text
from goodoffices.domain.errors import TransitionError
from goodoffices.engines.talks.consent import Act
from tests.desk.conftest import AT, post, viewer

FORUM = {"code": "R9", "forum_kind": "round", "title": "Ninth round", "members": ["UA", "RU"]}
HEAD = "@title T\n@version 1\n@language {}\n@parties RU UA\n"
ENGLISH, RUSSIAN = HEAD.format("en") + "1.1 all return\n", HEAD.format("ru") + "1.1 все возвращаются\n"


@pytest.fixture
def chair(enter):
    """The secretariat, with a forum proposed."""
    client = enter("secretariat-1")
    assert post(client, "/talks/open", **FORUM).status_code == 302
    return client


def test_a_forum_is_proposed_by_the_secretariat_agreed_by_its_sides_and_then_set_to_work(chair, enter):
    assert Forum.objects.get(code="r9").members == ["RU", "UA"]
    for username in ("side-ua-1", "humanitarian-1", "host"):
        assert enter(username).get("/talks/new").status_code == 404
        assert post(enter(username), "/talks/r9/step", event="begin").status_code == 404
    for event in ("agree", "begin", "ask_again"):
        assert post(chair, "/talks/r9/step", event=event).status_code == 409
    accord = Accord.objects.get()
    for side in ("ua", "ru"):
        assert Forum.objects.get(code="r9").state == "proposed"
        answer = post(enter(f"side-{side}-1"), f"/talks/r9/accords/{accord.id}/answer", accepts="yes")
        assert answer.status_code == 302
    assert Forum.objects.get(code="r9").state == "agreed"
    assert post(chair, "/talks/r9/step", event="begin").status_code == 302
    assert Forum.objects.get(code="r9").state == "at_work"


@pytest.mark.parametrize(
    ("change", "words"),
    [({}, "a code that no other forum has"), ({"code": "new"}, "a code that no other forum has"),
     ({"code": "r10", "members": ["UA"]}, "two parties"), ({"code": "r10", "title": ""}, "errors"),
     ({"code": "r10", "forum_kind": "tea"}, "errors"), ({"code": "r10", "members": ["XX", "UA"]}, "errors")],
)  # fmt: skip
def test_a_forum_that_cannot_be_is_refused_and_what_was_typed_is_kept(chair, change, words):
    answer = post(chair, "/talks/open", **(FORUM | change))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Forum.objects.count() == 1


def test_a_text_begins_with_a_file_or_words_and_only_once(chair, enter):
    assert enter("side-ua-1").get("/talks/r9/begin/new").status_code == 404
    file = SimpleUploadedFile("text.txt", b"\xef\xbb\xbf" + ENGLISH.encode())
    assert post(chair, "/talks/r9/begin", title="T", file_en=file, source_ru=RUSSIAN).status_code == 302
    assert Text.objects.get().authentic == ["en", "ru"]
    assert "все возвращаются" in chair.get("/talks/r9/text?languages=ru").content.decode()
    assert chair.get("/talks/r9/begin/new").status_code == 404
    assert post(chair, "/talks/r9/begin", title="T", source_ru=RUSSIAN).status_code == 404


@pytest.mark.parametrize(
    ("fields", "words"),
    [({}, "the words in one language at least"),
     ({"source_en": ENGLISH, "source_ru": HEAD.format("ru") + "1.2 все\n"}, "clauses as in en"),
     ({"source_en": ENGLISH.replace("RU UA", "RU")}, "@parties"),
     ({"source_en": HEAD.format("en")}, "no clause"),
     ({"source_en": HEAD.format("en") + "1.1 [all{UA}\n"}, "line 5"),
     ({"file_en": SimpleUploadedFile("t.txt", b"\xff\xfe\x00")}, "UTF-8")],
)  # fmt: skip
def test_a_text_that_cannot_be_read_is_refused(chair, fields, words):
    answer = post(chair, "/talks/r9/begin", title="T", **fields)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Text.objects.exists()


def test_a_signed_text_is_published_with_its_commitments_and_none_before(chair):
    by = viewer("secretariat-1")
    text = drafting.text_open(
        forum=Forum.objects.get(code="r9"), title="T", source={"en": ENGLISH, "ru": RUSSIAN}, by=by, at=AT
    )
    owing.commitment_ground(text=text, clause="1.1", code="G1", title="All", due=None, by=by, at=AT)
    signing.text_freeze(text=text, by=by, at=AT)
    with pytest.raises(TransitionError, match="expected signed"):
        signing.text_publish(text=text, by=by, at=AT)
    for side in ("ua", "ru"):
        signing.text_sign(text=text, act=Act.SIGN, hash=text.frozen_hash, by=viewer(f"side-{side}-1"), at=AT)
    assert Client().get("/talks/r9/text").status_code == 404
    assert Client().get("/commitments/G1").status_code == 404
    assert post(chair, "/talks/r9/text/publish").status_code == 302
    assert Client().get("/talks/r9/text").status_code == 200
    assert Client().get("/commitments/G1").status_code == 200
    assert Commitment.objects.get(code="G1").published
