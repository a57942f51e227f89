"""What the next publication holds: figures whose owners have lifted the embargo, small ones pooled or waiting."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.ids import new_id
from goodoffices.desk.results import selectors
from goodoffices.desk.results.models import Assertion as Row
from goodoffices.desk.results.models import Publication
from goodoffices.desk.results.selectors import must_lift, subject_of
from goodoffices.domain.assertion import Assertion, AssertionKind, Certainty, Standing
from goodoffices.domain.canonical import Json
from goodoffices.domain.commitment import Bound, Moved
from goodoffices.domain.process import Process
from goodoffices.flow.publish import Block, Cell, Table, publish
from goodoffices.formats.results_assertions import assertion_of, json_of

_TOTALS = {AssertionKind.FINDING, AssertionKind.CUMULATIVE}


@dataclass(frozen=True, slots=True)
class Draft:
    """The next publication, not yet made.

    Attributes
    ----------
    content
        What the public would read.
    blocks
        Which movements are published together, and as what; not for the public.
    fresh
        Attested figures that were not public before, or changed.
    gone
        Identifiers of figures that are public now and would no longer be.
    waiting
        Subjects that are free to be published and too small to be shown yet.
    held
        Subjects whose embargo is not lifted.
    """

    content: dict[str, Json]
    blocks: list[Json]
    fresh: tuple[Assertion, ...]
    gone: tuple[str, ...]
    waiting: tuple[str, ...]
    held: tuple[str, ...]


def draft(now: dt.datetime) -> Draft:
    """Compute the next publication as of a moment."""
    process = selectors.talks()
    lifted, closed = selectors.lifted(), selectors.embargoed(now)
    groups: dict[str, list[Assertion]] = defaultdict(list)
    held: set[str] = set()
    for a in selectors.attested():
        if not _is_figure(a):
            continue
        subject = subject_of(a)
        if (a.commitment or "*") in closed or "*" in closed:
            held.add(subject)
        elif all((side, subject) in lifted for side in must_lift(a, process)):
            groups[subject].append(a)
        else:
            held.add(subject)
    told = {subject: _latest(said) for subject, said in groups.items()}
    before = [_table(p) for p in Publication.objects.order_by("number")]
    public: dict[str, set[int | None]] = defaultdict(set)
    for row in Row.objects.exclude(standing=Standing.ATTESTED).exclude(movement=""):
        public[row.movement].add(row.quantity if row.bound == Bound.EXACT else None)
    cells = [_cell(subject, said, public) for subject, said in told.items()]
    table = publish(cells, before, smallest=process.rules.smallest_published_count)
    return _draft(table, told, held, process)


def _is_figure(a: Assertion) -> bool:
    counts = a.movement is not None or a.kind in _TOTALS
    return counts and a.quantity is not None and a.bound is Bound.EXACT


def _latest(said: Sequence[Assertion]) -> list[Assertion]:
    """Keep the latest of each party's totals; of a movement, every party's figure."""
    last: dict[str, Assertion] = {}
    for a in sorted(said, key=lambda a: (a.date, a.id)):
        last[a.party] = a
    return [last[party] for party in sorted(last)]


def _cell(subject: str, said: Sequence[Assertion], public: Mapping[str, set[int | None]]) -> Cell:
    first = said[0]
    ends = f"{first.direction.giver}>{first.direction.receiver}" if first.direction else ""
    figures = tuple((a.party, a.quantity or 0) for a in said)
    stated = public.get(subject, set())
    total = first.movement is None
    return Cell(
        subject,
        (subject if total else f"{first.unit}|{ends}", first.commitment or "", first.category or ""),
        figures,
        is_public=bool(stated) and {figure for _, figure in figures} <= stated,
        is_alone=bool(stated) or total,
        is_dated=total,
    )


def _table(publication: Publication) -> Table:
    return tuple(
        Block(tuple(block["cells"]), tuple((party, figure) for party, figure in block["figures"].items()))
        for block in publication.blocks
    )


def _draft(table: Table, told: Mapping[str, Sequence[Assertion]], held: set[str], process: Process) -> Draft:
    last = selectors.last_publication()
    number = last.number + 1 if last else 1
    known = {value["id"]: value for value in (last.content["assertions"] if last else [])}
    kept = {tuple(block["cells"]): block for block in (last.blocks if last else [])}
    names = {one.said.id: one.statement for one in selectors.attestations()}
    blocks: list[Json] = []
    shown: dict[str, dict[str, Json]] = {}
    for block in table:
        before = kept.get(block.cells)
        if before is not None and before["figures"] == dict(block.figures):
            mark = before["mark"]
            made = [known[name] for name in before["assertions"]]
        else:
            mark = before["mark"] if before is not None else new_id()
            made = [json_of(a) for a in _published(block, told, mark, number=number)]
        blocks.append(
            {
                "cells": list(block.cells),
                "figures": dict(block.figures),
                "assertions": [one["id"] for one in made],
                "mark": mark,
            }
        )
        shown |= {one["id"]: one for one in made}
    content: dict[str, Json] = {
        "process": process.id,
        "number": number,
        "smallest": process.rules.smallest_published_count,
        "assertions": [shown[name] for name in sorted(shown)],
        "statements": {name: names[name] for name in sorted(shown) if name in names},
    }
    changed = [assertion_of(value) for name, value in shown.items() if known.get(name) != value]
    fresh = tuple(sorted(changed, key=lambda a: (a.date, a.movement or "", a.party)))
    placed = {name for block in table for name in block.cells}
    return Draft(
        content,
        blocks,
        fresh,
        tuple(sorted(set(known) - set(shown))),
        tuple(sorted(set(told) - placed)),
        tuple(sorted(held)),
    )


def _published(block: Block, told: Mapping[str, Sequence[Assertion]], mark: str, *, number: int) -> list[Assertion]:
    """Give the assertions that a block shows: those made, without remarks, or one sum a party."""
    if len(block.cells) == 1:
        return [_plain(a) for a in told[block.cells[0]] if a.party in dict(block.figures)]
    return [_pooled(mark, party, figure, block, told, number=number) for party, figure in block.figures]


def _plain(a: Assertion) -> Assertion:
    return replace(a, note=None, speaker=None, supersedes=None)


def _pooled(
    mark: str, party: str, figure: int, block: Block, told: Mapping[str, Sequence[Assertion]], *, number: int
) -> Assertion:
    said = [a for name in block.cells for a in told[name] if a.party == party]
    categories = {a.category for a in said}
    commitments, scopes = {a.commitment for a in said}, {a.scope for a in said}
    mixed = None if None in categories else Moved.MIXED
    return Assertion(
        id=f"together-{mark}-{party}-{number}",
        kind=AssertionKind.MOVEMENT,
        movement=f"together-{mark}",
        date=max(a.date for a in said),
        party=party,
        organ=say("desk_results", "en", "organ_several"),
        speaker=None,
        direction=said[0].direction,
        unit=said[0].unit,
        category=said[0].category if len(categories) == 1 else mixed,
        quantity=figure,
        bound=Bound.EXACT,
        commitment=said[0].commitment if len(commitments) == 1 else None,
        standing=Standing.ATTESTED,
        scope=said[0].scope if len(scopes) == 1 else None,
        certainty=Certainty.HIGH,
        source=f"publication {number}",
        note=None,
        supersedes=None,
    )
