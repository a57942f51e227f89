"""In force by the record alone: both sides' signatures, a head cosigned as the charter asks, no package, no capital."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from goodoffices.desk.ledger.demo import cosign, sign_waiting
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.talks import deciding, demo, drafting, force, owing, packages, revisions, telling, tying
from goodoffices.desk.talks.models import Accord, Commitment, Forum
from goodoffices.domain.process import Stance
from tests.desk.conftest import AT, post, viewer

HEAD = "@title T\n@version 1\n@language {}\n@parties RU UA\n"
SOURCE = {
    "en": HEAD.format("en") + "1.1 all [now]{UA}[later]{RU}\n2.1 bodies\n3.1 wounded\n",
    "uk": HEAD.format("uk") + "1.1 усі [зараз]{UA}[потім]{RU}\n2.1 тіла\n3.1 поранені\n",
}
PARTIES = ("UA", "RU", "DESK")
MIRRORED = pytest.mark.parametrize("sides", [("UA", "RU"), ("RU", "UA")])


@pytest.fixture
def text(desk):
    """A text in the third round, of which two clauses are clean."""
    demo.forums_open(AT)
    chair = viewer("secretariat-1")
    return drafting.text_open(forum=Forum.objects.get(code="r3"), title="T", source=SOURCE, by=chair, at=AT)


def of(side):
    return viewer(f"side-{side.lower()}-1")


def ground(text, code="G1", clause="2.1"):
    chair = viewer("secretariat-1")
    return owing.commitment_ground(text=text, clause=clause, code=code, title=code, due=None, by=chair, at=AT)


def say(item, side, stance=Stance.ACCEPT):
    owing.commitment_answer(item=item, stance=stance, reading="", by=of(side), at=timezone.now())


def sign(*roles):
    """Let some roles sign what waits for them; the desk's sequencer appends it."""
    sequence()
    sign_waiting(timezone.now(), roles=roles)
    sequence()


def everything_signed():
    """Let every role sign and cosign, and the desk note what follows, more than once."""
    sign(*PARTIES)
    cosign(PARTIES, timezone.now())
    for _ in range(2):
        sequence()


def stands(code="G1"):
    """Give a commitment's state, and what is missing from whom."""
    items = force.with_words(code=code)
    found = force.forces(items, witnesses=lambda: force.witnesses_for(viewer("auditor")))
    return items[0].state, {lack.why.value: set(lack.owed_by) for lack in found[code].lacks}


def told(side, key):
    """Give the columns of Today in which a side finds a notice."""
    return [one.column.value for one in telling.notices(of(side), timezone.now()) if one.key == key]


@MIRRORED
def test_a_commitment_comes_in_force_step_by_step_and_says_who_owes_what(text, enter, sides):
    left, right = sides
    item = ground(text)
    assert stands() == ("tabled", {"answer": {left, right}})
    say(item, left)
    assert stands() == ("tabled", {"answer": {right}})
    say(item, right, Stance.ACCEPT_AD_REFERENDUM)
    assert stands() == ("agreed_ad_referendum", {"referendum": {right}})
    assert [told(side, "notice_referendum") for side in sides] == [[], ["waits"]]
    say(item, right)
    assert stands() == ("agreed", {"sequencer": set()})
    sequence()
    assert stands() == ("agreed", {"signature": {left, right}})
    sign(left)
    assert stands() == ("agreed", {"signature": {right}})
    sign(right)
    assert stands() == ("agreed", {"cosignature": set(PARTIES)})
    cosign((left, "DESK"), timezone.now())
    assert stands() == ("agreed", {"cosignature": {right}})
    page = enter(f"side-{left.lower()}-1").get("/commitments/G1").content.decode()
    assert "Not in force yet" in page
    assert "Signed: Russian Federation, Ukraine" in page
    cosign((right,), timezone.now())
    assert stands() == ("agreed", {}), "the record bears it out; the desk notes it at its next beat"
    sequence()
    assert stands() == ("in_force", {})
    at = Commitment.objects.get(code="G1").in_force_at
    sequence()
    sequence()
    assert Commitment.objects.get(code="G1").in_force_at == at
    assert Statement.objects.filter(kind="commitment_in_force").count() == 1
    client = enter(f"side-{right.lower()}-1")
    assert "In force since" in client.get("/commitments/G1").content.decode()
    assert "In force since" in client.get("/commitments").content.decode()
    assert [told(side, "notice_in_force") for side in sides] == [["changed"], ["changed"]]
    assert b"In force: G1" in client.get("/calendar.ics").content
    assert post(client, "/commitments/G1/answer", reading="another").status_code == 409


def test_what_a_package_holds_comes_in_force_once_the_package_is_complete(text, enter):
    parts = ["clause:2.1", "clause:3.1"]
    chair = viewer("secretariat-1")
    tying.package_open(forum=text.forum, code="P1", title="Two", parts=parts, known=parts, by=chair, at=AT)
    for side in ("UA", "RU"):
        deciding.accord_answer(accord=Accord.objects.get(kind="package"), accepts=True, reason="", by=of(side), at=AT)
    item = ground(text)
    for side in ("UA", "RU"):
        say(item, side)
    everything_signed()
    assert stands() == ("agreed", {"package": set()})
    assert "the other parts of its package" in enter("host").get("/commitments/G1").content.decode()
    other = ground(text, "G2", "3.1")
    for side in ("UA", "RU"):
        say(other, side)
    sequence()
    assert stands() == ("in_force", {})
    assert stands("G2") == ("agreed", {"signature": {"UA", "RU"}})
    assert "G1" not in packages.held_codes()


def test_an_answer_that_goes_to_the_capital_after_all_keeps_it_out_of_force(text):
    item = ground(text)
    for side in ("UA", "RU"):
        say(item, side)
    say(item, "RU", Stance.ACCEPT_AD_REFERENDUM)
    everything_signed()
    assert stands() == ("agreed", {"referendum": {"RU"}})
    say(item, "RU")
    sequence()
    assert stands() == ("in_force", {})
    assert Statement.objects.filter(kind="terms_agreed").count() == 1


def test_a_beat_that_is_killed_half_way_is_done_once_by_the_next(text, monkeypatch):
    item = ground(text)
    for side in ("UA", "RU"):
        say(item, side)
    Commitment.objects.update(entry=None)  # as in a desk that was opened before there were such entries
    sign(*PARTIES)
    cosign(PARTIES, timezone.now())

    def killed(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(owing, "statement_record", killed)
    with pytest.raises(KeyboardInterrupt):
        sequence()
    assert stands() == ("agreed", {}), "neither the state without its entry, nor the entry without the state"
    monkeypatch.undo()
    sequence()
    assert stands() == ("in_force", {})
    assert Statement.objects.filter(kind="commitment_in_force").count() == 1


def test_it_ceases_by_what_every_side_accepts_and_signs(text, enter):
    item = ground(text)
    for side in ("UA", "RU"):
        say(item, side)
    everything_signed()
    chair = enter("secretariat-1")
    for event, before, after in (("suspend", "in_force", "suspended"), ("withdraw", "suspended", "withdrawn")):
        assert post(chair, "/commitments/G1/ask", event=event).status_code == 302
        accord = Accord.objects.get(kind="validity", state="waits")
        for side in ("RU", "UA"):
            deciding.accord_answer(accord=accord, accepts=True, reason="", by=of(side), at=timezone.now())
        sign("UA")
        cosign(PARTIES, timezone.now())
        sequence()
        assert stands() == (before, {}), "one signature moves nothing"
        page = chair.get("/commitments/G1").content.decode()
        assert "signature under the entry: Russian Federation" in page
        everything_signed()
        assert stands() == (after, {})
        assert [told(side, f"notice_{event}") for side in ("UA", "RU")] == [["changed"], ["changed"]]
        assert Statement.objects.filter(kind=f"commitment_{event}").count() == 1
    assert "withdrawn" in chair.get("/commitments/G1").content.decode()
    assert post(chair, "/commitments/G1/ask", event="resume").status_code == 422, "an end is an end"


def test_nothing_is_in_force_without_an_entry_that_asks_every_side(text):
    item = ground(text)
    for side in ("UA", "RU"):
        say(item, side)
    with pytest.raises(IntegrityError, match="commitment_in_force_only_by_an_entry"), transaction.atomic():
        Commitment.objects.filter(code="C3").update(state="in_force", in_force_at=AT)
    entry = Commitment.objects.get(code="G1").entry
    assert entry.roles == ["RU", "UA"]
    Commitment.objects.filter(code="G1").update(state="in_force", in_force_at=AT)
    [found] = force.forces(force.with_words(code="G1")).values()
    assert not found.is_borne_out, "a row that someone has changed does not bring it in force"


def test_the_clause_is_shown_as_it_stood_when_the_commitment_was_made(text, enter):
    chair = viewer("secretariat-1")
    item = ground(text)
    client = enter("side-ua-1")
    assert "as in revision 1" in client.get("/commitments/G1").content.decode()
    changed = {"en": "remains of the fallen", "uk": "останки загиблих"}
    drafting.clause_reword(text=text, clause="3.1", source={"en": "the ill", "uk": "хворі"}, by=chair, at=AT)
    assert not revisions.rest_of(item).differs
    drafting.clause_reword(text=text, clause="2.1", source=changed, by=chair, at=AT)
    Commitment.objects.update(version=None)  # as before commitments named their version: it is found by its hash
    page = client.get("/commitments/G1").content.decode()
    shown, later = page.split("Revision 3 reads this clause otherwise")
    assert '<p lang="en">bodies</p><p lang="uk">тіла</p>' in shown
    assert "remains" not in shown
    assert "remains of the fallen" in later
    assert "view=changes&amp;since=1" in later
    hidden = enter("planner-ua").get("/commitments/G1")
    assert hidden.status_code == 404 or "remains of the fallen" not in hidden.content.decode()
