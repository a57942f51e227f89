"""Lists for the day of the exchange: one side's people by leg and place of detention, as PDF in four languages."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping

import polars as pl

from goodoffices.domain.plan import Plan
from goodoffices.domain.ranks import rank_of
from goodoffices.formats.exchange_words import heading
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.frame import Frame, Sheet, printed
from goodoffices.formats.words import Language, Words

Row = dict[str, str | None]

_HANDS = ("handed_by", "received_by", "counted_by")


def lists_pdf(
    plan: Plan,
    records: pl.DataFrame,
    *,
    side: str,
    language: Language,
    on: dt.date,
    frame: Frame | None = None,
) -> bytes:
    """Print whom one side releases, a section per leg and place, as tagged PDF (PDF/UA-1).

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
    frame
        What stands around it; nothing of a process if it is not given.

    Returns
    -------
    bytes
        The PDF; the same for equal input.
    """
    words = Words("exchange", language)
    rows = {row["ref"]: row for row in records.iter_rows(named=True)}
    blocks = [b.lead(words("print_secret")), b.lead(words("print_rule", on=words.date(on)))]
    for at, (number, place, refs) in enumerate(_sections(plan, rows, side)):
        heads = {ref: heading(plan.legs[number].heading[side][ref], words) for ref in refs}
        blocks += [] if at == 0 else [b.leaf()]
        blocks += [
            b.head(f"{words('leg')} {plan.legs[number].number} · {words('site')}: {place}"),
            b.plain(words("print_count", n=len(refs))),
            b.listing(
                _columns(words),
                [[str(n), b.code(ref), *_cells(rows[ref], words), heads[ref], b.BOX] for n, ref in enumerate(refs, 1)],
                height="dense",
                size=88,
            ),
            b.signs([(words(f"print_{name}"), "") for name in _HANDS], b.Tongues(Words("print", language))),
        ]
    sheet = Sheet(
        title=f"{words('print_title')}: {words('releases', side=side)}",
        frame=frame or Frame("", "", None, ()),
        language=language,
        blocks=tuple(blocks),
        sha256=plan.terms_sha256,
    )
    return printed([sheet])


def _sections(plan: Plan, rows: Mapping[str, Row], side: str) -> Iterator[tuple[int, str, list[str]]]:
    """Give the people of one place of detention in one leg: index of the leg, place, references."""
    for at, leg in enumerate(plan.legs):
        places: defaultdict[str, list[str]] = defaultdict(list)
        for ref in leg.release.get(side, ()):
            places[rows[ref]["held_at"] or "—"].append(ref)
        for place, refs in sorted(places.items()):
            yield at, place, refs


def _columns(words: Words) -> list[b.Column]:
    return [
        b.Column(words("print_no"), 9, align="right"),
        b.Column(words("print_ref"), 23),
        b.Column(words("print_name"), 10, share=True),
        b.Column(words("print_born"), 22),
        b.Column(words("print_rank"), 27),
        b.Column(words("heading"), 10, share=True),
        b.Column(words("print_boarded"), 20, align="center"),
    ]


def _cells(row: Row, words: Words) -> list[str]:
    name = row["full_name"] or " ".join(part for part in (row["surname"], row["given_name"], row["patronymic"]) if part)
    rank = rank_of(row["rank"] or "")
    return [name, row["birth_date"] or "", (row["rank"] or "") if rank is None else words(f"rank_{rank.value}")]
