"""Names across Ukrainian, Russian and Latin script: clean form, romanisation, sounds, folded key, consonant key."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from anyascii import anyascii

_LATIN_TO_CYRILLIC = str.maketrans("aeopcyxikmthb", "аеорсухікмтнв")
_CYRILLIC_TO_LATIN = str.maketrans("аеорсухікмтнвѕјԁ", "aeopcyxikmthbsjd")
"""Letters that look alike; a word that mixes scripts is repaired to the script
that has all its letters, or most of them."""

_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[a-zß-ɏḀ-ỿ]")
_APOSTROPHES = re.compile("['’‘ʼʹʺ`´ʻ′″\"“”«»]")
_DOUBLED = re.compile(r"(.)\1+")
_SKI = re.compile(r"([sc]k)(?:i|oi|ei|a|aa|ai)$")
_ENDING = re.compile(r"(?:oi|ei|i|a)$")
_SEPARATORS = re.compile(r"[^\w]+|_+")

_KMU55 = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z",
    "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
    "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ь": "", "ю": "iu", "я": "ia", "ё": "io", "ы": "y", "э": "e", "ъ": "",
}  # fmt: skip
"""Resolution 55 of the Cabinet of Ministers of Ukraine (27 January 2010), within a word."""

_KMU55_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}

_ICAO = _KMU55 | {"г": "g", "и": "i", "е": "e", "ё": "e", "ъ": "ie", "ы": "y", "й": "i"}
"""ICAO Doc 9303 part 3 for Russian, as in passports since 2013."""

_SOUNDS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "je", "ё": "jo", "ж": "Z",
    "з": "z", "и": "i", "і": "i", "ї": "ji", "й": "j", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o",
    "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "x", "ц": "c", "ч": "C", "ш": "S",
    "щ": "SC", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "ju", "я": "ja", "ў": "v", "ј": "j", "љ": "lj",
    "њ": "nj", "ђ": "dj", "ћ": "C", "џ": "dZ", "ѕ": "z", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o",
    "ұ": "u", "ү": "u", "һ": "x", "җ": "Z", "ѣ": "e", "ѳ": "f", "ѵ": "i",
}  # fmt: skip

_MARKED = {
    "š": "S", "ş": "S", "ś": "S", "ș": "S", "ŝ": "SC", "ž": "Z", "ź": "Z", "ż": "Z", "č": "C", "ć": "C", "ç": "C",
    "ĉ": "C", "ğ": "g", "ı": "i", "ł": "l", "đ": "d", "ð": "d", "þ": "t", "ß": "s", "ř": "r", "ñ": "nj",
    "ë": "jo", "â": "ja", "û": "ju", "ê": "je", "ǧ": "g", "æ": "e", "ø": "o", "å": "o", "œ": "e", "ě": "je",
    "è": "e", "ĭ": "j", "ŭ": "v", "ţ": "c", "ț": "c",
}  # fmt: skip
"""Latin letters with marks that carry a sound (Slavic, Turkish, ISO 9); others lose the mark."""

_DIGRAPHS = (
    ("schtsch", "SC"), ("shtsh", "SC"), ("shch", "SC"), ("szcz", "SC"), ("stsch", "SC"), ("tsch", "C"), ("dsch", "dZ"),
    ("tch", "C"), ("tsh", "C"), ("sch", "S"), ("sh", "S"), ("sz", "S"), ("zgh", "zg"), ("zh", "Z"), ("kh", "x"),
    ("tz", "c"), ("ts", "c"), ("cz", "C"), ("ch", "C"), ("ph", "f"), ("th", "t"), ("gh", "g"), ("ck", "k"),
    ("qu", "kv"),
    ("yyi", "ij"), ("yy", "ij"), ("iy", "ij"), ("yj", "ij"),
    ("ya", "ja"), ("yu", "ju"), ("ye", "je"), ("yo", "jo"), ("yi", "ji"),
    ("ia", "ja"), ("iu", "ju"), ("ie", "je"), ("io", "jo"),
    ("cl", "kl"), ("cr", "kr"),
    ("x", "ks"), ("w", "v"), ("q", "k"), ("y", "i"),
)  # fmt: skip
"""Latin spellings of one sound, longest first: KMU 55, BGN/PCGN, passport, German, Polish, informal."""

_LATIN_SOUND = re.compile("|".join(spelling for spelling, _ in _DIGRAPHS))
_SOUND_OF = dict(_DIGRAPHS)

_FOLD_CLASSES = str.maketrans({"g": "h", "x": "h", "Z": "z", "C": "c", "S": "s", "j": "i", "y": "i"})


@cache
def clean(text: str) -> str:
    """Give a name as compared: lower case in no locale, one apostrophe-free form, look-alike letters repaired.

    Words are parted by single spaces; hyphens and dots part words too.
    """
    flat = unicodedata.normalize("NFC", text).replace("İ", "i").lower().replace("i̇", "i")
    flat = _APOSTROPHES.sub("", flat)
    return " ".join(_one_script(word) for word in _SEPARATORS.split(flat) if word)


def _one_script(word: str) -> str:
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if not cyrillic or not latin:
        return word
    to_cyrillic, to_latin = word.translate(_LATIN_TO_CYRILLIC), word.translate(_CYRILLIC_TO_LATIN)
    whole_cyrillic, whole_latin = not _LATIN.search(to_cyrillic), not _CYRILLIC.search(to_latin)
    if whole_cyrillic != whole_latin:
        return to_cyrillic if whole_cyrillic else to_latin
    return to_cyrillic if cyrillic >= latin else to_latin


def is_cyrillic(text: str) -> bool:
    """Whether any letter is Cyrillic."""
    return _CYRILLIC.search(text.lower()) is not None


def language(texts: str) -> str:
    """Guess from many names together whether their Cyrillic is Ukrainian ("uk") or Russian ("ru"); "" for none."""
    lower = texts.lower()
    if not _CYRILLIC.search(lower):
        return ""
    ukrainian = sum(lower.count(letter) for letter in "іїєґ")
    russian = sum(lower.count(letter) for letter in "ыэъё")
    return "uk" if ukrainian > russian else "ru"


@cache
def romanise(text: str, tongue: str = "uk") -> str:
    """Write a name in Latin letters for a reader: KMU 55 for Ukrainian, ICAO 9303 for Russian.

    Latin text stays as it is but for its marks; other scripts go letter by letter.
    """
    table = _ICAO if tongue == "ru" else _KMU55
    words = []
    for word in text.split():
        lower = word.lower().replace("зг", "zgh") if tongue != "ru" else word.lower()
        letters = [
            _KMU55_FIRST[letter] if tongue != "ru" and i == 0 and letter in _KMU55_FIRST else table.get(letter, letter)
            for i, letter in enumerate(lower)
        ]
        plain = anyascii("".join(letters))
        words.append(plain.capitalize() if word[:1].isupper() else plain)
    return " ".join(words)


@cache
def sounds(text: str) -> str:
    """Write a clean name in sounds shared by all three scripts, one character each; doubled ones once.

    Parameters
    ----------
    text
        A name as `clean` gives it.

    Returns
    -------
    str
        Letters a to z and C (ch), S (sh), Z (zh), x (kh), c (ts), j (y); words parted by a space.
    """
    return " ".join(filter(None, (_word_sounds(word) for word in text.split())))


def _word_sounds(word: str) -> str:
    if _CYRILLIC.search(word):
        spelled = word.replace("ьо", "ё").replace("зг", "зґ")
        letters = "".join(_SOUNDS.get(letter, letter) for letter in spelled)
    else:
        letters = word
        if not word.isascii():
            letters = "".join(_MARKED.get(letter, letter) for letter in word)
            kept = "".join(letter if letter.isascii() else anyascii(letter).lower() for letter in letters)
            letters = kept
        letters = _LATIN_SOUND.sub(_sound, letters)
    return _once(letters)


def _sound(match: re.Match[str]) -> str:
    return _SOUND_OF[match.group()]


def _once(letters: str) -> str:
    return _DOUBLED.sub(r"\1", letters)


@cache
def fold(text: str) -> str:
    """Give one key for a clean name's Ukrainian, Russian and Latin forms, endings of gender and case cut.

    Source of the classes: measured on invented lists in three scripts, `docs/linkage.md`.
    """
    return " ".join(filter(None, (_word_fold(word) for word in sounds(text).split())))


def _word_fold(sound: str) -> str:
    key = _once(sound.replace("SC", "s").replace("tc", "c").replace("ts", "c").translate(_FOLD_CLASSES))
    for pair, letter in (("io", "e"), ("ie", "e"), ("iu", "u"), ("ia", "a")):
        key = key.replace(pair, letter)
    key = _once(key)
    key = _SKI.sub(r"\1", key)
    return _ENDING.sub("", key) if len(key) > 4 else key


@cache
def consonants(text: str) -> str:
    """Give the consonant key of a clean name: the first letter, all vowels as one, then the consonants."""
    key = fold(text).replace(" ", "")
    return key[:1].translate(str.maketrans("eiou", "aaaa")) + re.sub("[aeiou]", "", key[1:])


def is_patronymic(text: str) -> bool:
    """Whether one clean word looks like a patronymic in any of the scripts."""
    key = sounds(text)
    if len(key) < 5:
        return False
    return re.search(r"[oei]v(?:iC|na)$|iCna$|li?C$|[kmt]iC$|liC$|ljiC$|ogli$|k[iy]zi$", key) is not None


@cache
def father_of(text: str) -> str:
    """Give the fold of the father's name inside a patronymic, or the fold of the word itself."""
    key = sounds(text)
    stem = re.sub(r"(?:[jei]*[oei]v|[oeji])(?:iC|ic|na|nja)$", "", key)
    if stem == key:
        stem = re.sub(r"(?:iniC|i)?(?:iC|Cna)$", "", key)
    return _word_fold(stem) if stem else _word_fold(key)
