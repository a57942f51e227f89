"""goodoffices text: the single negotiating text shown, viewed, compared, exported."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path

import click

from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.text import Document, plain
from goodoffices.store.write import read_bytes, write_whole

LANGUAGES = click.Choice(["en", "uk", "ru", "tr"])
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group(name="text")
def command() -> None:
    """Show, compare and export the single negotiating text.

    Example: goodoffices text view talks.en.txt --as A
    """


@command.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="Print what was understood as JSON.")
@click.option(
    "--from-docx", is_flag=True, help="FILE is a DOCX, or plain text without the notation: print a first version."
)
def show(file: Path, *, as_json: bool, from_docx: bool) -> None:
    """Parse a text and print it back, or name every fault by line and column.

    Example: goodoffices text show talks.en.txt
    """
    from goodoffices.engines.talks.text import unparse
    from goodoffices.engines.talks.views import bracket_counts, is_clean

    document = _import(file) if from_docx else _read(file)
    if as_json:
        clauses = [{"id": clause.id, "plain": plain(clause.wording)} for clause in document.clauses]
        _json(
            {"file": str(file), "parties": list(document.parties), "clean": is_clean(document)}
            | {"brackets": bracket_counts(document), "clauses": clauses}
        )
    else:
        click.echo(unparse(document), nl=False)


@command.command()
@click.argument("file", type=FILE)
@click.option("--as", "party", help="The text as this party would sign it; its own untabled wordings among it.")
@click.option("--for", "reader", help="Every tabled wording, as this party may see it; chair for the chair.")
@click.option("--open", "only_open", is_flag=True, help="What is open, why, and whom it waits for.")
@click.option("--json", "as_json", is_flag=True, help="Print the view as JSON.")
def view(file: Path, *, party: str | None, reader: str | None, only_open: bool, as_json: bool) -> None:
    """Show the text to one reader: as it is negotiated, or as one side would sign it.

    Example: goodoffices text view talks.en.txt --as A
    """
    from goodoffices.engines.talks.text import unparse
    from goodoffices.engines.talks.views import negotiating_view, open_places, signing_view

    document = _read(file)
    _known(document, file, party, reader)
    if party is not None:
        signed = signing_view(document, party)
        if as_json:
            _json(
                {"party": party, "clean": signed.clean, "blanks": list(signed.blanks), "clauses": dict(signed.clauses)}
            )
            return
        for name, text in signed.clauses:
            click.echo(f"{name} {text}")
        state = "clean" if signed.clean else "not clean"
        click.echo(f"-- {state}; {party} holds no wording in: {', '.join(signed.blanks) or 'nothing'}", err=True)
        return
    seen = negotiating_view(document, reader)
    if as_json or only_open:
        places = [
            {"clause": p.clause, "place": p.place, "why": p.why.value, "waits_for": list(p.waits_for)}
            | {"wordings": [{"text": text, "holders": list(who)} for text, who in p.wordings]}
            for p in open_places(seen)
        ]
        _json({"open": places}) if as_json else _print_open(places)
        return
    click.echo(unparse(seen), nl=False)


@command.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option("--for", "reader", help="Compare what this party may see; without it, what everyone may see.")
@click.option("--languages", is_flag=True, help="OLD and NEW are two languages of one version: say where they diverge.")
@click.option("--language", type=LANGUAGES, default="en", show_default=True, help="Of the words.")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@click.pass_context
def diff(
    ctx: click.Context, old: Path, new: Path, *, reader: str | None, languages: bool, language: str, as_json: bool
) -> None:
    """Say what changed between two versions, clause by clause; exit 1 where two languages diverge.

    Example: goodoffices text diff talks-6.en.txt talks-7.en.txt
    """
    from goodoffices.cli.text_words import alarm_lines, change_lines
    from goodoffices.engines.talks.align import alarms
    from goodoffices.engines.talks.diff import diff as compare
    from goodoffices.engines.talks.views import negotiating_view
    from goodoffices.formats.words import Language, Words

    words = Words("talks", Language(language))
    before, after = _read(old), _read(new)
    _known(before, old, reader)
    before, after = negotiating_view(before, reader), negotiating_view(after, reader)
    if languages:
        names = [d.value("language") or str(path) for d, path in ((before, old), (after, new))]
        found = alarms(dict(zip(names, (before, after), strict=True)))
        if as_json:
            _json({"alarms": [dataclasses.asdict(alarm) for alarm in found]})
        else:
            click.echo("\n".join(alarm_lines(found, words)))
        ctx.exit(1 if found else 0)
    changed = compare(before, after)
    if as_json:
        _json({"clauses": [dataclasses.asdict(clause) for clause in changed]})
    else:
        click.echo("\n".join(change_lines(changed, words)))


@command.command()
@click.argument("files", type=FILE, nargs=-1, required=True)
@click.option("--out", type=FILE, required=True, help="By its ending: .docx, .pdf, .xml (Akoma Ntoso 3.0) or .html.")
@click.option("--for", "reader", help="Export what this party may see; without it, what everyone may see.")
@click.option("--title", help="Title of the document; the text's own @title else.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of the version; today else.")
@click.option("--language", type=LANGUAGES, default="en", show_default=True, help="Of the labels.")
def export(
    files: tuple[Path, ...], *, out: Path, reader: str | None, title: str | None, on: dt.datetime | None, language: str
) -> None:
    """Write the text as DOCX, PDF (languages facing), Akoma Ntoso or a page. Untabled wordings stay out.

    Example: goodoffices text export talks.en.txt talks.uk.txt --out talks.pdf
    """
    from goodoffices.cli.text_words import exported

    texts = {path: _read(path) for path in files}
    for path, document in texts.items():
        _known(document, path, reader)
    when = (on or dt.datetime.now(dt.UTC)).replace(tzinfo=dt.UTC)
    write_whole(out, exported(texts, out=out, reader=reader, title=title, when=when, language=language))
    click.echo(f"{out} written", err=True)


def _read(path: Path) -> Document:
    from goodoffices.engines.talks.text import parse

    return parse(_decoded(path, read_bytes(path)), file=str(path))


def _import(path: Path) -> Document:
    from goodoffices.engines.talks.text import parse
    from goodoffices.formats.text_docx import docx_lines, plain_lines

    data = read_bytes(path)
    lines = docx_lines(data, file=str(path)) if data.startswith(b"PK") else plain_lines(_decoded(path, data))
    return parse(lines, file=str(path))


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(Fault(str(path), f"byte {error.start}", "", f"0x{data[error.start]:02x}", "UTF-8")) from error


def _known(document: Document, path: Path, *parties: str | None) -> None:
    for party in parties:
        if party is not None and party not in (*document.parties, "chair"):
            raise InputError(Fault(str(path), "", "party", party, f"one of {', '.join(document.parties)}, chair"))


def _print_open(places: list[dict[str, object]]) -> None:
    for place in places:
        waits = place["waits_for"]
        tail = f"; waits for {', '.join(waits)}" if isinstance(waits, list) and waits else ""
        click.echo(f"{place['clause']} ({place['why']}{tail})")
        wordings = place["wordings"]
        for wording in wordings if isinstance(wordings, list) else []:
            click.echo(f"    {wording['text'] or '(delete)'}  -- {', '.join(wording['holders'])}")
    click.echo(f"-- {len(places)} open", err=True)


def _json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
