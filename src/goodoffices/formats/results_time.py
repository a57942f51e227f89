"""Movements in time: one picture per unit, marks above the line to one side and below it to the other."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from goodoffices.domain.commitment import Unit
from goodoffices.domain.process import Role
from goodoffices.domain.result import Movement, MovementStatus
from goodoffices.formats.page import Html, h, join, tag
from goodoffices.formats.results_bars import mark
from goodoffices.formats.results_phrases import Phrases

_HALF = 62
"""Pixels from the line to the largest figure."""

_LINE = 14 + _HALF


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each day and each month stands: one column a day with a movement, two a month at least."""

    days: dict[dt.date, int]
    months: tuple[tuple[dt.date, int, int], ...]
    count: int

    @classmethod
    def of(cls, days: Sequence[dt.date]) -> Columns:
        """Lay out the days, with every month from the first to the last."""
        places: dict[dt.date, int] = {}
        months = []
        at = 0
        first = min(days).replace(day=1)
        while first <= max(days):
            after = (first + dt.timedelta(days=32)).replace(day=1)
            mine = sorted({day for day in days if first <= day < after})
            width = max(len(mine), 2)
            places |= {day: at + number for number, day in enumerate(mine)}
            months.append((first, at, width))
            at, first = at + width, after
        return cls(places, tuple(months), at)


def timeline(movements: Sequence[Movement], up: str, phrases: Phrases) -> Html:
    """Draw one picture per unit over the same months.

    Parameters
    ----------
    movements
        All movements of the process, at least one.
    up
        The party to whom the marks above the line go.
    phrases
        Words of the process.
    """
    columns = Columns.of([m.date for m in movements])
    units = [unit for unit in Unit if any(m.unit is unit for m in movements)]
    return join(_picture(unit, [m for m in movements if m.unit is unit], columns, (up, phrases)) for unit in units)


def _picture(unit: Unit, movements: Sequence[Movement], columns: Columns, reader: tuple[str, Phrases]) -> Html:
    up, phrases = reader
    largest = max((_height(m) for m in movements), default=0)
    cells: dict[tuple[dt.date, bool], list[Movement]] = defaultdict(list)
    for m in movements:
        cells[m.date, m.direction.receiver == up].append(m)
    marks = [
        _mark(m, (columns, number, len(cell)), is_up=above, drawn=(largest, phrases))
        for (_, above), cell in cells.items()
        for number, m in enumerate(cell)
    ]
    words = phrases.words
    caption = words("n_movements", n=len(movements))
    summary = f"{phrases.unit(unit)}: {caption}. {words('time_all')}"
    svg = tag(
        "svg",
        join(_months(columns, phrases)),
        Html(f'<line class="axis" x1="0" x2="100%" y1="{_LINE}" y2="{_LINE}"/>'),
        join(marks),
        role="img",
        aria_label=summary,
        height=_LINE + _HALF + 34,
    )
    title = tag(
        "h3", phrases.heading(unit), " ", tag("small", f"{caption}; {words('time_largest', n=largest)}", class_="sub")
    )
    return tag("div", title, svg, class_="time")


def _height(m: Movement) -> int:
    return max([figure for role in Role for figure in m.figures[role]], default=0)


def _mark(m: Movement, place: tuple[Columns, int, int], *, is_up: bool, drawn: tuple[int, Phrases]) -> Html:
    columns, number, beside = place
    largest, phrases = drawn
    width = 0.84 / columns.count / beside
    begin = (columns.days[m.date] + 0.08) / columns.count + number * width
    figure = _height(m)
    told = (
        f"{phrases.words.date(m.date)}, {phrases.direction(m.direction)}, {phrases.category(m.category)}: "
        + ", ".join(f"{phrases.words(f'role_{role}')} {phrases.said(m, role)}" for role in (Role.GIVER, Role.RECEIVER))
    )
    title = tag("title", f"{told}; {phrases.status(m)}")
    if m.status is not MovementStatus.WITHHELD and figure == 0:
        x, middle = f"{100 * (begin + width / 2):.2f}%", _LINE - 6 if is_up else _LINE + 6
        return tag("g", title, Html(f'<circle class="b-total" cx="{x}" cy="{middle}" r="2.5"/>'))
    height = _HALF * 0.45 if m.status is MovementStatus.WITHHELD else max(_HALF * figure / max(largest, 1), 5.0)
    top = _LINE - height if is_up else float(_LINE)
    inner = [title, mark(m.status, begin, width, (round(top, 1), round(height, 1)))]
    if m.status is MovementStatus.DIFFER:
        y = top - 3 if is_up else top + height + 11
        x = f"{100 * (begin + width / 2):.2f}%"
        inner.append(Html(f'<text class="ne" text-anchor="middle" x="{x}" y="{y:.0f}">≠ {m.spread}</text>'))
    return tag("g", *inner)


def _months(columns: Columns, phrases: Phrases) -> list[Html]:
    drawn = []
    bottom = _LINE + _HALF
    for number, (first, at, width) in enumerate(columns.months):
        x, wide = f"{100 * at / columns.count:.2f}%", f"{100 * width / columns.count:.2f}%"
        middle = f"{100 * (at + width / 2) / columns.count:.2f}%"
        if number % 2 == 0:
            drawn.append(Html(f'<rect class="month" x="{x}" y="0" width="{wide}" height="{bottom + 4}"/>'))
        for look, style in (("wide", "LLL"), ("narrow", "L")):
            name = h(phrases.words.date(first, style))
            drawn.append(
                Html(f'<text class="{look}" text-anchor="middle" x="{middle}" y="{bottom + 17}">{name}</text>')
            )
        if number == 0 or first.month == 1:
            drawn.append(Html(f'<text x="{x}" y="{bottom + 31}">{first.year}</text>'))
    return drawn
