"""Looks for names where no name may be: in every file, every raw value of the database, every public page.

A name is looked for as it would be written by anything: in UTF-8 and both UTF-16, in capitals, folded, composed and
decomposed, in Latin letters, escaped for JSON, HTML and addresses, and in base64.
"""

import base64
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import numpy as np
from anyascii import anyascii
from django.db import connection
from django.test import Client

_KEY = 6
_CHUNK = 1 << 22


class Seeker:
    """Finds any of many names in bytes, in time that hardly depends on how many they are."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(set(names))
        self._forms: dict[int, list[tuple[bytes, int]]] = {}
        for number, name in enumerate(self.names):
            for form in forms(name):
                key = int.from_bytes(form[:_KEY], "little")
                self._forms.setdefault(key, []).append((form, number))
        self._keys = np.array(sorted(self._forms), dtype=np.uint64)

    def find(self, data: bytes) -> set[int]:
        """Give the numbers of the names that stand in some bytes."""
        found: set[int] = set()
        for start in range(0, max(len(data) - _KEY + 1, 0), _CHUNK):
            piece = np.frombuffer(data[start : start + _CHUNK + _KEY - 1], dtype=np.uint8).astype(np.uint64)
            keys = np.zeros(len(piece) - _KEY + 1, dtype=np.uint64)
            for place in range(_KEY):
                keys |= piece[place : len(keys) + place] << np.uint64(8 * place)
            at = np.searchsorted(self._keys, keys)
            at[at == len(self._keys)] = 0
            for where in np.flatnonzero(self._keys[at] == keys):
                for form, number in self._forms[int(keys[where])]:
                    if data.startswith(form, start + int(where)):
                        found.add(number)
        return found


def forms(name: str) -> set[bytes]:
    """Give the byte strings by which a name might be written; none shorter than six bytes."""
    spelt = {name, name.lower(), name.upper(), name.title(), unicodedata.normalize("NFD", name), name.casefold()}
    latin = anyascii(name)
    spelt |= {latin, latin.lower(), latin.upper()}
    found: set[bytes] = set()
    for text in spelt:
        escaped = {json.dumps(text)[1:-1], quote(text), html.escape(text), "".join(f"&#{ord(c)};" for c in text)}
        found |= {form.encode() for form in {text, *escaped}}
        found |= {text.encode("utf-16-le"), text.encode("utf-16-be")}
        for pad in range(3):  # wherever the name begins in what was encoded; the ends depend on neighbours
            found.add(base64.b64encode(b"\0" * pad + text.encode())[4 if pad else 0 : -4])
    return {form for form in found if len(form) >= _KEY}


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Give every file below some folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path.relative_to(folder)), path.read_bytes()


def rows() -> Iterator[tuple[str, bytes]]:
    """Give every raw value of every table, as the database has it, a table at a time."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            values = (value for row in cursor.fetchall() for value in row)
            yield table, b"\n".join(bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in values)


def public_pages(start: Iterable[str] = ("/results", "/record"), most: int = 300) -> Iterator[tuple[str, bytes]]:
    """Give what a stranger sees: from some pages along every link of the desk."""
    client, ahead = Client(), list(start)
    seen: set[str] = set()
    while ahead and len(seen) < most:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        yield address, body
        if "html" in answer.headers.get("Content-Type", ""):
            ahead += [html.unescape(found) for found in re.findall(r'href="(/[^"#]*)', body.decode())]


def leaks(names: Iterable[str], *sources: Iterable[tuple[str, bytes]]) -> dict[str, int]:
    """Tell where how many of the names stand; empty if nowhere."""
    seeker = Seeker(names)
    found = {where: len(seeker.find(data)) for source in sources for where, data in source}
    return {where: number for where, number in found.items() if number}
