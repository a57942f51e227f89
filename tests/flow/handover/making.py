"""Days, keys and devices invented for the tests of handovers."""

from __future__ import annotations

import datetime as dt

from goodoffices.domain.assertion import Scope
from goodoffices.domain.commitment import Direction, Moved, Unit
from goodoffices.domain.handover import Day, Item, Say, Statement, slip_codes
from goodoffices.domain.process import Role
from goodoffices.engines.ledger.note import ED25519, SigningKey
from goodoffices.flow.handover.signed import follow, receive, sign

START = dt.datetime(2025, 7, 24, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=3)))
KEYS = {
    role: SigningKey.from_seed(f"{role}.example", ED25519, seed=bytes([place]) * 32)
    for place, role in enumerate(Role, 1)
}
STRANGER = SigningKey.from_seed("stranger.example", ED25519, seed=bytes([9]) * 32)


def made_day(size=3, *, transfer="x1-leg-1", giver="A", receiver="B", neutral="N", **more):
    numbers = [str(number) for number in range(1, size + 1)]
    codes = slip_codes(transfer, numbers)
    return Day(
        transfer=transfer,
        commitment=None,
        direction=Direction(giver, receiver),
        neutral=neutral,
        unit=more.get("unit", Unit.HANDED_OVER),
        category=more.get("category", Moved.PRISONER_OF_WAR),
        place="crossing c1",
        starts=START,
        items=tuple(Item(number, codes[number], f"S{number}") for number in numbers),
        keys={role: (str(KEYS[role].vkey),) for role in Role if role is not Role.NEUTRAL or neutral},
    )


class Device:
    """One device of one role: it says things in a row."""

    def __init__(self, day, role, number=1, key=None):
        self.day, self.role, self.name = day, role, f"{number:016x}"
        self.key = key or KEYS[role]
        self.chain: tuple[Statement, ...] = ()

    def say(self, say, item=None, *, about=(), scope=None, words=None, minute=None):
        at = START + dt.timedelta(minutes=len(self.chain) if minute is None else minute)
        draft = Statement(self.role, self.name, 0, "", say, at.isoformat(), item, tuple(about), scope, words)
        self.chain = follow(self.day, self.chain, draft)
        return self.chain[-1].id

    def count_all(self, say=Say.COUNTED, *, but=()):
        for item in self.day.items:
            if item.number not in but:
                self.say(say, item.number)
        return self

    def act(self, scope=Scope.CHECKED_AGAINST_MANIFEST, about=()):
        return self.say(Say.ACT_SIGNED, scope=scope, about=about)

    def file(self, upto=None):
        return sign(self.day, self.chain[:upto], self.key)

    def received(self, upto=None):
        found = receive(self.file(upto), self.day)
        assert not found.problems
        return found


def full_day(day):
    """Every role counts all, meets and signs."""
    devices = []
    for place, role in enumerate(day.roles, 1):
        device = Device(day, role, place)
        device.say(Say.ARRIVED)
        device.say(Say.MET)
        device.count_all()
        device.act()
        devices.append(device)
    return devices
