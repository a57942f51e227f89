"""What changed from one version of a list to the next: added, gone, changed, renumbered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.lists import COLUMNS
from goodoffices.formats.lists.model import ListFile
from goodoffices.formats.lists.report import counted

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One record that differs.

    Attributes
    ----------
    ref
        Its reference, the same in both versions.
    fields
        Old and new text by column, None where empty.
    """

    ref: str
    fields: Mapping[str, tuple[str | None, str | None]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one version to the next; everything in the order of its file.

    Attributes
    ----------
    old, new
        The files as named.
    added, gone
        Records by reference.
    changed
        Records of one reference whose fields differ.
    renumbered
        Old and new reference of records that are equal in all else.
    same
        How many records are equal in everything.
    """

    old: str
    new: str
    added: Mapping[str, Fields]
    gone: Mapping[str, Fields]
    changed: tuple[Change, ...]
    renumbered: tuple[tuple[str, str], ...]
    same: int


def compare(old: ListFile, new: ListFile) -> Difference:
    """Compare two versions of a list by reference.

    Parameters
    ----------
    old, new
        Every reference stands once in each; other faults do not matter.

    Returns
    -------
    Difference
        Equal whatever order the rows of the files are in, but for its own order.

    Raises
    ------
    InputError
        If a version has a record without reference or two with the same.
    """
    before, after = _by_reference(old), _by_reference(new)
    gone = {ref: fields for ref, fields in before.items() if ref not in after}
    added = {ref: fields for ref, fields in after.items() if ref not in before}
    renumbered = _renumbered(gone, added)
    changed = []
    same = 0
    for ref, fields in before.items():
        if ref not in after:
            continue
        if fields == after[ref]:
            same += 1
            continue
        names = [name for name in (*COLUMNS, *fields, *after[ref]) if fields.get(name) != after[ref].get(name)]
        changed.append(Change(ref, {name: (fields.get(name), after[ref].get(name)) for name in names}))
    numbered_old, numbered_new = {pair[0] for pair in renumbered}, {pair[1] for pair in renumbered}
    return Difference(
        old.file,
        new.file,
        {ref: fields for ref, fields in added.items() if ref not in numbered_new},
        {ref: fields for ref, fields in gone.items() if ref not in numbered_old},
        tuple(changed),
        renumbered,
        same,
    )


def as_json(difference: Difference) -> dict[str, Json]:
    """Give a difference as JSON."""
    return {
        "old": difference.old,
        "new": difference.new,
        "added": [{"ref": ref, **fields} for ref, fields in difference.added.items()],
        "gone": [{"ref": ref, **fields} for ref, fields in difference.gone.items()],
        "changed": [
            {
                "ref": change.ref,
                "fields": {name: {"old": old, "new": new} for name, (old, new) in change.fields.items()},
            }
            for change in difference.changed
        ],
        "renumbered": [{"old": old, "new": new} for old, new in difference.renumbered],
        "same": difference.same,
    }


def summary(difference: Difference, *, most: int) -> Iterator[str]:
    """Give the lines a person reads; `most` of each kind."""
    yield f"{difference.old} -> {difference.new}"
    counts = (
        (len(difference.added), "added"),
        (len(difference.gone), "gone"),
        (len(difference.changed), "changed"),
        (len(difference.renumbered), "renumbered"),
        (difference.same, "the same"),
    )
    yield "  " + ", ".join(f"{number} {word}" for number, word in counts)
    for sign, records in (("+", difference.added), ("-", difference.gone)):
        lines = [f"  {sign} {ref}  {_described(fields)}" for ref, fields in records.items()]
        yield from _first(lines, most)
    yield from _first([f"  = {old} is now {new}" for old, new in difference.renumbered], most)
    fields = Counter(name for change in difference.changed for name in change.fields)
    if fields:
        yield "  changed fields: " + ", ".join(f"{name} {number}" for name, number in fields.most_common())
    lines = []
    for change in difference.changed:
        texts = (f"{name}: {_shown(old)} -> {_shown(new)}" for name, (old, new) in change.fields.items())
        lines.append(f"  ~ {change.ref}  " + "; ".join(texts))
    yield from _first(lines, most)


def _first(lines: list[str], most: int) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"    ... and {counted(len(lines) - most, 'more record')} (--all shows them)"


def _described(fields: Fields) -> str:
    names = " ".join(fields[name] for name in ("surname", "given_name", "patronymic") if name in fields)
    parts = [names or fields.get("full_name", ""), fields.get("birth_date", ""), fields.get("service_number", "")]
    return ", ".join(part for part in parts if part) or "(no name)"


def _shown(text: str | None) -> str:
    return "(empty)" if text is None else text


def _by_reference(listed: ListFile) -> dict[str, dict[str, str]]:
    records: dict[str, dict[str, str]] = {}
    faults = []
    for index, record in enumerate(listed.records.iter_rows(named=True)):
        ref = record.pop("ref")
        if ref is None or ref in records:
            found = "no reference" if ref is None else f"the reference {ref} twice"
            faults.append(
                Fault(listed.file, f"row {listed.rows[index]}", "ref", found, "every reference once, to compare by")
            )
            continue
        fields = {column: value for column, value in record.items() if value is not None}
        records[ref] = fields | dict(listed.others.get(index, {}))
    if faults:
        raise InputError(*faults)
    return records


def _renumbered(gone: Mapping[str, Fields], added: Mapping[str, Fields]) -> tuple[tuple[str, str], ...]:
    """Pair records that are equal in all but the reference; where several are equal, only as many for as many."""
    old: dict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
    new: dict[frozenset[tuple[str, str]], list[str]] = defaultdict(list)
    for groups, records in ((old, gone), (new, added)):
        for ref, fields in records.items():
            groups[frozenset(fields.items())].append(ref)
    pairs = []
    for key, refs in old.items():
        others = new.get(key, [])
        if key and len(refs) == len(others):
            pairs += list(zip(refs, others, strict=True))
    return tuple(pairs)
