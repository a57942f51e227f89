"""What stands beside a plan: sheets per side, printable lists, the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from goodoffices.cli.exchange.files import Desk
from goodoffices.domain.lists import COLUMNS
from goodoffices.domain.plan import Plan
from goodoffices.engines.exchange.options import Price
from goodoffices.formats.exchange_page import plan_page
from goodoffices.formats.exchange_print import lists_pdf
from goodoffices.formats.exchange_words import heading
from goodoffices.formats.sheet import Rows, workbook
from goodoffices.formats.words import Language, Words
from goodoffices.store.write import write_whole

_RECEIVED = ("ref", "surname", "given_name", "patronymic", "full_name", "sex", "birth_date", "rank", "unit", "health")
"""What the receiving side is told of its own people who return: enough to meet and to treat them."""


def write_outputs(out: Path, plan: Plan, desk: Desk, *, prices: Sequence[Price], language: Language) -> None:
    """Write sheets and the page beside a plan.

    Each side gets two sheets of its own: whom it holds and releases, with every field of its own list;
    and whom it receives, its own people, with the fields needed at the gate.
    """
    first, second = desk.terms.sides
    for side, other in ((first, second), (second, first)):
        releases = _sheets(plan, desk.lists[side], side, COLUMNS, language)
        receives = _sheets(plan, desk.lists[other], other, _RECEIVED, language)
        write_whole(out.with_name(f"{out.stem}.{side}.releases.xlsx"), workbook(releases))
        write_whole(out.with_name(f"{out.stem}.{side}.receives.xlsx"), workbook(receives))
    write_whole(out.with_suffix(".html"), plan_page(plan, prices=prices, language=language))


def write_prints(
    folder: Path, plan: Plan, desk: Desk, *, sides: Sequence[str], languages: Sequence[Language], name: str
) -> list[Path]:
    """Write whom each side releases by leg and place, a PDF per side and language; each goes to its holder."""
    written = []
    for side in sides:
        for language in languages:
            path = folder / f"{name}.{side}.{language.value}.pdf"
            write_whole(path, lists_pdf(plan, desk.lists[side], side=side, language=language, on=desk.terms.on))
            written.append(path)
    return written


def _sheets(
    plan: Plan, records: pl.DataFrame, side: str, columns: Sequence[str], language: Language
) -> dict[str, Rows]:
    words = Words("exchange", language)
    rows = {row[0]: row for row in records.select("ref", *(name for name in columns if name != "ref")).iter_rows()}
    order = ["ref", *(name for name in columns if name != "ref")]
    return {
        words("sheet_releases", n=leg.number): Rows(
            ("heading", *order),
            [(heading(leg.heading[side][ref], words), *rows[ref]) for ref in leg.release.get(side, ())],
        )
        for leg in plan.legs
    }
