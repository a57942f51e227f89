"""Transfers, keys and signed files for tests of the desk: reusable by other rooms."""

import os
from pathlib import Path

from goodoffices.desk.handover import dayservices, services
from goodoffices.desk.handover.records import day_of
from goodoffices.domain.assertion import Scope
from goodoffices.domain.handover import Say
from goodoffices.domain.process import Condition, Role, Stance
from goodoffices.engines.ledger.note import ED25519, SigningKey
from tests.desk.conftest import AT, viewer
from tests.flow.handover.making import START, Device

KEYS = {
    role: SigningKey.from_seed(f"{role}.example", ED25519, seed=bytes([place]) * 32)
    for place, role in enumerate(Role, 1)
}
GIVER, RECEIVER, DESK = "side-ua-1", "side-ru-1", "humanitarian-1"
MEMBER = {Role.GIVER: GIVER, Role.RECEIVER: RECEIVER, Role.NEUTRAL: DESK}


def there_is_a_desk():
    """Let a command at a terminal find the desk whose tables the test has."""
    (Path(os.environ["GOODOFFICES_WORKSPACE"]) / "desk.sqlite").touch()


def drafted(code="T-1", size=3, *, seals=False, **more):
    """A transfer of `size` numbers from UA to RU, everything proposed, nothing confirmed."""
    lines = tuple(services.Line(str(n), f"S{n}" if seals else None) for n in range(1, size + 1))
    proposal = services.Proposal("terms of the second round", lines, more.pop("starts_at", START), "crossing c1")
    given = {"giver": "UA", "receiver": "RU", "unit": "handed_over", "category": "prisoner_of_war"} | more
    return services.transfer_draft(
        code=code, zone="Europe/Istanbul", proposal=proposal, by=viewer(DESK), at=AT, **given
    )


def say(transfer, who, condition, stance=Stance.ACCEPT, reason="", at=AT):
    return services.condition_say(
        transfer=transfer, condition=condition, stance=stance, reason=reason, by=viewer(who), at=at
    )


def confirmed(transfer, *, but=()):
    """Both sides confirm all four conditions, but those named as (member, condition)."""
    for who in (GIVER, RECEIVER):
        for condition in Condition:
            if (who, condition) not in but:
                say(transfer, who, condition)
    return transfer


def ready(transfer):
    """Every role's key registered, the manifest made; gives the manifest as a noun."""
    for role, who in MEMBER.items():
        dayservices.key_register(transfer=transfer, vkey=str(KEYS[role].vkey), by=viewer(who), at=AT)
    return day_of(dayservices.day_make(transfer=transfer, by=viewer(DESK), at=AT))


def transfer_set(code="T-1", size=3, **more):
    """A set transfer with its day: (transfer, day)."""
    transfer = confirmed(drafted(code, size, **more))
    return transfer, ready(transfer)


def device(day, role, number=None):
    """A device of a role with its key of these tests."""
    return Device(day, role, number or list(Role).index(role) + 1, KEYS[role])


def full(day, role, *, says=None, act=True, number=None):
    """A device that is there, has met, has counted everything and signed the act."""
    found = device(day, role, number)
    found.say(Say.ARRIVED)
    found.say(Say.MET)
    for item in day.items:
        found.say((says or {}).get(item.number, Say.COUNTED), item.number)
    if act:
        found.act(Scope.COUNTED)
    return found


def hand_in(transfer, made, *, who=None, at=AT, upto=None):
    """Hand in what a device has signed, by a member of its role."""
    by = viewer(who or MEMBER[made.role])
    return dayservices.file_hand_in(transfer=transfer, data=made.file(upto), by=by, at=at)
