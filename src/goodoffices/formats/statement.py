"""A statement of the ledger in words: its content line by line in the reader's language."""

from __future__ import annotations

from goodoffices.domain.canonical import Json
from goodoffices.formats.words import Words, number


def lines_of(content: Json, words: Words, *, path: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Write a content as labels and values; a field without a word keeps its own name, and nothing is left out."""
    if isinstance(content, dict):
        return [line for name, inner in content.items() for line in lines_of(inner, words, path=(*path, name))]
    if isinstance(content, list) and any(isinstance(inner, dict | list) for inner in content):
        return [
            line for place, inner in enumerate(content, 1) for line in lines_of(inner, words, path=(*path, str(place)))
        ]
    values = content if isinstance(content, list) else [content]
    label = " · ".join(_label(part, words) for part in path)
    return [(label, ", ".join(_value(value, words) for value in values if value is not None))]


def kind_of(kind: str, words: Words) -> str:
    """Give a kind of entry in words."""
    return words(f"kind_{kind}") if words.has(f"kind_{kind}") else kind


def _label(part: str, words: Words) -> str:
    return words(f"field_{part}") if words.has(f"field_{part}") else part


def _value(value: Json, words: Words) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    text = str(value)
    for prefix in ("kind_", "value_"):
        if words.has(prefix + text):
            return words(prefix + text)
    return text
