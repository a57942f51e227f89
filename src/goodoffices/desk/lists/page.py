"""What the pages of lists show: lines with what each cell says, or why it says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.keeping.exports import Table
from goodoffices.desk.lists import search
from goodoffices.desk.lists.models import Answer, List, ListFile, Record
from goodoffices.desk.lists.records import frame_of, opened
from goodoffices.desk.lists.selectors import (
    KIND,
    Seen,
    answered_count,
    answered_counts,
    is_sealed,
    latest_answers,
    records_of,
    releases_of,
    settled,
    settled_counts,
    versions_of,
)
from goodoffices.domain.lists import COLUMNS
from goodoffices.formats.lists.cells import WORDS
from goodoffices.formats.sealed import sealed_csv
from goodoffices.formats.sheet import Rows, comma_separated, workbook

PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
warm = search.warm


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a page.

    Attributes
    ----------
    column
        Of the contract.
    text
        What stands there; empty where nothing may or can be shown.
    look
        `said`, `word` (of a closed vocabulary), `unknown` (the owner states nothing) or `withheld` (he did not
        release it).
    """

    column: str
    text: str
    look: str


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One record as a viewer sees it.

    Attributes
    ----------
    id, ref, row
        Key, the owner's reference (not to be shown unless released), and the row of the owner's file.
    cells
        In the order of the contract.
    answer
        The answer that stands, or None.
    became
        What became of it since the seal, to whom this is open; empty if nothing.
    """

    id: str
    ref: str
    row: int
    cells: tuple[Cell, ...]
    answer: Answer | None
    became: str = ""


def line_of(record: Record, seen: Seen, answer: Answer | None, became: str = "") -> ShownLine:
    """Show one record: its released fields, and for the rest a word that says why nothing stands there."""
    stated = record.fields if set(seen.fields) & set(seen.columns) else {}
    return ShownLine(
        record.id,
        str(stated.get("ref", "")),
        record.row,
        tuple(_cell(column, stated.get(column), seen) for column in seen.columns),
        answer,
        became,
    )


def _cell(column: str, value: str | None, seen: Seen) -> Cell:
    if column not in seen.fields:
        return Cell(column, "", "withheld")
    if value is None:
        return Cell(column, "", "unknown")
    return cell_of(column, value)


def cell_of(column: str, value: str) -> Cell:
    """Show what the owner states."""
    return Cell(column, value.replace("_", " ") if column == "rank" else value, look_of(column))


def look_of(column: str) -> str:
    """Say whether a column's text is a word of a closed vocabulary, to be said in the reader's language."""
    return "word" if column in WORDS and column != "requested" else "said"


def lines(session: str, viewer: Viewer, seen: Seen, asked: Mapping[str, str]) -> tuple[list[ShownLine], dict[str, Any]]:
    """Give the lines of the page that was asked for, and what the page says of them."""
    query = asked.get("q", "").strip()[:100]
    wanted = asked.get("answer", "")
    found: Any = records_of(seen)
    is_whole = not query and wanted != "waiting"
    context: dict[str, Any] = {"query": query, "wanted": wanted, "seen": seen, "list": seen.version.list}
    if query:
        keys, context["hits"] = search.search(session, seen, query, most=PAGE)
        found = Record.objects.filter(id__in=keys).order_by("position")
    if wanted == "waiting":
        found = found.exclude(answers__party=viewer.party) if not seen.is_own else found.filter(answers__isnull=True)
    pages = Paginator(found, PAGE)
    if is_whole:
        pages.count = seen.version.records  # known: the records of a version never change
    records: Page[Record] = pages.get_page(asked.get("page"))
    here = list(records)
    answers = latest_answers(seen.version, [record.id for record in here])
    context["records"] = records
    keys = [record.id for record in here]
    said = settled(seen.version, keys) if may_see_settled(viewer, seen) else {}
    states = {key: one.state for key, one in said.items() if one.state != "listed"}
    return [line_of(record, seen, answers.get(record.id), states.get(record.id, "")) for record in here], context


def may_see_settled(viewer: Viewer, seen: Seen) -> bool:
    """Whether what became of single lines is for this viewer: it tells who goes, so it is as who goes is."""
    return may(viewer, "read", Thing("exchange_people", seen.version.list.owner_id, seen.facts))


def facts(viewer: Viewer, seen: Seen) -> dict[str, Any]:
    """Give what the head of a list's page says, and what the viewer may do there."""
    version = seen.version
    thing = Thing(KIND, version.list.owner_id, seen.facts)
    found: dict[str, Any] = {
        "seen": seen,
        "version": version,
        "list": version.list,
        "owner": version.list.owner,
        "answered": answered_count(version),
        "is_sealed": is_sealed(version),
        "may_answer": may(viewer, "answer", thing),
        "may_export": may(viewer, "export", thing),
        "columns": seen.columns,
        "withheld": [column for column in seen.columns if column not in seen.fields],
    }
    if may_see_settled(viewer, seen):
        found["became"] = settled_counts(version)
    if seen.is_own:
        found["versions"] = versions_of(version.list)
        found["releases"] = releases_of(version)
        found["files"] = version.list.files.exclude(state__in=["stored", "dropped"]).defer("body").order_by("-at")
        found["is_latest"] = (
            not version.list.versions.filter(number__gt=version.number).exclude(state="storing").exists()
        )
    return found


def own_list(viewer: Viewer, key: str) -> List | None:
    """Give a list if it is the viewer's own."""
    found = List.objects.filter(id=key, owner=viewer.party).first()
    return found if found is not None and may(viewer, "read", Thing(KIND, found.owner_id)) else None


def own_lists(viewer: Viewer, seen: Iterable[Seen]) -> list[dict[str, Any]]:
    """Give the viewer's lists with their latest version and the file that waits for a word."""
    if not may(viewer, "write", Thing(KIND, viewer.party)):
        return []
    latest = {one.version.list_id: one for one in seen}
    waiting: dict[str, ListFile] = {}
    files = ListFile.objects.filter(owner=viewer.party).exclude(state__in=["stored", "dropped"]).defer("body")
    for file in files.order_by("at"):
        waiting[file.list_id] = file
    answered = answered_counts(one.version for one in latest.values())
    return [
        {
            "list": one,
            "seen": latest.get(one.id),
            "file": waiting.get(one.id),
            "answered": answered[latest[one.id].version.id] if one.id in latest else 0,
        }
        for one in List.objects.filter(owner=viewer.party).order_by("created_at")
    ]


def table_of(seen: Seen, language: str) -> Table:
    """Give another's list as a table of its released fields alone."""
    columns = tuple(column for column in seen.columns if column in seen.fields)
    rows = [[line.get(column) for column in columns] for _, line in opened(seen.version)]
    return Table(columns, rows, tuple(say("lists", language, f"col_{column}") for column in columns))


def exported(seen: Seen, form: str, language: str) -> tuple[bytes, str, str]:
    """Give an own list's bytes, their type and a name without a person: workbook, table, or canonical CSV."""
    everything = [line for _, line in opened(seen.version)]
    name = f"list-{seen.version.list_id}-{seen.version.number}"
    if form == "sealed":
        return sealed_csv(frame_of(everything)), "text/csv; charset=utf-8", f"{name}-sealed.csv"
    columns = [column for column in COLUMNS if column in seen.version.columns]
    table = Rows(
        [say("lists", language, f"col_{column}") for column in columns],
        [[line.get(column) for column in columns] for line in everything],
    )
    if form == "csv":
        return comma_separated(table), "text/csv; charset=utf-8", f"{name}.csv"
    return workbook({name: table}), _XLSX, f"{name}.xlsx"
