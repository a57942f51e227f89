"""What safety costs: the frontier of a ceasefire plan, chance against bodies, as a picture and a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from goodoffices.formats.page import Html, tag
from goodoffices.formats.words import Words, number


@dataclass(frozen=True, slots=True)
class Dot:
    """A plan and rule of the frontier.

    Attributes
    ----------
    chance
        That all are back.
    wounded, bodies
        Mean number brought in time.
    label
        Margin and rule in figures.
    chosen
        Whether it is the plan of this page.
    """

    chance: float
    wounded: float
    bodies: float
    label: str
    chosen: bool


def percent(share: float) -> str:
    """Write a chance in percent, never rounded up to certainty."""
    shown = min(share, 0.9999) if share < 1 else share
    return f"{number(100 * shown, 2 if share > 0.98 else 1)} %"


_WIDE, _HIGH, _EDGE = 600.0, 380.0, 74.0
"""Size of the picture of the frontier, and the room for its lettering."""
_SHARES = (0.0, 0.5, 0.9, 0.99, 0.999)
"""Chances marked on its axis."""


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where chances and bodies lie on the picture; chances are stretched towards certainty, where the choice is."""

    low: float
    high: float
    least: float
    most: float

    def x(self, chance: float) -> float:
        part = (_nines(chance) - self.low) / max(self.high - self.low, 1e-9)
        return _EDGE + part * (_WIDE - 1.5 * _EDGE)

    def y(self, bodies: float) -> float:
        return _HIGH - _EDGE - (bodies - self.least) / max(self.most - self.least, 1e-9) * (_HIGH - 2 * _EDGE)


def _nines(chance: float) -> float:
    """Give 1 for 90 %, 2 for 99 %, 3 for 99.9 %; certainty cannot be told from 99.99 % by so many runs."""
    return -math.log10(max(1 - chance, 1e-4))


def draw_frontier(dots: Sequence[Dot], words: Words) -> Html:
    """Draw a frontier as a section of a page, with a table of the points that no other beats; nothing without points.

    Parameters
    ----------
    dots
        The plans and rules tried.
    words
        Of the part `ceasefire`.
    """
    if not dots:
        return Html("")
    nines, bodies = [_nines(dot.chance) for dot in dots], [dot.bodies for dot in dots]
    scale = _Scale(min(*nines, 1.0), max(*nines, 2.0), min(bodies), max(1.0, *bodies))
    parts = _axes(scale, words)
    for dot in sorted(dots, key=lambda one: one.chosen):
        told = f"{dot.label}: {percent(dot.chance)}, {number(dot.wounded, 1)} + {number(dot.bodies, 1)}"
        parts.append(
            tag(
                "circle",
                tag("title", told),
                cx=f"{scale.x(dot.chance):.1f}",
                cy=f"{scale.y(dot.bodies):.1f}",
                r="9" if dot.chosen else "5",
                class_="f-on" if dot.chosen else "f-dot",
            )
        )
    picture = tag("svg", *parts, viewBox=f"0 0 {_WIDE:g} {_HIGH:g}", class_="map frontier", role="img")
    return tag(
        "section",
        tag("h2", words("frontier")),
        tag("p", words("frontier_told"), class_="sub"),
        picture,
        _best(dots, words),
        class_="card",
    )


def _axes(scale: _Scale, words: Words) -> list[object]:
    """Draw the axes of the frontier: chances marked, fewest and most bodies."""
    parts: list[object] = [tag("title", words("frontier"))]
    foot = _HIGH - _EDGE
    for share in _SHARES:
        if scale.low - 1e-9 <= _nines(share) <= scale.high:
            x = f"{scale.x(share):.1f}"
            mark = tag("text", f"{100 * share:g}", x=x, y=f"{foot + 30:g}", class_="m-name", text_anchor="middle")
            parts += [tag("path", d=f"M{x} {_EDGE / 2:g}V{foot + 8:g}", class_="f-grid"), mark]
    for value in (scale.least, scale.most):
        y = f"{scale.y(value) + 6:.1f}"
        parts.append(tag("text", number(value), x=f"{_EDGE - 16:g}", y=y, class_="m-name", text_anchor="end"))
    below = tag(
        "text", words("axis_chance"), x=f"{_WIDE / 2:g}", y=f"{_HIGH - 10:g}", class_="m-name", text_anchor="middle"
    )
    return [*parts, below, tag("text", words("axis_bodies"), x="6", y="24", class_="m-name")]


def _best(dots: Sequence[Dot], words: Words) -> Html:
    """List the points that no other beats in chance and in what is brought."""
    best = [
        dot
        for dot in dots
        if not any(
            other.chance >= dot.chance and (other.wounded, other.bodies) > (dot.wounded, dot.bodies) for other in dots
        )
    ]
    head = tag(
        "tr",
        *(
            tag("th", words(key), class_="n" if key != "col_rule" else None)
            for key in ("col_rule", "chance", "wounded", "bodies")
        ),
    )
    rows = [
        tag(
            "tr",
            tag("th", dot.label + (" ●" if dot.chosen else ""), scope="row"),
            tag("td", percent(dot.chance), class_="n", data_l=words("chance")),
            tag("td", number(dot.wounded, 1), class_="n", data_l=words("wounded")),
            tag("td", number(dot.bodies, 1), class_="n", data_l=words("bodies")),
        )
        for dot in sorted(best, key=lambda one: -one.chance)
    ]
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="stack")


STYLE = """.frontier{max-width:680px;display:block}.frontier .m-name{font-size:15px}
@media (max-width:640px){.frontier .m-name{font-size:21px}}
.f-grid{stroke:var(--line)}.f-dot{fill:var(--claim-edge);opacity:.75}.f-on{fill:var(--accent);stroke:var(--ink);stroke-width:2}
"""
"""Rules of the picture, for the page it stands on; beside those of the map."""
