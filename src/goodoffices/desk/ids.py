"""Row identifiers: random, so that neither number nor order tells anything about others' rows."""

from __future__ import annotations

import secrets

_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 12


def new_id() -> str:
    """Give a fresh identifier: 60 random bits in Crockford's letters."""
    return "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))
