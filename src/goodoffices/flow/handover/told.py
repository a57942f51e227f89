"""The merged day as one JSON object: everything that came in, how it stands, and what follows."""

from __future__ import annotations

from collections.abc import Iterable

from goodoffices.domain.canonical import Json
from goodoffices.flow.handover.attest import Attested
from goodoffices.flow.handover.merge import Merged
from goodoffices.flow.handover.signed import Received
from goodoffices.flow.handover.state import Course
from goodoffices.formats.assertions import assertion_json

FORM = "goodoffices/merged@v1"


def told(merged: Merged, files: Iterable[Received], course: Course, attested: Attested) -> dict[str, Json]:
    """Give the merged day; equal for the same set of files, in whatever order they came.

    Parameters
    ----------
    merged
        Of the day.
    files
        What came in, also what was not taken.
    course
        How far the transfer has come.
    attested
        What follows from it.
    """
    day = merged.day
    said = {role: merged.said(role) for role in day.roles}
    return {
        "form": FORM,
        "transfer": day.transfer,
        "day": day.hash,
        "state": course.state,
        "events": list(course.events),
        "one_sided": [role.value for role in course.one_sided],
        "lacks": [
            {"event": one.event, "role": one.role.value, "open": one.open, "conflicts": one.conflicts}
            for one in course.lacks
        ],
        "contradicts": [role.value for role in course.contradicts],
        "numbers": {
            item.number: {role.value: [say.value for say in said[role][item.number]] for role in day.roles}
            for item in day.items
        },
        "conflicts": [
            {"role": one.role.value, "item": one.item, "said": [list(pair) for pair in one.said]}
            for one in merged.conflicts
        ],
        "discrepancies": [
            {"item": number, "said": {role.value: say.value for role, say in ones}}
            for number, ones in merged.discrepancies
        ],
        "assertions": [assertion_json(one) for one in attested.assertions],
        "missing": [
            {"role": one.role.value, "open": one.open, "conflicts": one.conflicts, "act_signed": one.is_signed}
            for one in attested.missing
        ],
        "files": [received_json(one) for one in sorted({one.sha256: one for one in files}.values(), key=_by_hash)],
        "statements": [
            {
                "id": one.id,
                **one.statement.as_json(),
                "live": one.live,
                "replaced_by": list(one.replaced_by),
                "marks": sorted(mark.value for mark in one.marks),
                "files": list(one.files),
            }
            for one in merged.kept
        ],
    }


def received_json(one: Received) -> dict[str, Json]:
    """Give one file and whether it was taken."""
    return {
        "sha256": one.sha256,
        "keys": list(one.keys),
        "statements": len(one.statements),
        "problems": [
            {"code": bad.code, "line": bad.line, "found": bad.found, "expected": bad.expected} for bad in one.problems
        ],
    }


def _by_hash(one: Received) -> str:
    return one.sha256
