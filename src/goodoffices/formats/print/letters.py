"""What stands on paper is what was given: letters the fonts have; any other is shown by its number, none is obeyed."""

from __future__ import annotations

import unicodedata

from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import RangeError

LONGEST = 20_000
"""Letters in one text; a sheet is no archive."""

_LONG_WORD = 30
_RAW = frozenset({"svg", "hash"})
_RANGES = (
    (0x20, 0x500),
    (0x1E00, 0x1F00),
    (0x2010, 0x2028),
    (0x2030, 0x203F),
    (0x20A0, 0x20C0),
    (0x2116, 0x2117),
    (0x2190, 0x219A),
    (0x2200, 0x2300),
    (0x25CB, 0x25D0),
)
_SPACES = "\n \u00a0\u202f\u2009"


def shown(text: str) -> str:
    """Write a text so that it can be set: composed, without controls, long words breakable.

    A letter that no font of ours has, and every invisible one (a change of direction among them), stands as ‹U+202E›.

    Raises
    ------
    RangeError
        If it is longer than a sheet should hold.
    """
    if len(text) > LONGEST:
        raise RangeError(f"a text of {len(text)} letters, expected at most {LONGEST}")
    if text.isascii() and text.isprintable() and len(text) <= _LONG_WORD:
        return text
    letters = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    seen = "".join(letter if _can_be_set(letter) else f"‹U+{ord(letter):04X}›" for letter in letters)
    return "\n".join(" ".join(map(_breakable, line.split(" "))) for line in seen.split("\n"))


def readable(data: Json) -> Json:
    """Write every text of a document so that it can be set."""
    if isinstance(data, str):
        return shown(data)
    if isinstance(data, list):
        return [readable(value) for value in data]
    if isinstance(data, dict):
        return {key: value if key in _RAW else readable(value) for key, value in data.items()}
    return data


def _can_be_set(letter: str) -> bool:
    if letter in _SPACES:
        return True
    return unicodedata.category(letter)[0] not in "CMZ" and any(start <= ord(letter) < stop for start, stop in _RANGES)


def _breakable(word: str) -> str:
    return "\u200b".join(word) if len(word) > _LONG_WORD else word
