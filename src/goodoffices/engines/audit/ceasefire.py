"""Recounts a ceasefire plan against its window: every time, place, load and reason to be back, from the bytes up."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from goodoffices.engines.audit.ceasefire_travel import Ways, ways_from

_Row = dict[str, Any]
_Times = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that the plan breaks.

    Attributes
    ----------
    rule
        Which: a word of `RULES`.
    place
        Where in the plan.
    found, expected
        What stands there and what the window asks.
    """

    rule: str
    place: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.place}: found {self.found}, expected {self.expected}"


RULES = (
    "reading", "capacity", "demand", "needs", "interval", "duration", "travel", "turnaround", "after", "shift",
    "return", "left", "totals", "trip", "crossing",
)  # fmt: skip
"""What is checked, in the order of the report."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The audit's answer.

    Attributes
    ----------
    violations
        Every rule broken; none if the plan holds.
    wounded, bodies
        Recounted from the visits.
    latest_return
        Recounted; None if nobody goes.
    legs
        Legs whose travel time was computed anew.
    """

    violations: tuple[Violation, ...]
    wounded: int
    bodies: int
    latest_return: str | None
    legs: int

    @property
    def holds(self) -> bool:
        """Whether nothing is broken."""
        return not self.violations


@dataclass(slots=True)
class _Book:
    window: _Row
    plan: _Row
    state: _Row
    ways: Ways
    broken: list[Violation] = field(default_factory=list)
    legs: int = 0

    def say(self, rule: str, place: str, found: object, expected: object) -> None:
        self.broken.append(Violation(rule, place, str(found), str(expected)))


def audit(window: bytes, plan: bytes, *, travel: bytes | None = None, state: bytes | None = None) -> Verdict:
    """Check a plan against its window.

    Parameters
    ----------
    window, plan
        The two files.
    travel
        The matrix or road graph that the window names, if it names one.
    state
        The state of the day, if the plan is the rest of a day.

    Returns
    -------
    Verdict
        With every violation found; a file that cannot be read is one.
    """
    try:
        book = _Book(
            json.loads(window), json.loads(plan), json.loads(state) if state else {}, ways_from(window, travel, state)
        )
        _check(book)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        what = Violation(
            "reading", "the files", f"{type(error).__name__}: {error}", "a window and a plan in their form"
        )
        return Verdict((what,), 0, 0, None, 0)
    visits = book.plan["visits"]
    ends = [_time(back["at"]) for back in book.plan["returns"]]
    return Verdict(
        tuple(sorted(book.broken, key=lambda one: RULES.index(one.rule))),
        sum(visit["wounded"] for visit in visits),
        sum(visit["bodies"] for visit in visits),
        max(ends).isoformat() if ends else None,
        book.legs,
    )


def _check(book: _Book) -> None:
    sites = {site["id"]: site for site in book.window["sites"]}
    now = {row["site"]: row for row in book.state.get("sites", [])}
    offered = {
        name: {what: now.get(name, {}).get(what, site.get(what, 0)) for what in ("wounded", "bodies")}
        for name, site in sites.items()
    }
    for number, visit in enumerate(book.plan["visits"]):
        _check_visit(book, f"visits[{number}]", visit, sites.get(visit["site"]), now.get(visit["site"], {}))
    _check_demand(book, offered)
    _check_order(book, sites, now)
    _check_teams(book)
    _check_totals(book)


def _check_visit(book: _Book, place: str, visit: _Row, site: _Row | None, now: _Row) -> None:
    team = {one["id"]: one for one in book.window["teams"]}.get(visit["team"])
    if site is None or team is None:
        book.say("reading", place, f"{visit['team']} at {visit['site']}", "a team and a site of the window")
        return
    needs = site.get("needs") or []
    if needs and team["kind"] not in ([needs] if isinstance(needs, str) else needs):
        book.say("needs", place, f"a {team['kind']} at {site['id']}", needs)
    for what in ("wounded", "bodies"):
        if isinstance(visit[what], bool) or not isinstance(visit[what], int) or visit[what] < 0:
            book.say("demand", place, f"{visit[what]} {what}", "a whole number, not negative")
    if (site.get("wounded", 0) or site.get("bodies", 0)) and visit["wounded"] + visit["bodies"] == 0:
        book.say("demand", place, "nobody taken", "a visit that takes somebody")
    if now.get("closed"):
        book.say("interval", place, f"a visit of {site['id']}", "none: the site is closed")
    arrive, leave = _time(visit["arrive"]), _time(visit["leave"])
    count = visit["wounded"] + visit["bodies"]
    work = dt.timedelta(minutes=site.get("minutes_fixed", 0) + site.get("minutes_each", 0) * count)
    if leave - arrive < work:
        book.say("duration", place, f"{visit['arrive']} to {visit['leave']}", f"at least {work}")
    begin = leave - work
    spans = site.get("open") or [[book.window["start"], book.window["end"]]]
    if not any(_time(first) <= begin and leave <= _time(last) for first, last in spans):
        book.say("interval", place, f"work from {begin.isoformat()} to {visit['leave']}", f"inside one of {spans}")


def _check_demand(book: _Book, offered: dict[str, dict[str, int]]) -> None:
    taken: dict[tuple[str, str], int] = defaultdict(int)
    left: dict[tuple[str, str], int] = defaultdict(int)
    listed = [row["site"] for row in book.plan["left"]]
    for visit in book.plan["visits"]:
        for what in ("wounded", "bodies"):
            taken[visit["site"], what] += visit[what]
    for row in book.plan["left"]:
        if listed.count(row["site"]) > 1 or row["site"] not in offered:
            book.say("left", row["site"], "listed twice or unknown", "each site of the window at most once")
        _check_reason(book, row)
        for what in ("wounded", "bodies"):
            left[row["site"], what] = row[what]
    for name, there in offered.items():
        for what, count in there.items():
            if taken[name, what] > count:
                book.say("demand", name, f"{taken[name, what]} {what} taken", f"at most {count}")
            elif taken[name, what] + left[name, what] != count:
                book.say(
                    "left", name, f"{taken[name, what]} taken, {left[name, what]} left of {what}", f"{count} together"
                )


def _check_reason(book: _Book, row: _Row) -> None:
    if not row.get("reason"):
        book.say("left", row["site"], "no reason", "a reason")


def _check_order(book: _Book, sites: dict[str, _Row], now: dict[str, _Row]) -> None:
    ends: dict[str, list[dt.datetime]] = defaultdict(list)
    for visit in book.plan["visits"]:
        ends[visit["site"]].append(_time(visit["leave"]))
    for number, visit in enumerate(book.plan["visits"]):
        site = sites.get(visit["site"], {})
        before = site.get("after") or []
        for first in [before] if isinstance(before, str) else before:
            if now.get(first, {}).get("done") and not ends[first]:
                continue
            work = site.get("minutes_fixed", 0) + site.get("minutes_each", 0) * (visit["wounded"] + visit["bodies"])
            begin = _time(visit["leave"]) - dt.timedelta(minutes=work)
            if not ends[first]:
                book.say("after", f"visits[{number}]", f"{visit['site']} without {first}", f"a visit of {first} before")
            elif begin < max(ends[first]):
                book.say(
                    "after",
                    f"visits[{number}]",
                    f"begin {begin.isoformat()}",
                    f"after {first} ends, {max(ends[first]).isoformat()}",
                )


def _check_teams(book: _Book) -> None:
    stops: dict[str, list[tuple[int, int, dt.datetime, str, _Row]]] = defaultdict(list)
    for number, visit in enumerate(book.plan["visits"]):
        stops[visit["team"]].append((visit["trip"], 0, _time(visit["arrive"]), f"visits[{number}]", visit))
    for number, back in enumerate(book.plan["returns"]):
        stops[back["team"]].append((back["trip"], 1, _time(back["at"]), f"returns[{number}]", back))
    standing = {row["team"]: row for row in book.state.get("teams", [])}
    known = {team["id"]: team for team in book.window["teams"]}
    for name, rows in stops.items():
        if name not in known:
            book.say("reading", rows[0][3], name, "a team of the window")
        elif standing.get(name, {}).get("lost"):
            book.say("trip", rows[0][3], f"{name} goes on", "nothing: the team is lost")
        else:
            _check_team(book, known[name], sorted(rows, key=lambda row: row[:3]), standing.get(name, {}))


def _check_team(book: _Book, team: _Row, rows: list[tuple[int, int, dt.datetime, str, _Row]], now: _Row) -> None:
    """Follow one team from stop to stop: travel, turnaround, load, shift and the last return."""
    crossings = {one["id"]: one for one in book.window["crossings"]}
    start = _time(book.window["start"])
    here: str = now.get("at") or team["crossing"]
    ready = start
    if book.state:
        ready = max(_time(book.state["at"]), _time(now["free"]) if "free" in now else start)
    out = _time(now["out_since"]) if now.get("out_since") else None
    load = {what: now.get("aboard", {}).get(what, 0) for what in ("wounded", "bodies")}
    trip = now.get("trip", 1)
    last_end = None
    for number, is_back, at, place, row in rows:
        there: str = row["crossing"] if is_back else row["site"]
        if number != trip:
            book.say("trip", place, f"trip {number}", f"trip {trip}")
            trip = number
        book.legs += 1
        if not _check_leg(book, team, (here, there), (ready, at), place):
            return
        if out is None:
            out = book.ways.latest(team, here, there, at, ready)
        if is_back:
            if there not in crossings:
                book.say("crossing", place, there, "a crossing of the window")
                return
            ready = at + dt.timedelta(minutes=crossings[there].get("turnaround_minutes", 0))
            load, trip, last_end = dict.fromkeys(load, 0), trip + 1, at
        else:
            for what in load:
                load[what] += row[what]
                if load[what] > team.get("capacity", {}).get(what, 0):
                    book.say(
                        "capacity", place, f"{load[what]} {what} aboard", f"at most {team['capacity'].get(what, 0)}"
                    )
            ready, last_end = _time(row["leave"]), None
        here = there
    _check_end(book, team, last_end, out)


def _check_leg(book: _Book, team: _Row, leg: tuple[str, str], times: _Times, place: str) -> bool:
    here, there = leg
    ready, at = times
    try:
        earliest = book.ways.earliest(team, here, there, ready)
    except LookupError:
        book.say("travel", place, f"{here} to {there}", "a way between places that the window knows")
        return False
    if at < earliest:
        pause = dt.timedelta(minutes=_turn(book, here))
        came_back = pause and ready - pause >= _time(book.window["start"])
        rule = "turnaround" if came_back and at >= earliest - pause else "travel"
        book.say(
            rule,
            place,
            f"{team['id']} from {here} at {there} by {at.isoformat()}",
            f"not before {earliest.isoformat()}",
        )
    return True


def _turn(book: _Book, name: str) -> float:
    return next((one.get("turnaround_minutes", 0) for one in book.window["crossings"] if one["id"] == name), 0)


def _check_end(book: _Book, team: _Row, end: dt.datetime | None, out: dt.datetime | None) -> None:
    if end is None:
        book.say("return", team["id"], "still out", "a last return to a crossing")
        return
    deadline = _time(book.window["end"]) - dt.timedelta(minutes=book.window.get("margin_minutes", 0))
    if end > deadline:
        book.say("return", team["id"], f"back at {end.isoformat()}", f"by {deadline.isoformat()}")
    hours = team.get("shift_hours", math.inf)
    if out is not None and end - out > dt.timedelta(hours=min(hours, 100_000)):
        book.say("shift", team["id"], f"{end - out} from {out.isoformat()}", f"at most {hours} hours")


def _check_totals(book: _Book) -> None:
    for what in ("wounded", "bodies"):
        count = sum(visit[what] for visit in book.plan["visits"])
        if book.plan["totals"][what] != count:
            book.say("totals", what, book.plan["totals"][what], count)
    ends = [_time(back["at"]) for back in book.plan["returns"]]
    said = book.plan.get("latest_return")
    if (max(ends) if ends else None) != (_time(said) if said else None):
        book.say("totals", "latest_return", said, max(ends).isoformat() if ends else None)


def _time(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"found {text!r}, expected a time with its zone")
    return moment.astimezone(dt.UTC)
