"""Eleven ways to write Ukrainian or Russian names in Latin letters, as real papers mix them.

| scheme | from | source |
|---|---|---|
| kmu_2010 | Ukrainian | Cabinet of Ministers of Ukraine, resolution 55 of 27 January 2010 |
| passport_uk | Ukrainian | passports before 2010: г is g, и is y, soft sign left out |
| bgn_uk | Ukrainian | BGN/PCGN 1965 |
| informal_uk | Ukrainian | as people type: х h, щ sch, й y |
| polish | Ukrainian | Polish habit: w, cz, sz, j |
| icao_ru | Russian | ICAO Doc 9303, Russian passports since 2014 |
| bgn_ru | Russian | BGN/PCGN 1947 |
| informal_ru | Russian | as people type |
| iso_9 | either | ISO 9:1995 |
| turkish | either | Turkish habit: ç, ş, ı, j |
| german | either | German habit: w, sch, tsch, j |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


def _letters(text: str) -> dict[str, str]:
    """Read `г=g ь=`: Latin for each Cyrillic letter."""
    return {pair[0]: pair[2:] for pair in text.split()}


_PLAIN = _letters(
    "а=a б=b в=v г=h ґ=g д=d е=e є=ie ж=zh з=z и=y і=i ї=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh "
    "ц=ts ч=ch ш=sh щ=shch ь= ю=iu я=ia ы=y э=e ё=e ъ= '="
)
_RUSSIAN = "г=g и=i й=i ъ=ie "
_GLIDES = "є=ye ї=yi й=y ю=yu я=ya "


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to romanise.

    Attributes
    ----------
    source
        `uk` or `ru`: whose written form it starts from; `either`: the form in the person's own papers.
    letters
        Latin for each Cyrillic letter, lower case (`г=g й=y`), where it differs from the plain table.
    before
        Replacements (pattern, Latin) made first; `^` is the beginning of a name.
    after
        Replacements on the Latin text.
    """

    source: str
    letters: str = ""
    before: tuple[tuple[str, str], ...] = ()
    after: tuple[tuple[str, str], ...] = ()


_KMU_FIRST = (("зг", "zgh"), ("^є", "ye"), ("^ї", "yi"), ("^й", "y"), ("^ю", "yu"), ("^я", "ya"))

SCHEMES: dict[str, Scheme] = {
    "kmu_2010": Scheme("uk", before=_KMU_FIRST),
    "passport_uk": Scheme("uk", "г=g й=y ї=yi", before=_KMU_FIRST[1:]),
    "bgn_uk": Scheme("uk", _GLIDES),
    "informal_uk": Scheme("uk", _GLIDES + "г=g х=h щ=sch є=e и=i ц=c ї=i", before=((r"ий\b", "iy"), ("кс", "x"))),
    "polish": Scheme(
        "uk", "в=w є=je ж=ż ї=ji й=j х=ch ц=c ч=cz ш=sz щ=szcz ю=ju я=ja", after=((r"l(?![aeiouyj])", "ł"),)
    ),
    "icao_ru": Scheme("ru", _RUSSIAN),
    "bgn_ru": Scheme("ru", _RUSSIAN + "й=y ё=yo ю=yu я=ya ъ=", before=(("^е", "ye"), ("(?<=[аеёиоуыэюя])е", "ye"))),
    "informal_ru": Scheme(
        "ru", _RUSSIAN + "й=y ё=e ю=u я=ya х=h щ=sch ъ=", before=((r"ий\b", "y"), ("ье", "ie"), ("^ю", "yu"))
    ),
    "iso_9": Scheme("either", "г=g є=ê ж=ž и=i і=ì ї=ï й=j х=h ц=c ч=č ш=š щ=ŝ ю=û я=â э=è ё=ë"),
    "turkish": Scheme("either", _GLIDES + "г=g є=e ж=j и=i ї=i х=h ч=ç ш=ş щ=şç ы=ı ё=yo"),
    "german": Scheme(
        "either",
        "в=w г=g є=je ж=sch з=s ї=ji й=j х=ch ц=z ч=tsch ш=sch щ=schtsch ю=ju я=ja ё=jo",
        after=(("(?<=[aeiou])s(?=ij)", "ss"),),
    ),
}


def romanise(words: Sequence[str], scheme: str) -> list[str]:
    """Write lower-case Cyrillic words in Latin letters, lower case, by the scheme of that name."""
    way = SCHEMES[scheme]
    whole = "\n".join(words)
    for pattern, latin in way.before:
        whole = re.sub(pattern, latin, whole, flags=re.MULTILINE)
    letters: dict[str, str | int | None] = {**_PLAIN, **_letters(way.letters)}
    whole = whole.translate(str.maketrans(letters))
    for pattern, latin in way.after:
        whole = re.sub(pattern, latin, whole)
    return whole.split("\n") if words else []
