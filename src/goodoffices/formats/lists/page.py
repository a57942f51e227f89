"""The page of a list's check: what was understood, and each fault by row; for the officer's own eyes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from goodoffices.formats.lists.cells import DATES, WORDS
from goodoffices.formats.lists.model import Line, ListFile, Problem
from goodoffices.formats.page import Html, Page, h, join, tag
from goodoffices.formats.words import Language, Words, number

MOST_PROBLEMS = 400
MOST_RECORDS = 25
_STYLE = (
    ".scroll{overflow-x:auto}.scroll table{font-size:.88rem}.scroll td,.scroll th{padding:.35rem .5rem}"
    "td.found{overflow-wrap:anywhere}mark{background:var(--claim);color:inherit;padding-inline:.15rem}"
    "td.day{white-space:nowrap}"
    "h2{overflow-wrap:anywhere;margin-block:2rem .4rem}h3{margin-block:0 .5rem;font-size:1.05rem}"
    ".scroll:focus-visible{outline-offset:0}.card h3 .tag{margin-inline-start:.5rem}"
)


def check_page(lists: Sequence[ListFile], language: Language) -> Page:
    """Build the page of one or several lists."""
    words = Words("lists", language)
    body = [tag("h1", words("title")), tag("p", words("lead"), class_="lead")]
    if not lists:
        body.append(tag("p", words("nothing")))
    body += [_list(listed, words) for listed in lists]
    return Page(words("title"), join(body), language, words("foot"), _STYLE)


def _list(listed: ListFile, words: Words) -> Html:
    verdict = "accepted" if listed.is_accepted else "refused"
    mark = tag("span", words(verdict), class_="tag ok" if listed.is_accepted else "tag gap")
    kind = words(f"kind_{listed.kind.value}" if listed.kind else "kind_none")
    parts = [
        tag("h2", _name(listed.file), " ", mark),
        tag("p", f"{listed.form} · {words('kind')}: {kind}", class_="sub"),
        _counts(listed, words),
        _problems(words("fault_rows"), listed.faults, words),
        _problems(words("warning_rows"), listed.warnings, words),
        _columns(listed, words),
        _lines(listed.lines, words),
        _records(listed, words),
    ]
    return tag("section", *parts)


def _counts(listed: ListFile, words: Words) -> Html:
    figures = (
        ("records", listed.records.height, "kpi"),
        ("faults", len(listed.faults), "kpi claim" if listed.faults else "kpi ok"),
        ("warnings", len(listed.warnings), "kpi claim" if listed.warnings else "kpi ok"),
    )
    return tag(
        "dl",
        *(tag("div", tag("dt", words(key)), tag("dd", number(count)), class_=class_) for key, count, class_ in figures),
        class_="kpis",
    )


def _problems(title: str, problems: Sequence[Problem], words: Words) -> Html:
    if not problems:
        return Html("")
    rows = [
        (
            (number(problem.row) if problem.row else "—", "row"),
            (problem.column or "—", "column"),
            (words(f"p_{problem.code}", n=problem.other_row), "what"),
            (_marked(problem), "found"),
            (problem.read if problem.read is not None else problem.expected, "read" if problem.read else "expected"),
        )
        for problem in problems[:MOST_PROBLEMS]
    ]
    heads = ("row", "column", "what", "found", "read_or_expected")
    body = tag(
        "tbody",
        *(
            tag(
                "tr",
                *(
                    tag("td", cell, data_l=words(label), class_="n" if label == "row" else "found")
                    for cell, label in row
                ),
            )
            for row in rows
        ),
    )
    table = tag("table", _head(heads, words), body, class_="stack")
    return tag("div", tag("h3", title), table, _more(len(problems) - MOST_PROBLEMS, words), class_="card")


def _marked(problem: Problem) -> Html:
    """Mark the letters that were read otherwise, where that can be seen letter by letter."""
    found, read = problem.found, problem.read
    if read is None or len(read) != len(found) or problem.code not in {"latin_letter", "cyrillic_letter"}:
        return h(found)
    return join(tag("mark", old) if old != new else old for old, new in zip(found, read, strict=True))


def _columns(listed: ListFile, words: Words) -> Html:
    known = [(title, words(f"col_{column}")) for column, title in listed.columns.items()]
    rows = [*known, *((title, words("unknown")) for title in listed.unknown)]
    table = _table(("as_written", "meaning"), rows, words)
    return tag("div", tag("h3", words("columns")), table, class_="card")


def _lines(lines: Sequence[Line], words: Words) -> Html:
    if not lines:
        return Html("")
    rows = [(number(line.row), words(f"why_{line.why.split()[0]}"), line.text) for line in lines[:MOST_PROBLEMS]]
    table = _table(("row", "what", "found"), rows, words)
    more = _more(len(lines) - MOST_PROBLEMS, words)
    return tag("div", tag("h3", words("line_rows")), table, more, class_="card")


def _records(listed: ListFile, words: Words) -> Html:
    filled = [
        column
        for column in listed.records.columns
        if listed.records.height and listed.records[column].null_count() < listed.records.height
    ]
    if not filled:
        return Html("")
    head = tag("thead", tag("tr", *(tag("th", words(key), scope="col") for key in ("row", *_col_keys(filled)))))
    lines = []
    for index, record in enumerate(listed.records.head(MOST_RECORDS).iter_rows(named=True)):
        cells = [tag("td", number(listed.rows[index]), class_="n")]
        cells += [tag("td", _shown(column, record[column], words), class_=_class(column)) for column in filled]
        lines.append(tag("tr", *cells))
    table = tag("table", head, tag("tbody", *lines))
    scroll = tag("div", table, class_="scroll", tabindex="0", role="region", aria_label=words("first_rows"))
    more = _more(listed.records.height - MOST_RECORDS, words)
    return tag("div", tag("h3", words("first_rows")), scroll, more, class_="card")


def _shown(column: str, value: str | None, words: Words) -> str:
    if value is None or column == "requested" or column not in WORDS:
        return value or ""
    return words(f"w_{value}")


def _class(column: str) -> str | None:
    return "day" if column in DATES or column == "ref" else None


def _col_keys(columns: Iterable[str]) -> Iterable[str]:
    return (f"col_{column}" for column in columns)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], words: Words) -> Html:
    body = tag(
        "tbody",
        *(
            tag(
                "tr",
                *(
                    tag("td", cell, data_l=words(head), class_="n" if head == "row" else None)
                    for cell, head in zip(row, heads, strict=True)
                ),
            )
            for row in rows
        ),
    )
    return tag("table", _head(heads, words), body, class_="stack")


def _head(heads: Iterable[str], words: Words) -> Html:
    cells = (tag("th", words(head), scope="col", class_="n" if head == "row" else None) for head in heads)
    return tag("thead", tag("tr", *cells))


def _more(left: int, words: Words) -> Html:
    return tag("p", words("more", n=left), class_="sub") if left > 0 else Html("")


def _name(file: str) -> str:
    return file.replace("\\", "/").rsplit("/", 1)[-1]
