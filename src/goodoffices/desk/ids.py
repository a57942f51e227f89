"""Row identifiers: random, so that neither number nor order tells anything about others' rows."""

from __future__ import annotations

import secrets

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 12


def new_id() -> str:
    """Give a fresh identifier: 60 random bits in Crockford's letters."""
    bits = secrets.randbits(5 * LENGTH)
    return "".join([_LETTERS[bits >> shift & 31] for shift in range(0, 5 * LENGTH, 5)])
