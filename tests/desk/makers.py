"""Objects behind the addresses: one function per parameter of a route, so that the matrix can ask for it.

A room adds its own below the line, with `@maker("list_id")`; nothing else has to change. The function takes the code of
the party that shall own the object, and the viewer who will ask; it makes the object and gives its key and, if the
table's conditions speak of it, the facts that hold for that viewer. With several parameters in one route the earlier
ones are in `made`. Where two rooms use one word, name the object too, `@maker("forum.code")`, or the address,
`@maker("ground:code")`. What is the same for every cell and dear to make is made once, by `prepare`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.handover.models import DeviceKey, HandedIn, Reference, Transfer
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.keeping.models import Canary, Erasure, Recipient, Unlock
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.selectors import opened
from goodoffices.desk.ledger.services import sequence, statement_record
from goodoffices.desk.lists.models import List, ListFile, ListVersion, Record
from goodoffices.desk.pairs.models import Pair
from goodoffices.desk.parties import members
from goodoffices.desk.parties.models import Invitation, Mandate, Party, Release, User
from goodoffices.desk.parties.people import roles_of
from goodoffices.desk.results.models import Assertion, Publication
from goodoffices.desk.talks import demo as talks_demo
from goodoffices.desk.talks import drafting
from goodoffices.desk.talks.models import Accord, Commitment, Forum, Message, Package, Paper, Quiet, Sitting, Text, Tie
from tests.desk import conftest
from tests.desk.ceasefire import making as making_ceasefire
from tests.desk.exchange import making as making_exchange
from tests.desk.handover import making as making_handover
from tests.desk.lists import making as making_lists
from tests.desk.pairs import making as making_pairs
from tests.desk.remains import making as making_remains
from tests.desk.results import making as making_results


@dataclass(frozen=True)
class Made:
    """What was made: its key in the address, the party it belongs to, what is true of it for the one who asks."""

    key: str | int
    owner: str
    facts: frozenset[str] = frozenset()
    shut: bool = False  # the room says more narrowly than the table that it is not there for this viewer


Maker = Callable[[str, Viewer, dict[str, Made]], Made]
MAKERS: dict[str, Maker] = {}
PREPARED: dict[str, str | int] = {}


def maker(name: str) -> Callable[[Maker], Maker]:
    """Register who makes the object of a parameter."""

    def take(make: Maker) -> Maker:
        MAKERS[name] = make
        return make

    return take


def maker_of(route: str, kind: str, name: str) -> Maker | None:
    """Give the maker of a parameter: the address's own, else the object's, else the parameter's; none if it is owed."""
    return MAKERS.get(f"{route}:{name}") or MAKERS.get(f"{kind}.{name}") or MAKERS.get(name)


def member_of_party(owner: str, not_user: str = "") -> User:
    """Give a member of a party: another one than the viewer."""
    found = User.objects.filter(party=owner).exclude(id=not_user).order_by("username").first()
    if found is None:
        party = Party.objects.get(code=owner)
        found = User.objects.create_user(f"other-{new_id()}", None, party=party, role=roles_of(party)[0])
        Mandate.objects.create(user=found, starts_at=timezone.now())
    return found


def absent(converter: str) -> str | int:
    """Give a key that belongs to nothing; the same one whenever it is asked for."""
    return 987_654_321 if converter == "IntConverter" else "zzzzzzzzzzzz"


# --------------------------------------------------------------- jobs
@maker("job_id")
def _job(owner, viewer, made):
    """Asked for by a member of the owner; of the desk by the humanitarian one, whose work other roles do not see."""
    now = timezone.now()
    asker = User.objects.get(username="humanitarian-1") if owner == "DESK" else member_of_party(owner)
    job = Job.objects.create(
        id=new_id(),
        kind="test",
        owner=owner,
        asked_by=asker,
        asked_at=now,
        given={},
    )
    is_own = viewer.party == owner and asker.role == viewer.role
    return Made(job.id, owner, frozenset({"own_job"} if is_own else ()))


# -------------------------------------------------------------- doors
@maker("session_id")
def _session(owner, viewer, made):
    """Belongs to the viewer where the party is his, else to a member of the other party."""
    user = User.objects.get(id=viewer.user) if viewer.party == owner else member_of_party(owner)
    store = SessionStore()
    store["_auth_user_id"] = user.id
    store.create()
    row = UserSession.objects.create(user=user, ip="192.0.2.1", session_key=store.session_key, user_agent="test")
    return Made(row.pk, owner, frozenset({"self"} if user.id == viewer.user else ()))


@maker("pk")
def _passkey(owner, viewer, made):
    user = User.objects.get(id=viewer.user) if viewer.party == owner else member_of_party(owner)
    row = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "key"})
    return Made(row.pk, owner, frozenset({"self"} if user.id == viewer.user else ()))


@maker("user_id")
def _member(owner, viewer, made):
    return Made(member_of_party(owner, viewer.user).id, owner)


@maker("mandate_id")
def _mandate(owner, viewer, made):
    return Made(member_of_party(owner, viewer.user).mandates.get().id, owner)


@maker("invitation_id")
def _invitation(owner, viewer, made):
    party = Party.objects.get(code=owner)
    row, _ = members._invite(party, roles_of(party)[0], Viewer(), timezone.now())
    return Made(row.id, owner)


@maker("recovery_id")
def _recovery(owner, viewer, made):
    """Asked for by the viewer where the party is his; waits for its second person."""
    lost = member_of_party(owner, viewer.user)
    asker = viewer.user if viewer.party == owner else member_of_party(owner, lost.id).id
    now = timezone.now()
    row = Invitation.objects.create(
        party_id=owner, role=lost.role, user=lost, made_by_id=asker, made_at=now, ends_at=now + dt.timedelta(days=1)
    )
    return Made(row.id, owner)


@maker("token")
def _token(owner, viewer, made):
    party = Party.objects.get(code=owner)
    _, token = members._invite(party, Role(roles_of(party)[0]), Viewer(), timezone.now())
    return Made(token, owner)


@maker("username")
def _username(owner, viewer, made):
    return Made(member_of_party(owner).username, owner)


# ------------------------------------------------------------------- a room adds its makers below this line


# ------------------------------------------------------------ keeping
@maker("release_id")
def _release(owner, viewer, made):
    """Asked for by another member of the owner; released already where the viewer's party is the one that sees it."""
    now, to = timezone.now(), viewer.party if viewer.party and viewer.party != owner else "OBS"
    asker = member_of_party(owner, viewer.user)
    row = Release.objects.create(
        owner_id=owner, audience_id=to, kind="list", object=new_id(), fields=["surname"], starts_at=now, asked_by=asker,
        asked_at=now,
    )  # fmt: skip
    if to == viewer.party:
        row.approved_by, row.approved_at = member_of_party(owner, asker.id), now
        row.save()
    return Made(row.id, owner, frozenset({"to_me", "to_neutral"} if to == viewer.party else ()))


@maker("unlock_id")
def _unlock(owner, viewer, made):
    reader = member_of_party(owner, viewer.user)
    about = Party.objects.exclude(code=owner).order_by("code").first()
    row = Unlock.objects.create(reader=reader, owner=about, reason="why", asked_at=timezone.now())
    return Made(row.id, owner)


@maker("canary_id")
def _canary(owner, viewer, made):
    row = Canary.objects.create(
        owner_id=owner, blind=new_id().encode(), ref="A-1", planted_by=member_of_party(owner), planted_at=timezone.now()
    )
    return Made(row.id, owner)


@maker("recipient_id")
def _recipient(owner, viewer, made):
    row = Recipient.objects.create(
        party_id=owner, name="key", key=f"age1{new_id()}", added_by=member_of_party(owner), added_at=timezone.now()
    )
    return Made(row.id, owner)


@maker("erasure_id")
def _erasure(owner, viewer, made):
    asker = member_of_party("DESK", viewer.user)
    return Made(Erasure.objects.create(counts={}, asked_by=asker, asked_at=timezone.now()).id, owner)


# ------------------------------------------------------------------------------------------------------ remains
def _remains(make):
    return lambda owner, viewer, made: Made(make(owner).id, owner)


for _name, _make in {
    "remains_transfer_id": making_remains.bare_transfer,
    "container_id": making_remains.bare_container,
    "item_id": making_remains.bare_item,
    "case_id": making_remains.bare_case,
    "candidate_id": making_remains.bare_candidate,
    "reference_id": making_remains.bare_reference,
    "remains_import_id": making_remains.bare_import,
}.items():
    MAKERS[_name] = _remains(_make)


@maker("family_id")
def _family(owner, viewer, made):
    facts = {"pseudonym"} if viewer.role is Role.FORENSIC else set()
    return Made(making_remains.bare_family(owner).id, owner, frozenset(facts))


@maker("remains_search_id")
def _remains_search(owner, viewer, made):
    return Made(making_remains.bare_search().id, owner)


# --------------------------------------------------------------- lists
@maker("list.key")
def _list(owner, viewer, made):
    """A draft with one line: nobody's but its owner's."""
    by, now = member_of_party(owner, viewer.user), timezone.now()
    row = List.objects.create(owner_id=owner, kind="held", title="July", created_by=by, created_at=now)
    file = ListFile.objects.create(
        list=row, owner=owner, fingerprint="f", name="a.csv", body="", state="accepted", by=by, at=now
    )
    version = ListVersion.objects.create(
        list=row,
        file=file,
        number=1,
        state="draft",
        records=1,
        columns=["ref"],
        sha256="0",
        stored_by=by,
        stored_at=now,
    )
    Record.objects.create(
        version=version,
        owner=owner,
        position=1,
        row=2,
        fields={"ref": "A-1"},
        blind_ref=b"r" * 16,
        blind_name=b"n" * 16,
        blind_birth=b"b" * 16,
    )
    return Made(row.id, owner)


@maker("list.file")
def _list_file(owner, viewer, made):
    return Made(ListFile.objects.get(list_id=made["key"].key).id, owner)


@maker("list.record")
def _list_record(owner, viewer, made):
    return Made(Record.objects.get(version__list_id=made["key"].key).id, owner)


# ----------------------------------------------------------------------------------------- exchange, ceasefire
def _own(owner, viewer):
    """An address without a party shows the viewer's own part, whoever made the rest."""
    return viewer.party or owner


@maker("exchange.key")
def _exchange(owner, viewer, made):
    return Made(making_exchange.bare_exchange().id, owner)


@maker("exchange_people.key")
def _exchange_people(owner, viewer, made):
    side = viewer.party if viewer.role is Role.SIDE else "UA"
    return Made(making_exchange.bare_exchange().id, side)


@maker("exchange_people.party")
def _exchange_half(owner, viewer, made):
    return Made(owner, owner)


@maker("exchange.party")
def _exchange_side(owner, viewer, made):
    return Made("UA", owner)


@maker("exchange.number")
def _exchange_leg(owner, viewer, made):
    return Made(1, owner)


@maker("transfer.exchange")
def _exchange_signed(owner, viewer, made):
    return Made(making_exchange.bare_exchange(going=("1",)).id, owner)


@maker("transfer.leg")
def _leg(owner, viewer, made):
    return Made(1, owner)


@maker("exchange.plan_key")
def _exchange_plan(owner, viewer, made):
    return Made(making_exchange.selectors.Exchange.objects.get(id=made["key"].key).plans.get().id, owner)


@maker("ceasefire_window.key")
def _window(owner, viewer, made):
    return Made(making_ceasefire.proposed().id, owner)


@maker("ceasefire.key")
def _ceasefire(owner, viewer, made):
    found = making_ceasefire.proposed()
    for party in ("UA", "RU", "DESK"):
        making_ceasefire.bare_plan(found, party)
        making_ceasefire.bare_layer(found, party)
    return Made(found.id, _own(owner, viewer))


@maker("ceasefire.plan_key")
def _visits(owner, viewer, made):
    return Made(making_ceasefire.Plan.objects.get(ceasefire=made["key"].key, party=owner).id, owner)


@maker("ceasefire.layer_key")
def _layer(owner, viewer, made):
    return Made(making_ceasefire.MapLayer.objects.get(ceasefire=made["key"].key, party=owner).id, owner)


@maker("incident.key")
def _incidents(owner, viewer, made):
    return Made(making_ceasefire.proposed().id, _own(owner, viewer))


@maker("incident.incident_key")
def _incident(owner, viewer, made):
    found = making_ceasefire.Ceasefire.objects.get(id=made["key"].key)
    return Made(making_ceasefire.bare_incident(found, owner).id, owner)


# ---------------------------------------------------------------------------------- what is made once for all cells
SIDES = ("UA", "RU")
_TEXT = "@title T\n@version 1\n@language {}\n@parties RU UA\n1.1 exchange [all]{{UA}}[some]{{RU}} prisoners\n"


def prepare() -> None:
    """Open the talks with their texts; make figures, a publication and entries of the record; compare two lists."""
    PREPARED.clear()
    talks_demo.forums_open(conftest.AT)
    chair = conftest.viewer("secretariat-1")
    source = {language: _TEXT.format(language) for language in ("en", "uk")}
    for code in ("r2", "r3"):
        drafting.text_open(forum=Forum.objects.get(code=code), title="T", source=source, by=chair, at=conftest.AT)
    Text.objects.filter(forum__code="r2").update(state="signed", frozen_hash="0" * 64, published=True)
    making_results.attest(movement="m-open")
    making_results.lift("m-open")
    making_results.publish()
    making_results.attest(movement="m-kept")
    for party in (*SIDES, "DESK"):
        by = conftest.viewer(making_results.ATTESTERS[party])
        row = statement_record(
            kind="agenda", content={"n": 1}, owner=party, by=by, at=conftest.AT, roles=(party,), subject="test:1"
        )
        PREPARED[f"entry {party}"] = row.name
    sequence()
    for party in SIDES:
        PREPARED[f"run {party}"] = _compared(party)
    _handed_over()


def _handed_over() -> None:
    """Set a transfer for tomorrow, of which every role has handed in what it signed."""
    start = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    transfer, day = making_handover.transfer_set("T-1", starts_at=start)
    for role in making_handover.MEMBER:
        making_handover.hand_in(transfer, making_handover.full(day, role))
    for side in SIDES:
        Reference.objects.create(transfer=transfer, owner_id=side, numbers={"1": "A-1"})


def _compared(holder: str) -> str:
    """Compare what a side holds with what the other seeks."""
    seeker = SIDES[1 - SIDES.index(holder)]
    left, right, _ = making_lists.two_lists(12)
    held = making_lists.sealed(f"side-{holder.lower()}-1", left, kind="held")
    sought = making_lists.sealed(f"side-{seeker.lower()}-1", right, kind="sought")
    for version in (held, sought):
        making_lists.release(version)
    return making_pairs.linked(held, sought).id


def _other(viewer: Viewer) -> str:
    """Give the side that is not the viewer's."""
    return next(code for code in SIDES if code != viewer.party)


# --------------------------------------------------------------------------------------------------------------- talks
def _invited(forum, viewer):
    """Say that the viewer's party sits there; every member here is mandated for every forum, so that he is seated."""
    return {"invited", "seated"} if viewer.party in forum.members else set()


@maker("forum.code")
@maker("video.code")
@maker("minutes.code")
def _forum(owner, viewer, made):
    """A side's own caucus, which the other forum's members do not know of; for the desk a round that all know of."""
    if owner not in SIDES:
        forum = Forum.objects.get(code="r3")
        return Made("r3", "", frozenset(_invited(forum, viewer) | {"published"}))
    forum = Forum.objects.create(
        code=f"caucus-{owner.lower()}", kind="caucus", title="t", members=[owner], state="at_work"
    )
    sits = viewer.party == owner or viewer.role is Role.SECRETARIAT
    return Made(forum.code, "", frozenset(_invited(forum, viewer)), shut=not sits)


@maker("meeting:code")
@maker("meeting_answer:code")
def _leaders(owner, viewer, made):
    forum = Forum.objects.get(code="leaders")
    return Made("leaders", "", frozenset(_invited(forum, viewer) | {"published"}))


@maker("forum.number")
@maker("video.number")
@maker("minutes.number")
def _sitting(owner, viewer, made):
    now = timezone.now()
    before = made["code"]
    row = Sitting.objects.create(
        forum=Forum.objects.get(code=before.key), number=7, starts_at=now, ends_at=now + dt.timedelta(hours=1),
        zone="Europe/Istanbul", agenda=[{"number": 1, "title": "Lists"}], state="open", minutes=[{"text": "Lists"}],
    )  # fmt: skip
    return Made(row.number, "", before.facts, shut=before.shut)


@maker("forum.key")
def _silence(owner, viewer, made):
    before = made["code"]
    forum, now = Forum.objects.get(code=before.key), timezone.now()
    row = Quiet.objects.create(
        forum=forum, hash="0" * 64, parties=[code for code in forum.members if code in SIDES], hours=72, opened_at=now,
        receipt_by=now + dt.timedelta(hours=12),
    )  # fmt: skip
    return Made(row.id, "", before.facts, shut=before.shut)


@maker("accord.code")
def _accord_forum(owner, viewer, made):
    """Where something is put to one side alone, in its caucus; for the desk, to both in a round."""
    found = _forum(owner, viewer, made)
    facts = {"asked", "mandated"} if viewer.party in {owner, *(SIDES if owner == "DESK" else ())} else set()
    return Made(found.key, "", frozenset(facts), shut=found.shut)


@maker("accord.key")
def _accord(owner, viewer, made):
    before = made["code"]
    row = Accord.objects.create(
        forum=Forum.objects.get(code=before.key), kind="chatham", parties=[owner] if owner in SIDES else list(SIDES),
        asks={"forum": before.key, "sitting": None, "holds": True}, hash="0" * 64, at=timezone.now(),
    )  # fmt: skip
    return Made(row.id, "", before.facts, shut=before.shut)


@maker("package_new:code")
@maker("package_make:code")
def _package_forum(owner, viewer, made):
    return Made("r3", "", frozenset(_invited(Forum.objects.get(code="r3"), viewer)))


@maker("package.code")
def _package(owner, viewer, made):
    """In a round that all know of."""
    forum = Forum.objects.get(code="r3")
    row = Package.objects.create(code=f"P-{owner}", title="t", forum=forum)
    asks = {"package": row.code, "number": 1, "parts": ["commitment:C3", "clause:1.1"]}
    accord = Accord.objects.create(
        forum=forum, kind="package", about=row.id, parties=list(SIDES), asks=asks, hash="0" * 64, at=timezone.now()
    )
    Tie.objects.create(package=row, number=1, parts=asks["parts"], accord=accord)
    return Made(row.code, "", frozenset(_invited(forum, viewer)))


@maker("paper.code")
def _papers(owner, viewer, made):
    """Where the viewer may give a paper of his own: a round with host and observer, in whose chair the desk sits."""
    Forum.objects.filter(code="r3").update(members=["UA", "RU", "HOST", "OBS", "TR"])
    return Made("r3", viewer.party, frozenset({"chair"}))


@maker("paper.key")
def _paper(owner, viewer, made):
    """A side's paper for nobody else; the desk's, for the side that asks."""
    audience = [viewer.party] if owner not in SIDES and viewer.party != "DESK" else []
    row = Paper.objects.create(
        forum=Forum.objects.get(code="r3"), kind="non_paper", title="t", body="b", author_id=owner, audience=audience,
        at=timezone.now(),
    )  # fmt: skip
    return Made(row.id, owner, frozenset({"audience"} if viewer.party in audience else ()))


@maker("message.code")
def _courier(owner, viewer, made):
    return Made("r3", viewer.party)


@maker("message.key")
def _message(owner, viewer, made):
    sender = owner if owner in SIDES else _other(viewer)
    to = SIDES[1 - SIDES.index(sender)]
    row = Message.objects.create(
        forum=Forum.objects.get(code="r3"), sender_id=sender, to_id=to, text="t", gist="g", convey="gist",
        at=timezone.now(),
    )  # fmt: skip
    return Made(row.id, sender)


@maker("text.code")
def _text(owner, viewer, made):
    """The text of the third round, still open; for the desk one that is signed and published."""
    code = "r3" if owner in SIDES else "r2"
    facts = _invited(Forum.objects.get(code=code), viewer) | (set() if owner in SIDES else {"signed", "published"})
    return Made(code, "", frozenset(facts))


@maker("text_new:code")
@maker("text_begin:code")
def _textless(owner, viewer, made):
    return Made("wg-humanitarian", "")


@maker("text.number")
def _clause(owner, viewer, made):
    return Made("1.1", "", made["code"].facts)


@maker("text.form")
def _form(owner, viewer, made):
    return Made("xml", "", made["code"].facts)


@maker("ground:code")
def _ground_text(owner, viewer, made):
    return Made("r3", "")


@maker("ground:number")
def _ground_clause(owner, viewer, made):
    return Made("1.1", "")


@maker("commitment.code")
def _commitment(owner, viewer, made):
    """One that rests on the text and is known to the parties; for the desk one that is published."""
    text = Text.objects.get(forum__code="r3") if owner in SIDES else None
    facts = {"published"} if text is None else _invited(text.forum, viewer)
    row = Commitment.objects.create(
        code=f"T-{owner}", title="t", state="agreed", text=text, clause="1.1" if text else "", published=text is None
    )
    return Made(row.code, "", frozenset(facts))


# -------------------------------------------------------------------------------------------------- record and results
@maker("entry.index")
def _entry(owner, viewer, made):
    index = Statement.objects.get(name=PREPARED[f"entry {owner}"]).index
    facts = {"party_named", "role_named"} if viewer.party == owner else set()
    return Made(index, owner, frozenset(facts | ({"neutral"} if owner == "DESK" else set())))


@maker("head.name")
def _log_file(owner, viewer, made):
    return Made(next(name for name in opened().folder.names() if name.startswith("tile/")), "")


@maker("assertion.name")
def _figure(owner, viewer, made):
    """What a side attested and keeps back; what the desk attested is published."""
    movement = "m-kept" if owner in SIDES else "m-open"
    row = Assertion.objects.get(party=owner, movement=movement)
    return Made(row.id, owner, frozenset({"released"} if movement == "m-open" else ()))


@maker("result.name")
def _promise(owner, viewer, made):
    return Made("C3", "")


@maker("result.number")
def _publication(owner, viewer, made):
    return Made(Publication.objects.get().number, "")


# --------------------------------------------------------------------------------------------------------------- pairs
@maker("pair.key")
def _pair(owner, viewer, made):
    """What its holder is asked; what the other holds and nobody acknowledged; for the desk what was acknowledged."""
    holder = owner if owner in SIDES else _other(viewer)
    facts = {"acknowledgeable", "acknowledged"} if owner not in SIDES else {"acknowledgeable"}
    row = Pair.objects.filter(run=PREPARED[f"run {holder}"]).order_by("id").first()
    Pair.objects.filter(id=row.id).update(state="same", answer="held" if "acknowledged" in facts else "")
    return Made(row.id, holder, frozenset(facts))


@maker("pair.run")
def _run(owner, viewer, made):
    return Made(PREPARED[f"run {owner if owner in SIDES else _other(viewer)}"], "")


# ------------------------------------------------------------------------------------------------------------ handover
ROLES = {"UA": "giver", "RU": "receiver", "DESK": "neutral"}


def _takes_part(viewer: Viewer) -> str:
    """Give the role of the viewer's party on the day; none for who only looks on."""
    return ROLES.get(viewer.party, "") if viewer.role is not Role.OBSERVER else ""


@maker("transfer.code")
@maker("print.code")
def _transfer(owner, viewer, made):
    return Made("T-1", "")


@maker("day_paper:code")
@maker("day_typed:code")
def _count_form(owner, viewer, made):
    """The neutral alone counts on paper."""
    return Made("T-1", "", shut=_takes_part(viewer) != "neutral")


@maker("transfer_ready:code")
def _stands_ready(owner, viewer, made):
    """Sides alone stand ready."""
    return Made("T-1", "", shut=viewer.party not in SIDES)


@maker("transfer_stop:code")
@maker("transfer_stopped:code")
def _stops(owner, viewer, made):
    """Those stop it who may object to it or write it."""
    return Made("T-1", "", shut=viewer.role in {Role.FORENSIC, Role.OBSERVER})


@maker("day_json:code")
def _manifest(owner, viewer, made):
    return Made("T-1", "", shut=not _takes_part(viewer))


@maker("exchange_people.code")
@maker("interview.code")
def _own_of_transfer(owner, viewer, made):
    return Made("T-1", viewer.party)


@maker("transfer.role")
def _counter(owner, viewer, made):
    return Made(ROLES[owner], "", shut=ROLES[owner] != _takes_part(viewer))


@maker("day_key_end:key")
def _device_key(owner, viewer, made):
    return Made(DeviceKey.objects.get(role=ROLES[owner]).id, "", shut=ROLES[owner] != _takes_part(viewer))


@maker("day_evidence:key")
@maker("day_codes:key")
def _evidence(owner, viewer, made):
    """The neutral fetches every file, a side its own."""
    mine = _takes_part(viewer)
    return Made(HandedIn.objects.get(role=ROLES[owner]).id, "", shut=mine not in {"neutral", ROLES[owner]})


@maker("print.name")
def _sheet(owner, viewer, made):
    return Made("manifest", "")


@maker("print.form")
def _pack(owner, viewer, made):
    """The pack of tomorrow, as the reader's clock has it."""
    day = timezone.now().astimezone(ZoneInfo(viewer.zone or "UTC")) + dt.timedelta(days=1)
    Transfer.objects.filter(code="T-1").update(starts_at=day.replace(hour=12))
    return Made("zip", "")
