"""The page of a linkage: counts, and candidate pairs with their records side by side and a waterfall of bits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from goodoffices.formats.page import Html, Page, join, render, tag
from goodoffices.formats.pairs import PairRow
from goodoffices.formats.waterfall import hypotheses, marked, percent, waterfall
from goodoffices.formats.words import Language, Words, number

_SHOWN = ("name", "birth_date", "birth_place", "service_number", "rank", "unit", "sex", "captured_on")
_STYLE = """
.kpis{grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr))}
.pair dd .lat{color:var(--mute);font-size:.85rem;display:block}
.pair dd mark{background:none;color:inherit;border-block-end:2px solid var(--neg)}
.w-hollow{fill:none;stroke:var(--mute);stroke-dasharray:2 2}.w-tick{stroke:var(--line)}
.w-axis{fill:var(--mute);font-size:12px}
.wf .w-link{stroke:var(--accent);stroke-width:1.5}.wf svg.axis{height:auto}.wf tr.axis td{border:0;padding-block:0}
svg.hyp{display:block;inline-size:100%;block-size:1.4rem;margin-block:.5rem .3rem;border:1px solid var(--line)}
.h-same{fill:var(--ok)}.h-rel{fill:var(--claim)}.h-oth{fill:var(--rest)}
.wf svg.swatch,svg.swatch{inline-size:1em;block-size:1em;display:inline-block;vertical-align:-.15em}
.wf{table-layout:fixed}.wf th.f{width:38%}.wf th.n,.wf td.n{width:5.5rem}
@media (max-width:44rem){
.pair{grid-template-columns:1fr}.wf th.f{width:52%}.wf th.n,.wf td.n{width:4rem}.w-axis{font-size:26px}
}
@media print{details.pairbox{break-inside:avoid}svg.hyp{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
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
        tag("tr", tag("td", one), tag("td", other), tag("td", percent(chance), class_="n"))
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
        tag("span", percent(row.probability), class_="sub"),
    )  # fmt: skip
    left, right = _Side(row.left, pair.left, pair.left_latin), _Side(row.right, pair.right, pair.right_latin)
    records = tag(
        "div",
        _record(view.names[0], (left, right), words),
        _record(view.names[1], (right, left), words),
        class_="pair",
    )
    inside = join(
        [
            records,
            waterfall(row.reasons, pair.missing, words, link_from=view.link_from),
            hypotheses(row.probability, row.relative, words),
        ]
    )
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
            shown = marked(value, beside)
        under: object = ""
        if latin and latin != value:
            against = latin_beside or beside or ""
            under = tag("span", latin if same_script else marked(latin, against), class_="lat", lang="und-Latn")
        elif value and latin_beside:
            shown = marked(value, latin_beside)
        lines += [tag("dt", words(column)), tag("dd", shown, under)]
    return tag("section", tag("h3", name), tag("dl", *lines))


def _told(column: str, value: str | None, words: Words) -> str | None:
    """Say a closed word of a list in the reader's language."""
    if value is None:
        return None
    if column == "sex":
        return words(f"sex_{value}") if words.has(f"sex_{value}") else value
    return value.replace("_", " ") if column == "rank" else value
