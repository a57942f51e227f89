"""The page of a linkage: counts, and candidate pairs with their records side by side and a waterfall of bits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from goodoffices.domain.evidence import Reason, odds_bits
from goodoffices.formats.page import Html, Page, h, join, render, tag
from goodoffices.formats.pairs import PairRow, reason_words
from goodoffices.formats.words import Language, Words, number

_SHOWN = ("name", "birth_date", "birth_place", "service_number", "rank", "unit", "sex", "captured_on")
_STYLE = """
.kpis{grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr))}
.pair dd .lat{color:var(--mute);font-size:.85rem;display:block}
.pair dd mark{background:none;color:inherit;border-block-end:2px solid var(--neg)}
.wf .w-run{stroke:var(--mute);stroke-width:.6}
.hyp{display:flex;height:1.4rem;margin-block:.5rem .3rem;border:1px solid var(--line)}
.hyp i{display:block;min-width:0}
.hyp .same{background:var(--ok)}.hyp .rel{background:var(--claim)}.hyp .oth{background:var(--rest)}
.key i{display:inline-block;width:.9em;height:.9em;margin-inline-end:.4em;border:1px solid var(--line)}
.key .same{background:var(--ok)}.key .rel{background:var(--claim)}.key .oth{background:var(--rest)}
.wf{table-layout:fixed}.wf th.f{width:38%}.wf th.n,.wf td.n{width:5.5rem}.w-link{stroke:var(--accent);stroke-width:1.5}
@media (max-width:44rem){
.pair{grid-template-columns:1fr}.wf th.f{width:52%}.wf th.n,.wf td.n{width:4rem}
}
@media print{details.pairbox{break-inside:avoid}.hyp i{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
.line{display:inline-block;width:0;height:1em;border-inline-start:2px solid var(--accent);vertical-align:-.15em}
.pair h3{margin:.2rem 0 .5rem;font-size:1rem}
.wf{margin-block-start:1rem}
details.pairbox>summary{cursor:pointer;font-weight:700;padding-block:.3rem}
details.pairbox>summary .sub{font-weight:400}
"""


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair with its records, for the page.

    Attributes
    ----------
    row
        As in PAIRS.csv.
    left, right
        What each side states, by column, `name` the whole name; as it stands in the list.
    left_latin, right_latin
        The same in Latin letters where the list writes otherwise.
    missing
        Fields that one side does not state.
    """

    row: PairRow
    left: Mapping[str, str]
    right: Mapping[str, str]
    left_latin: Mapping[str, str]
    right_latin: Mapping[str, str]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkageView:
    """All that the page shows.

    Attributes
    ----------
    names
        Of the two lists.
    sizes
        Records on each.
    linked, review
        Pairs with these verdicts.
    alone
        Records of each list linked to nobody.
    notes
        Note codes with their figures.
    queue
        Pairs for a person, nearest to a decision first.
    examples
        A few linked pairs.
    file
        Where all pairs stand.
    link_from
        Probability from which a pair is linked.
    contradictions
        Over more than two lists: pairs of records in one cluster that were found not to be one person, with the
        probability that they are.
    """

    names: tuple[str, str]
    sizes: tuple[int, int]
    linked: int
    review: int
    alone: tuple[int, int]
    notes: tuple[tuple[str, float], ...]
    queue: tuple[PairView, ...]
    examples: tuple[PairView, ...]
    file: str
    link_from: float = 0.99
    contradictions: tuple[tuple[str, str, float], ...] = ()


def linkage_page(view: LinkageView, language: Language = Language.EN) -> str:
    """Write the page in one language."""
    words = Words("linkage", language)
    body = join(
        [
            tag("h1", words("title")),
            tag("p", words("lead"), class_="lead"),
            _counts(view, words),
            tag("ul", *(tag("li", note_words(code, value, words)) for code, value in view.notes), class_="sub"),
            tag("h2", words("queue")),
            tag("p", words("queue_shown", n=len(view.queue), file=view.file) if view.queue else words("queue_empty")),
            *(_pair(pair, view, words, n, opened=n <= 3) for n, pair in enumerate(view.queue, 1)),
            *_contradictions(view, words),
            *([tag("h2", words("linked_shown"))] if view.examples else []),
            *(_pair(pair, view, words, n, opened=False) for n, pair in enumerate(view.examples, 1)),
        ]
    )
    foot = words("made_from", left=view.names[0], right=view.names[1])
    return render(Page(words("title"), body, language, foot, _STYLE))


def _contradictions(view: LinkageView, words: Words) -> list[Html]:
    if not view.contradictions:
        return []
    lines = [
        tag("tr", tag("td", one), tag("td", other), tag("td", _percent(chance), class_="n"))
        for one, other, chance in view.contradictions
    ]
    table = tag("table", tag("tbody", *lines))
    return [
        tag("h2", words("contradictions")),
        tag("p", words("contradictions_lead")),
        tag("section", table, class_="card"),
    ]


def note_words(code: str, value: float, words: Words) -> str:
    """Say a note of the result in words."""
    return words(f"note_{code}", n=round(100 * value) if code == "duplicates" else round(value))


def _counts(view: LinkageView, words: Words) -> Html:
    tiles = [(words("records_left", name=name), size, "") for name, size in zip(view.names, view.sizes, strict=True)]
    tiles += [(words("linked"), view.linked, " ok"), (words("to_review"), view.review, " claim")]
    tiles += [(words("unlinked", name=name), alone, "") for name, alone in zip(view.names, view.alone, strict=True)]
    return tag(
        "dl",
        *(tag("div", tag("dt", name), tag("dd", number(n)), class_="kpi" + look) for name, n, look in tiles),
        class_="kpis",
    )


@dataclass(frozen=True, slots=True)
class _Side:
    """One record as its side states it, and in Latin letters where it is written otherwise."""

    ref: str
    stated: Mapping[str, str]
    latin: Mapping[str, str]


def _pair(pair: PairView, view: LinkageView, words: Words, position: int, *, opened: bool) -> Html:
    row = pair.row
    look = {"link": "tag ok", "review": "tag wait"}.get(row.verdict, "tag gap")
    head = tag(
        "summary",
        words("pair", n=position), " ",
        tag("span", f"{row.left} · {row.right}", class_="sub"), " ",
        tag("span", words(row.verdict), class_=look), " ",
        tag("span", _percent(row.probability), class_="sub"),
    )  # fmt: skip
    left, right = _Side(row.left, pair.left, pair.left_latin), _Side(row.right, pair.right, pair.right_latin)
    records = tag(
        "div",
        _record(view.names[0], (left, right), words),
        _record(view.names[1], (right, left), words),
        class_="pair",
    )
    inside = join([records, _waterfall(pair, view.link_from, words), _hypotheses(row, words)])
    return tag("details", head, inside, class_="pairbox card", open="open" if opened else None)


def _record(name: str, sides: tuple[_Side, _Side], words: Words) -> Html:
    """Write one record; what differs from the other one is underlined, in the script that both can be read in."""
    mine, other = sides
    lines: list[Html] = [tag("dt", words("reference")), tag("dd", mine.ref)]
    for column in _SHOWN:
        value, beside = _told(column, mine.stated.get(column), words), _told(column, other.stated.get(column), words)
        if not value and not beside:
            continue
        latin, latin_beside = mine.latin.get(column), other.latin.get(column)
        same_script = (latin is None) == (latin_beside is None)
        shown: object = value or "—"
        if value and beside and same_script:
            shown = _marked(value, beside)
        under: object = ""
        if latin and latin != value:
            against = latin_beside or beside or ""
            under = tag("span", latin if same_script else _marked(latin, against), class_="lat", lang="und-Latn")
        elif value and latin_beside:
            shown = _marked(value, latin_beside)
        lines += [tag("dt", words(column)), tag("dd", shown, under)]
    return tag("section", tag("h3", name), tag("dl", *lines))


def _marked(text: str, other: str) -> Html:
    """Underline the letters of a text that the other has not, in their order."""
    if not other:
        return h(text)
    blocks = SequenceMatcher(None, text.lower(), other.lower(), autojunk=False).get_matching_blocks()
    parts: list[Html] = []
    done = 0
    for block in blocks:
        if block.a > done:
            parts.append(tag("mark", text[done : block.a]))
        parts.append(h(text[block.a : block.a + block.size]))
        done = block.a + block.size
    return join(parts)


def _told(column: str, value: str | None, words: Words) -> str | None:
    """Say a closed word of a list in the reader's language."""
    if value is None:
        return None
    if column == "sex":
        return words(f"sex_{value}") if words.has(f"sex_{value}") else value
    return value.replace("_", " ") if column == "rank" else value


def _waterfall(pair: PairView, link_from: float, words: Words) -> Html:
    steps = list(pair.row.reasons)
    totals = [0.0]
    for step in steps:
        totals.append(totals[-1] + step.bits)
    line = odds_bits(link_from)
    low, high = min(*totals, 0.0, -2.0), max(*totals, line, 2.0)
    scale = _Scale(low, high, line)
    rows = [
        tag(
            "tr",
            _cell(step, words),
            tag("td", scale.bar(start, stop, _look(step))),
            tag("td", _signed(step.bits), class_="n"),
        )
        for step, start, stop in zip(steps, totals[:-1], totals[1:], strict=True)
    ]
    if pair.missing:
        silent = ", ".join(words(name).lower() for name in pair.missing)
        told = tag("th", words("not_stated"), tag("div", silent, class_="sub"), scope="row", class_="f")
        rows.append(tag("tr", told, tag("td"), tag("td", "0", class_="n")))
    rows.append(
        tag(
            "tr",
            tag("th", words("total"), scope="row"),
            tag("td", scale.bar(0.0, totals[-1], "w-tot")),
            tag("td", _signed(totals[-1]), class_="n"),
            class_="tot",
        )
    )
    key = tag("span", " ", tag("i", class_="line"), " ", words("threshold"), class_="sub")
    head = tag(
        "tr",
        tag("th", words("field"), scope="col", class_="f"),
        tag("th", words("running"), key, scope="col"),
        tag("th", words("bits"), scope="col", class_="n"),
    )
    return tag("table", tag("caption", words("evidence")), tag("thead", head), tag("tbody", *rows), class_="wf")


def _cell(step: Reason, words: Words) -> Html:
    return tag("th", words(step.field), tag("div", reason_words(step, words), class_="sub"), scope="row", class_="f")


def _look(step: Reason) -> str:
    if step.field == "prior":
        return "w-pri"
    return "w-pos" if step.bits >= 0 else "w-neg"


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where bits stand on the picture, in per cent of its width."""

    low: float
    high: float
    link: float

    def at(self, bits: float) -> float:
        return 100.0 * (bits - self.low) / (self.high - self.low)

    def bar(self, start: float, stop: float, look: str) -> Html:
        left, right = sorted((self.at(start), self.at(stop)))
        zero, line = self.at(0.0), self.at(self.link)
        return Html(
            '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
            f'<line class="w-zero" x1="{zero:.2f}" x2="{zero:.2f}" y1="0" y2="10" vector-effect="non-scaling-stroke"/>'
            f'<line class="w-link" x1="{line:.2f}" x2="{line:.2f}" y1="0" y2="10" vector-effect="non-scaling-stroke"/>'
            f'<rect class="{h(look)}" x="{left:.2f}" y="2" width="{max(right - left, 0.4):.2f}" height="6"/></svg>'
        )


def _hypotheses(row: PairRow, words: Words) -> Html:
    other = max(0.0, 1.0 - row.probability - row.relative)
    parts = (("same", row.probability), ("rel", row.relative), ("oth", other))
    kinds = {"same": "hypothesis_same", "rel": "hypothesis_relative", "oth": "hypothesis_other"}
    bar = tag(
        "div",
        *(tag("i", class_=look, style=f"width:{100 * share:.2f}%") for look, share in parts),
        class_="hyp",
        aria_hidden="true",
    )
    key = tag(
        "ul",
        *(
            tag("li", tag("i", class_=look), f"{words(kinds[look])}: ", tag("strong", _percent(share)))
            for look, share in parts
        ),
        class_="key",
    )
    return tag("div", tag("h3", words("hypotheses")), bar, key)


def _percent(share: float) -> str:
    if 0.99 < share < 1:
        digits = min(6, max(1, math.ceil(-math.log10(1 - share)) - 1))
        return f"{math.floor(share * 10 ** (digits + 2)) / 10**digits:.{digits}f} %"
    return f"{100 * share:.1f} %" if share >= 0.0005 or share == 0 else "< 0.1 %"


def _signed(bits: float) -> str:
    return f"+{bits:.1f}" if bits >= 0.05 else number(bits, 1)
