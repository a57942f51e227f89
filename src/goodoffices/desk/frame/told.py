"""The process's own texts in the reader's language: names of parties, titles of the record, where translated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.utils import translation

from goodoffices.formats.texts import read_texts
from goodoffices.formats.words import Language
from goodoffices.store.example import TEXTS, example_texts


def told(text: str, language: str = "") -> str:
    """Give a text of the record in a language, the reader's if none is named; one without a translation as it is."""
    return _texts(language or translation.get_language() or "en").get(text, text)


@cache
def _texts(language: str) -> Mapping[str, str]:
    codes = {one.value for one in Language}
    return read_texts(example_texts(), Language(language), file=TEXTS) if language in codes else {}
