"""What `goodoffices text` says in words, and what it exports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.text import Document
from goodoffices.engines.talks.align import Alarm
from goodoffices.engines.talks.consent import text_hash
from goodoffices.engines.talks.diff import ClauseDiff
from goodoffices.engines.talks.views import bracket_counts, negotiating_view, open_places
from goodoffices.formats.page import Html, Page, join, render, tag
from goodoffices.formats.words import Language, Words


def change_lines(found: Sequence[ClauseDiff], words: Words) -> list[str]:
    """Say what changed, a line a change."""
    lines: list[str] = []
    for clause in found:
        others = ", ".join(clause.others)
        lines.append(f"{clause.id}: {words(f'fate_{clause.fate}', others=others)}")
        lines += [
            f"    {words(f'change_{change.code}', who=', '.join(change.who), old=change.old, new=change.new)}"
            for change in clause.changes
        ]
    return lines or [words("no_changes")]


def alarm_lines(found: Sequence[Alarm], words: Words) -> list[str]:
    """Say where two languages diverge, a line an alarm."""
    return [
        words(
            f"alarm_{a.code}",
            clause=a.clause,
            first=a.languages[0],
            second=a.languages[1],
            expected=a.expected,
            found=a.found,
        )
        for a in found
    ] or [words("no_alarms")]


def exported(
    texts: Mapping[Path, Document],
    *,
    out: Path,
    reader: str | None,
    title: str | None,
    when: dt.datetime,
    language: str,
) -> bytes | str:
    """Write a text in the format that the file's ending names.

    Raises
    ------
    InputError
        If the ending is none of the four, or the format takes one language and several were given.
    """
    views = {d.value("language") or path.stem: negotiating_view(d, reader) for path, d in texts.items()}
    first_language, first = next(iter(views.items()))
    name = title or first.value("title") or out.stem
    ending = out.suffix.lower()
    if ending == ".pdf":
        from goodoffices.formats.text_pdf import text_pdf

        return text_pdf(views, text_hash(views), title=name, language=Language(language), at=when)
    if ending == ".html":
        return text_page(views, title=name, language=Language(language))
    if len(views) > 1:
        raise InputError(Fault(str(out), "", "FILES", f"{len(views)} languages", f"one language for {ending}"))
    if ending == ".docx":
        from goodoffices.formats.text_docx import text_docx

        return text_docx(first, title=name)
    if ending == ".xml":
        from goodoffices.formats.text_akn import text_akn

        return text_akn(first, name=out.stem, language=first_language, on=when.date())
    raise InputError(Fault(str(out), "", "--out", ending or "no ending", ".docx, .pdf, .xml or .html"))


def text_page(views: Mapping[str, Document], *, title: str, language: Language) -> str:
    """Write the page of a text: languages facing, then what is open in the first, and the count of brackets."""
    from goodoffices.formats.text_page import STYLE, bracket_bars, clauses, open_table
    from goodoffices.formats.text_pdf import NAMES

    words = Words("talks", language)
    first = next(iter(views.values()))
    places = [(p.clause, p.why.value, p.wordings, p.waits_for) for p in open_places(first)]
    columns = [
        tag("div", tag("h2", NAMES.get(code, code)), clauses(view, words), lang=code if code in NAMES else None)
        for code, view in views.items()
    ]
    version = f"{words('version')} {first.value('version')}".strip()
    body = join(
        [
            tag("h1", title),
            tag("p", words("lead"), class_="lead"),
            tag("section", open_table(places, words), class_="card"),
            tag(
                "section",
                tag("h2", words("counts")),
                bracket_bars({version: bracket_counts(first)}, words),
                class_="card",
            ),
            tag("section", tag("div", *columns, class_="facing"), class_="card"),
        ]
    )
    return render(Page(title, Html(body), language, f"SHA-256 {text_hash(views)}", STYLE))
