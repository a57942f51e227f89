"""Long work of pairs: the linkage of two lists, on the fields that were released and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

import numpy as np
import polars as pl
from django.db import transaction
from django.utils import timezone

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.work import Progress, work
from goodoffices.desk.lists.models import ListVersion, Record
from goodoffices.desk.lists.records import frame_of, opened
from goodoffices.desk.lists.selectors import versions_seen
from goodoffices.desk.pairs.models import Pair, Run
from goodoffices.desk.pairs.selectors import is_open
from goodoffices.desk.pairs.services import LINK
from goodoffices.domain.errors import CancelledError
from goodoffices.domain.evidence import odds_bits
from goodoffices.engines.linkage import FIELDS, TIES, Judgement, Linkage, Options, link
from goodoffices.engines.linkage.resolve import LINK as LINK_FROM
from goodoffices.engines.linkage.work import Task

BATCH = 1_000
SEED = 0
_T = TypeVar("_T")
Given = Mapping[str, object]


def register() -> None:
    """Make the work known to the worker."""
    work(LINK)(link_lists)


class _Telling:
    """Does the heavy passes slice by slice and tells of each, so that the lease holds and a cancel is heard."""

    def __init__(self, progress: Progress, records: int) -> None:
        self.slices = max(1, min(64, records // 4_000))
        self._progress = progress
        self._stage = "blocking"

    def say(self, stage: str) -> None:
        self._stage = stage
        self._progress.tell(stage)

    def __call__(self, do: Callable[[Task], _T], tasks: Sequence[Task]) -> list[_T]:
        out = []
        for number, task in enumerate(tasks, 1):
            out.append(do(task))
            self._progress.tell(self._stage, number, len(tasks))
        return out


def link_lists(given: Given, progress: Progress) -> tuple[Mapping[str, object], str]:
    """Link; pairs are written batch by batch and seen only once the run is marked done, in the last transaction.

    Raises
    ------
    CancelledError
        If a field of it is released no more: a job may begin, or be taken up again, long after it was asked for.
    """
    run = Run.objects.select_related("left__list", "right__list", "asked_by").get(id=given["run"])
    address = f"/pairs?run={run.id}"
    if run.is_done:
        return {}, address
    _need_open(run)
    while leftover := list(Pair.objects.filter(run=run).values_list("id", flat=True)[:BATCH]):
        progress.tell("clearing")
        Pair.objects.filter(id__in=leftover).delete()
    progress.tell("reading")
    left, left_keys = _frame(run.left, run.left_fields)
    right, right_keys = _frame(run.right, run.right_fields)
    teller = _Telling(progress, left.height)
    judged = _judged(run)
    linkage = link(
        left,
        right,
        rng=np.random.default_rng(SEED),
        options=Options(judgements=tuple(Judgement(*two, pair.state == "same") for two, pair in judged.items())),
        spread=teller,
        say=teller.say,
    )
    total = int(linkage.pairs.bits.size)
    rows, done = _rows(run, linkage, (left_keys, right_keys), judged), 0
    while batch := list(islice(rows, BATCH)):
        Pair.objects.bulk_create(batch)
        done += len(batch)
        progress.tell("storing", done, total)
    _need_open(run)
    with transaction.atomic():
        fresh = Run.objects.select_for_update().get(id=run.id)
        fresh.is_done, fresh.pairs = True, total
        fresh.notes = [[note.value, value] for note, value in linkage.notes]
        fresh.save(update_fields=["is_done", "pairs", "notes"])
    return {"pairs": total}, address


def _need_open(run: Run) -> None:
    """Refuse to go on once a side has taken back, or let end, what is compared.

    Raises
    ------
    CancelledError
        If so; nothing that was found stays.
    """
    by = Viewer(Role(run.asked_by.role), run.owner, run.asked_by_id)
    open_ = {seen.version.id: seen for seen in versions_seen(by, timezone.now())}
    left, right = open_.get(run.left_id), open_.get(run.right_id)
    if left is None or right is None or not is_open(run, left, right):
        Pair.objects.filter(run=run).delete()
        raise CancelledError(run.job)


def _frame(version: ListVersion, fields: Sequence[str]) -> tuple[pl.DataFrame, list[str]]:
    """Give a version as the engine's table, released fields alone; records are named by their keys, not by `ref`."""
    keys, lines = [], []
    for key, line in opened(version):
        keys.append(key)
        lines.append({**line, "ref": key})
    return frame_of(lines, ["ref", *(field for field in fields if field != "ref")]), keys


def _judged(run: Run) -> dict[tuple[str, str], Pair]:
    """Give what was decided on the same records in earlier runs of the two lists, whatever their version.

    A record is the same if reference, name and birth date are; they are compared blind.
    """
    left, right = _blind(run.left), _blind(run.right)
    found: dict[tuple[str, str], Pair] = {}
    before = Pair.objects.filter(run__left__list=run.left.list, run__right__list=run.right.list, run__is_done=True)
    for pair in before.filter(state__in=["same", "other"]).select_related("left", "right").order_by("run__asked_at"):
        one, two = left.get(_face(pair.left)), right.get(_face(pair.right))
        if one and two:
            found[one, two] = pair
    return found


def _face(record: Record) -> tuple[bytes, bytes, bytes]:
    return bytes(record.blind_ref), bytes(record.blind_name), bytes(record.blind_birth)


def _blind(version: ListVersion) -> dict[tuple[bytes, bytes, bytes], str]:
    names = ("blind_ref", "blind_name", "blind_birth", "id")
    rows = Record.objects.filter(version=version).values_list(*names).iterator(chunk_size=5_000)
    return {(bytes(ref), bytes(name), bytes(birth)): key for ref, name, birth, key in rows}


def _rows(
    run: Run, linkage: Linkage, keys: tuple[Sequence[str], Sequence[str]], judged: Mapping[tuple[str, str], Pair]
) -> Iterator[Pair]:
    """Give the pairs to be stored; what was decided on them before stands on them again."""
    threshold = odds_bits(LINK_FROM)
    pairs = linkage.pairs
    for at in range(pairs.bits.size):
        evidence = linkage.evidence(at)
        told = {reason.field for reason in evidence.reasons}
        bits = float(pairs.bits[at])
        left, right = keys[0][pairs.left[at]], keys[1][pairs.right[at]]
        before = judged.get((left, right))
        yield Pair(
            id=new_id(),
            run=run,
            owner=run.owner,
            left_id=left,
            right_id=right,
            bits=bits,
            probability=min(1.0, float(pairs.probability[at])),
            relative=min(1.0, max(0.0, float(pairs.relative[at]))),
            tie=TIES[pairs.tie[at]].code,
            verdict=str(pairs.verdict[at]),
            distance=abs(bits - threshold),
            state=before.state if before else "waiting",
            answer=before.answer if before else "",
            previous=before,
            reasons={
                "steps": [[reason.field, round(reason.bits, 4), reason.code] for reason in evidence.reasons],
                "missing": [field.name for field in FIELDS if field.name not in told],
            },
        )
