"""The menu of options as a picture and a table that delegations can argue about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from goodoffices.formats.exchange_page import STYLE, PriceLike, table
from goodoffices.formats.exchange_words import criterion
from goodoffices.formats.page import Html, Page, join, render, tag
from goodoffices.formats.words import Language, Words, number

_WIDE, _HIGH, _EDGE = 640, 400, 64


class OptionLike(Protocol):
    """One point of the menu."""

    @property
    def gain(self) -> tuple[int, int]:
        """Of both sides."""

    @property
    def names(self) -> tuple[str, ...]:
        """Why it is there."""


class MenuLike(Protocol):
    """The menu."""

    @property
    def options(self) -> Sequence[OptionLike]:
        """Points none of which beats another."""

    @property
    def priority(self) -> tuple[int, int]:
        """What the terms' own priorities give."""

    @property
    def variants(self) -> Sequence[tuple[str, tuple[int, int]]]:
        """What the terms give with one criterion moved to the front."""

    @property
    def is_nash_proven(self) -> bool:
        """Whether the Nash point is proven."""


def name_of(name: str, words: Words) -> str:
    """Say why a point is on the menu."""
    first, _, side = name.partition(":")
    return words(f"o_{first}", side=side)


def menu_lines(menu: MenuLike, sides: tuple[str, str], words: Words) -> list[str]:
    """Say the menu in lines."""
    lines = []
    for place, option in enumerate(menu.options, 1):
        gains = ", ".join(f"{side} {number(gain)}" for side, gain in zip(sides, option.gain, strict=True))
        lines.append(f"{words('option')} {place}: {gains} ({'; '.join(name_of(name, words) for name in option.names)})")
    return lines + _remarks(menu, words)


def menu_page(
    menu: MenuLike,
    sides: tuple[str, str],
    objectives: Sequence[Mapping[str, int]],
    *,
    prices: Sequence[PriceLike],
    language: Language,
) -> str:
    """Show the menu: a scatter of both sides' gains, the options side by side, the price of each priority."""
    words = Words("exchange", language)
    head = [(words("option"), False), (words("what"), False)]
    head += [(words("gain", side=side), True) for side in sides]
    rows = [
        [str(place), "; ".join(name_of(name, words) for name in option.names), *option.gain]
        for place, option in enumerate(menu.options, 1)
    ]
    names = list(objectives[0]) if objectives else []
    values = [[criterion(name, words), *(objective.get(name, 0) for objective in objectives)] for name in names]
    columns = [(words("criterion"), False), *((f"{words('option')} {n}", True) for n in range(1, len(objectives) + 1))]
    paid = [
        [
            criterion(price.criterion, words),
            criterion(price.pays, words),
            price.without,
            price.value,
            price.without - price.value,
        ]
        for price in prices
    ]
    price_head = [(words("criterion"), False), (words("pays"), False)]
    price_head += [(words("without"), True), (words("value"), True), (words("price"), True)]
    other = [[words("o_own"), *menu.priority], *([criterion(name, words), *point] for name, point in menu.variants)]
    first_head = [(words("criterion"), False), *((words("gain", side=side), True) for side in sides)]
    body = join(
        [
            tag("h1", words("options_title")),
            tag("p", words("options_lead"), class_="lead"),
            tag("section", _key(words), scatter(menu, sides, words), class_="card"),
            tag("section", table(words("options_title"), head, rows), class_="card"),
            *(tag("p", remark, class_="lead") for remark in _remarks(menu, words)),
            tag(
                "section",
                table(words("o_first"), first_head, other),
                tag("p", words("o_first_lead"), class_="sub"),
                class_="card",
            ),
            tag("section", table(words("priorities"), columns, values), class_="card"),
            tag("section", table(words("prices"), price_head, paid), class_="card") if paid else "",
        ]
    )
    return render(Page(words("options_title"), body, language, style=STYLE + _STYLE))


def _key(words: Words) -> Html:
    """Explain the marks of the scatter."""
    marks = (("on", 5, words("option")), ("own", 6, words("o_priority")), ("open", 4, words("o_first")))
    items = []
    for name, size, said in marks:
        mark = tag("circle", cx=8, cy=6, r=size, class_=name)
        items.append(tag("li", tag("svg", mark, class_="scatter-key", aria_hidden="true"), said))
    return tag("ul", *items, class_="key")


_STYLE = (
    ".scatter{display:block;width:100%;max-width:44rem;height:auto}.scatter text{fill:var(--ink);font-size:14px}"
    ".scatter .axis{stroke:var(--mute)}.scatter .grid{stroke:var(--line)}.scatter .on{fill:var(--accent)}"
    ".scatter .own{fill:none;stroke:var(--neg);stroke-width:2}"
    ".scatter .path{fill:none;stroke:var(--accent);stroke-dasharray:4 4}"
    ".scatter text.mute{fill:var(--mute)}.scatter .open{fill:none;stroke:var(--mute);stroke-width:2}"
    ".scatter-key{overflow:visible}.scatter-key .on{fill:var(--accent)}"
    ".scatter-key .own{fill:none;stroke:var(--neg);stroke-width:2}"
    ".scatter-key .open{fill:none;stroke:var(--mute);stroke-width:2}"
)


def scatter(menu: MenuLike, sides: tuple[str, str], words: Words) -> Html:
    """Draw both sides' gains, one mark an option; a ring where the terms' own priorities lead."""
    points = [option.gain for option in menu.options]
    spans = []
    for axis in (0, 1):
        values = [point[axis] for point in (*points, menu.priority, *(p for _, p in menu.variants))]
        room = max(1, (max(values) - min(values)) // 6)
        spans.append((max(0, min(values) - room), max(values) + room))

    def place(point: tuple[int, int]) -> tuple[float, float]:
        x, y = ((point[axis] - low) / (high - low) for axis, (low, high) in enumerate(spans))
        return _EDGE + x * (_WIDE - 2 * _EDGE), _HIGH - _EDGE - y * (_HIGH - 2 * _EDGE)

    parts: list[Html] = []
    for share in (0.0, 0.5, 1.0):
        here, there = (round(low + share * (high - low)) for low, high in spans)
        across, up = place((here, spans[1][0]))[0], place((spans[0][0], there))[1]
        parts.append(tag("line", x1=across, x2=across, y1=_EDGE, y2=_HIGH - _EDGE, class_="grid"))
        parts.append(tag("line", x1=_EDGE, x2=_WIDE - _EDGE, y1=up, y2=up, class_="grid"))
        parts.append(tag("text", number(here), x=across, y=_HIGH - _EDGE + 20, text_anchor="middle", class_="mute"))
        parts.append(tag("text", number(there), x=_EDGE - 8, y=up + 5, text_anchor="end", class_="mute"))
    if len(points) > 1:
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(place, points))
        parts.append(tag("polyline", points=line, class_="path"))
    for name, point in menu.variants:
        x, y = place(point)
        parts.append(
            tag("circle", tag("title", criterion(name, words)), cx=f"{x:.1f}", cy=f"{y:.1f}", r=5, class_="open")
        )
    own = place(menu.priority)
    parts.append(
        tag("circle", tag("title", words("o_priority")), cx=f"{own[0]:.1f}", cy=f"{own[1]:.1f}", r=11, class_="own")
    )
    for number_, option in enumerate(menu.options, 1):
        x, y = place(option.gain)
        said = "; ".join(name_of(name, words) for name in option.names)
        parts.append(tag("circle", tag("title", said), cx=f"{x:.1f}", cy=f"{y:.1f}", r=6, class_="on"))
        parts.append(tag("text", str(number_), x=f"{x + 10:.1f}", y=f"{y - 10:.1f}"))
    parts.append(tag("text", words("gain", side=sides[0]), x=_WIDE / 2, y=_HIGH - 16, text_anchor="middle"))
    turned = f"rotate(-90 16 {_HIGH / 2})"
    parts.append(tag("text", words("gain", side=sides[1]), x=16, y=_HIGH / 2, text_anchor="middle", transform=turned))
    label = words("options_title")
    return tag("svg", *parts, viewBox=f"0 0 {_WIDE} {_HIGH}", class_="scatter", role="img", aria_label=label)


def _remarks(menu: MenuLike, words: Words) -> list[str]:
    said = []
    if len(menu.options) == 1:
        said.append(words("o_one"))
    if menu.priority not in [option.gain for option in menu.options]:
        said.append(words("o_beaten", first=menu.priority[0], second=menu.priority[1]))
    return said
