"""Reads of pairs: the neutral's queue; for a side its own record and a question, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from goodoffices.desk.access import Thing, Viewer, may, require
from goodoffices.desk.lists.models import ListVersion, Record
from goodoffices.desk.lists.selectors import Seen, versions_seen
from goodoffices.desk.pairs.models import Pair, Run
from goodoffices.desk.pairs.states import ACKNOWLEDGED
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.lists import ListKind

KIND = "pair"
ORDERS = {"near": ("distance", "id"), "bits": ("-bits", "id")}
WAITING = ("waiting", "first_same", "first_other", "disputed")
"""States in which a pair still waits for a person."""
RunSeen = tuple[Run, Seen, Seen]
_HOLDING = (ListKind.HELD, ListKind.REMAINS, ListKind.OFFERED)


@dataclass(frozen=True, slots=True)
class SeenPair:
    """A pair as one viewer may see it.

    Attributes
    ----------
    pair
        The row.
    facts
        In the words of the access table.
    left, right
        How the viewer may see the two lists; None where he sees nothing of one.
    holder, seeker
        Parties whose records these are.
    """

    pair: Pair
    facts: frozenset[str]
    left: Seen | None
    right: Seen | None
    holder: str
    seeker: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many pairs of a run stand where.

    Attributes
    ----------
    numbers
        By state and verdict.
    """

    numbers: Mapping[tuple[str, str], int]

    def count(self, *, state: str = "waiting", verdict: str = "") -> int:
        """Count the pairs that `queue` gives for the same state and verdict."""
        states = states_of(state)
        return sum(
            number
            for (stands, said), number in self.numbers.items()
            if (states is None or stands in states) and verdict in {"", said}
        )


def holds_left(run: Run) -> bool:
    """Whether the left list is the holder's: of persons held, of remains, of persons offered."""
    return run.left.list.kind in _HOLDING or run.right.list.kind not in _HOLDING


def parties_of(run: Run) -> tuple[str, str]:
    """Give holder and seeker."""
    left, right = run.left.list.owner_id, run.right.list.owner_id
    return (left, right) if holds_left(run) else (right, left)


def thing_of(pair: Pair) -> Thing:
    """State the facts of a pair: it belongs to the holder, who may be asked, and may have answered."""
    facts = set()
    if pair.state == "same":
        facts.add("acknowledgeable")
        if pair.answer in ACKNOWLEDGED:
            facts.add("acknowledged")
    if ListKind.REMAINS in {pair.run.left.list.kind, pair.run.right.list.kind}:
        facts.add("remains")
    return Thing(KIND, parties_of(pair.run)[0], frozenset(facts))


def _runs() -> QuerySet[Run]:
    return Run.objects.select_related("left__list__owner", "right__list__owner", "asked_by")


def is_open(run: Run, left: Seen, right: Seen) -> bool:
    """Whether every field that a run compared is released still: its evidence tells of them all."""
    return set(run.left_fields) <= set(left.fields) and set(run.right_fields) <= set(right.fields)


def runs_seen(viewer: Viewer, now: dt.datetime) -> list[RunSeen]:
    """Give the runs of which the viewer may read, at this moment, all that they compared; the latest first."""
    return runs_among(viewer, versions_seen(viewer, now))


def runs_among(viewer: Viewer, versions: Iterable[Seen]) -> list[RunSeen]:
    """Give the runs of versions of which the viewer may read all that they compared, the latest first."""
    open_ = {seen.version.id: seen for seen in versions}
    runs = _runs().filter(left__in=list(open_), right__in=list(open_)).order_by("-asked_at", "id")
    found = []
    for run in runs:
        facts = {"remains"} if ListKind.REMAINS in {run.left.list.kind, run.right.list.kind} else set()
        left, right = open_[run.left_id], open_[run.right_id]
        is_others = viewer.party not in parties_of(run) and may(viewer, "read", Thing(KIND, "", frozenset(facts)))
        if is_others and is_open(run, left, right):
            found.append((run, left, right))
    return found


def run_of(viewer: Viewer, key: str, now: dt.datetime) -> RunSeen:
    """Give one run.

    Raises
    ------
    NotYoursError
        If there is none for this viewer.
    """
    return run_named(runs_seen(viewer, now), key)


def run_named(runs: Iterable[RunSeen], key: str) -> RunSeen:
    """Give one run of those a viewer may see.

    Raises
    ------
    NotYoursError
        If it is not among them.
    """
    for found in runs:
        if found[0].id == key:
            return found
    raise NotYoursError("no such run")


def choices_among(versions: Iterable[Seen]) -> list[Seen]:
    """Give the versions that a linkage can be run on: sealed, open to the neutral, with a name to compare."""
    names = {"surname", "given_name", "full_name"}
    return [seen for seen in versions if not seen.is_own and names & set(seen.fields) & set(seen.version.columns)]


def states_of(state: str) -> tuple[str, ...] | None:
    """Give the states a reader means by one word; None for all."""
    return None if state == "all" else WAITING if state == "waiting" else (state,)


def queue(run: Run, *, state: str = "waiting", verdict: str = "", order: str = "near") -> QuerySet[Pair]:
    """Give a run's pairs: those of a state and a verdict, in an order."""
    found = Pair.objects.filter(run=run)
    states = states_of(state)
    if states is not None:
        found = found.filter(state__in=states)
    if verdict:
        found = found.filter(verdict=verdict)
    return found.order_by(*ORDERS.get(order, ORDERS["near"]))


def neighbours(pair: Pair, found: QuerySet[Pair], order: str) -> tuple[Pair | None, Pair | None]:
    """Give the pairs before and after one in a queue; the pair itself need not be in it any more."""
    name = "distance" if order != "bits" else "bits"
    value = getattr(pair, name)
    up, down = ("lt", "gt") if name == "distance" else ("gt", "lt")
    before = Q(**{f"{name}__{up}": value}) | Q(**{name: value}, id__lt=pair.id)
    after = Q(**{f"{name}__{down}": value}) | Q(**{name: value}, id__gt=pair.id)
    others = found.exclude(id=pair.id)
    return others.filter(before).reverse().first(), others.filter(after).first()


def tally_of(run: Run) -> Tally:
    """Count a run's pairs by state and verdict, in one reading of an index."""
    found = Pair.objects.filter(run=run).values_list("state", "verdict").annotate(n=Count("*")).order_by()
    return Tally({(state, verdict): number for state, verdict, number in found})


def counts() -> dict[str, int]:
    """Count the pairs of all runs by state."""
    found = Pair.objects.filter(run__is_done=True).values_list("state").annotate(n=Count("*")).order_by("state")
    return dict(found)


def pair_seen(viewer: Viewer, key: str, now: dt.datetime, verb: str = "read") -> SeenPair:
    """Give one pair as far as it is the viewer's to see.

    Raises
    ------
    NotYoursError
        If there is none for him.
    """
    pair = (
        Pair.objects.filter(id=key, run__is_done=True)
        .select_related("run__left__list__owner", "run__right__list__owner", "left", "right")
        .first()
    )
    if pair is None:
        raise NotYoursError("no such pair")
    holder, seeker = parties_of(pair.run)
    thing = thing_of(pair)
    require(viewer, verb, thing)
    if viewer.party in {holder, seeker}:
        return SeenPair(pair, thing.facts, None, None, holder, seeker)
    _, left, right = run_of(viewer, pair.run_id, now)
    return SeenPair(pair, thing.facts, left, right, holder, seeker)


def own_record(viewer: Viewer, seen: SeenPair) -> tuple[Record, ListVersion]:
    """Give the side's own record of a pair, and its list.

    Raises
    ------
    NotYoursError
        If neither record is the viewer's.
    """
    for record, version in ((seen.pair.left, seen.pair.run.left), (seen.pair.right, seen.pair.run.right)):
        if version.list.owner_id == viewer.party:
            return record, version
    raise NotYoursError("none of the two is yours")


def questions(viewer: Viewer) -> list[dict[str, Any]]:
    """Give a side's pairs: those it is asked about as the holder, and those the other side has acknowledged."""
    mine = Q(left__list__owner=viewer.party) | Q(right__list__owner=viewer.party)
    runs = Run.objects.filter(mine, is_done=True).values_list("id", flat=True)
    found = Pair.objects.filter(run__in=list(runs), state="same")
    found = found.exclude(carried__run__is_done=True)
    rows = found.select_related("run__left__list", "run__right__list", "left", "right").order_by("answer", "id")
    out = []
    for pair in rows:
        thing = thing_of(pair)
        if not may(viewer, "read", thing):
            continue
        is_holder = thing.owner == viewer.party
        is_left = pair.run.left.list.owner_id == viewer.party
        out.append({"pair": pair, "record": pair.left if is_left else pair.right, "is_holder": is_holder})
    return out


def of_records(found: QuerySet[Pair], keys: Iterable[str]) -> QuerySet[Pair]:
    """Keep the pairs that one of the records is in."""
    wanted = list(keys)
    return found.filter(Q(left__in=wanted) | Q(right__in=wanted))


def waiting_count(viewer: Viewer, now: dt.datetime) -> tuple[int, dt.datetime | None]:
    """Count the pairs in the viewer's runs that wait for a person, and say since when."""
    runs = [run for run, _, _ in runs_seen(viewer, now) if run.is_done]
    latest: dict[tuple[str, str], Run] = {}
    for run in runs:
        latest.setdefault((run.left_id, run.right_id), run)
    count = Pair.objects.filter(run__in=latest.values(), state__in=WAITING, verdict="review").count()
    return count, min((run.asked_at for run in latest.values()), default=None)
