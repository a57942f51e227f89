"""Marks of a record under a shared secret: what a side may send instead of names.

Each mark is a keyed hash of several folded fields together (a match key), so that equal marks mean equal fields and
nothing else can be read without the secret. Marks that many records of the list share are left out, since how often a
mark occurs is what frequency attacks feed on. What leaks nevertheless stands in `docs/linkage.md`.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from goodoffices.domain.dates import parse_partial
from goodoffices.domain.errors import RangeError
from goodoffices.domain.tables import RECORDS
from goodoffices.engines.linkage.names import given_names, place_key
from goodoffices.engines.linkage.people import name_of, service_key, unit_key
from goodoffices.engines.linkage.script import consonants, father_of, fold

MARKS: tuple[tuple[str, ...], ...] = (
    ("service",),
    ("surname", "given", "year", "day"),
    ("surname", "father", "year", "day"),
    ("given", "father", "year", "day"),
    ("surname", "initial", "year", "day"),
    ("surname", "year", "day"),
    ("surname", "given", "father", "year"),
    ("surname", "given", "father", "day"),
    ("surname", "given", "day"),
    ("surname", "given", "year"),
    ("surname", "father", "day"),
    ("surname", "given", "father"),
    ("surname", "given", "place"),
    ("surname", "father", "place"),
    ("surname", "given", "unit"),
    ("surname", "father", "unit"),
    ("surname", "initial", "year", "place"),
    ("surname", "initial", "year", "unit"),
    ("given", "father", "year", "place"),
    ("given", "father", "year", "unit"),
    ("given", "father", "day"),
    ("given", "year", "day", "place"),
    ("given", "year", "day", "unit"),
    ("father", "year", "day", "place"),
    ("year", "day", "place", "unit"),
    ("surname", "day", "place"),
    ("surname", "day", "unit"),
    ("stem", "given", "year", "day"),
    ("stem", "father", "year", "day"),
    ("names", "year", "day"),
    ("surname", "given", "turned"),
    ("surname", "father", "turned"),
)
"""Fields of each mark. `names`: surname and given name in either order; `turned`: the birth date with day and month
in either order; `stem`: the surname's first three consonants."""

COMMON = 8
"""A mark that more records of the list share is left out."""

LEAST_SECRET = 16
"""Bytes."""

_BYTES = 10
"""Length of a mark: two different values fall together once in 2**80."""


@dataclass(frozen=True, slots=True)
class Codes:
    """A list as it may travel.

    Attributes
    ----------
    check
        Equal for two lists encoded under one secret and one version of the marks.
    codes
        A pseudonym for each record, in order.
    marks
        The marks of each record in the order of `MARKS`; empty where a field is missing or the mark is common.
    """

    check: str
    codes: tuple[str, ...]
    marks: tuple[tuple[str, ...], ...]


def encode(records: pl.DataFrame, secret: bytes) -> tuple[Codes, dict[str, str]]:
    """Encode a list under a secret.

    Parameters
    ----------
    records
        As `domain.tables.RECORDS`.
    secret
        At least `LEAST_SECRET` bytes that both sides share and the neutral does not know.

    Returns
    -------
    tuple[Codes, dict[str, str]]
        What may travel, ordered by pseudonym; and pseudonym to reference, which stays at home.

    Raises
    ------
    RangeError
        If the secret is too short.
    """
    if len(secret) < LEAST_SECRET:
        raise RangeError(f"the secret has {len(secret)} bytes, expected at least {LEAST_SECRET}")
    # Stretched, so that a secret somebody typed is not tried out in an afternoon (RFC 7914).
    key = hashlib.scrypt(secret, salt=b"goodoffices link encode 1", n=2**14, r=8, p=1, dklen=32)
    rows = RECORDS.check(records).rows(named=True)
    marked = [tuple(_mark(key, kind, fields(row)) for kind in MARKS) for row in rows]
    counts = Counter(mark for marks in marked for mark in marks if mark)
    whole = hashlib.sha256(repr([row["ref"] for row in rows]).encode()).digest()
    names = {_tag(key, b"ref", whole + str(row["ref"]).encode())[:16]: str(row["ref"]) for row in rows}
    by_ref = {ref: code for code, ref in names.items()}
    out = sorted(
        (by_ref[str(row["ref"])], tuple(mark if counts[mark] <= COMMON else "" for mark in marks))
        for row, marks in zip(rows, marked, strict=True)
    )
    codes = Codes(_tag(key, b"check", b"1")[:16], tuple(code for code, _ in out), tuple(marks for _, marks in out))
    return codes, names


def fields(row: Mapping[str, str | None]) -> dict[str, str]:
    """Give the folded fields of one record that marks are made of; what is not stated is not there."""
    table = given_names()
    name = name_of(*(row[column] or "" for column in ("surname", "given_name", "patronymic", "full_name")))
    out = {"surname": consonants(name.surname), "stem": consonants(name.surname)[:3]}
    if name.given:
        out["initial"] = consonants(name.given)[:1]
    if len(name.given) > 1:
        number = table.number(name.given)
        out["given"] = fold(name.given) if number is None else table.ids[number]
        out["names"] = "|".join(sorted((consonants(name.surname), consonants(name.given))))
    if len(name.patronymic) > 1:
        stem = father_of(name.patronymic)
        father = table.fathers.get(stem, table.formal.get(stem))
        out["father"] = stem if father is None else table.ids[father]
    out |= _birth(row["birth_date"])
    for field, column, key in (
        ("place", "birth_place", place_key),
        ("unit", "unit", unit_key),
        ("service", "service_number", service_key),
    ):
        if row[column]:
            out[field] = key(row[column] or "")
    return {field: value for field, value in out.items() if value}


def _birth(text: str | None) -> dict[str, str]:
    try:
        date = parse_partial(text or "")
    except ValueError:
        return {}
    out = {"year": str(date.year)}
    # The first of January stands for "unknown" too often to be a mark.
    if date.is_day and (date.month, date.day) != (1, 1):
        out["day"] = f"{date.month}-{date.day}"
        out["turned"] = f"{date.year}-{min(date.month, date.day)}-{max(date.month, date.day)}"
    return out


def _mark(key: bytes, kind: Sequence[str], stated: Mapping[str, str]) -> str:
    if any(field not in stated for field in kind):
        return ""
    text = "\x1f".join(("+".join(kind), *(stated[field] for field in kind)))
    return _tag(key, b"mark", text.encode())[: 2 * _BYTES]


def _tag(key: bytes, purpose: bytes, data: bytes) -> str:
    return hmac.digest(key, purpose + b"\x00" + data, "sha256").hex()
