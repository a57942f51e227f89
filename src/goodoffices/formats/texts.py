"""Unofficial translations of a process file's own texts, kept beside it: titles, readings, names of organs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from goodoffices.domain.errors import Fault, InputError
from goodoffices.formats.words import Language

_EXPECTED = "[[text]] with en, uk, ru and tr, all text"


def read_texts(data: bytes, language: Language, *, file: str) -> Mapping[str, str]:
    """Read translations as a table from the record's text to the reader's.

    Parameters
    ----------
    data
        TOML: a list `text` of tables with the keys en, uk, ru, tr; en is the record's own text.
    language
        The reader's.
    file
        As the user named it.

    Raises
    ------
    InputError
        If the file has another form.
    """
    try:
        raw = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(Fault(file, "", "", str(error), "TOML in UTF-8")) from error
    entries = raw.get("text")
    if not isinstance(entries, list) or set(raw) != {"text"}:
        raise InputError(Fault(file, "", "text", "something else", f"a list {_EXPECTED}"))
    codes = {one.value for one in Language}
    texts: dict[str, str] = {}
    for number, entry in enumerate(entries):
        if not isinstance(entry, dict) or entry.keys() != codes or not all(isinstance(t, str) for t in entry.values()):
            raise InputError(Fault(file, f"text[{number}]", "", "another form", _EXPECTED))
        texts[entry["en"]] = entry[language.value]
    return texts
