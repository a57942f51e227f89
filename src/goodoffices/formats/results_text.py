"""Results as a table for a terminal of a hundred columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from goodoffices.domain.commitment import Direction, Unit
from goodoffices.domain.process import Process, Role
from goodoffices.domain.result import CommitmentResult, Movement, MovementStatus, Result, Stated
from goodoffices.formats.results_phrases import Phrases
from goodoffices.formats.words import number

WIDTH = 100


def results_text(process: Process, result: Result, phrases: Phrases) -> str:
    """Write results for a terminal: per commitment who says what, what is confirmed, what differs, what is withheld."""
    words = phrases.words
    lines = [f"{phrases.text(process.name)} · {words('as_of', date=words.date(process.as_of))}", ""]
    lines += [words("strip_title", n=len(result.movements))]
    for status in MovementStatus:
        count = result.counts[status]
        shown = number(count) if count else words("none")
        row = f"  {words(f'status_{status}'):<18} {shown:>8}   "
        lines += _wrap(words(f"mean_{status}"), row, " " * len(row))
    for commitment in result.commitments:
        lines += ["", *_commitment(commitment, result, phrases)]
    if result.unascribed:
        lines += ["", words("unascribed")]
        for direction, unit in dict.fromkeys((line.direction, line.unit) for line in result.unascribed):
            lines += _direction(direction, unit, result.unascribed, phrases)
    lines += ["", *_differences(result, phrases), *_transfers(result, phrases)]
    return "\n".join(lines).rstrip() + "\n"


def _commitment(c: CommitmentResult, result: Result, phrases: Phrases) -> Iterator[str]:
    words = phrases.words
    promise = c.commitment
    state = f"{words(f'state_{promise.state}')} {words.date(promise.date, 'd MMM y')}"
    tags = [state, words(f"commitment_{c.status}"), *([words("disputed")] if c.disputed else [])]
    yield from _wrap(f"{promise.id}  {phrases.text(promise.title)}  [{' · '.join(tags)}]", "", "    ")
    yield from _wrap(f"{words('promised')}: {phrases.promise(promise)}", "    ", "      ")
    if c.disputed or not c.stated:
        for party, reading in promise.readings:
            text = words("no_reading") if reading is None else phrases.text(reading.text)
            yield from _wrap(f"{words('reads', party=phrases.party(party))}: {text}", "    ", "      ")
    confirmed = {(line.direction, line.unit): line.quantity for line in c.confirmed}
    for (direction, unit), quantity in confirmed.items():
        yield from _direction(direction, unit, c.stated, phrases)
        shown = words("not_confirmed") if quantity is None else number(quantity)
        yield _row(words("confirmed"), shown, "")
        beside = [m for m in result.movements if m.direction == direction and m.unit is unit and _names(m, promise.id)]
        differing = [m for m in beside if m.status is MovementStatus.DIFFER]
        for m in differing:
            yield _row(words("difference"), words("differ_by", n=m.spread), words.date(m.date))


def _names(movement: Movement, commitment: str) -> bool:
    return any(a.commitment == commitment for a in movement.told)


def _direction(direction: Direction, unit: Unit, stated: tuple[Stated, ...], phrases: Phrases) -> Iterator[str]:
    yield from _wrap(f"{phrases.direction(direction)}: {phrases.unit(unit)}", "    ", "      ")
    told = {line.party: line for line in stated if (line.direction, line.unit) == (direction, unit)}
    for party in dict.fromkeys([direction.receiver, direction.giver, *told]):
        line = told.get(party)
        yield _row(phrases.party(party), phrases.sum(line), phrases.coverage(line))
        if line is not None:
            for extra in filter(None, [phrases.parts(line), *(phrases.total(a) for a in line.totals)]):
                yield from _wrap(extra, " " * 10, " " * 12)


def _row(who: str, figure: str, note: str) -> str:
    row = f"      {who:<24} {figure:>20}   {note}".rstrip()
    return row if len(row) <= WIDTH else "\n".join(_wrap(row.strip(), "      ", "        "))


def _differences(result: Result, phrases: Phrases) -> Iterator[str]:
    words = phrases.words
    differing = [m for m in result.movements if m.status is MovementStatus.DIFFER]
    if not differing and not result.divergences:
        return
    yield words("nav_differences")
    for divergence in result.divergences:
        for a in divergence.totals:
            yield from _wrap(f"{phrases.party(a.party)}: {phrases.total(a)}", "    ", "      ")
        dates = ", ".join(words.date(m.date) for m in divergence.movements)
        key = "div_found" if divergence.found else "div_open"
        yield from _wrap(words(key, n=divergence.spread, date=dates), "    ", "      ")
    for m in differing:
        ends = ((m.direction.giver, Role.GIVER), (m.direction.receiver, Role.RECEIVER))
        sides = [f"{phrases.party(party)} {phrases.said(m, role)}" for party, role in ends]
        text = f"{words.date(m.date)}, {phrases.unit(m.unit)}: {', '.join(sides)}; {phrases.status(m)}"
        yield from _wrap(text, "    ", "      ")
    yield ""


def _transfers(result: Result, phrases: Phrases) -> Iterator[str]:
    words = phrases.words
    for transfer in result.transfers:
        staged = transfer.transfer.staged
        when = words.date(staged.first) if staged is not None else transfer.transfer.id
        yield from _wrap(words("transfer_title", date=when), "", "  ")
        for c in transfer.conditions:
            held = ("none", "one", "both")[len(c.accepted_by)]
            yield f"    {words(f'accepted_{held}', condition=words(f'condition_{c.condition}'))}"


def _wrap(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False)
