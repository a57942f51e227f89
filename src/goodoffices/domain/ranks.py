"""Ranks of the two armies, ground and navy, by the words that lists use for them in four languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import cache


class Rank(StrEnum):
    """A rank by its canonical name, lowest first; a naval rank has the name of its equal on the ground."""

    RECRUIT = "recruit"
    PRIVATE = "private"
    SENIOR_PRIVATE = "senior_private"
    JUNIOR_SERGEANT = "junior_sergeant"
    SERGEANT = "sergeant"
    SENIOR_SERGEANT = "senior_sergeant"
    CHIEF_SERGEANT = "chief_sergeant"
    STAFF_SERGEANT = "staff_sergeant"
    MASTER_SERGEANT = "master_sergeant"
    SENIOR_MASTER_SERGEANT = "senior_master_sergeant"
    CHIEF_MASTER_SERGEANT = "chief_master_sergeant"
    STARSHINA = "starshina"
    WARRANT_OFFICER = "warrant_officer"
    SENIOR_WARRANT_OFFICER = "senior_warrant_officer"
    CADET = "cadet"
    JUNIOR_LIEUTENANT = "junior_lieutenant"
    LIEUTENANT = "lieutenant"
    SENIOR_LIEUTENANT = "senior_lieutenant"
    CAPTAIN = "captain"
    MAJOR = "major"
    LIEUTENANT_COLONEL = "lieutenant_colonel"
    COLONEL = "colonel"
    BRIGADIER_GENERAL = "brigadier_general"
    MAJOR_GENERAL = "major_general"
    LIEUTENANT_GENERAL = "lieutenant_general"
    COLONEL_GENERAL = "colonel_general"
    GENERAL = "general"
    MARSHAL = "marshal"

    @property
    def order(self) -> int:
        """Its place from the lowest, 0, upwards; compare this, never the names."""
        return _ORDER[self]

    @property
    def is_officer(self) -> bool:
        """Whether it is a commissioned rank (cadets are not)."""
        return self.order >= Rank.JUNIOR_LIEUTENANT.order


_ORDER: Mapping[str, int] = {rank: place for place, rank in enumerate(Rank)}

WORDS: Mapping[Rank, tuple[str, ...]] = {
    Rank.RECRUIT: ("рекрут", "новобранець", "новобранец", "recruit", "acemi er"),
    Rank.PRIVATE: (
        "солдат", "рядовий", "ряд", "сол", "матрос", "матр", "рядовой", "стрелок", "private", "soldier", "pvt",
        "seaman", "sailor", "er", "asker", "neferi", "nefer", "bahriyeli", "deniz eri",
    ),
    Rank.SENIOR_PRIVATE: (
        "старший солдат", "ст солдат", "ст сол", "єфрейтор", "єфр", "ефрейтор", "ефр", "старший матрос",
        "ст матрос", "ст матр", "senior private", "senior soldier", "private first class", "pfc", "corporal", "cpl",
        "lance corporal", "senior seaman", "able seaman", "onbaşı", "onb", "kıdemli er", "uzman onbaşı",
    ),
    Rank.JUNIOR_SERGEANT: (
        "молодший сержант", "мол сержант", "мол с т", "мол серж", "мл сержант", "мл с т", "мл серж",
        "младший сержант", "старшина 2 статті", "старшина 2 ст", "старшина 2 статьи", "старшина другої статті",
        "старшина второй статьи", "junior sergeant", "jr sergeant", "jr sgt", "petty officer 2 class",
        "petty officer second class", "kıdemsiz çavuş", "astçavuş", "ast çavuş",
    ),
    Rank.SERGEANT: (
        "сержант", "серж", "с т", "старшина 1 статті", "старшина 1 ст", "старшина 1 статьи",
        "старшина першої статті", "старшина первой статьи", "sergeant", "sgt", "petty officer 1 class",
        "petty officer first class", "çavuş", "çvş", "uzman çavuş",
    ),
    Rank.SENIOR_SERGEANT: (
        "старший сержант", "ст сержант", "ст с т", "ст серж", "головний старшина", "гол старшина",
        "главный старшина", "гл старшина", "senior sergeant", "sr sergeant", "sr sgt", "chief petty officer", "cpo",
        "kıdemli çavuş", "kd çavuş", "üstçavuş", "üst çavuş",
    ),
    Rank.CHIEF_SERGEANT: (
        "головний сержант", "гол сержант", "главный сержант", "chief sergeant", "головний корабельний старшина",
        "главный корабельный старшина", "chief ship petty officer", "baş çavuş vekili", "kıdemli üstçavuş",
    ),
    Rank.STAFF_SERGEANT: (
        "штаб сержант", "шт сержант", "штаб старшина", "staff sergeant", "ssgt", "karargâh çavuşu", "kurmay çavuş",
    ),
    Rank.MASTER_SERGEANT: (
        "майстер сержант", "майстер старшина", "мастер сержант", "мастер старшина", "master sergeant", "msgt",
        "master petty officer", "usta çavuş",
    ),
    Rank.SENIOR_MASTER_SERGEANT: (
        "старший майстер сержант", "ст майстер сержант", "старший майстер старшина", "старший мастер сержант",
        "ст мастер сержант", "senior master sergeant", "smsgt", "kıdemli usta çavuş",
    ),
    Rank.CHIEF_MASTER_SERGEANT: (
        "головний майстер сержант", "гол майстер сержант", "головний майстер старшина", "главный мастер сержант",
        "гл мастер сержант", "chief master sergeant", "cmsgt", "baş usta çavuş",
    ),
    Rank.STARSHINA: (
        "старшина", "ст на", "sergeant major", "first sergeant", "sgm", "starshina", "başçavuş", "bçvş",
        "kıdemli başçavuş",
    ),
    Rank.WARRANT_OFFICER: (
        "прапорщик", "прап", "пр к", "пр щик", "мічман", "мичман", "warrant officer", "wo", "praporshchik",
        "midshipman", "astsubay", "gedikli",
    ),
    Rank.SENIOR_WARRANT_OFFICER: (
        "старший прапорщик", "ст прапорщик", "ст прап", "ст пр к", "ст пр щик", "старший мічман", "ст мічман",
        "старший мичман", "ст мичман", "senior warrant officer", "chief warrant officer", "cwo",
        "senior midshipman", "kıdemli astsubay", "kd astsubay",
    ),
    Rank.CADET: ("курсант", "кадет", "cadet", "harbiyeli", "askerî öğrenci"),
    Rank.JUNIOR_LIEUTENANT: (
        "молодший лейтенант", "мол лейтенант", "мол л т", "мол лейт", "младший лейтенант", "мл лейтенант", "мл л т",
        "мл лейт", "junior lieutenant", "jr lieutenant", "jr lt", "third lieutenant", "3lt", "asteğmen", "astğm",
    ),
    Rank.LIEUTENANT: (
        "лейтенант", "лейт", "л т", "lieutenant", "lt", "second lieutenant", "2lt", "2 lt", "2 lieutenant",
        "teğmen", "tğm",
    ),
    Rank.SENIOR_LIEUTENANT: (
        "старший лейтенант", "ст лейтенант", "ст л т", "ст лейт", "старлей", "senior lieutenant", "sr lieutenant",
        "sr lt", "first lieutenant", "1lt", "1 lt", "1 lieutenant", "üsteğmen", "ütğm", "kıdemli teğmen",
    ),
    Rank.CAPTAIN: (
        "капітан", "капит", "капіт", "кап", "к н", "капитан", "капітан лейтенант", "кап лейтенант",
        "капитан лейтенант", "к л т", "captain", "capt", "cpt", "captain lieutenant", "yüzbaşı", "yzb",
        "kıdemli yüzbaşı", "kd yzb", "deniz yüzbaşı",
    ),
    Rank.MAJOR: (
        "майор", "м р", "капітан 3 рангу", "кап 3 рангу", "кап 3 ранга", "капитан 3 ранга", "к 3 р", "к3р",
        "капітан третього рангу", "капитан третьего ранга", "major", "maj", "mjr", "lieutenant commander", "lt cdr",
        "captain 3 rank", "captain third rank", "binbaşı", "bnb", "deniz binbaşı",
    ),
    Rank.LIEUTENANT_COLONEL: (
        "підполковник", "п п к", "пп к", "підп к", "подполковник", "п полковник", "подп к", "капітан 2 рангу",
        "кап 2 рангу", "кап 2 ранга", "капитан 2 ранга", "к 2 р", "к2р", "капітан другого рангу",
        "капитан второго ранга", "lieutenant colonel", "lt col", "ltc", "ltcol", "captain 2 rank",
        "captain second rank", "commander", "cdr", "yarbay", "yb", "yrb", "deniz yarbay",
    ),
    Rank.COLONEL: (
        "полковник", "полк", "п к", "капітан 1 рангу", "кап 1 рангу", "кап 1 ранга", "капитан 1 ранга", "к 1 р",
        "к1р", "капітан першого рангу", "капитан первого ранга", "colonel", "col", "captain 1 rank",
        "captain first rank", "albay", "alb", "deniz albay",
    ),
    Rank.BRIGADIER_GENERAL: (
        "бригадний генерал", "бригадный генерал", "бриг генерал", "комодор", "коммодор", "brigadier general",
        "brig gen", "bg", "brigadier", "commodore", "tuğgeneral", "tuğg", "tuğamiral",
    ),
    Rank.MAJOR_GENERAL: (
        "генерал майор", "ген майор", "ген м р", "г м", "контрадмірал", "контр адмірал", "контр адмирал",
        "контрадмирал", "к адм", "major general", "maj gen", "mg", "rear admiral", "tümgeneral", "tümg",
        "tümamiral",
    ),
    Rank.LIEUTENANT_GENERAL: (
        "генерал лейтенант", "ген лейтенант", "ген л т", "г л", "віцеадмірал", "віце адмірал", "вице адмирал",
        "вицеадмирал", "в адм", "lieutenant general", "lt gen", "ltg", "vice admiral", "korgeneral", "korg",
        "koramiral",
    ),
    Rank.COLONEL_GENERAL: (
        "генерал полковник", "ген полковник", "ген п к", "colonel general", "col gen", "albay general",
    ),
    Rank.GENERAL: (
        "генерал", "ген", "генерал армії", "генерал армии", "адмірал", "адмирал", "адмірал флоту", "адмирал флота",
        "general", "gen", "army general", "general of the army", "admiral", "admiral of the fleet", "orgeneral",
        "org", "oramiral",
    ),
    Rank.MARSHAL: ("маршал", "маршал российской федерации", "marshal", "field marshal", "mareşal"),
}  # fmt: skip
"""The words for each rank: Ukrainian, Russian, English and Turkish, in full and as lists shorten them."""

_ROMAN = {"i": "1", "ii": "2", "iii": "3", "і": "1", "іі": "2", "ііі": "3"}
_ORDINAL = re.compile(r"\b([123]) ?(?:ого|го|ии|и|ои|а|я|и|і|st|nd|rd|inci|nci|uncu)\b")
_SERVICE = re.compile(
    r"\b(?:гвардии|гвардіі|гв|медичноі служби|мед служби|медицинскои службы|мед службы|м с|юстиціі|юстиции|"
    r"поліціі|полиции|запасу|запаса|в запасі|в запасе|у відставці|в отставке|внутреннеи службы|внутрішньоі служби|"
    r"вн службы|medical service|of the guards?|guards?|ret|retired|reserve|emekli)\b"
)
"""Both folded as `plain` folds."""


def plain(text: str) -> str:
    """Fold a word for comparison: no case, no punctuation, no marks above letters; the same in every locale.

    The Turkish dotless and dotted i fold to one letter, as do Cyrillic letters that differ by a
    mark alone, so that capitals written under any locale meet.
    """
    flat = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(letter for letter in flat if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]|_", " ", bare.replace("ı", "i")).split())


@cache
def rank_of(text: str) -> Rank | None:
    """Read a rank as lists write it, in Ukrainian, Russian, English or Turkish, short or in full.

    Words of a service ("of the guards", "medical service", "retired") do not change a rank.

    Parameters
    ----------
    text
        A cell of a list, or a canonical name.

    Returns
    -------
    Rank | None
        None where the text is no known rank.
    """
    words = _ORDINAL.sub(r"\1", plain(text)).split()
    whole = " ".join(_ROMAN.get(word, word) for word in words)
    table = _table()
    found = table.get(whole)
    if found is None:
        found = table.get(" ".join(_SERVICE.sub(" ", whole).split()))
    return found


@cache
def _table() -> dict[str, Rank]:
    table = {plain(rank.value): rank for rank in Rank}
    for rank, words in WORDS.items():
        for word in words:
            table[plain(word)] = rank
    return table
