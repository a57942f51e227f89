"""Reads of packages: what is tied, what is still open, what holds a commitment, what was released ahead.

A part is named `commitment:C9` or `clause:4.1`. A clause has closed once the commitments that rest on it are agreed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.talks.models import Commitment, Forum, Package, Tie
from goodoffices.domain.errors import NotYoursError
from goodoffices.engines.talks.consent import Package as Tied

AGREED = ("agreed", "in_force", "suspended")
"""States of a commitment in which every side has accepted it."""

BEFORE_FORCE = ("tabled", "agreed_ad_referendum", "agreed")
"""States of a commitment that has not come into force; one that has is held by no package."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a package stands.

    Attributes
    ----------
    row
        The package.
    tie
        What holds now, as every side has accepted it last; None while nothing was accepted.
    latest
        What was put to the sides last.
    closed
        Parts that every side has agreed.
    final
        Parts that bind: all once all have closed, else what has closed and was released ahead.
    """

    row: Package
    tie: Tie | None
    latest: Tie
    closed: frozenset[str]
    final: frozenset[str]

    @property
    def parts(self) -> tuple[str, ...]:
        """What is tied now."""
        return tuple(self.tie.parts) if self.tie else ()

    @property
    def state(self) -> str:
        """Proposed, tied, closed or dissolved."""
        if self.row.closed_at is not None or (self.parts and self.closed.issuperset(self.parts)):
            return "closed"
        if self.tie is None:
            return "proposed"
        return "tied" if self.parts else "dissolved"

    def noun(self) -> Tied:
        """Give what holds as the engine knows it."""
        return Tied(self.parts, frozenset(self.row.early_harvest))


@dataclass(frozen=True, slots=True)
class Held:
    """What keeps a commitment from binding, or would: the package and its parts that are still open."""

    package: Package
    waits_for: tuple[str, ...]


def package_thing(forum: Forum, viewer: Viewer) -> Thing:
    """State what is true of a forum's packages for a viewer."""
    return Thing("package", "", frozenset({"invited"} if viewer.party in forum.members else ()))


def package_of(viewer: Viewer, code: str) -> Standing:
    """Give one package.

    Raises
    ------
    NotYoursError
        If there is none, or it is not for this viewer.
    """
    row = Package.objects.select_related("forum").filter(code=code).first()
    if row is None:
        raise NotYoursError("no such package")
    require(viewer, "read", package_thing(row.forum, viewer))
    return standing(row)


def packages(viewer: Viewer, forum: Forum | None = None) -> list[Standing]:
    """Give the packages a viewer may read, of one forum or of all."""
    rows = Package.objects.select_related("forum").order_by("code")
    rows = rows if forum is None else rows.filter(forum=forum)
    return [standing(row) for row in rows if may(viewer, "read", package_thing(row.forum, viewer))]


def standing(row: Package) -> Standing:
    """Tell how a package stands."""
    ties = list(row.ties.select_related("accord").order_by("-number"))
    tie = next((one for one in ties if one.accord.state == "accepted"), None)
    parts = tuple(tie.parts) if tie else ()
    closed = frozenset(parts) if row.closed_at else closed_parts(row.forum, parts)
    return Standing(row, tie, ties[0], closed, Tied(parts, frozenset(row.early_harvest)).final(closed))


def closed_parts(forum: Forum, parts: Iterable[str]) -> frozenset[str]:
    """Give those of some parts that every side has agreed."""
    parts = tuple(parts)
    if not parts:
        return frozenset()
    states = dict(Commitment.objects.filter(code__in=_names(parts, "commitment")).values_list("code", "state"))
    resting: dict[str, list[str]] = {}
    on_clauses = Commitment.objects.filter(text__forum=forum, clause__in=_names(parts, "clause"))
    rows = on_clauses.exclude(state="withdrawn").values_list("clause", "state")
    for clause, state in rows:
        resting.setdefault(clause, []).append(state)
    found = {part: _states_of(part, states, resting) for part in parts}
    return frozenset(part for part, said in found.items() if said and all(state in AGREED for state in said))


def _names(parts: Iterable[str], kind: str) -> list[str]:
    return [part.removeprefix(f"{kind}:") for part in parts if part.startswith(f"{kind}:")]


def _states_of(part: str, states: dict[str, str], resting: dict[str, list[str]]) -> list[str]:
    kind, _, name = part.partition(":")
    if kind == "clause":
        return resting.get(name, [])
    return [states[name]] if name in states else []


def holding(item: Commitment, found: Sequence[Standing]) -> list[Held]:
    """Give the packages that hold a commitment, each with what it waits for; none if it may bind, or did already."""
    if item.state not in BEFORE_FORCE:
        return []
    held = []
    for one in found:
        own = {f"commitment:{item.code}"}
        if item.text is not None and item.text.forum_id == one.row.forum_id:
            own.add(f"clause:{item.clause}")
        tied, open_ = one.noun(), list[str]()
        for part in own.intersection(one.parts) - tied.early_harvest:
            open_ += tied.waits_for(part, one.closed)
            if part not in one.closed and item.state in AGREED:  # another commitment on its clause is not agreed
                open_.append(part)
        if open_:
            held.append(Held(one.row, tuple(sorted(set(open_)))))
    return held


def standings() -> list[Standing]:
    """Give every package, for what a commitment may carry; a page asks `packages`."""
    return [standing(row) for row in Package.objects.select_related("forum").order_by("code")]


def held_codes() -> frozenset[str]:
    """Give the codes of the commitments that a package keeps from binding."""
    found = [one for one in standings() if one.state == "tied"]
    touched = Q(pk__in=[])
    for one in found:
        touched |= Q(code__in=_names(one.parts, "commitment"))
        touched |= Q(text__forum=one.row.forum, clause__in=_names(one.parts, "clause"))
    rows = Commitment.objects.filter(touched).select_related("text") if found else []
    return frozenset(item.code for item in rows if holding(item, found))


def possible_parts(viewer: Viewer, forum: Forum, clauses: Sequence[str]) -> list[str]:
    """Give what may be taken into a package of a forum: commitments that do not bind yet, clauses of its text."""
    rows = Commitment.objects.filter(state__in=BEFORE_FORCE).order_by("code")
    require(viewer, "write", package_thing(forum, viewer))
    return [*(f"commitment:{row.code}" for row in rows), *(f"clause:{clause}" for clause in clauses)]
