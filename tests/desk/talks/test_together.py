"""What the sides decide together: in private, all or none, the same for both: terms, packages, the Chatham rule."""

import io
import itertools
import re
import shutil
import subprocess
import zipfile

import pytest
from django.test import Client
from django.utils import timezone

from goodoffices.desk.exchange import selectors as exchange
from goodoffices.desk.exchange.services import exchange_open
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.parties.models import Mandate
from goodoffices.desk.results import promises
from goodoffices.desk.talks import accords, deciding, demo, drafting, drafts, minuting, owing, packages, services, tying
from goodoffices.desk.talks.models import Accord, AccordAnswer, Commitment, Forum, Package
from goodoffices.domain.errors import InputError, NotYoursError, TransitionError
from goodoffices.domain.process import Stance
from tests.desk.conftest import AT, post, viewer

HEAD = "@title T\n@version 1\n@language {}\n@parties RU UA\n"
SOURCE = {"en": HEAD.format("en") + "1.1 all [now]{UA}[later]{RU}\n2.1 bodies\n3.1 wounded\n"}
SIDES = ("ua", "ru")
TERMS = {"level": "experts", "agenda": ["Lists"], "reference": "Prepares."}
PARTS = ["clause:2.1", "clause:3.1"]


@pytest.fixture
def chair(desk):
    """The secretariat, with the forums of the process and a text in the third round."""
    demo.forums_open(AT)
    by = viewer("secretariat-1")
    drafting.text_open(forum=Forum.objects.get(code="r3"), title="T", source=SOURCE, by=by, at=AT)
    return by


def members():
    return [viewer(f"side-{side}-1") for side in SIDES]


def put(chair, code="r3", terms=TERMS):
    return services.forum_ask(forum=Forum.objects.get(code=code), terms=terms, by=chair, at=AT)


def answer(accord, *accepts, order=(0, 1), reason=""):
    """Let the sides answer in an order; gives the accord as it stands."""
    by = members()
    for place, yes in zip(order, accepts, strict=False):
        deciding.accord_answer(accord=accord, accepts=yes, reason=reason, by=by[place], at=timezone.now())
    return Accord.objects.get(id=accord.id)


def tie(chair, parts=PARTS):
    return tying.package_open(
        forum=Forum.objects.get(code="r3"), code="P1", title="Bodies and wounded", parts=parts,
        known=[*PARTS, "commitment:C3"], by=chair, at=AT,
    )  # fmt: skip


def agreed(chair, clause, code):
    """A commitment on a clause that both sides have accepted."""
    text = Forum.objects.get(code="r3").text
    item = owing.commitment_ground(text=text, clause=clause, code=code, title=code, due=None, by=chair, at=AT)
    for by in members():
        owing.commitment_answer(item=item, stance=Stance.ACCEPT, reading="", by=by, at=AT)
        item.refresh_from_db()
    return item


def still(content):
    """A page without what changes at every request."""
    return re.sub(rb'name="(csrfmiddlewaretoken|once)" value="[^"]+"|<footer.*</footer>', b"", content, flags=re.DOTALL)


# -------------------------------------------------------------------------------------------- answers in private
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("accepts", [True, False])
def test_one_sides_answer_leaves_no_trace_for_the_other_before_all_have_answered(chair, enter, first, accepts):
    accord = put(chair)
    sequence()
    other = enter(f"side-{SIDES[1 - first]}-1")
    page = f"/talks/r3/accords/{accord.id}"
    watched = (page, "/talks/r3", "/talks", "/", "/record", "/record?kind=forum_agree", "/commitments")
    before = {address: still(other.get(address).content) for address in watched}
    told = Statement.objects.count()
    answer(accord, accepts, order=(first,), reason="our own reason")
    sequence()
    assert Statement.objects.count() == told, "a statement would tell by its time that somebody has answered"
    for address, content in before.items():
        assert still(other.get(address).content) == content, address
    own = enter(f"side-{SIDES[first]}-2").get(page).content
    assert b"our own reason" in own
    heard = enter("secretariat-1").get(page).content
    assert b"our own reason" in heard


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("given", list(itertools.product((True, False), repeat=2)))
def test_all_must_accept_and_who_said_what_first_changes_nothing(chair, given, order):
    found = answer(put(chair), *[given[place] for place in order], order=order)
    assert found.state == ("accepted" if all(given) else "declined")
    assert found.ended_at is not None


@pytest.mark.parametrize("refusing", [0, 1])
def test_after_a_refusal_each_side_sees_its_own_answer_and_no_reason_but_its_own(chair, enter, refusing):
    accord = put(chair)
    by = members()
    deciding.accord_answer(accord=accord, accepts=True, reason="a yes", by=by[1 - refusing], at=AT)
    deciding.accord_answer(accord=accord, accepts=False, reason="too early", by=by[refusing], at=AT)
    page = f"/talks/r3/accords/{accord.id}"
    seen = {place: enter(f"side-{SIDES[place]}-1").get(page).content for place in (0, 1)}
    assert b"too early" in seen[refusing]
    assert b"a yes" not in seen[refusing]
    assert b"too early" not in seen[1 - refusing]
    for place in (0, 1):
        told = accords.told(accord, by[place], AT)
        assert [said for party, said, _, _ in told.answers if party != by[place].party] == [None]
    assert Statement.objects.filter(kind="accord_declined").count() == 1


def test_both_sides_see_the_same_pages_when_they_are_swapped(chair, enter):
    accord = put(chair)
    shown = []
    for side, other in (SIDES, SIDES[::-1]):
        text = still(enter(f"side-{side}-1").get(f"/talks/r3/accords/{accord.id}").content).decode()
        names = {side.upper(): "OWN", other.upper(): "OTHER"}
        told = accords.told(accord, viewer(f"side-{side}-1"), AT)
        shown.append(sorted((names[party], said, reason) for party, said, reason, _ in told.answers))
        assert "does not accept" in text
    assert shown[0] == shown[1]


def test_an_answer_may_change_while_it_waits_and_not_afterwards(chair):
    accord = put(chair)
    answer(accord, False)
    found = answer(accord, True, True)
    assert found.state == "accepted"
    assert found.answers.count() == 3, "none is edited"
    with pytest.raises(TransitionError, match="expected one that waits"):
        answer(accord, False)


def test_only_who_is_mandated_for_the_forum_answers(chair, enter):
    accord = put(chair)
    page = f"/talks/r3/accords/{accord.id}"
    Mandate.objects.filter(user__username="side-ua-1").update(scope="wg-military")
    Mandate.objects.filter(user__username="side-ua-2").update(scope="r3")
    assert post(enter("side-ua-1"), f"{page}/answer", accepts="yes").status_code == 404
    assert post(enter("side-ua-2"), f"{page}/answer", accepts="yes").status_code == 302
    for nobody in ("secretariat-1", "host", "humanitarian-1", "observer", "planner-ua", "auditor"):
        assert post(enter(nobody), f"{page}/answer", accepts="yes").status_code == 404
    for blind in ("host", "humanitarian-1", "observer", "auditor"):
        assert enter(blind).get(page).status_code == 404
    assert AccordAnswer.objects.count() == 1
    assert post(enter("side-ru-1"), f"{page}/answer", accepts="perhaps").status_code == 422


def test_an_answer_lies_sealed(chair):
    from django.db import connection

    answer(put(chair), False, reason="a reason nobody else reads")
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason, accepts FROM talks_accordanswer")
        reason, accepts = cursor.fetchone()
    assert b"nobody else" not in bytes(reason)
    assert b"false" not in bytes(accepts)


# ------------------------------------------------------------------------------------------------ terms of a forum
def test_a_forum_is_accepted_only_by_both_and_other_terms_ask_again(chair):
    made = services.forum_open(
        code="g1", kind="working_group", title="G", members=["UA", "RU"], online=True, order=9, terms=TERMS, by=chair,
        at=AT,
    )  # fmt: skip
    answer(made.accords.get(), True, True)
    made.refresh_from_db()
    assert (made.state, made.terms["level"]) == ("agreed", "experts")
    assert Statement.objects.filter(kind="forum_agree").get().roles == ["RU", "UA"]
    other = put(chair, "g1", {**TERMS, "level": "ministers"})
    made.refresh_from_db()
    assert (made.state, made.terms["level"]) == ("proposed", "experts")
    with pytest.raises(TransitionError):
        services.forum_step(forum=made, event="begin", by=chair, at=AT)
    assert answer(other, True, False).state == "declined"
    made.refresh_from_db()
    assert (made.state, made.terms["level"]) == ("proposed", "experts")
    answer(put(chair, "g1", {**TERMS, "level": "deputies"}), True, True)
    made.refresh_from_db()
    assert (made.state, made.terms["level"]) == ("agreed", "deputies")


def test_at_work_the_terms_accepted_last_hold_until_others_are(chair):
    answer(put(chair), True, True)
    other = put(chair, terms={**TERMS, "level": "ministers"})
    found = Forum.objects.get(code="r3")
    assert (found.state, found.terms["level"]) == ("at_work", "experts")
    third = put(chair, terms={**TERMS, "level": "heads"})
    other.refresh_from_db()
    assert other.state == "withdrawn"
    with pytest.raises(TransitionError, match="withdrawn"):
        answer(other, True)
    answer(third, True, True)
    assert Forum.objects.get(code="r3").terms["level"] == "heads"


def test_terms_are_put_by_a_form_and_kept_from_who_does_not_sit_there(chair, enter):
    client = enter("secretariat-1")
    given = {"level": "state secretaries", "agenda": "One\n\nTwo", "reference": "Prepares."}
    assert post(client, "/talks/r3/terms/ask", **given).status_code == 302
    accord = Accord.objects.get()
    assert accord.asks["agenda"] == ["One", "Two"]
    assert b"state secretaries" in client.get("/talks/r3/terms").content
    answer(accord, True, True)
    assert b"state secretaries" in enter("side-ru-2").get("/talks/r3").content
    for page in (Client().get("/talks/r3"), enter("humanitarian-1").get("/talks/r3")):
        assert b"state secretaries" not in page.content


def test_a_forum_that_ends_takes_back_what_it_asked(chair):
    accord = put(chair)
    services.forum_step(forum=Forum.objects.get(code="r3"), event="close", by=chair, at=AT)
    accord.refresh_from_db()
    assert accord.state == "withdrawn"
    with pytest.raises(TransitionError, match="closed"):
        put(chair)


# ---------------------------------------------------------------------------------------------------------- packages
def test_a_package_ties_nothing_before_both_have_accepted_and_then_holds_what_is_agreed(chair, enter):
    item = agreed(chair, "2.1", "G1")
    package = tie(chair)
    accord = package.ties.get().accord
    assert packages.standing(package).state == "proposed"
    assert item in exchange.commitments()
    answer(accord, True)
    assert item in exchange.commitments()
    before = promises.mark()
    answer(accord, True, order=(1,))
    assert promises.mark() != before, "the results are computed anew"
    found = packages.standing(package)
    assert (found.state, found.closed, found.final) == ("tied", {"clause:2.1"}, frozenset())
    assert item not in exchange.commitments(), "an exchange may not rest on what does not bind"
    with pytest.raises(InputError, match="held by a package"):
        exchange_open(title="t", commitment=item, versions={}, by=viewer("humanitarian-1"), at=AT)
    page = enter("side-ua-1").get("/commitments").content.decode()
    assert "held in package" in page
    assert "Clause 3.1" in enter("side-ru-1").get("/commitments/G1").content.decode()
    agreed(chair, "3.1", "G2")
    assert packages.standing(package).state == "closed"
    assert {one.code for one in exchange.commitments()} >= {"G1", "G2"}
    sequence()
    sequence()
    assert Statement.objects.filter(kind="package_closed").count() == 1
    package.refresh_from_db()
    assert package.closed_at is not None
    with pytest.raises(TransitionError, match="has closed"):
        tying.package_revise(package=package, parts=[], known=PARTS, by=chair, at=AT)


def test_a_clause_closes_with_the_last_commitment_that_rests_on_it(chair):
    first, package = agreed(chair, "2.1", "G1"), tie(chair)
    agreed(chair, "3.1", "G2")
    text = Forum.objects.get(code="r3").text
    slow = owing.commitment_ground(text=text, clause="2.1", code="G3", title="G3", due=None, by=chair, at=AT)
    answer(package.ties.get().accord, True, True)
    assert packages.standing(package).state == "tied"
    assert packages.holding(first, packages.standings())[0].waits_for == ("clause:2.1",)
    assert packages.held_codes() >= {"G1", "G2"}
    Commitment.objects.filter(id=slow.id).update(state="agreed")
    assert packages.standing(package).state == "closed"
    assert packages.held_codes() == frozenset()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_part_is_released_ahead_by_both_alone(chair, order):
    item, package = agreed(chair, "2.1", "G1"), tie(chair)
    with pytest.raises(TransitionError, match="expected tied"):
        tying.harvest_ask(package=package, part="clause:2.1", by=chair, at=AT)
    answer(package.ties.get().accord, True, True)
    accord = tying.harvest_ask(package=package, part="clause:2.1", by=chair, at=AT)
    answer(accord, True, order=order)
    assert item.code in packages.held_codes()
    answer(accord, True, order=order[::-1])
    package.refresh_from_db()
    assert package.early_harvest == ["clause:2.1"]
    assert packages.standing(package).final == {"clause:2.1"}
    assert item.code not in packages.held_codes()
    with pytest.raises(InputError):
        tying.harvest_ask(package=package, part="clause:2.1", by=chair, at=AT)


def test_what_is_taken_out_stays_tied_until_both_have_accepted(chair):
    item, package = agreed(chair, "2.1", "G1"), tie(chair)
    answer(package.ties.get().accord, True, True)
    asked = tying.harvest_ask(package=package, part="clause:3.1", by=chair, at=AT)
    known = [*PARTS, "commitment:C3"]
    new = tying.package_revise(package=package, parts=[], known=known, by=chair, at=AT)
    answer(new.accord, True)
    assert item.code in packages.held_codes()
    answer(new.accord, True, order=(1,))
    assert packages.standing(package).state == "dissolved"
    assert item.code not in packages.held_codes()
    asked.refresh_from_db()
    assert asked.state == "withdrawn", "what is no longer tied is not released ahead"


@pytest.mark.parametrize(
    ("parts", "words"),
    [(["clause:2.1"], "two parts"), ([], "two parts"), (["clause:2.1", "clause:9.9"], "clause:9.9")],
)
def test_a_package_that_cannot_be_is_refused(chair, parts, words):
    with pytest.raises(InputError, match=words):
        tie(chair, parts)
    assert not Package.objects.exists()


def test_the_pages_of_packages_are_for_who_may_and_take_the_chairs_choice(chair, enter):
    client = enter("secretariat-1")
    Commitment.objects.filter(code="C3").update(state="tabled")
    given = {"code": "P1", "title": "Two", "parts": ["clause:2.1", "commitment:C3"]}
    assert post(client, "/talks/r3/packages/make", **(given | {"parts": ["clause:2.1"]})).status_code == 422
    assert post(client, "/talks/r3/packages/make", **given).status_code == 302
    answer(Package.objects.get().ties.get().accord, True, True)
    for who in ("side-ua-1", "side-ru-2", "secretariat-1", "humanitarian-1", "host"):
        assert enter(who).get("/packages/P1").status_code == 200, who
    for who in ("observer", "auditor", "planner-ua", "operator"):
        assert enter(who).get("/packages/P1").status_code == 404, who
    assert Client().get("/packages/P1").status_code == 404
    public = Client().get("/commitments/C3").content.decode()
    assert "binds only together with others" in public
    assert "P1" not in public
    for who in ("side-ua-1", "humanitarian-1"):
        assert post(enter(who), "/packages/P1/revise").status_code == 404
    assert post(client, "/packages/P1/revise", parts=["clause:2.1"]).status_code == 422
    assert post(client, "/packages/P1/harvest", part="clause:7.7").status_code == 422
    assert post(client, "/packages/P1/harvest", part="clause:2.1").status_code == 302
    assert "Early harvest" in enter("side-ru-1").get("/").content.decode().replace("early", "Early")


def test_a_clause_that_is_not_tabled_cannot_be_chosen_or_guessed(chair, enter):
    text = Forum.objects.get(code="r3").text
    drafts.draft_keep(text=text, clause="9.1", place=0, wording={"en": "ours"}, by=viewer("side-ua-1"), at=AT)
    client = enter("secretariat-1")
    assert b"9.1" not in client.get("/talks/r3/packages/new").content
    given = {"code": "P1", "title": "Two", "parts": ["clause:2.1", "clause:9.1"]}
    assert post(client, "/talks/r3/packages/make", **given).status_code == 422


# ------------------------------------------------------------------------------------------------ Chatham House rule
def test_under_the_chatham_house_rule_nothing_that_leaves_names_a_side(chair, enter):
    forum = Forum.objects.get(code="r3")
    client = enter("side-ua-1")
    before = words_of(client)
    assert all(count > 0 for count in before.values())
    accord = minuting.chatham_put(forum=forum, sitting=None, holds=True, by=chair, at=AT)
    answer(accord, True)
    assert words_of(client) == before
    answer(accord, True, order=(1,))
    forum.refresh_from_db()
    assert forum.chatham_house
    assert words_of(client) == dict.fromkeys(before, 0)
    lift = minuting.chatham_put(forum=forum, sitting=None, holds=False, by=chair, at=AT)
    assert answer(lift, True, False).state == "declined"
    assert Forum.objects.get(code="r3").chatham_house, "one side alone does not lift it"
    with pytest.raises(TransitionError, match="holds already"):
        minuting.chatham_put(forum=forum, sitting=None, holds=True, by=chair, at=AT)


def words_of(client):
    """Count the holders' codes in each export of the text."""
    found = {"xml": client.get("/talks/r3/text/export.xml").content.decode()}
    with zipfile.ZipFile(io.BytesIO(client.get("/talks/r3/text/export.docx").content)) as archive:
        found["docx"] = archive.read("word/document.xml").decode()
    pdf = client.get("/talks/r3/text/export.pdf").content
    if shutil.which("pdftotext"):
        found["pdf"] = subprocess.run(
            ["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True
        ).stdout.decode()
    assert all("later" in text for text in found.values())
    return {form: len(re.findall(r"\b(?:UA|RU|chair)\b", text)) for form, text in found.items()}


def test_what_is_put_to_the_sides_cannot_be_read_by_who_is_not_asked(chair, enter):
    accord = put(chair)
    with pytest.raises(NotYoursError):
        accords.accord_of(viewer("observer"), "r3", accord.id, AT)
    assert accords.accords(viewer("humanitarian-1"), Forum.objects.get(code="r3"), AT) == []
