"""A ceasefire window (WINDOW.json): read strictly, every fault with its place."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Mapping

from goodoffices.domain.window import Closure, Crossing, Interval, Metric, Site, Team, Travel, Window
from goodoffices.formats.window_fields import UNREAD, Fields, document

_WINDOW = ("start", "end", "margin_minutes", "crossings", "teams", "sites", "travel", "closed", "zone", "note", "area")
_CROSSING = ("id", "lon", "lat", "turnaround_minutes", "name", "note")
_TEAM = ("id", "kind", "crossing", "speed_kmh", "capacity", "shift_hours", "side", "name", "note")
_PLACE = ("id", "lon", "lat", "side", "name", "note")
_SITE = (*_PLACE, "wounded", "bodies", "minutes_fixed", "minutes_each", "open", "after", "needs")

Points = tuple[Crossing | Site, ...]


def read_window(data: bytes, *, file: str = "WINDOW.json") -> Window:
    """Read a window.

    Parameters
    ----------
    data
        The file's bytes.
    file
        Its name as the user gave it.

    Returns
    -------
    Window
        As it stands; open intervals sorted by their start.

    Raises
    ------
    InputError
        With every fault found: times without zone, ends before starts, unknown or double identifiers, kinds that nobody
        has, loops of `after`, coordinates that are swapped, keys that nobody reads.
    """
    top = document(data, file)
    fields = Fields(file)
    fields.known(top, "", _WINDOW)
    start, end = fields.time(top.get("start"), "", "start"), fields.time(top.get("end"), "", "end")
    travel = _travel(fields, top.get("travel"))
    crossings = tuple(
        _crossing(fields, row, f"crossings[{k}]") for k, row in enumerate(fields.rows(top, "crossings", least=1))
    )
    teams = tuple(_team(fields, row, f"teams[{k}]") for k, row in enumerate(fields.rows(top, "teams", least=1)))
    sites = tuple(_site(fields, row, f"sites[{k}]") for k, row in enumerate(fields.rows(top, "sites")))
    margin = fields.number(top, "", "margin_minutes", 0, 10_000, default=0)
    closed = read_closures(fields, _closed(fields, top))
    window = Window(
        start, end, round(margin), crossings, teams, sites, travel, closed, _zone(fields, top, (start, end))
    )
    if not fields.faults:
        _check(fields, window)
    fields.close()
    return window


def _closed(fields: Fields, top: Mapping[str, object]) -> list[Mapping[str, object]]:
    inside = top.get("travel")
    if isinstance(inside, dict) and "closed" in inside:
        return fields.rows(inside, "closed")
    return fields.rows(top, "closed")


def _zone(fields: Fields, top: Mapping[str, object], times: tuple[dt.datetime, dt.datetime]) -> str:
    name = fields.text(top, "", "zone", default="-")
    if name in {"-", ""}:
        return ""
    try:
        zone = zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        fields.fault("", "zone", name, "an IANA time zone, such as Europe/Istanbul")
        return ""
    for key, time in zip(("start", "end"), times, strict=True):
        there = time.astimezone(zone)
        if time != UNREAD and there.utcoffset() != time.utcoffset():
            fields.fault("", key, time.isoformat(), f"the offset of {name} at that instant: {there.isoformat()}")
    return name


def _travel(fields: Fields, value: object) -> Travel:
    if value is None:
        return Travel(Metric.CROW, 1.35)
    if isinstance(value, str):
        return Travel(Metric.FILE, 1.0, value)
    if not isinstance(value, dict):
        fields.fault("", "travel", value, "an object with `metric` or `file`, or the name of a file")
        return Travel(Metric.CROW)
    fields.known(value, "travel", ("metric", "detour", "file", "closed"))
    if "file" in value:
        return Travel(Metric.FILE, 1.0, fields.text(value, "travel", "file"))
    metric = fields.text(value, "travel", "metric")
    if metric not in {Metric.CROW, Metric.PLANE}:
        fields.fault("travel", "metric", metric, "crow or plane")
        return Travel(Metric.CROW)
    return Travel(Metric(metric), fields.number(value, "travel", "detour", 1, 10, default=1.0))


def _crossing(fields: Fields, row: Mapping[str, object], place: str) -> Crossing:
    fields.known(row, place, _CROSSING)
    turn = fields.number(row, place, "turnaround_minutes", 0, 1440, default=0)
    return Crossing(fields.text(row, place, "id"), *_position(fields, row, place), -int(-turn // 1))


def _position(fields: Fields, row: Mapping[str, object], place: str) -> tuple[float, float]:
    return fields.number(row, place, "lon", -1e6, 1e6), fields.number(row, place, "lat", -1e6, 1e6)


def _team(fields: Fields, row: Mapping[str, object], place: str) -> Team:
    fields.known(row, place, _TEAM)
    capacity = row.get("capacity", {})
    if not isinstance(capacity, dict):
        fields.fault(place, "capacity", capacity, 'an object such as {"wounded": 4, "bodies": 0}')
        capacity = {}
    fields.known(capacity, f"{place}.capacity", ("wounded", "bodies"))
    return Team(
        fields.text(row, place, "id"),
        fields.text(row, place, "kind"),
        fields.text(row, place, "crossing"),
        fields.number(row, place, "speed_kmh", 1, 200),
        fields.count(capacity, f"{place}.capacity", "wounded", default=0),
        fields.count(capacity, f"{place}.capacity", "bodies", default=0),
        fields.number(row, place, "shift_hours", 0.1, 1000, default=1000),
        fields.text(row, place, "side", default=""),
    )


def _site(fields: Fields, row: Mapping[str, object], place: str) -> Site:
    fields.known(row, place, _SITE)
    return Site(
        fields.text(row, place, "id"),
        *_position(fields, row, place),
        fields.count(row, place, "wounded", default=0),
        fields.count(row, place, "bodies", default=0),
        fields.number(row, place, "minutes_fixed", 0, 10_000, default=0),
        fields.number(row, place, "minutes_each", 0, 10_000, default=0),
        _open(fields, row.get("open"), place),
        fields.texts(row, place, "after"),
        fields.texts(row, place, "needs"),
        fields.text(row, place, "side", default=""),
    )


def _open(fields: Fields, value: object, place: str) -> tuple[Interval, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        fields.fault(place, "open", value, "a list of pairs [from, to]")
        return ()
    found = []
    for k, (first, last) in enumerate(value):
        start = fields.time(first, f"{place}.open[{k}]", "from")
        end = fields.time(last, f"{place}.open[{k}]", "to")
        if end <= start and UNREAD not in (start, end):
            fields.fault(f"{place}.open[{k}]", "to", str(last), f"a time after {first}")
        found.append(Interval(start, end))
    return tuple(sorted(found, key=lambda one: one.start))


def read_closures(fields: Fields, rows: list[Mapping[str, object]]) -> tuple[Closure, ...]:
    """Read roads that are closed for some hours; faults are noted in `fields`."""
    return tuple(_closure(fields, row, f"closed[{k}]") for k, row in enumerate(rows))


def _closure(fields: Fields, row: Mapping[str, object], place: str) -> Closure:
    fields.known(row, place, ("edge", "from", "to", "note"))
    start, end = fields.time(row.get("from"), place, "from"), fields.time(row.get("to"), place, "to")
    if end <= start and UNREAD not in (start, end):
        fields.fault(place, "to", row.get("to"), "a time after `from`")
    edge = fields.texts(row, place, "edge")
    if not edge:
        fields.fault(place, "edge", row.get("edge"), "the name of an edge, or its two ends")
    return Closure(edge, start, end)


def _check(fields: Fields, window: Window) -> None:
    if window.end <= window.start:
        fields.fault("", "end", window.end.isoformat(), f"a time after the start, {window.start.isoformat()}")
    elif window.margin_minutes >= window.minutes:
        fields.fault("", "margin_minutes", window.margin_minutes, f"less than the window's {window.minutes} minutes")
    _check_names(fields, window)
    _check_order(fields, window)
    if window.travel.metric is not Metric.PLANE:
        _check_degrees(fields, window)


def _check_names(fields: Fields, window: Window) -> None:
    seen: set[str] = set()
    rows: tuple[tuple[str, Points], ...] = (("crossings", window.crossings), ("sites", window.sites))
    for name, points in rows:
        for k, point in enumerate(points):
            if point.id in seen:
                fields.fault(f"{name}[{k}]", "id", point.id, "an identifier that no other crossing or site has")
            seen.add(point.id)
    _check_teams(fields, window)
    _check_needs(fields, window)
    for k, closure in enumerate(window.closed):
        if window.travel.metric is not Metric.FILE and (len(closure.edge) != 2 or not set(closure.edge) <= seen):
            fields.fault(f"closed[{k}]", "edge", list(closure.edge), "two identifiers of crossings or sites")


def _check_teams(fields: Fields, window: Window) -> None:
    teams: set[str] = set()
    crossings = {crossing.id for crossing in window.crossings}
    for k, team in enumerate(window.teams):
        if team.id in teams:
            fields.fault(f"teams[{k}]", "id", team.id, "an identifier that no other team has")
        teams.add(team.id)
        if team.crossing not in crossings:
            fields.fault(f"teams[{k}]", "crossing", team.crossing, "one of " + ", ".join(sorted(crossings)))


def _check_needs(fields: Fields, window: Window) -> None:
    kinds = {team.kind for team in window.teams}
    for k, site in enumerate(window.sites):
        for kind in site.needs:
            if kind not in kinds:
                fields.fault(f"sites[{k}]", "needs", kind, "a kind that some team has: " + ", ".join(sorted(kinds)))


def _check_order(fields: Fields, window: Window) -> None:
    number = {site.id: k for k, site in enumerate(window.sites)}
    for k, site in enumerate(window.sites):
        for name in site.after:
            if name not in number:
                fields.fault(f"sites[{k}]", "after", name, "the identifier of a site")
    if fields.faults:
        return
    waiting = {site.id: set(site.after) for site in window.sites}
    while True:
        ready = [name for name, before in waiting.items() if not before]
        if not ready:
            break
        for name in ready:
            del waiting[name]
        for before in waiting.values():
            before.difference_update(ready)
    if waiting:
        loop = _loop(waiting)
        fields.fault(
            f"sites[{number[loop[0]]}]",
            "after",
            " after ".join([*loop, loop[0]]),
            "no site that must come before itself",
        )


def _loop(waiting: dict[str, set[str]]) -> list[str]:
    path = [min(waiting)]
    while True:
        following = min(waiting[path[-1]])
        if following in path:
            return path[path.index(following) :]
        path.append(following)


def _check_degrees(fields: Fields, window: Window) -> None:
    """Find coordinates outside the earth, or that come near the crossings only when they are swapped."""
    lons = [crossing.lon for crossing in window.crossings]
    lats = [crossing.lat for crossing in window.crossings]
    rows: tuple[tuple[str, Points], ...] = (("crossings", window.crossings), ("sites", window.sites))
    for name, points in rows:
        for k, point in enumerate(points):
            here, swapped = (point.lon, point.lat), (point.lat, point.lon)
            if not (-180 <= point.lon <= 180 and -90 <= point.lat <= 90):
                fields.fault(
                    f"{name}[{k}]",
                    "lat",
                    f"lon {point.lon:g}, lat {point.lat:g}",
                    "lon -180 to 180, lat -90 to 90 (swapped?)",
                )
            elif name == "sites" and _away(here, lons, lats) > 5 > _away(swapped, lons, lats):
                fields.fault(
                    f"{name}[{k}]",
                    "lon, lat",
                    f"{point.lon:g}, {point.lat:g}",
                    "a place near the crossings: these look swapped",
                )


def _away(point: tuple[float, float], lons: list[float], lats: list[float]) -> float:
    return min(max(abs(point[0] - lon), abs(point[1] - lat)) for lon, lat in zip(lons, lats, strict=True))
