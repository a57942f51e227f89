"""The handovers of the demo: two that findings reopened, one counted, one with a date missing, one to come tomorrow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from goodoffices.desk.access import Role as Post
from goodoffices.desk.access import Viewer
from goodoffices.desk.handover import dayservices, services
from goodoffices.desk.handover.models import Transfer
from goodoffices.desk.handover.records import day_of
from goodoffices.desk.handover.services import Line, Proposal
from goodoffices.desk.ledger.demo import demo_keys
from goodoffices.desk.parties.models import User
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.remains.models import Transfer as Moved
from goodoffices.domain.assertion import Scope
from goodoffices.domain.handover import Day, Say, Statement
from goodoffices.domain.process import Condition, Role, Stance
from goodoffices.flow.handover.signed import follow, sign

_PLACE = "Crossing North (invented)"
_ZONE = "Europe/Istanbul"


def fill(workspace: Path, at: dt.datetime) -> None:
    """Let the transfers stand as far as they have come."""
    del workspace
    for moved in Moved.objects.exclude(movement="").order_by("handed_at"):
        _containers(moved)
    giver, receiver = (side.code for side in sides())
    desk = _member("humanitarian-1")
    done = _drafted("T-12-leg-1", giver, receiver, at=_ten(at, -3), desk=desk, persons=12)
    _confirmed(done, at - dt.timedelta(days=4))
    _counted(done, desk, at)
    dispute = _remains(receiver, giver, desk, at)
    _half_confirmed(dispute, at)
    _next = _drafted("T-14-leg-1", receiver, giver, at=_ten(at, 1), desk=desk, persons=24)
    _confirmed(_next, at)
    _ready(_next, desk, at)


def _member(username: str) -> Viewer:
    user = User.objects.get(username=username)
    return Viewer(Post(user.role), user.party_id, user.id, user.language, user.zone)


def _side(code: str) -> Viewer:
    return _member(f"side-{code.lower()}-1")


def _ten(at: dt.datetime, days: int) -> dt.datetime:
    """Give ten o'clock so many days from now, by the clock of the place."""
    day = at.astimezone(ZoneInfo(_ZONE)).date() + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(10), tzinfo=ZoneInfo(_ZONE))


def _drafted(code: str, giver: str, receiver: str, *, at: dt.datetime, desk: Viewer, persons: int) -> Transfer:
    numbers = tuple(Line(str(number)) for number in range(1, persons + 1))
    own = {line.number: f"{giver}-{4100 + int(line.number)}" for line in numbers}
    return services.transfer_draft(
        code=code, giver=giver, receiver=receiver, unit="handed_over", category="prisoner_of_war", zone=_ZONE,
        commitment="C3", references={giver: own}, by=desk, at=at - dt.timedelta(days=5),
        proposal=Proposal("As agreed in the second round.", numbers, at, _PLACE),
    )  # fmt: skip


def _confirmed(transfer: Transfer, at: dt.datetime) -> None:
    for code in (transfer.giver_id, transfer.receiver_id):
        for condition in Condition:
            services.condition_say(
                transfer=transfer, condition=condition, stance=Stance.ACCEPT, reason="", by=_side(code), at=at
            )


def _ready(transfer: Transfer, desk: Viewer, at: dt.datetime) -> Day:
    """Register every role's key and make the manifest of the day."""
    for code in (transfer.giver_id, transfer.receiver_id):
        dayservices.key_register(transfer=transfer, vkey=_vkey(code), by=_side(code), at=at)
    dayservices.key_register(transfer=transfer, vkey=_vkey(neutral().code), by=desk, at=at)
    return day_of(dayservices.day_make(transfer=transfer, by=desk, at=at))


def _vkey(code: str) -> str:
    return str(demo_keys(code).need(f"{code.lower()}.example/statement", "statement").vkey)


def _counted(transfer: Transfer, desk: Viewer, at: dt.datetime) -> None:
    """Let three roles count: the receiver first missed number 7, then found it on its second laptop's list."""
    day = _ready(transfer, desk, at - dt.timedelta(days=4))
    begun = day.starts
    missed = _chain(day, Role.RECEIVER, begun, says={"7": Say.MISSING}, scope=None)
    wrong = next(one for one in missed if one.item == "7")
    mended = follow(day, missed, _draft(Role.RECEIVER, missed[0].device, Say.COUNTED, begun, "7", about=(wrong.id,)))
    mended = follow(day, mended, _draft(Role.RECEIVER, missed[0].device, Say.ACT_SIGNED, begun, scope=Scope.COUNTED))
    mended = follow(day, mended, _draft(Role.RECEIVER, missed[0].device, Say.RECEIPT, begun))
    came = begun + dt.timedelta(hours=6)
    for role, chain in (
        (Role.GIVER, _chain(day, Role.GIVER, begun, says={}, scope=Scope.CHECKED_AGAINST_MANIFEST)),
        (Role.RECEIVER, missed),
        (Role.NEUTRAL, _chain(day, Role.NEUTRAL, begun, says={}, scope=Scope.COUNTED)),
        (Role.RECEIVER, mended),
    ):
        _handed(transfer, day, role, chain, at=came)


def _chain(
    day: Day, role: Role, at: dt.datetime, *, says: Mapping[str, Say], scope: Scope | None
) -> tuple[Statement, ...]:
    """Give what one device says on a day: there, met, each number, the act."""
    device = f"{list(Role).index(role) + 1:016x}"
    drafts: list[Statement] = [_draft(role, device, say, at) for say in (Say.ARRIVED, Say.MET)]
    drafts += [_draft(role, device, says.get(one.number, Say.COUNTED), at, one.number) for one in day.items]
    if scope is not None:
        drafts.append(_draft(role, device, Say.ACT_SIGNED, at, scope=scope))
    return _followed(day, drafts)


def _followed(day: Day, drafts: Sequence[Statement]) -> tuple[Statement, ...]:
    chain: tuple[Statement, ...] = ()
    for draft in drafts:
        chain = follow(day, chain, draft)
    return chain


def _draft(
    role: Role,
    device: str,
    say: Say,
    at: dt.datetime,
    item: str | None = None,
    *,
    about: tuple[str, ...] = (),
    scope: Scope | None = None,
) -> Statement:
    return Statement(role, device, 0, "", say, at.isoformat(), item, about, scope)


def _remains(giver: str, receiver: str, desk: Viewer, at: dt.datetime) -> Transfer:
    """Propose containers for a day to which only one side will agree."""
    lines = tuple(Line(f"C-{number:04d}", f"ZX{number:06d}") for number in range(101, 131))
    return services.transfer_draft(
        code="T-13", giver=giver, receiver=receiver, unit="container", zone=_ZONE, commitment="C4", by=desk,
        at=at - dt.timedelta(days=2),
        proposal=Proposal("As agreed in the second round.", lines, _ten(at, 2), _PLACE),
    )  # fmt: skip


def _containers(moved: Moved) -> Transfer:
    """Hand over the containers that the laboratory then opened; what its board finds reopens this transfer later."""
    desk, day = _member("humanitarian-1"), moved.handed_at
    lines = tuple(Line(one.number) for one in moved.containers.order_by("number"))
    proposal = Proposal("As agreed in the first round.", lines, day, moved.place)
    made = services.transfer_draft(
        code=moved.movement, giver=moved.giver_id, receiver=moved.receiver_id, unit="container", zone=moved.zone,
        commitment="C4", by=desk, at=day - dt.timedelta(days=5), proposal=proposal,
    )  # fmt: skip
    _confirmed(made, day - dt.timedelta(days=4))
    noun = _ready(made, desk, day - dt.timedelta(days=3))
    for role in Role:
        chain = _chain(noun, role, noun.starts, says={}, scope=Scope.COUNTED)
        if role is Role.RECEIVER:
            chain = follow(noun, chain, _draft(role, chain[0].device, Say.RECEIPT, noun.starts))
        _handed(made, noun, role, chain, at=day + dt.timedelta(hours=6))
    return services.transfer_close(transfer=Transfer.objects.get(id=made.id), by=desk, at=day + dt.timedelta(days=1))


def _handed(transfer: Transfer, day: Day, role: Role, chain: tuple[Statement, ...], *, at: dt.datetime) -> None:
    """Let a role sign what it counted and hand it in."""
    code = day.party(role)
    key = demo_keys(code).need(f"{code.lower()}.example/statement", "statement").open("")
    by = _member("humanitarian-1") if role is Role.NEUTRAL else _side(code)
    dayservices.file_hand_in(transfer=transfer, data=sign(day, chain, key), by=by, at=at)


def _half_confirmed(transfer: Transfer, at: dt.datetime) -> None:
    """Let both confirm terms, list and place, and the giver alone the date; it stands ready, and nobody is late."""
    for code in (transfer.giver_id, transfer.receiver_id):
        for condition in Condition:
            if condition is Condition.DATE and code == transfer.receiver_id:
                continue
            services.condition_say(
                transfer=transfer, condition=condition, stance=Stance.ACCEPT, reason="", by=_side(code), at=at
            )
    services.stand_ready(transfer=transfer, quantity=30, by=_side(transfer.giver_id), at=at)
