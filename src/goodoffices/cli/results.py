"""goodoffices results: promised, stated, confirmed, withheld; as a table, a page, a workbook or JSON."""

from __future__ import annotations

import gc
from pathlib import Path

import click

_HELP = """What was promised, what each side states, what is confirmed, what differs and what is withheld.

Without PROCESS.json the example shipped with the package is used: the public record of the Istanbul talks of 2025.

Example: goodoffices results --html results.html --language uk"""

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(help=_HELP)
@click.argument("process", type=_FILE, required=False)
@click.option("--html", type=_FILE, help="Write one self-contained page.")
@click.option("--xlsx", type=_FILE, help="Write a workbook: commitments, movements, assertions.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the table.")
@click.option(
    "--language",
    type=click.Choice(["en", "uk", "ru", "tr"]),
    default="en",
    show_default=True,
    help="Of page and table.",
)
@click.option("--texts", type=_FILE, help="Unofficial translations of the file's own texts (TOML).")
def command(
    process: Path | None, html: Path | None, xlsx: Path | None, as_json: bool, language: str, texts: Path | None
) -> None:
    """Read a process file, compute its results and show or write them."""
    from goodoffices.domain.canonical import sha256_hex
    from goodoffices.flow.result import overall, results
    from goodoffices.formats.process import read_process
    from goodoffices.formats.results_json import results_json
    from goodoffices.formats.results_page import Origin, results_page
    from goodoffices.formats.results_phrases import Phrases
    from goodoffices.formats.results_sheet import results_sheet
    from goodoffices.formats.results_text import results_text
    from goodoffices.formats.texts import read_texts
    from goodoffices.formats.words import Language
    from goodoffices.store.example import EXAMPLE, TEXTS, example_process, example_texts
    from goodoffices.store.write import read_bytes, write_whole

    data = example_process() if process is None else read_bytes(process)
    name = EXAMPLE if process is None else str(process)
    talks = read_process(data, name)
    gc.freeze()  # what was read stays; a large record need not be walked again and again
    found = results(talks)
    tongue = Language(language)
    translated = read_bytes(texts) if texts is not None else example_texts() if process is None else None
    known = read_texts(translated, tongue, file=str(texts or TEXTS)) if translated is not None else None
    phrases = Phrases(talks, tongue, known)
    if process is None:
        click.echo(phrases.words("example_used"), err=True)
    if html is not None:
        origin = Origin(name if process is None else process.name, sha256_hex(data))
        write_whole(html, results_page(talks, found, phrases, overall=overall(talks, found), origin=origin))
    if xlsx is not None:
        write_whole(xlsx, results_sheet(talks, found, phrases))
    if as_json:
        click.echo(results_json(talks, found), nl=False)
    else:
        click.echo(results_text(talks, found, phrases), nl=False)
