"""The page of a plan: counts, proofs and the price of each priority; it names no person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from goodoffices.domain.plan import Level, Plan
from goodoffices.formats.exchange_words import criterion, heading, reason, total, warning
from goodoffices.formats.page import Html, Page, h, join, render, tag
from goodoffices.formats.words import Language, Words, number

_MOST_TIES = 12
STYLE = "thead th.n{white-space:normal}@media (max-width:44rem){table.stack td.n{white-space:normal}}"
"""Titles of number columns may wrap; on a phone their cells too."""


class PriceLike(Protocol):
    """What a priority costs the next one."""

    @property
    def criterion(self) -> str:
        """The priority."""

    @property
    def pays(self) -> str:
        """The next one."""

    @property
    def value(self) -> int:
        """With the priority held."""

    @property
    def without(self) -> int:
        """Without it."""


def plan_page(plan: Plan, *, prices: Sequence[PriceLike], language: Language, title: str = "") -> str:
    """Show a plan to anyone who may see its counts.

    Parameters
    ----------
    plan
        The plan.
    prices
        What each priority costs the next; empty leaves the table out.
    language
        Of the page.
    title
        Instead of the usual one.
    """
    words = Words("exchange", language)
    sides = tuple(plan.lists_sha256)
    body = join(
        [
            tag("h1", title or words("title")),
            tag("p", words("lead"), class_="lead"),
            _counts(plan, sides, words),
            _legs(plan, sides, words),
            _levels(plan.objective, words),
            _prices(prices, words) if prices else "",
            _left_out(plan, sides, words),
            _ties(plan, words),
            _warnings(plan, words),
            tag("p", _source(plan, words), class_="sub"),
        ]
    )
    return render(Page(title or words("title"), body, language, style=STYLE))


def plan_parts(plan: Plan, *, prices: Sequence[PriceLike], language: Language) -> dict[str, Html]:
    """Give the parts of the page one by one, for a page that holds more: counts, legs, levels, prices, left_out."""
    words = Words("exchange", language)
    sides = tuple(plan.lists_sha256)
    return {
        "counts": _counts(plan, sides, words),
        "legs": _legs(plan, sides, words),
        "levels": _levels(plan.objective, words),
        "prices": _prices(prices, words) if prices else Html(""),
        "left_out": _left_out(plan, sides, words),
    }


def table(caption: str, head: Sequence[tuple[str, bool]], rows: Iterable[Sequence[object]]) -> Html:
    """Write a table that stacks on a phone; a column is a title and whether it holds numbers."""
    cells = []
    for row in rows:
        first, *rest = row
        inner = [tag("th", first, scope="row")]
        for (name, is_number), cell in zip(head[1:], rest, strict=True):
            shown = number(cell) if is_number and isinstance(cell, int) else cell
            inner.append(tag("td", shown, class_="n" if is_number else None, data_l=name))
        cells.append(tag("tr", *inner))
    titles = [tag("th", name, scope="col", class_="n" if is_number else None) for name, is_number in head]
    return tag("table", tag("caption", caption), tag("thead", tag("tr", *titles)), tag("tbody", *cells), class_="stack")


def _counts(plan: Plan, sides: Sequence[str], words: Words) -> Html:
    tiles = []
    for side in sides:
        civil = _headings(plan, side)["civilian"]
        more = tag("div", f"{words('civilians')}: {number(civil)}", class_="sub")
        tiles.append(
            tag(
                "div", tag("dt", words("releases", side=side)), tag("dd", number(total(plan, side)), more), class_="kpi"
            )
        )
    priorities = [level for level in plan.objective if level.criterion != "lottery"]
    proven = sum(level.is_proven for level in priorities)
    state = "kpi ok" if proven == len(priorities) else "kpi claim"
    tiles.append(
        tag(
            "div",
            tag("dt", words("proven")),
            tag("dd", words("taken", n=proven, of=len(priorities))),
            class_=state,
        )
    )
    return tag("dl", *tiles, class_="kpis")


def _headings(plan: Plan, side: str) -> Counter[str]:
    return Counter(name for leg in plan.legs for name in leg.heading.get(side, {}).values())


def _legs(plan: Plan, sides: Sequence[str], words: Words) -> Html:
    names = sorted({name for side in sides for name in _headings(plan, side)}, key=_heading_order)
    head = [(words("leg"), False), (words("side"), False), *((heading(name, words), True) for name in names)]
    rows: list[list[object]] = []
    for leg in plan.legs:
        for side in sides:
            counts = Counter(leg.heading.get(side, {}).values())
            rows.append([str(leg.number), side, *(counts[name] for name in names), len(leg.release.get(side, ()))])
    rows += [
        [words("total"), side, *(_headings(plan, side)[name] for name in names), total(plan, side)] for side in sides
    ]
    return tag("section", table(words("legs"), [*head, (words("total"), True)], rows), class_="card")


def _heading_order(name: str) -> tuple[int, str]:
    order = {"balance": 1, "retained": 2, "civilian": 3}
    return order.get(name, 0), name


def _levels(objective: Sequence[Level], words: Words) -> Html:
    head = [(words("criterion"), False), (words("value"), True), (words("bound"), True), (words("proof"), False)]
    rows = []
    for level in objective:
        if level.criterion == "lottery":
            continue
        said = words("proven") if level.is_proven else words("not_proven", n=level.bound - level.value)
        state = tag("span", said, class_="tag ok" if level.is_proven else "tag gap")
        rows.append([criterion(level.criterion, words), level.value, level.bound, state])
    return tag("section", table(words("priorities"), head, rows), class_="card")


def _prices(prices: Sequence[PriceLike], words: Words) -> Html:
    head = [(words("criterion"), False), (words("pays"), False), (words("without"), True), (words("value"), True)]
    rows = [
        [criterion(p.criterion, words), criterion(p.pays, words), p.without, p.value, p.without - p.value]
        for p in prices
    ]
    return tag(
        "section",
        table(words("prices"), [*head, (words("price"), True)], rows),
        tag("p", words("price_lead"), class_="sub"),
        class_="card",
    )


def _left_out(plan: Plan, sides: Sequence[str], words: Words) -> Html:
    names = sorted({name for side in sides for name in plan.left_out[side]})
    rows = [[reason(name, words), *(plan.left_out[side].get(name, 0) for side in sides)] for name in names]
    return tag(
        "section",
        table(words("stays"), [(words("reason"), False), *((side, True) for side in sides)], rows),
        class_="card",
    )


def _ties(plan: Plan, words: Words) -> Html:
    if not plan.ties:
        return Html("")
    head = [("", False), (words("heading"), False), (words("site"), False), (words("taken", n=0, of=0), False)]
    head[3] = (words("value"), False)
    rows = []
    for tie in plan.ties[:_MOST_TIES]:
        marks = ", ".join(f"{criterion(name, words)} {value}" for name, value in tie.criteria.items() if value)
        cut = f" · {tie.last_in} | {tie.first_out}" if tie.last_in else ""
        rows.append(
            [
                f"{tie.side} · {marks or '—'}",
                heading(tie.heading, words),
                tie.site or "—",
                words("taken", n=tie.taken, of=tie.of) + cut,
            ]
        )
    more = tag("p", f"+ {number(len(plan.ties) - _MOST_TIES)}", class_="sub") if len(plan.ties) > _MOST_TIES else ""
    return tag(
        "section", table(words("ties"), head, rows), more, tag("p", words("ties_lead"), class_="sub"), class_="card"
    )


def _warnings(plan: Plan, words: Words) -> Html:
    said: list[Mapping[str, object]] = list(plan.warnings)
    items = [tag("li", warning(found, words)) for found in plan.warnings] if said else [tag("li", words("none"))]
    return tag("section", tag("h2", words("warnings")), tag("ul", *items), class_="card")


def _source(plan: Plan, words: Words) -> Html:
    lists = ", ".join(f"{side} {text[:16]}" for side, text in plan.lists_sha256.items())
    seed = f"{words('seed')} {plan.seed[:16]}" if plan.seed else words("no_lottery_seed")
    return h(f"{words('made_from', terms=plan.terms_sha256[:16], lists=lists)}. {seed}.")
