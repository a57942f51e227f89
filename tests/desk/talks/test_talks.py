"""The talks at the desk: who sees what, every act on the text, silence, signatures, commitments, the courier."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.talks import demo, drafting, selectors, services, signing
from goodoffices.desk.talks.models import Commitment, Forum, Text, Version
from goodoffices.domain.errors import NotYoursError, TransitionError, VerificationError
from goodoffices.engines.talks.consent import Act
from goodoffices.engines.talks.forum import Courier
from tests.desk.conftest import AT, post, viewer

HEAD = "@title T\n@version 1\n@language {}\n@parties RU UA\n"
SOURCE = {
    "en": HEAD.format("en") + "1.1 exchange [all]{UA}[at least 1,200]{RU} prisoners\n2.1 bodies are returned\n",
    "uk": HEAD.format("uk") + "1.1 обмін [усіх]{UA}[щонайменше 1200]{RU} полонених\n2.1 тіла повертають\n",
}


@pytest.fixture
def talks(desk):
    """The forums of the process and a text of two clauses."""
    demo.forums_open(AT)
    return drafting.text_open(
        forum=Forum.objects.get(code="r3"), title="T", source=SOURCE, by=viewer("secretariat-1"), at=AT
    )


def mark_of(page):
    return re.search(r'name="mark" value="([^"]+)"', page.content.decode())[1]


def edit(client, act, **fields):
    page = client.get("/talks/r3/text/1.1")
    return post(client, f"/talks/r3/text/1.1/{act}", mark=mark_of(page), **fields)


def test_every_page_is_there_for_those_who_may_and_for_nobody_else(talks, enter):
    services.sitting_plan(
        forum=talks.forum, starts_at=timezone.now() + dt.timedelta(days=1), minutes=60, place="", zone="UTC", agenda=[],
        by=viewer("secretariat-1"), at=AT,
    )  # fmt: skip
    pages = [
        *("/talks", "/talks/r3", "/talks/r3/sittings/2", "/talks/r3/text", "/talks/r3/text?view=sign", "/commitments"),
        *("/talks/r3/text?view=changes", "/talks/r3/text?languages=en,uk", "/talks/r3/text/1.1", "/commitments/C3"),
        *(
            "/calendar.ics",
            "/talks/r3/papers/new",
            *(f"/talks/r3/text/export.{form}" for form in ("pdf", "docx", "xml")),
        ),
    ]
    for page in pages:
        for language in ("en", "uk", "ru", "tr"):
            answer = enter("side-ua-1").get(page, {"lang": language} if "?" not in page else {})
            assert answer.status_code == 200, page
    assert enter("secretariat-1").get("/talks/r3/text/1.1").status_code == 200
    for nobody in ("planner-ua", "auditor", "operator"):
        assert enter(nobody).get("/talks/r3/text").status_code == 404
    assert enter("observer").get("/talks/r3/text").status_code == 404
    assert Client().get("/talks/r3/text").status_code == 404


def test_a_wording_is_joined_and_its_bracket_lifted(talks, enter):
    left, right, chair = enter("side-ua-1"), enter("side-ru-1"), enter("secretariat-1")
    assert edit(left, "hold", place="1", alternative="2", how="join").status_code == 302
    assert b"exchange" in chair.get("/talks/r3/text/1.1").content
    assert post(right, "/talks/r3/text/1.1/settle", place="1").status_code == 404
    assert edit(chair, "settle", place="1").status_code == 302
    now = selectors.version_of(talks).source["en"]
    assert "1.1 exchange at least 1,200 prisoners" in now


def test_two_who_write_at_once_are_told_and_nothing_typed_is_lost(talks, enter):
    left, right = enter("side-ua-1"), enter("side-ru-1")
    mark = mark_of(left.get("/talks/r3/text/1.1"))
    assert edit(right, "hold", place="1", alternative="1", how="reserve").status_code == 302
    answer = post(
        left,
        "/talks/r3/text/1.1/wording",
        mark=mark,
        place="1",
        wording_en="typed words",
        wording_uk="слова",
        tabled="on",
    )
    assert answer.status_code == 409
    assert b"typed words" in answer.content
    assert b"Somebody changed this clause" in answer.content
    assert not any("typed words" in version.source["en"] for version in Version.objects.all())


def test_a_form_that_lacks_a_language_or_a_reason_says_so_and_keeps_what_was_typed(talks, enter):
    own = enter("side-ua-1")
    answer = edit(own, "wording", place="1", wording_en="only one language", tabled="on")
    assert answer.status_code == 422
    assert b"only one language" in answer.content
    answer = edit(own, "position", stance="object", reason="why")
    assert answer.status_code == 422
    assert b"cure" in answer.content
    chair = enter("secretariat-1")
    answer = edit(chair, "reword", source_en="open [bracket", source_uk="x")
    assert answer.status_code == 422


def test_only_the_hash_last_frozen_is_signed_and_all_sides_make_it_signed(talks, desk):
    chair, left, right = viewer("secretariat-1"), viewer("side-ua-1"), viewer("side-ru-1")
    with pytest.raises(TransitionError, match="brackets are left"):
        signing.text_freeze(text=talks, by=chair, at=AT)
    drafting.clause_reword(
        text=talks, clause="1.1", source={"en": "exchange all prisoners", "uk": "обмін усіх полонених"}, by=chair, at=AT
    )
    signing.text_freeze(text=talks, by=chair, at=AT)
    old = talks.frozen_hash
    with pytest.raises(TransitionError, match="thaw"):
        drafting.clause_reword(text=talks, clause="1.1", source={"en": "x"}, by=chair, at=AT)
    signing.text_thaw(text=talks, by=chair, at=AT)
    drafting.clause_reword(
        text=talks, clause="2.1", source={"en": "bodies go home", "uk": "тіла повертають додому"}, by=chair, at=AT
    )
    signing.text_freeze(text=talks, by=chair, at=AT)
    with pytest.raises(VerificationError, match="another text"):
        signing.text_sign(text=talks, act=Act.SIGN, hash=old, by=left, at=AT)
    with pytest.raises(NotYoursError):
        signing.text_sign(text=talks, act=Act.SIGN, hash=talks.frozen_hash, by=chair, at=AT)
    signing.text_sign(text=talks, act=Act.SIGN, hash=talks.frozen_hash, by=left, at=AT)
    signing.text_sign(text=talks, act=Act.SIGN, hash=talks.frozen_hash, by=left, at=AT)  # a repeat changes nothing
    assert Text.objects.get().state == "frozen"
    signing.text_sign(text=talks, act=Act.SIGN, hash=talks.frozen_hash, by=right, at=AT)
    assert Text.objects.get().state == "signed"
    assert {"text_frozen", "text_signed"} <= set(Statement.objects.values_list("kind", flat=True))


@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_a_mandate_revoked_in_the_middle_of_a_signing_ends_it_and_says_so(talks, enter, language):
    from goodoffices.desk.parties.models import Mandate
    from goodoffices.desk.parties.services import mandate_revoke
    from goodoffices.formats.words import Language, Words

    chair, left, right = viewer("secretariat-1"), enter("side-ua-1"), enter("side-ru-1")
    drafting.clause_reword(
        text=talks, clause="1.1", source={"en": "exchange all prisoners", "uk": "обмін усіх полонених"}, by=chair, at=AT
    )
    signing.text_freeze(text=talks, by=chair, at=AT)
    sentence = Words("desk", Language(language))("mandate_over")
    page = left.get(f"/talks/r3/text?lang={language}").content.decode()
    assert sentence not in page
    frozen = re.search(r'name="hash" value="([0-9a-f]{64})"', page)[1]
    mandate_revoke(mandate=Mandate.objects.get(user__username="side-ua-1"), at=timezone.now())
    answer = post(left, "/talks/r3/text/sign", act="sign", hash=frozen)
    assert answer.status_code == 404
    assert sentence in answer.content.decode()
    assert sentence in left.get("/results").content.decode()
    assert not talks.signings.exists()
    assert not Statement.objects.filter(kind="text_signed").exists()
    assert sentence not in Client().get("/results").content.decode(), "nobody else is told"
    assert post(right, "/talks/r3/text/sign", act="sign", hash=frozen).status_code == 302
    assert [signing.party_id for signing in talks.signings.all()] == ["RU"]


def test_silence_runs_from_the_last_receipt_and_is_broken_with_a_reason_and_a_cure(talks, enter):
    group = Forum.objects.get(code="wg-humanitarian")
    quiet = services.silence_open(
        forum=group, text_hash="a" * 64, hours=72, by=viewer("secretariat-1"), at=timezone.now()
    )
    left, right = enter("side-ua-1"), enter("side-ru-1")
    address = f"/talks/wg-humanitarian/silence/{quiet.id}"
    assert post(left, f"{address}/break", reason="r", cure="c").status_code == 409
    assert f"{address}/notice.pdf".encode() in left.get("/talks/wg-humanitarian").content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in left.get(f"{address}/notice.pdf?lang=uk").content
    assert Client().get(f"{address}/notice.pdf").status_code == 404
    assert post(left, f"{address}/receipt").status_code == 302
    assert b"RU" in left.get("/talks/wg-humanitarian").content
    assert post(right, f"{address}/receipt").status_code == 302
    assert post(left, f"{address}/extend").status_code == 302
    assert post(right, f"{address}/extend").status_code == 409
    assert post(right, f"{address}/break", reason="r").status_code == 422
    assert post(right, f"{address}/break", reason="r", cure="c").status_code == 302
    quiet.refresh_from_db()
    assert selectors.silence_told(quiet, timezone.now(), zones={})["state"] == "broken"


def test_the_courier_tells_what_may_be_told_and_nothing_is_not_even_there(talks, enter):
    by, group = viewer("side-ua-1"), Forum.objects.get(code="wg-humanitarian")
    made = {
        convey: services.message_give(
            forum=group, to="RU", text=f"words {convey}", gist=f"gist {convey}", convey=convey, by=by, at=AT
        )
        for convey in Courier
    }
    other = enter("side-ru-1")
    assert b"gist" not in other.get("/talks/wg-humanitarian").content
    courier = enter("secretariat-1")
    for convey, message in made.items():
        answer = post(courier, f"/talks/wg-humanitarian/messages/{message.id}/convey")
        assert answer.status_code == (409 if convey is Courier.NOTHING else 302)
    seen = other.get("/talks/wg-humanitarian").content.decode()
    assert "words verbatim" in seen
    assert "gist gist" in seen
    assert "words gist" not in seen
    assert "nothing" not in seen
    assert enter("side-ua-2").get("/talks/wg-humanitarian").content.count(b"words") >= 3


def test_a_paper_is_seen_by_whom_its_author_names(talks, enter):
    group = Forum.objects.get(code="r3")
    services.paper_give(
        forum=group, kind="non_paper", title="For the desk", body="b", audience=["DESK"], by=viewer("side-ua-1"), at=AT
    )
    assert b"For the desk" in enter("side-ua-2").get("/talks/r3").content
    assert b"For the desk" in enter("secretariat-1").get("/talks/r3").content
    assert b"For the desk" not in enter("side-ru-1").get("/talks/r3").content
    assert b"For the desk" not in enter("host").get("/talks/r3").content


def test_a_commitment_rests_on_a_clean_clause_and_keeps_both_readings(talks, enter):
    chair = enter("secretariat-1")
    assert edit(chair, "ground", code="C9", title="All prisoners").status_code == 422
    page = chair.get("/talks/r3/text/2.1")
    assert post(chair, "/talks/r3/text/2.1/ground", mark=mark_of(page), code="C9", title="Bodies").status_code == 302
    for who, words in (("side-ua-1", "all of them"), ("side-ru-1", "those found")):
        assert (
            post(enter(who), "/commitments/C9/answer", reading=words, answer="accept_ad_referendum").status_code == 302
        )
    assert Commitment.objects.get(code="C9").state == "agreed_ad_referendum"
    assert post(enter("side-ua-1"), "/commitments/C9/answer", answer="accept").status_code == 302
    assert post(enter("side-ru-1"), "/commitments/C9/answer", answer="accept").status_code == 302
    assert Commitment.objects.get(code="C9").state == "agreed"
    shown = enter("side-ua-1").get("/commitments").content.decode()
    assert "all of them" in shown
    assert "those found" in shown
    assert post(enter("humanitarian-1"), "/commitments/C9/answer", reading="x").status_code == 404


def test_what_is_said_in_private_lies_sealed(talks, desk):
    from django.db import connection

    services.message_give(
        forum=Forum.objects.get(code="r3"),
        to="RU",
        text="secret words",
        gist="",
        convey=Courier.NOTHING,
        by=viewer("side-ua-1"),
        at=AT,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM talks_message")
        assert b"secret words" not in bytes(cursor.fetchone()[0])


def test_the_demo_fills_and_today_tells(desk, enter):
    demo.fill(desk, timezone.now())
    page = enter("side-ru-1").get("/").content.decode()
    assert "waits for your receipt" in page
    assert "the text waits for you" in page
    assert "Sitting 2" in page
