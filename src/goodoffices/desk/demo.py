"""Builds the demo workspace: the public record's process, invented members, one login per role, each room's share.

Each room may have a module `demo.py` with `fill(workspace, at)`; they are called in the rooms' order.
"""

from __future__ import annotations

import datetime as dt
import importlib
import importlib.util
from collections.abc import Callable

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from goodoffices.desk.access import Role
from goodoffices.desk.founding import desk_found
from goodoffices.desk.ledger.demo import demo_keys
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.parties.models import Party, Process, User
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.parties.services import member_add
from goodoffices.domain.sides import PartyKind
from goodoffices.formats.process import read_process
from goodoffices.store.example import example_process

ROOMS = ("talks", "lists", "pairs", "remains", "exchange", "ceasefire", "handover", "results", "today")
ORIGIN = "goodoffices.example/desk"
DESK, OBSERVER = "DESK", "OBS"
_CAPITALS = {"RU": "Europe/Moscow", "TR": "Europe/Istanbul", "UA": "Europe/Kyiv"}
Say = Callable[[str], None]


def build(say: Say = lambda _: None) -> None:
    """Make the workspace that the settings name, unless it is there."""
    settings.WORKSPACE.mkdir(parents=True, exist_ok=True)
    prepare()
    if Process.objects.exists():
        return
    at = timezone.now()
    say("process and members")
    open_process(at)
    for code, zone in _CAPITALS.items():
        Party.objects.filter(code=code).update(zone=zone)
        User.objects.filter(party=code).update(zone=zone)
    for room in ROOMS:
        name = f"goodoffices.desk.{room}.demo"
        if importlib.util.find_spec(name) is not None:
            say(room)
            importlib.import_module(name).fill(settings.WORKSPACE, at)
    sequence()


def prepare() -> None:
    """Bring the tables to this version."""
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)


def open_process(at: dt.datetime, document: bytes | None = None) -> None:
    """Open the desk with a process, a log whose demo keys lie beside it, and one member per role."""
    desk = Party(code=DESK, name="The desk (invented)", kind=PartyKind.NEUTRAL, zone="Europe/Istanbul")
    data = document or example_process()
    roles = [
        *(party.code for party in read_process(data, "process.json").parties if party.kind == PartyKind.SIDE),
        DESK,
    ]
    keys = {role: demo_keys(role) for role in roles}
    made = {
        kind: {role: keys[role].make(f"{role.lower()}.example/{kind}", kind, passphrase=None).vkey for role in roles}
        for kind in ("witness", "statement")
    }
    desk_found(
        document=data, desk=desk, origin=ORIGIN, witnesses=made["witness"], statements=made["statement"], at=at
    )  # fmt: skip
    Party.objects.get_or_create(
        code=OBSERVER, defaults={"name": "Observers (invented)", "kind": PartyKind.OBSERVER, "zone": "Europe/Istanbul"}
    )
    add_members(at)


def add_members(at: dt.datetime) -> None:
    """Make one login per role, and a second member where two must act."""
    host = Party.objects.filter(kind=PartyKind.HOST).first()
    desk = neutral().code
    for side in sides():
        for number in ("1", "2"):
            member_add(
                username=f"side-{side.code.lower()}-{number}",
                party=side.code,
                role=Role.SIDE,
                password=None,
                at=at,
            )
        member_add(username=f"planner-{side.code.lower()}", party=side.code, role=Role.PLANNER, password=None, at=at)
    for role in (Role.SECRETARIAT, Role.HUMANITARIAN, Role.FORENSIC):
        for number in ("1", "2"):
            member_add(username=f"{role}-{number}", party=desk, role=role, password=None, at=at, zone="Europe/Istanbul")
    member_add(username="observer", party=OBSERVER, role=Role.OBSERVER, password=None, at=at, zone="Europe/Istanbul")
    if host is not None:
        member_add(username="host", party=host.code, role=Role.HOST, password=None, at=at, zone="Europe/Istanbul")
    for role in (Role.AUDITOR, Role.OPERATOR):
        member_add(username=str(role), party=desk, role=role, password=None, at=at, zone="Europe/Istanbul")


_COUNTED = {
    "members": "parties.User",
    "lists": "lists.ListVersion",
    "records": "lists.Record",
    "pairs": "pairs.Pair",
    "cases": "remains.Case",
    "transfers": "handover.Transfer",
    "statements": "ledger.Statement",
}


def counts() -> dict[str, int]:
    """Count what the workspace holds, by what it is."""
    there = {model._meta.label for model in apps.get_models()}  # noqa: SLF001  Django's public name for it
    found = {name: apps.get_model(label) for name, label in _COUNTED.items() if label in there}
    return {name: model._default_manager.count() for name, model in found.items()}  # noqa: SLF001
