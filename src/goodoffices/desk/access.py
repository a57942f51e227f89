"""Who may do what: the rows of `access.csv`, and nothing else.

A row is role, object, verb, condition; the condition's words must all hold. `own` and `other` compare the viewer's
party with the owner; every other word is a fact about the thing, stated by the selector that read it. What no row
allows is refused, and refused means: it is not there (404, never 403).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from goodoffices.domain.errors import NotYoursError


class Role(StrEnum):
    """What a member does at the desk. No role inherits from another."""

    SIDE = "side"
    PLANNER = "planner"
    HOST = "host"
    SECRETARIAT = "secretariat"
    HUMANITARIAN = "humanitarian"
    FORENSIC = "forensic"
    OBSERVER = "observer"
    AUDITOR = "auditor"
    OPERATOR = "operator"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks.

    Attributes
    ----------
    role
        The role of the mandate in force; `PUBLIC` without login.
    party
        Code of the viewer's party; empty for the public.
    user
        Key of the account; empty for the public.
    language, zone
        Of the reader: language code, IANA zone.
    """

    role: Role = Role.PUBLIC
    party: str = ""
    user: str = ""
    language: str = "en"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Thing:
    """What is looked at.

    Attributes
    ----------
    kind
        Object of the table, such as `list`.
    owner
        Code of the party it belongs to; empty if it is nobody's alone.
    facts
        What is true of it, in the words of the table: `released_neutral`, `signed`, ...
    """

    kind: str
    owner: str = ""
    facts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    role: Role
    kind: str
    verb: str
    conditions: frozenset[str]


@cache
def rows() -> tuple[Row, ...]:
    """Read the table."""
    text = (files("goodoffices.desk") / "access.csv").read_text(encoding="utf-8")
    return tuple(
        Row(Role(line["role"]), line["object"], line["verb"], frozenset(line["condition"].split()))
        for line in csv.DictReader(text.splitlines())
    )


@cache
def _index() -> dict[tuple[Role, str, str], tuple[frozenset[str], ...]]:
    found: dict[tuple[Role, str, str], tuple[frozenset[str], ...]] = {}
    for row in rows():
        key = (row.role, row.kind, row.verb)
        found[key] = (*found.get(key, ()), row.conditions)
    return found


def may(viewer: Viewer, verb: str, thing: Thing) -> bool:
    """Whether a viewer may do this to that; default: no."""
    facts = thing.facts
    if viewer.party and thing.owner:
        facts |= {"own"} if viewer.party == thing.owner else {"other"}
    return any(conditions <= facts for conditions in _index().get((viewer.role, thing.kind, verb), ()))


def require(viewer: Viewer, verb: str, thing: Thing) -> None:
    """Refuse what no row allows.

    Raises
    ------
    NotYoursError
        If no row allows it.
    """
    if not may(viewer, verb, thing):
        raise NotYoursError(f"{viewer.role} may not {verb} {thing.kind}")


def may_ever(viewer: Viewer, verb: str, kind: str) -> bool:
    """Whether some row lets this role do this to some thing of the kind: whether a page of them exists for it."""
    return (viewer.role, kind, verb) in _index()
