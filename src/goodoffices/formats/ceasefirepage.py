"""The page of a ceasefire plan: what it brings, the chance, map, frontier, weak points, timetables, what is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.visits import Visit, VisitPlan
from goodoffices.domain.window import Window
from goodoffices.formats.ceasefirefrontier import STYLE as FRONTIER_STYLE
from goodoffices.formats.ceasefirefrontier import Dot, draw_frontier, percent
from goodoffices.formats.fieldmap import STYLE, draw_map
from goodoffices.formats.layers import Layer
from goodoffices.formats.page import Html, Page, join, render, tag
from goodoffices.formats.visits import local_time
from goodoffices.formats.words import Language, Words, number


@dataclass(frozen=True, slots=True)
class Weak:
    """How one team fares in the rehearsal.

    Attributes
    ----------
    team
        Its identifier.
    chance
        That it is back.
    latest_95
        When it is back on 95 of 100 days.
    blamed
        Share of the bad days on which it is the last.
    """

    team: str
    chance: float
    latest_95: dt.datetime
    blamed: float


@dataclass(frozen=True, slots=True)
class Story:
    """All that the page tells beside the plan.

    Attributes
    ----------
    chance, low
        That all are back, and its lower 95 % bound.
    runs
        Rehearsals.
    wounded, bodies
        Mean number brought in time.
    weak
        Teams, weakest first.
    dots
        The frontier; empty if no promise was asked for.
    promised
        The chance promised; None without a promise.
    holds
        Whether the promise is kept.
    delays
        Name, value and source of each parameter of the delay model; no source: our assumption.
    layers
        The user's own, for the map.
    """

    chance: float
    low: float
    runs: int
    wounded: float
    bodies: float
    weak: tuple[Weak, ...]
    dots: tuple[Dot, ...]
    promised: float | None
    holds: bool
    delays: tuple[tuple[str, float, str], ...]
    layers: tuple[Layer, ...] = ()


def ceasefire_page(window: Window, plan: VisitPlan, story: Story | None, *, language: Language) -> str:
    """Write the page.

    Parameters
    ----------
    window, plan
        The window and its plan.
    story
        The rehearsal; None on the view of one side, which shows its own part only.
    language
        Of the reader.
    """
    words = Words("ceasefire", language)
    parts = [
        tag("h1", words("title")),
        tag("p", _span(window, words), class_="lead"),
        tag("p", words("view_told")) if story is None else Html(""),
        _figures(window, plan, story, words),
        tag(
            "section",
            tag("h2", words("map")),
            _rolling(draw_map(window, plan, words, layers=story.layers if story else ()), words),
            _key(words),
            class_="card",
        ),
    ]
    if story is not None:
        parts += [_weak(story, plan, words), draw_frontier(story.dots, words), _delays(story, words)]
    parts += [_left(plan, words), tag("h2", words("timetables")), *_timetables(window, plan, words)]
    return render(Page(words("title"), join(parts), language, words("foot"), STYLE + FRONTIER_STYLE + _STYLE))


def plan_parts(
    window: Window, plan: VisitPlan, story: Story | None, *, language: Language, layers: Sequence[Layer] = ()
) -> dict[str, Html]:
    """Give the parts of the page one by one, for a page that holds more; with layers of the reader's own."""
    words = Words("ceasefire", language)
    drawn = draw_map(window, plan, words, layers=layers)
    parts = {
        "figures": _figures(window, plan, story, words),
        "map": join([_rolling(drawn, words), _key(words)]),
        "left": _left(plan, words),
        "timetables": join(_timetables(window, plan, words)),
    }
    if story is not None:
        parts |= {
            "weak": _weak(story, plan, words),
            "frontier": draw_frontier(story.dots, words),
            "delays": _delays(story, words),
        }
    return parts


def _span(window: Window, words: Words) -> str:
    start, end = local_time(window, window.start), local_time(window, window.end)
    zone = window.zone or f"UTC{start:%z}"
    return words("span", start=_when(start, words), end=_when(end, words), zone=zone)


def _when(moment: dt.datetime, words: Words) -> str:
    return f"{words.date(moment.date(), 'd MMMM')} {moment:%H:%M}"


def _figures(window: Window, plan: VisitPlan, story: Story | None, words: Words) -> Html:
    offered = (sum(site.wounded for site in window.sites), sum(site.bodies for site in window.sites))
    last = local_time(window, plan.latest_return) if plan.latest_return else None
    rows = [
        (words("wounded"), words("of", some=plan.wounded, all=offered[0]), ""),
        (words("bodies"), words("of", some=plan.bodies, all=offered[1]), ""),
        (words("last_return"), _when(last, words) if last else words("nobody"), "mean"),
    ]
    if story is not None:
        kind = "ok" if story.holds else "claim"
        rows.insert(0, (words("chance"), percent(story.chance), kind))
        mean = f"{words('wounded')} {number(story.wounded, 1)} · {words('bodies')} {number(story.bodies, 1)}"
        rows.append((words("expected"), mean, "mean"))
    cells = [tag("div", tag("dt", name), tag("dd", value), class_=f"kpi {kind}".strip()) for name, value, kind in rows]
    parts = [tag("dl", *cells, class_="kpis")]
    if story is not None and story.promised is not None:
        key = "promise_kept" if story.holds else "promise_broken"
        told = words(key, promised=percent(story.promised), low=percent(story.low), runs=story.runs)
        parts.append(tag("p", tag("span", told, class_=f"tag told {'ok' if story.holds else 'gap'}")))
    elif story is not None:
        parts.append(tag("p", words("chance_told", low=percent(story.low), runs=story.runs), class_="sub"))
    return join(parts)


def _rolling(picture: Html, words: Words) -> Html:
    """Let a narrow screen roll the map sideways instead of shrinking its lettering."""
    return tag("div", picture, class_="map-roll", role="region", aria_label=words("map"), tabindex="0")


def _key(words: Words) -> Html:
    rows = [
        ('<circle cx="8" cy="6" r="4" class="m-wounded"/>', "key_wounded"),
        ('<circle cx="8" cy="6" r="4" class="m-bodies"/>', "key_bodies"),
        ('<circle cx="8" cy="6" r="4" class="m-left"/>', "key_left"),
        ('<path d="M8 1l5 9h-10z" class="m-work"/>', "key_work"),
        ('<rect x="3" y="1" width="10" height="10" class="m-crossing"/>', "key_crossing"),
    ]
    items = [
        tag("li", Html(f'<svg viewBox="0 0 16 12" aria-hidden="true">{shape}</svg>'), words(key)) for shape, key in rows
    ]
    return join([tag("ul", *items, class_="key"), tag("p", words("no_borders"), class_="sub")])


def _weak(story: Story, plan: VisitPlan, words: Words) -> Html:
    lines = []
    for one in story.weak[:4]:
        if one.chance < 1:
            told = words(
                "weak_team",
                team=one.team,
                chance=percent(one.chance),
                blamed=percent(one.blamed),
                at=f"{one.latest_95:%d.%m. %H:%M}",
            )
            lines.append(tag("li", told))
    rule = words("no_rule")
    if plan.rule is not None:
        rule = words("rule", factor=f"{plan.rule.factor:g}", buffer=plan.rule.buffer_minutes)
    body = tag("ul", *lines) if lines else tag("p", words("no_weak"))
    return tag("section", tag("h2", words("weak")), body, tag("p", rule), class_="card")


def _delays(story: Story, words: Words) -> Html:
    rows = [
        tag(
            "tr",
            tag("th", words(f"delay_{name}"), " ", tag("code", name), scope="row"),
            tag("td", f"{value:g}", class_="n"),
            tag("td", source or words("assumption")),
        )
        for name, value, source in story.delays
    ]
    summary = tag("summary", words("delays"))
    return tag("details", summary, tag("table", tag("tbody", *rows), class_="stack"), class_="card")


def _left(plan: VisitPlan, words: Words) -> Html:
    if not plan.left:
        return tag("p", words("nothing_left"))
    rows = [
        tag(
            "tr",
            tag("th", one.site, scope="row"),
            tag("td", number(one.wounded), class_="n", data_l=words("wounded")),
            tag("td", number(one.bodies), class_="n", data_l=words("bodies")),
            tag("td", words(f"why_{one.reason.value}")),
        )
        for one in plan.left
    ]
    head = tag("tr", *(tag("th", words(key)) for key in ("site", "wounded", "bodies", "why")))
    table = tag("table", tag("thead", head), tag("tbody", *rows), class_="stack")
    return tag("details", tag("summary", words("left", n=len(plan.left))), table, class_="card")


def timetable(window: Window, plan: VisitPlan, team: str, words: Words) -> list[tuple[str, ...]]:
    """Give the lines of one team's card: time, place, what to do, leave by, turn back no later than."""
    lines: list[tuple[dt.datetime, int, tuple[str, ...]]] = []

    def clock(moment: dt.datetime | None) -> str:
        return "" if moment is None else f"{local_time(window, moment):%d.%m. %H:%M}"

    ahead = if_ahead(plan, team)

    def task(one: Visit) -> str:
        said = words("take", wounded=one.wounded, bodies=one.bodies) if one.wounded + one.bodies else words("work")
        return words("if_ahead", task=said) if one in ahead else said

    lines += [
        (one.at, 1, (clock(one.at), one.place, words("go"), "", "")) for one in plan.departures if one.team == team
    ]
    lines += [
        (
            one.arrive,
            0,
            (clock(one.arrive), one.site, task(one), clock(one.leave), clock(one.turn_back)),
        )
        for one in plan.visits
        if one.team == team
    ]
    lines += [
        (one.at, 0, (clock(one.at), one.crossing, words("unload"), "", "")) for one in plan.returns if one.team == team
    ]
    return [row for _, _, row in sorted(lines, key=lambda line: (line[0], line[1]))]


def if_ahead(plan: VisitPlan, team: str) -> frozenset[Visit]:
    """Give the visits that a team reaches only if it is ahead of plan: by plan its turn-back time has passed before."""
    found: set[Visit] = set()
    before: Visit | None = None
    for one in sorted((visit for visit in plan.visits if visit.team == team), key=lambda visit: visit.arrive):
        if before is not None and before.trip == one.trip:
            is_late = before.turn_back is not None and before.leave > before.turn_back
            if is_late or before in found:
                found.add(one)
        before = one
    return frozenset(found)


COLUMNS = ("time", "place", "task", "leave", "turn_back")
"""Words of the columns of a timetable."""


def teams_out(window: Window, plan: VisitPlan) -> Sequence[str]:
    """Name the teams that go out, in the window's order."""
    out = {one.team for one in plan.visits} | {one.team for one in plan.returns}
    return [team.id for team in window.teams if team.id in out]


def kind_told(kind: str, words: Words) -> str:
    """Give the kind of a team in the reader's language; a kind of the planner's own stands as it is."""
    return words(f"team_{kind}") if words.has(f"team_{kind}") else kind


def _timetables(window: Window, plan: VisitPlan, words: Words) -> list[Html]:
    kinds: Mapping[str, str] = {team.id: team.kind for team in window.teams}
    found = []
    for team in teams_out(window, plan):
        head = tag("tr", *(tag("th", words(key)) for key in COLUMNS))
        rows = [
            tag("tr", *(tag("td", cell, data_l=words(key)) for key, cell in zip(COLUMNS, row, strict=True)))
            for row in timetable(window, plan, team, words)
        ]
        table = tag("table", tag("thead", head), tag("tbody", *rows), class_="stack")
        found.append(tag("details", tag("summary", f"{team} · {kind_told(kinds[team], words)}"), table, class_="card"))
    return found


_STYLE = """.tag.told{white-space:normal}
summary{cursor:pointer;font-weight:700;min-block-size:28px}
.map-roll{overflow-x:auto}
@media (max-width:640px){.map-roll .map{width:820px;max-width:none}}
@media print{details:not([open])>*{display:revert}}
"""
