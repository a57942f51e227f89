"""Objects behind the addresses: one function per parameter of a route, so that the matrix can ask for it.

A room adds its own below the line, with `@maker("list_id")`; nothing else has to change. The function takes the code of
the party that shall own the object, and the viewer who will ask; it makes the object and gives its key and, if the
table's conditions speak of it, the facts that hold for that viewer. With several parameters in one route the earlier
ones are in `made`. Where two rooms use one word, name the object too: `@maker("forum.code")`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.models import Job
from goodoffices.desk.keeping.models import Canary, Erasure, Recipient, Unlock
from goodoffices.desk.lists.models import List, ListFile, ListVersion, Record
from goodoffices.desk.parties import members
from goodoffices.desk.parties.models import Invitation, Mandate, Party, Release, User
from goodoffices.desk.parties.people import roles_of
from tests.desk.ceasefire import making as making_ceasefire
from tests.desk.exchange import making as making_exchange
from tests.desk.remains import making as making_remains


@dataclass(frozen=True)
class Made:
    """What was made: its key in the address, the party it belongs to, what is true of it for the one who asks."""

    key: str | int
    owner: str
    facts: frozenset[str] = frozenset()


Maker = Callable[[str, Viewer, dict[str, Made]], Made]
MAKERS: dict[str, Maker] = {}
# Parameters whose room has no maker yet: the matrix then asks for an object that is not there, so that it sees roles
# and verbs but not owners. Take a line out when its maker stands; never add one for a new room.
UNMADE: set[str] = {
    "assertion.name",
    "commitment.code",
    "commitment.number",
    "entry.index",
    "exchange_people.code",
    "forum.code",
    "forum.key",
    "forum.number",
    "head.name",
    "interview.code",
    "message.code",
    "message.key",
    "pair.key",
    "pair.run",
    "paper.code",
    "paper.key",
    "print.code",
    "print.form",
    "print.name",
    "result.name",
    "result.number",
    "text.code",
    "text.form",
    "text.number",
    "transfer.code",
    "transfer.key",
    "transfer.role",
}


def maker(name: str) -> Callable[[Maker], Maker]:
    """Register who makes the object of a parameter."""

    def take(make: Maker) -> Maker:
        MAKERS[name] = make
        return make

    return take


def maker_of(kind: str, name: str) -> Maker | None:
    """Give the maker of a parameter: the object's own, else the parameter's; none if it is owed."""
    key = f"{kind}.{name}"
    return MAKERS.get(key) or (None if key in UNMADE else MAKERS.get(name))


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
    now = timezone.now()
    job = Job.objects.create(
        id=new_id(),
        kind="test",
        owner=owner,
        asked_by=member_of_party(owner),
        asked_at=now,
        given={},
    )
    return Made(job.id, owner, frozenset({"own_job"} if viewer.party == owner else ()))


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
    return Made(found.id, _own(owner, viewer))


@maker("ceasefire.plan_key")
def _visits(owner, viewer, made):
    return Made(making_ceasefire.Plan.objects.get(ceasefire=made["key"].key, party=owner).id, owner)


@maker("incident.key")
def _incidents(owner, viewer, made):
    return Made(making_ceasefire.proposed().id, _own(owner, viewer))


@maker("incident.incident_key")
def _incident(owner, viewer, made):
    found = making_ceasefire.Ceasefire.objects.get(id=made["key"].key)
    return Made(making_ceasefire.bare_incident(found, owner).id, owner)


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
        keys=[],
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
