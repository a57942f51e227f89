"""Reads DNA profiles and families nobody vouches for: a child process with limits; what comes back is plain rows."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass

from goodoffices.domain.errors import Fault, InputError
from goodoffices.store.apart import run
from goodoffices.store.sheets import EXIT_FAULT, EXIT_MEMORY, limit

MOST_BYTES = 20 << 20
MOST_ROWS = 500_000
MEMORY_BYTES = 3 << 30
"""Of address space; tables of half a million rows fit, and a file of 20 MB that asks for more is refused."""
KINDS = ("profiles", "families")


@dataclass(frozen=True, slots=True)
class Typings:
    """What a file states.

    Attributes
    ----------
    rows
        Profiles: sample, locus, allele_1, allele_2, replicate, drop_out, container, consent. Families: family, person,
        father, mother, sex, sample, role.
    findings
        Code, subject, locus of what was noticed and left out.
    """

    rows: tuple[tuple[str | float | None, ...], ...]
    findings: tuple[tuple[str, str, str], ...]


def read_typings(data: bytes, file: str, *, kind: str) -> Typings:
    """Read a file of profiles or of families, apart.

    Parameters
    ----------
    data
        The file: any form of `docs/kinship.md`.
    file
        Its name, printable, for messages.
    kind
        `profiles` or `families`.

    Raises
    ------
    InputError
        If it is too large or cannot be read; names every fault.
    """
    if len(data) > MOST_BYTES:
        raise InputError(Fault(file, "", "", f"{len(data)} bytes", f"at most {MOST_BYTES}"))
    found = "a file that breaks its reader or asks for more memory or time than any laboratory's export"
    otherwise = Fault(file, "", "", found, "a text table saved anew")
    whole = json.loads(run("goodoffices.store.typings", (file, kind), data, otherwise=otherwise))
    rows, findings = (tuple(tuple(row) for row in whole[name]) for name in ("rows", "findings"))
    return Typings(rows, findings)


def main() -> int:
    """Read standard input as the arguments say (name, kind) and write JSON."""
    os.environ["POLARS_MAX_THREADS"] = "1"  # threads reserve address space, and that is what is limited
    limit(MEMORY_BYTES)
    file, kind = sys.argv[1:3]
    try:
        sys.stdout.write(json.dumps(_read(sys.stdin.buffer.read(MOST_BYTES + 1), file, kind)))
        sys.stdout.flush()
    except InputError as error:
        faults = [[fault.place, fault.field, fault.found[:80], fault.expected] for fault in error.faults[:200]]
        sys.stdout.write("\n" + json.dumps(faults))
        sys.stdout.flush()
        return EXIT_FAULT
    except MemoryError:
        return EXIT_MEMORY
    return 0


def _read(data: bytes, file: str, kind: str) -> dict[str, list[tuple[object, ...]]]:
    if kind == "profiles":
        from goodoffices.formats.profiles import COLUMNS, read_profiles

        frame, findings = read_profiles(data, file)
        rows: list[tuple[object, ...]] = frame.select(COLUMNS).rows()
    else:
        from goodoffices.formats.pedigrees import read_families

        households, findings = read_families(data, file)
        rows = [
            (
                household.name,
                person.id,
                person.father,
                person.mother,
                person.sex,
                household.samples.get(person.id),
                "missing" if person.id in household.missing else "",
            )
            for household in households
            for person in household.people
        ]
    if len(rows) > MOST_ROWS:
        raise InputError(Fault(file, "", "", f"{len(rows)} rows", f"at most {MOST_ROWS}"))
    return {"rows": rows, "findings": [(one.code, one.subject, one.locus) for one in findings]}


if __name__ == "__main__":
    sys.exit(main())
