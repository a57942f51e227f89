"""The public page of results: promised, stated by each side, confirmed, withheld, and who says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from goodoffices.domain.process import Process, Role
from goodoffices.domain.result import Movement, MovementStatus, Result, Stated
from goodoffices.formats.page import Html, Page, join, render, tag
from goodoffices.formats.results_bars import DEFS, mark, strip, swatch
from goodoffices.formats.results_cards import Cards, Proof, word
from goodoffices.formats.results_phrases import Phrases
from goodoffices.formats.results_talks import talks, transfers
from goodoffices.formats.results_tiles import tiles
from goodoffices.formats.results_time import timeline
from goodoffices.formats.words import Language, number

_NO_PAGES: Mapping[Language, str] = {}
_NOTHING = Html("")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a page was made from.

    Attributes
    ----------
    file, sha256
        Name and hash of the process file.
    pages
        The same page in other languages: language and address.
    address
        Where each commitment has a page of its own, `ADDRESS/C1`; empty where there is none.
    lead
        What stands below the title.
    proof
        Gives what proves one assertion, beside its source; None where there is nothing to show.
    """

    file: str
    sha256: str
    pages: Mapping[Language, str] = field(default_factory=lambda: _NO_PAGES)
    address: str = ""
    lead: Html = _NOTHING
    proof: Proof | None = None


def results_page(
    process: Process, result: Result, phrases: Phrases, *, overall: Sequence[Stated], origin: Origin
) -> str:
    """Write one self-contained page: no script, prints, works on a phone and in the dark.

    Parameters
    ----------
    process, result
        What was read and what was computed from it.
    phrases
        Words of the process in the page's language.
    overall
        What each party says over all commitments.
    origin
        What the page was made from.
    """
    words = phrases.words
    body = results_body(process, result, phrases, overall=overall, origin=origin)
    foot = words("foot_from", file=origin.file, hash=origin.sha256[:16])
    title = f"{words('title')}: {phrases.text(process.name)}"
    return render(Page(title, body, words.language, foot, results_style()))


def results_body(
    process: Process, result: Result, phrases: Phrases, *, overall: Sequence[Stated], origin: Origin
) -> Html:
    """Write what stands in `main`, for this page or for a frame around it."""
    words = phrases.words
    cards = Cards(result, process.assertions, phrases, address=origin.address, proof=origin.proof)
    sections = [
        ("commitments", "nav_commitments", [*map(cards.commitment, result.commitments), cards.unascribed()]),
        ("time", "nav_time", [_time(process, result, phrases)]),
        ("differences", "nav_differences", [_differences(result, phrases, overall)]),
        ("transfer", "nav_transfer", [transfers(result.transfers, phrases)]),
        ("talks", "nav_talks", [talks(process, phrases)]),
        ("method", "method_title", [_method(process, phrases)]),
    ]
    shown = [(anchor, key, parts) for anchor, key, parts in sections if any(parts)]
    return join(
        [
            DEFS,
            tag("h1", words("title")),
            tag("p", words("lead"), class_="lead"),
            tag("p", tag("b", phrases.quote(process.name)), f" · {words('as_of', date=words.date(process.as_of))}"),
            origin.lead,
            _contents([(anchor, words(key)) for anchor, key, _ in shown], origin, phrases),
            _counts(result, phrases),
            tag("h2", words("tiles")),
            tiles(process, result, phrases, overall=overall),
            *(
                tag(
                    "section",
                    tag("h2", words(key), id=f"{anchor}-title"),
                    *parts,
                    id=anchor,
                    aria_labelledby=f"{anchor}-title",
                )
                for anchor, key, parts in shown
            ),
        ]
    )


def _contents(anchors: Sequence[tuple[str, str]], origin: Origin, phrases: Phrases) -> Html:
    links = [tag("a", name, href=f"#{anchor}") for anchor, name in anchors]
    others = [
        tag("a", phrases.language_name(language), href=href, lang=language.value, hreflang=language.value)
        for language, href in origin.pages.items()
        if language is not phrases.words.language
    ]
    langs = tag("span", join(Html(f"{link} ") for link in others), class_="langs") if others else ""
    return tag("nav", *links, langs, class_="toc", aria_label=phrases.words("contents"))


def _counts(result: Result, phrases: Phrases) -> Html:
    words = phrases.words
    title = words("strip_title", n=len(result.movements))
    items = []
    for status, count in result.counts.items():
        sample = tag("svg", mark(status, 0, 1, (2, 10)), aria_hidden="true")
        shown = tag("b", number(count)) if count else tag("b", words("none"))
        meaning = tag("small", words(f"mean_{status}"))
        items.append(tag("li", sample, shown, tag("span", words(f"status_{status}"), class_="w"), meaning))
    label = ", ".join(f"{words(f'status_{status}')} {count}" for status, count in result.counts.items())
    return tag(
        "section", tag("h2", title), strip(result.counts, label), tag("ul", *items, class_="counts"), class_="card"
    )


def _time(process: Process, result: Result, phrases: Phrases) -> Html:
    if not result.movements:
        return Html("")
    up, down = (party.code for party in process.sides[:2])
    words = phrases.words
    lead = tag("p", words("time_lead", up=phrases.party(up), down=phrases.party(down)), class_="lead")
    keys = [
        tag("li", tag("svg", mark(status, 0, 1, (2, 10)), aria_hidden="true"), words(f"status_{status}"))
        for status in MovementStatus
    ]
    key = tag("ul", *keys, class_="key")
    table = tag("details", tag("summary", words("time_all")), movement_table(result.movements, phrases))
    return tag("div", lead, key, timeline(result.movements, up, phrases), table, class_="card")


def movement_table(movements: Sequence[Movement], phrases: Phrases) -> Html:
    """List movements with every role's figure."""
    words = phrases.words
    names = ("date", "direction", "unit", "category", "giver", "receiver", "neutral", "status")
    head = tag("tr", *(tag("th", words(f"col_{name}"), scope="col") for name in names))
    rows = []
    for m in movements:
        cells = [phrases.direction(m.direction), phrases.unit(m.unit), phrases.category(m.category)]
        figures = [phrases.said(m, role) for role in Role]
        rows.append(
            tag(
                "tr",
                tag("th", words.date(m.date, "d MMM y"), scope="row"),
                *(tag("td", cell, data_l=words(f"col_{name}")) for cell, name in zip(cells, names[1:4], strict=True)),
                *(
                    tag("td", cell, data_l=words(f"col_{name}"), class_="n")
                    for cell, name in zip(figures, names[4:7], strict=True)
                ),
                tag("td", phrases.status(m), data_l=words("col_status")),
            )
        )
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="said stack")


def _differences(result: Result, phrases: Phrases, overall: Sequence[Stated]) -> Html:
    words = phrases.words
    differing = [m for m in result.movements if m.status is MovementStatus.DIFFER]
    parts: list[Html] = []
    for d in result.divergences:
        told = [
            tag(
                "li",
                tag("b", phrases.figure(a.quantity, a.bound)),
                phrases.party(a.party),
                _by(a.organ, a.date, phrases),
            )
            for a in d.totals
        ]
        dates = ", ".join(words.date(m.date) for m in d.movements)
        verdict = words("div_found" if d.found else "div_open", n=d.spread, date=dates)
        what = f"{phrases.direction(d.direction)}, {phrases.unit(d.unit)}"
        parts += [tag("h3", what), tag("ul", *told, class_="beside"), tag("p", verdict, class_="finding")]
    for m in differing:
        told = [
            tag(
                "li",
                tag("b", phrases.figure(a.quantity, a.bound)),
                phrases.party(a.party),
                _by(a.organ, a.date, phrases),
            )
            for role in Role
            for a in m.assertions[role]
            if a.quantity is not None
        ]
        what = f"{words.date(m.date)}: {phrases.direction(m.direction)}, {phrases.unit(m.unit)}"
        verdict = tag("p", phrases.status(m), class_="finding")
        parts += [tag("h3", what), tag("ul", *told, class_="beside"), verdict]
    parts += [tag("p", line, class_="finding") for line in _equal_sums(result, phrases, overall)]
    if not parts:
        return tag("p", word("none", words("no_difference")), class_="card")
    return tag("div", tag("p", words("differences_lead"), class_="lead"), *parts, class_="card")


def _by(organ: str, date: dt.date, phrases: Phrases) -> Html:
    return tag("small", f"{phrases.text(organ)}, {phrases.words.date(date)}")


def _equal_sums(result: Result, phrases: Phrases, overall: Sequence[Stated]) -> list[str]:
    """Name directions in which both sides' sums are alike although single movements differ."""
    lines = []
    for line in overall:
        other = [o for o in overall if (o.direction, o.unit) == (line.direction, line.unit) and o.party != line.party]
        parts = [
            m
            for m in result.movements
            if m.status is MovementStatus.DIFFER and (m.direction, m.unit) == (line.direction, line.unit)
        ]
        alike = any(o.quantity == line.quantity is not None for o in other)
        if alike and parts and line.party == line.direction.giver:
            text = phrases.words("div_same", n=line.quantity, parts=len(parts))
            lines.append(f"{phrases.direction(line.direction)}, {phrases.unit(line.unit)}. {text}")
    return lines


def _method(process: Process, phrases: Phrases) -> Html:
    words = phrases.words
    keys = {
        "key_confirmed": "b-ok",
        "key_stated": "b-claim",
        "key_over": "b-over",
        "key_withheld": "b-hatch",
        "key_silent": "b-silent",
        "key_rest": "b-rest",
        "key_tick": "tick",
        "key_total": "total",
    }
    legend = [tag("li", swatch(look), words(key)) for key, look in keys.items()]
    lines = [words(f"method_{number}") for number in range(1, 7)]
    must = phrases.attesting(process.rules.must_attest)
    if must:
        lines.insert(2, words("method_attest", text=must))
    note = [tag("p", phrases.quote(process.note), class_="sub")] if process.note else []
    return tag(
        "div",
        tag("ul", *(tag("li", line) for line in lines), class_="method"),
        tag("h3", words("legend")),
        tag("ul", *legend, class_="keys"),
        *note,
        class_="card",
    )


@cache
def results_style() -> str:
    """Give the rules of this page, beside those of every page."""
    return (files("goodoffices.formats") / "results.css").read_text(encoding="utf-8")
