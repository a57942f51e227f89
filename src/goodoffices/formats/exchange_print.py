"""Lists for the day of the exchange: one side's people by leg and place of detention, as PDF in four languages."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from importlib.resources import files

import polars as pl
import typst

from goodoffices.domain.plan import Plan
from goodoffices.domain.ranks import rank_of
from goodoffices.formats.exchange_words import heading
from goodoffices.formats.words import Language, Words


def lists_pdf(plan: Plan, records: pl.DataFrame, *, side: str, language: Language, on: dt.date) -> bytes:
    """Print whom one side releases, a section per leg and place, as tagged PDF.

    Parameters
    ----------
    plan
        The plan.
    records
        The side's own list, as `RECORDS`.
    side
        Who holds and releases the people.
    language
        Of the labels; names stay as the list writes them.
    on
        The day on which ages are counted.

    Returns
    -------
    bytes
        The PDF; the same for equal input.
    """
    words = Words("exchange", language)
    rows = {row["ref"]: row for row in records.iter_rows(named=True)}
    title = words("print_title")
    sections = []
    for leg in plan.legs:
        places: defaultdict[str, list[str]] = defaultdict(list)
        for ref in leg.release.get(side, ()):
            places[rows[ref]["held_at"] or "—"].append(ref)
        for place, refs in sorted(places.items()):
            sections.append(
                {
                    "title": f"{title} · {words('leg')} {leg.number} · {words('releases', side=side)}",
                    "place": f"{words('site')}: {place}",
                    "count": words("print_count", n=len(refs)),
                    "rows": [
                        [str(number), ref, *_cells(rows[ref], words), heading(leg.heading[side][ref], words)]
                        for number, ref in enumerate(refs, 1)
                    ],
                }
            )
    names = ("print_no", "print_ref", "print_name", "print_born", "print_rank", "heading", "print_boarded")
    data = {
        "title": title,
        "language": language.value,
        "rule": words("print_rule", on=words.date(on)),
        "secret": words("print_secret"),
        "signed": words("print_signed"),
        "terms_label": "SHA-256",
        "terms": plan.terms_sha256,
        "columns": [words(name) for name in names],
        "sections": sections,
    }
    template = (files("goodoffices.formats") / "print" / "exchange.typ").read_bytes()
    return typst.compile(
        template,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        ignore_system_fonts=True,
        timestamp=int(dt.datetime(on.year, on.month, on.day, tzinfo=dt.UTC).timestamp()),
    )


def _cells(row: dict[str, str | None], words: Words) -> list[str]:
    name = row["full_name"] or " ".join(part for part in (row["surname"], row["given_name"], row["patronymic"]) if part)
    rank = rank_of(row["rank"] or "")
    return [name, row["birth_date"] or "", (row["rank"] or "") if rank is None else words(f"rank_{rank.value}")]
