"""What the pages of pairs show: the queue's lines, two records side by side, the drawing of their evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe

from goodoffices.desk.lists import search
from goodoffices.desk.lists.models import Record
from goodoffices.desk.lists.page import Cell, cell_of, line_of
from goodoffices.desk.lists.selectors import Seen
from goodoffices.desk.pairs import selectors
from goodoffices.desk.pairs.models import Pair, Run
from goodoffices.desk.pairs.selectors import RunSeen, Tally
from goodoffices.domain.evidence import Reason
from goodoffices.domain.lists import COLUMNS
from goodoffices.engines.linkage import is_cyrillic, language, romanise
from goodoffices.formats import waterfall as drawing
from goodoffices.formats.pairs import reason_words
from goodoffices.formats.words import Language, Words

PAGE = 50
MOST_HITS = 2_000
STATES = ("waiting", "same", "other", "more", "all")
VERDICTS = ("review", "link", "no", "any")
NAME = ("surname", "given_name", "patronymic")
SHOWN = (
    "surname", "given_name", "patronymic", "full_name", "birth_date", "birth_place", "service_number", "rank", "unit",
    "sex", "captured_on", "captured_at", "category", "health", "status",
)  # fmt: skip
_ROMAN = frozenset(("surname", "given_name", "patronymic", "full_name", "birth_place", "captured_at"))
_TONGUES = {"uk": "uk", "ru": "ru"}


@dataclass(frozen=True, slots=True)
class Side:
    """One field of one record on a pair's page.

    Attributes
    ----------
    cell
        What may be shown, or why nothing is.
    shown, latin
        The text with its differences marked, and the same in Latin letters where it is written otherwise.
    tongue
        Language of the text, for those who hear the page.
    """

    cell: Cell
    shown: SafeString | str
    latin: SafeString | str
    tongue: str


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One pair in the queue.

    Attributes
    ----------
    pair
        The row.
    left, right
        The names and birth dates, as far as they were released.
    chance
        The probability as shown.
    reasons
        The two weightiest reasons in words.
    """

    pair: Pair
    left: str
    right: str
    chance: str
    reasons: tuple[str, ...]


def asked(values: Mapping[str, str]) -> dict[str, str]:
    """Give which pairs are asked for, in which order; anything else is as if nothing was said."""
    state, verdict, order = values.get("state", ""), values.get("verdict", ""), values.get("order", "")
    return {
        "state": state if state in STATES else STATES[0],
        "verdict": verdict if verdict in VERDICTS else VERDICTS[0],
        "order": order if order in selectors.ORDERS else "near",
        "q": values.get("q", "").strip()[:100],
    }


def found_pairs(session: str, run: RunSeen, wanted: Mapping[str, str]) -> QuerySet[Pair]:
    """Give the pairs of a run that are asked for; a search looks at all states and verdicts."""
    if not wanted["q"]:
        return selectors.queue(
            run[0], state=wanted["state"], verdict=wanted["verdict"].removeprefix("any"), order=wanted["order"]
        )
    keys: list[str] = []
    for seen in run[1:]:
        keys += search.search(session, seen, wanted["q"], most=MOST_HITS // 4)[0]
    return selectors.of_records(selectors.queue(run[0], state="all", order=wanted["order"]), keys)


def queue_lines(
    run: RunSeen, found: QuerySet[Pair], number: str | None, *, tongue: str, total: int | None = None
) -> tuple[Any, list[QueueLine]]:
    """Give one page of the queue; its length is counted unless it is known."""
    pages = Paginator(found.select_related("left", "right"), PAGE)
    if total is not None:
        pages.count = total
    page = pages.get_page(number)
    words = Words("linkage", Language(tongue))
    return page, [
        QueueLine(
            pair,
            _person(pair.left, run[1]),
            _person(pair.right, run[2]),
            drawing.percent(pair.probability),
            tuple(_weighty(pair, words)),
        )
        for pair in page
    ]


def told(run: Run, tally: Tally) -> dict[str, Any]:
    """Give what the queue's head says of a run: how many pairs stand where, what a reader must know, what to choose."""
    return {
        "totals": {"waiting": tally.count(verdict="review"), "machine": tally.count(verdict="link")}
        | {state: tally.count(state=state) for state in ("same", "other", "more")},
        "notes": [
            (f"note_{code}", round(100 * value if code == "duplicates" else value)) for code, value in run.notes or ()
        ],
        "states": STATES,
        "verdicts": VERDICTS,
        "orders": list(selectors.ORDERS),
    }


def _person(record: Record, seen: Seen) -> str:
    fields = record.fields
    stated = {column: fields[column] for column in seen.fields if column in fields}
    name = " ".join(stated[column] for column in NAME if column in stated) or stated.get("full_name", "")
    return ", ".join(part for part in (name, stated.get("birth_date", "")) if part)


def _weighty(pair: Pair, words: Words) -> list[str]:
    steps = [Reason(*step) for step in pair.reasons["steps"] if step[0] not in {"prior", "rivals", "relative"}]
    steps.sort(key=lambda step: -abs(step.bits))
    return [f"{words(step.field)}: {reason_words(step, words)} ({drawing.signed(step.bits)})" for step in steps[:2]]


def evidence(pair: Pair, tongue: str) -> dict[str, Any]:
    """Draw the waterfall and the three hypotheses of a pair."""
    words = Words("linkage", Language(tongue))
    steps = [Reason(*step) for step in pair.reasons["steps"]]
    return {
        "waterfall": mark_safe(drawing.waterfall(steps, pair.reasons["missing"], words)),  # noqa: S308  escaped there
        "hypotheses": mark_safe(drawing.hypotheses(pair.probability, pair.relative, words)),  # noqa: S308
        "chance": drawing.percent(pair.probability),
    }


def side_by_side(pair: Pair, left: Seen, right: Seen) -> tuple[list[tuple[str, Side, Side]], list[str]]:
    """Give each field as both sides write it, what differs marked; and columns in which neither says anything."""
    lines = [line_of(pair.left, left, None).cells, line_of(pair.right, right, None).cells]
    cells = [{cell.column: cell for cell in line} for line in lines]
    tongues = [_tongue(side) for side in cells]
    out, silent = [], []
    for column in SHOWN:
        if column not in cells[0] and column not in cells[1]:
            continue
        pair_ = [side.get(column, Cell(column, "", "unknown")) for side in cells]
        if column == "full_name" and all(_parted(side) or not side[column].text for side in cells if column in side):
            continue
        if any(cell.text for cell in pair_):
            out.append((column, *_two(pair_, tongues)))
        else:
            silent.append(column)
    return out, silent


def _parted(cells: Mapping[str, Cell]) -> bool:
    return any(cells[column].text for column in NAME if column in cells)


def _tongue(cells: Mapping[str, Cell]) -> str:
    text = " ".join(cells[column].text for column in (*NAME, "full_name", "birth_place") if column in cells)
    return language(text) or ("uk" if is_cyrillic(text) else "")


def _two(cells: Sequence[Cell], tongues: Sequence[str]) -> tuple[Side, Side]:
    """Mark what differs inside the words: letter by letter in one script, and in Latin letters across two."""
    latin = [
        romanise(cell.text, tongue or "uk") if cell.column in _ROMAN and is_cyrillic(cell.text) else ""
        for cell, tongue in zip(cells, tongues, strict=True)
    ]
    one_script = bool(latin[0]) == bool(latin[1]) and tongues[0] == tongues[1]
    sides = []
    for me, other in ((0, 1), (1, 0)):
        cell, against = cells[me], cells[other]
        shown: str = cell.text
        under: str = latin[me]
        if cell.text and against.text and cell.look == "said":
            plain = latin[other] or against.text
            if one_script or cell.column not in _ROMAN:
                shown = mark_safe(drawing.marked(cell.text, against.text))  # noqa: S308  escaped there
            elif latin[me]:
                under = mark_safe(drawing.marked(latin[me], plain))  # noqa: S308
            else:
                shown = mark_safe(drawing.marked(cell.text, plain))  # noqa: S308
        sides.append(Side(cell, shown, under, _TONGUES.get(tongues[me], "") if is_cyrillic(cell.text) else ""))
    return sides[0], sides[1]


def own_lines(record: Record) -> list[Cell]:
    """Give a side its own record, in the order of the contract."""
    fields = record.fields
    return [cell_of(column, fields[column]) for column in COLUMNS if column in fields]


def warm(session: str, run: RunSeen) -> None:
    """Build the index of both lists before the first letter is typed."""
    for seen in run[1:]:
        search.warm(session, seen)
