"""Letters that look alike in two scripts, invisible ones, and the folding under which words are compared."""

from __future__ import annotations

import re
import unicodedata

_PAIRS = (
    ("ABCEHIKMOPTXY", "АВСЕНІКМОРТХУ"), ("aceiopxy", "асеіорху"), ("\u00cf\u00ef", "Її"), ("\u00cb\u00eb", "Ёё"),
)  # fmt: skip
_TO_CYRILLIC = {latin: cyrillic for left, right in _PAIRS for latin, cyrillic in zip(left, right, strict=True)}
_TO_LATIN = {cyrillic: latin for latin, cyrillic in _TO_CYRILLIC.items()} | {
    "к": "k",
    "Ѕ": "S",
    "ѕ": "s",
    "Ј": "J",
    "ј": "j",
}
_TO_CYRILLIC |= {"k": "к"}
_SKELETON = str.maketrans(_TO_LATIN)
_MIXED = re.compile(r"[A-Za-z\u00c0-\u024f][\u0400-\u052f]|[\u0400-\u052f][A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_SPACES = re.compile(r"\s+")
_SIGN = r"[!-~\u0410-\u044f\u0401\u0451\u0404\u0406\u0407\u0454\u0456\u0457\u0490\u0491\u2116]"
_PLAIN = re.compile(f"{_SIGN}+(?: {_SIGN}+)*")
_SEPARATOR = re.compile(r"[\W_]+")
_MARKS = {ord(letter): None for letter in "'`\u2019\u02bc\u02b9\u2018\u2032\u0307"} | {ord("ё"): "е", ord("ı"): "i"}
_ALIKE = re.compile(rf"(?<![^\W\d_])(?:[{''.join(_TO_CYRILLIC)}]+|[{''.join(_TO_LATIN)}]+)(?![^\W\d_])")

LATIN_IN_CYRILLIC = "latin_letter"
CYRILLIC_IN_LATIN = "cyrillic_letter"
MIXED = "mixed_word"


def clean(text: str) -> tuple[str, bool]:
    """Compose accents, drop invisible letters and the spaces around and between; say whether letters were dropped."""
    if _PLAIN.fullmatch(text):
        return text, False
    composed = unicodedata.normalize("NFC", text)
    seen = _INVISIBLE.sub("", composed)
    return _SPACES.sub(" ", seen).strip(), seen != composed


def fold(text: str) -> str:
    """Give a text without case, dots, apostrophes and Latin accents: equal for words that mean the same.

    Turkish dotted and dotless i become one letter, whatever the locale; Cyrillic letters stay apart except yo and ye.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("İ", "i").casefold().translate(_MARKS)
        text = "".join(_bare(letter) for letter in text)
    else:
        text = text.casefold().replace("'", "").replace("`", "")
    return _SEPARATOR.sub(" ", text).strip()


def skeleton(text: str) -> str:
    """Give what an eye sees of a text: look-alikes of both scripts in one form, without case."""
    return text.upper().translate(_SKELETON)


def has_alike_word(text: str) -> bool:
    """Whether a word of the text could be of the other script: all its letters have look-alikes there."""
    return _ALIKE.search(text) is not None


def repair(text: str, *, others: str | None = None) -> tuple[str, str | None]:
    """Put back the letters of a word's own script where a look-alike of the other stands.

    A word belongs to the script of which it has a letter that the other script has not. Inside a
    name, a word of look-alikes alone belongs to the script of the rest of the cell, then to that of `others`.

    Parameters
    ----------
    text
        A cell.
    others
        For a name: the other names of the same person. None if the cell is no name.

    Returns
    -------
    str
        The cell, repaired where it could be.
    str or None
        `latin_letter`, `cyrillic_letter`, `mixed_word` (cannot be repaired), or None if nothing was found.
    """
    if text.isascii() and (not others or others.isascii()):
        return text, None
    if others is None and not _MIXED.search(text):
        return text, None
    found: list[str] = []

    def mend(match: re.Match[str]) -> str:
        word = match.group()
        around = text[: match.start()] + " " + text[match.end() :]
        mended, code = _mend(word, around, others)
        if code:
            found.append(code)
        return mended

    mended = _WORD.sub(mend, text)
    if not found:
        return text, None
    return mended, MIXED if MIXED in found else found[0]


def _mend(word: str, around: str, others: str | None) -> tuple[str, str | None]:
    latin = [letter for letter in word if _LATIN.match(letter)]
    cyrillic = [letter for letter in word if _CYRILLIC.match(letter)]
    own_latin = any(letter not in _TO_CYRILLIC for letter in latin)
    own_cyrillic = any(letter not in _TO_LATIN for letter in cyrillic)
    if own_latin and own_cyrillic:
        return word, MIXED
    if latin and cyrillic:
        script = "latin" if own_latin else "cyrillic" if own_cyrillic else _belongs(around, others) or "cyrillic"
    elif others is None or own_latin or own_cyrillic:
        return word, None
    else:
        script = _belongs(around, others) or ""
    if script == "cyrillic" and latin:
        return "".join(_TO_CYRILLIC.get(letter, letter) for letter in word), LATIN_IN_CYRILLIC
    if script == "latin" and cyrillic:
        return "".join(_TO_LATIN.get(letter, letter) for letter in word), CYRILLIC_IN_LATIN
    return word, None


def _belongs(around: str, others: str | None) -> str | None:
    """Name the one script of the neighbours' own letters, or nothing if they have both or neither."""
    for text in (around, others or ""):
        latin = any(letter not in _TO_CYRILLIC for letter in _LATIN.findall(text))
        cyrillic = any(letter not in _TO_LATIN for letter in _CYRILLIC.findall(text))
        if latin != cyrillic:
            return "latin" if latin else "cyrillic"
    return None


def _bare(letter: str) -> str:
    if letter < "\u00c0" or letter > "\u024f":
        return letter
    return unicodedata.normalize("NFD", letter)[0]
