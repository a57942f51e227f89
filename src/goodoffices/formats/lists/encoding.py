"""Finds the encoding of a text file by what its letters say; refuses a file of two encodings."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodoffices.domain.errors import Fault, InputError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8 with BOM"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_CANDIDATES = ("cp1251", "koi8-u", "cp866", "cp1254")
_HIGH = re.compile(rb"[\x80-\xff]")
_SAMPLE = 40_000
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")

# How often letters stand in Ukrainian and Russian running text, about, in parts of a thousand.
_LETTERS = "оаеинтсрвлкмдпуяызьбгчйхжюшцщєїіґёъэфў"
_THOUSANDTHS = (
    95, 85, 70, 65, 65, 55, 50, 48, 45, 40, 38, 31, 30, 29, 31, 22, 10, 20, 17,
    17, 16, 14, 12, 11, 9, 8, 8, 6, 4, 4, 6, 40, 1, 2, 1, 2, 3, 0,
)  # fmt: skip
_FREQUENT = dict(zip(_LETTERS, _THOUSANDTHS, strict=True))
_TURKISH = "şığçöüİŞĞÇÖÜâîû"


@dataclass(frozen=True, slots=True)
class Text:
    """A text file's letters.

    Attributes
    ----------
    text
        Without a byte order mark.
    encoding
        As shown to a reader: "UTF-8", "cp1251".
    """

    text: str
    encoding: str


def decode(data: bytes, file: str) -> Text:
    """Read bytes as text in the one encoding they are in.

    Parameters
    ----------
    data
        A text file; UTF-8 or UTF-16 with or without byte order mark, cp1251, koi8-u, koi8-r, cp866, cp1254.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        If the file is not text, is damaged, or mixes encodings.
    """
    for mark, codec, name in _MARKS:
        if data.startswith(mark) and (codec != "utf-16" or not data.startswith(codecs.BOM_UTF32_LE)):
            body = data[len(mark) :] if codec == "utf-8" else data
            return _no_nul(_strict(body, codec, name, file), file)
    wide = _wide(data)
    if wide:
        return _no_nul(_strict(data, wide, "UTF-16", file), file)
    if b"\x00" in data:
        raise InputError(
            Fault(file, _line(data, data.index(b"\x00")), "", "a NUL byte: no text", "a spreadsheet or a text file")
        )
    try:
        return Text(data.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError as error:
        _refuse_mixture(data, error.start, file)
    return _guess(data, file)


def _strict(data: bytes, codec: str, name: str, file: str) -> Text:
    try:
        return Text(data.decode(codec), name)
    except UnicodeDecodeError as error:
        if codec == "utf-8":
            _refuse_mixture(data, error.start, file)
        found = f"{name} that is damaged at byte {error.start}"
        raise InputError(
            Fault(file, _line(data, error.start), "", found, f"whole {name}, or another encoding")
        ) from error


def _no_nul(text: Text, file: str) -> Text:
    at = text.text.find("\x00")
    if at >= 0:
        line = text.text.count("\n", 0, at) + 1
        raise InputError(Fault(file, f"line {line}", "", "a NUL character: no text", "a spreadsheet or a text file"))
    return text


def _wide(data: bytes) -> str | None:
    """Recognise UTF-16 without a mark by the zero bytes of its spaces, digits and separators."""
    sample = data[:_SAMPLE]
    if len(sample) < 4 or len(data) % 2:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    breaks_little = sample.count(b"\n\x00") + sample.count(b"\r\x00")
    breaks_big = sample.count(b"\x00\n") + sample.count(b"\x00\r")
    if odd > half // 20 and even * 20 <= odd and breaks_little:
        return "utf-16-le"
    if even > half // 20 and odd * 20 <= even and breaks_big:
        return "utf-16-be"
    return None


def _refuse_mixture(data: bytes, start: int, file: str) -> None:
    """Refuse a file of which some lines are UTF-8 and others are not.

    A line of another encoding that happens to be UTF-8 is next to impossible with three letters or more.

    Raises
    ------
    InputError
        If both kinds of line are found.
    """
    whole: int | None = None
    for number, line in enumerate(data.split(b"\n"), 1):
        if not _HIGH.search(line):
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        if len(_MULTIBYTE.findall(line)) >= 3:
            whole = number
            break
    if whole is not None:
        found = f"mixed encodings: line {whole} is UTF-8, {_line(data, start)} is not"
        raise InputError(Fault(file, _line(data, start), "", found, "one encoding in the whole file"))


def _guess(data: bytes, file: str) -> Text:
    """Choose the encoding of one byte a letter whose text looks most like Ukrainian, Russian or Turkish.

    Raises
    ------
    InputError
        If a byte is no letter of it.
    """
    sample = _sample(data)
    ranked = sorted(_CANDIDATES, key=lambda codec: _score(sample, codec), reverse=True)
    best = ranked[0]
    _refuse_two_bytes(data, best, file)
    try:
        return Text(data.decode(best), best)
    except UnicodeDecodeError as error:
        found = f"byte {data[error.start]:#x}, which is no letter of {best}"
        raise InputError(Fault(file, _line(data, error.start), "", found, "UTF-8, UTF-16, cp1251 or koi8-u")) from error


def _sample(data: bytes) -> bytes:
    """Give the first lines that are more than ASCII."""
    lines = []
    size = 0
    for line in data.splitlines():
        if _HIGH.search(line):
            lines.append(line[:_SAMPLE])
            size += len(line)
            if size > _SAMPLE:
                break
    return b"\n".join(lines)


def _refuse_two_bytes(data: bytes, best: str, file: str) -> None:
    """Refuse a file of which long lines are clearly in another one of the Cyrillic encodings.

    Raises
    ------
    InputError
        If there is such a line.
    """
    if best not in {"cp1251", "koi8-u"}:
        return
    other = "koi8-u" if best == "cp1251" else "cp1251"
    codes = np.frombuffer(data, dtype=np.uint8)
    starts = np.concatenate([[0], np.flatnonzero(codes[:-1] == 10) + 1])
    letters = np.add.reduceat((codes > 127).astype(np.int64), starts)
    gain = np.add.reduceat((_weights(other) - _weights(best))[codes], starts)
    foreign = np.flatnonzero((letters >= 12) & (gain > 20 * letters))
    if foreign.size:
        number = int(foreign[0]) + 1
        found = f"mixed encodings: most of it is {best}, line {number} is {other}"
        raise InputError(Fault(file, f"line {number}", "", found, "one encoding in the whole file"))


def _weights(codec: str) -> NDArray[np.float64]:
    """Give each byte's points in one encoding, whatever stands before it."""
    texts = [bytes([code]).decode(codec, errors="replace") for code in range(256)]
    return np.array([0.0 if text <= "\x7f" else _points(" ", text, codec) for text in texts])


def _score(sample: bytes, codec: str) -> float:
    """Weigh how much a sample looks like words in one encoding; per 1 letter, in thousandths."""
    text = sample.decode(codec, errors="replace")
    letters = [letter for letter in text if letter > "\x7f"]
    if not letters:
        return 0.0
    points = 0.0
    for before, letter in zip(" " + text, text, strict=False):
        if letter <= "\x7f":
            continue
        points += _points(before, letter, codec)
    return points / len(letters)


def _points(before: str, letter: str, codec: str) -> float:
    if letter == "\ufffd":
        return -200.0
    if codec == "cp1254":
        in_word = before.isascii() and before.isalpha()
        return (60.0 if in_word else 20.0) if letter in _TURKISH else -30.0
    if letter in "№«»–—’“”…§°ʼ\u00a0":
        return 5.0
    frequency = _FREQUENT.get(letter.lower())
    if frequency is None:
        return -60.0
    breaks_case = letter.isupper() and before.islower()
    is_mixed = before.isascii() and before.isalpha()
    return float(frequency) - (80.0 if breaks_case else 0.0) - (30.0 if is_mixed else 0.0)


def _line(data: bytes, at: int) -> str:
    number = data.count(b"\n", 0, at) + 1
    return f"line {number}"
