"""goodoffices lists: read what a side sends, compare it with its last version, seal it."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path

import click

from goodoffices.domain.errors import InputError
from goodoffices.domain.lists import ListKind
from goodoffices.formats.words import Language

_FILE = click.Path(path_type=Path)
_MOST = 20

_kind = click.option("--kind", type=click.Choice([kind.value for kind in ListKind]), help="What the list states.")
_sheet = click.option("--sheet", help="The sheet to read, where several hold a list.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_all = click.option("--all", "show_all", is_flag=True, help=f"Show every line, not the first {_MOST} of a kind.")
_today = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    help="No date on the list may lie after this day; the machine's date unless given.",
)


@click.group()
def command() -> None:
    """Read lists of persons: any spreadsheet or CSV, in four languages.

    Example: goodoffices lists check held-by-a.xlsx
    """


@command.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@_kind
@_sheet
@_today
@_json
@_all
@click.option("--html", type=_FILE, help="Write what was understood as a page for the officer; it holds names.")
@click.option(
    "--language",
    type=click.Choice([language.value for language in Language]),
    default="en",
    show_default=True,
    help="Of the page.",
)
@click.pass_context
def check(
    ctx: click.Context,
    files: tuple[Path, ...],
    kind: str | None,
    sheet: str | None,
    today: dt.datetime | None,
    as_json: bool,
    show_all: bool,
    html: Path | None,
    language: str,
) -> None:
    """Read lists and report each fault by row and column; nothing is changed.

    Exits with 2 if a list cannot be accepted.

    Example: goodoffices lists check held-by-a.xlsx sought-by-b.csv
    """
    from goodoffices.formats.lists import page, report
    from goodoffices.formats.page import render
    from goodoffices.store.read import check_list
    from goodoffices.store.write import write_whole

    documents = []
    understood = []
    is_good = True
    for file in files:
        _say(f"reading {file}")
        try:
            listed = check_list(
                file, kind=ListKind(kind) if kind else None, sheet=sheet, today=today.date() if today else None
            )
        except InputError as error:
            is_good = False
            _complain(error)
            documents.append(report.refusal_as_json(str(file), error))
            continue
        is_good &= listed.is_accepted
        understood.append(listed)
        if as_json:
            documents.append(report.as_json(listed))
        else:
            click.echo("\n".join(report.summary(listed, most=sys.maxsize if show_all else _MOST)))
    if as_json:
        click.echo(json.dumps(documents[0] if len(files) == 1 else documents, ensure_ascii=False, indent=1))
    if html:
        write_whole(html, render(page.check_page(understood, Language(language))))
    ctx.exit(0 if is_good else 2)


@command.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
@_today
@_json
@_all
def diff(old: Path, new: Path, today: dt.datetime | None, as_json: bool, show_all: bool) -> None:
    """Compare two versions of a list by reference: added, gone, changed, renumbered.

    Example: goodoffices lists diff held-by-a-1.xlsx held-by-a-2.xlsx
    """
    from goodoffices.formats.lists import difference
    from goodoffices.store.read import check_list

    day = today.date() if today else None
    found = difference.compare(check_list(old, today=day), check_list(new, today=day))
    if as_json:
        click.echo(json.dumps(difference.as_json(found), ensure_ascii=False, indent=1))
        return
    click.echo("\n".join(difference.summary(found, most=sys.maxsize if show_all else _MOST)))


@command.command()
@click.argument("file", type=_FILE)
@click.option("--out", type=_FILE, required=True, help="Where the canonical CSV is written.")
@_kind
@_sheet
@_today
@_json
def seal(file: Path, out: Path, kind: str | None, sheet: str | None, today: dt.datetime | None, as_json: bool) -> None:
    """Write a list in its canonical form and print the SHA-256 that fixes it.

    A list with a fault is refused. Columns that were not understood stay outside the seal; they are named.

    Example: goodoffices lists seal held-by-a.xlsx --out held-by-a.sealed.csv
    """
    from collections import Counter

    from goodoffices.domain.canonical import sha256_hex
    from goodoffices.formats.sealed import sealed_csv
    from goodoffices.store.read import read_list
    from goodoffices.store.write import write_whole

    listed = read_list(file, kind=ListKind(kind) if kind else None, sheet=sheet, today=today.date() if today else None)
    data = sealed_csv(listed.records)
    write_whole(out, data)
    outside = Counter(name for texts in listed.others.values() for name in texts)
    digest = sha256_hex(data)
    if as_json:
        document = {"file": listed.file, "out": str(out), "sha256": digest, "rows": listed.records.height}
        click.echo(json.dumps(document | {"outside": dict(outside)}, ensure_ascii=False, indent=1))
    else:
        click.echo(f"{digest}  {out}")
    for name, number in outside.items():
        click.echo(f"not in the seal: {number} cells of {name!r}", err=True)


def _complain(error: InputError) -> None:
    for fault in error.faults:
        click.echo(f"error: {fault}", err=True)


def _say(line: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"{line} ...", err=True)
