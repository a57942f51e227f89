"""One value, one byte string (canonical JSON), one SHA-256."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

_ALLOWED = "canonical JSON holds null, true, false, integers, text, lists and objects with text keys"

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]


def canonical_bytes(value: Json) -> bytes:
    """Write a value in its one canonical form: sorted keys, no spaces, UTF-8, no floats.

    Parameters
    ----------
    value
        Null, booleans, integers, text, lists and objects with text keys.

    Returns
    -------
    bytes
        The same bytes for equal values.

    Raises
    ------
    TypeError
        If the value holds a float, bytes or any other type: two writers could disagree on it.
    """
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256_hex(data: bytes) -> str:
    """Give the SHA-256 of some bytes in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def _check(value: object) -> None:
    match value:
        case None | bool() | int() | str():
            return
        case Mapping():
            for key, inner in value.items():
                if not isinstance(key, str):
                    raise TypeError(f"{_ALLOWED}; found a key {type(key).__name__}")
                _check(inner)
        case list() | tuple():
            for inner in value:
                _check(inner)
        case _:
            raise TypeError(f"{_ALLOWED}; found {type(value).__name__}")
