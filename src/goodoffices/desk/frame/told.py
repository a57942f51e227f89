"""The process's own texts in the reader's language: names of parties, titles of the record, where translated.

The example's translations come with the package; those of another process lie in its workspace as `texts.toml`, put
there by `goodoffices desk texts` (read whole and checked; a later file replaces it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from goodoffices.domain.canonical import Json
from goodoffices.formats.texts import read_own_texts, read_texts
from goodoffices.formats.words import Language
from goodoffices.store.example import TEXTS, example_texts
from goodoffices.store.write import write_whole

FILE = "texts.toml"
_CODES = frozenset(one.value for one in Language)


class Record(NamedTuple):
    """What a process file says, as far as a reader of another language may need words for it.

    Attributes
    ----------
    language
        The record's own: the first that the process file names.
    texts
        Every text that stands in it.
    """

    language: str
    texts: frozenset[str]


def told(text: str, language: str = "") -> str:
    """Give a text of the record in a language, the reader's if none is named; one without a translation as it is."""
    return texts_in(language or translation.get_language() or "en").get(text, text)


def named(text: str, language: str = "") -> SafeString:
    """Give a text of the record for a page; one without a translation with the language it is in."""
    reader = language or translation.get_language() or "en"
    known, record = texts_in(reader), _record()
    if text in known or record is None or record.language == reader or text not in record.texts:
        return conditional_escape(known.get(text, text))
    return format_html('<span lang="{}">{}</span>', record.language, text)


def texts_in(language: str) -> Mapping[str, str]:
    """Give the translations into a language: the workspace's own before the example's."""
    if language not in _CODES:
        return {}
    own = _own_texts()
    return {**_example(language), **own[Language(language)]} if own else _example(language)


def texts_keep(data: bytes, *, file: str) -> dict[str, list[str]]:
    """Check translations and keep them in the workspace; gives, by language, the record's texts that still have none.

    Raises
    ------
    InputError
        If the file has another form.
    """
    found = read_own_texts(data, file=file)
    write_whole(settings.WORKSPACE / FILE, data)
    record = _record()
    names = sorted(set(_names())) if record else []
    languages = [one for one in Language if record is None or one.value != record.language]
    return {one.value: [name for name in names if name not in found[one]] for one in languages}


def _names() -> Iterator[str]:
    """Give the texts that are names or titles: not the notes and sources, which stay as recorded."""
    document = apps.get_model("parties", "Process").objects.get().document
    yield document["process"]["name"]
    for kind, field in (("parties", "name"), ("forums", "title"), ("forums", "place"), ("commitments", "title")):
        yield from (str(one[field]) for one in document.get(kind, ()) if one.get(field))


@cache
def _example(language: str) -> Mapping[str, str]:
    return read_texts(example_texts(), Language(language), file=TEXTS)


def _own_texts() -> Mapping[Language, Mapping[str, str]] | None:
    path = Path(settings.WORKSPACE) / FILE
    try:
        stamp = path.stat().st_mtime_ns
    except OSError:
        return None
    return _read(path, stamp)


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: int) -> Mapping[Language, Mapping[str, str]]:
    return read_own_texts(path.read_bytes(), file=FILE)


_RECORDS: dict[str, Record] = {}


def _record() -> Record | None:
    """Give what the process file says; it is opened once and never changes."""
    key = str(settings.WORKSPACE)
    if key not in _RECORDS:
        row = apps.get_model("parties", "Process").objects.first()
        if row is None:
            return None
        languages = row.document["process"].get("languages") or ["en"]
        _RECORDS[key] = Record(str(languages[0]), frozenset(_texts(row.document)))
    return _RECORDS[key]


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
