"""Invented surnames: common words and endings put together, in both languages and for both sexes.

A surname of Ukrainian make is at home in Ukrainian; Russian lists write it letter by letter or, by an
old habit of clerks, with the Russian stem (Вовченко: Вовченко or Волченко). One of Russian make the other way
round (Лесников: Лєсніков or Лісников).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from goodoffices.synth.arrays import Floats, Texts, texts, zipf

# uk, ru; where the two differ a clerk may translate.
_STEMS = """
дуб/дуб вовк/волк лис/лис сич/сыч зай/зай соловй/соловь сорок/сорок голуб/голуб журавл/журавл орл/орл сокол/сокол
ворон/ворон гус/гус качур/качур яструб/ястреб снігур/снегир кобц/кобц перепел/перепел горобц/воробь дрозд/дрозд
ведмед/медвед борсук/барсук бобр/бобр олен/олен тур/тур козл/козл баран/баран бик/бык карас/карас щук/щук
окун/окун линк/линьк сом/сом рибал/рыбал мисл/мысл коваль/ковал мельник/мельник кравц/кравц швец/швец бондар/бондар
гончар/гончар столяр/столяр теслен/теслен ткач/ткач чумак/чумак козак/казак гетьман/гетман писар/писар бочкар/бочкар
колісник/колесник лимар/лимар римар/рымар скляр/скляр пасічник/пасечник рибак/рыбак сотник/сотник стельмах/стельмах
шапошник/шапошник кушнір/кушнир маляр/маляр музик/музык паламар/пономар дяк/дьяк попад/попад титар/титар
ліс/лес гай/гай бір/бор пол/пол степ/степ луг/луг річк/речк озер/озер криниц/криниц брод/брод мост/мост
гор/гор яр/яр скал/скал камен/камен пісков/песков глин/глин болот/болот верб/верб калин/калин тополь/топол
яблун/яблон груш/груш вишн/вишн слив/слив горіх/орех барвін/барвин лопат/лопат сокир/секир молот/молот
серп/серп борон/борон плуг/плуг кос/кос решет/решет макогон/макогон рогоз/рогоз очерет/очерет полин/полын
біл/бел чорн/черн сив/сив руд/рыж рябк/рябк кривон/кривон довг/долг малиш/малыш велич/велич тихон/тихон
швид/быстр добр/добр веселк/весел сміян/смеян гордій/гордей лютк/лютк мовчан/молчан співак/певц плакс/плакс
зим/зим мороз/мороз сніж/снеж вітр/ветр хмар/хмар грім/гром дощ/дожд зор/зор сонц/солнц місяч/месяч
попель/пепел вугл/угл димк/дымк іскр/искр кремін/кремен залізн/железн мідян/медян срібн/серебрян золот/золот
просян/просян пшеничн/пшеничн житник/житник гречк/гречк маков/маков часник/чеснок цибул/лук капуст/капуст огір/огур
капл/капл хвил/волн крутій/крутей байд/байд гайдук/гайдук кобз/кобз бандур/бандур дудар/дудар цимбал/цимбал
"""
_OTHER = (
    "арслан тагір карам зайн багат гасан іслам мурат сабір халіл "
    "юсуп шаміл азам бурхан дамір ільдар касим мансур наріман рамазан"
)
# make, weight, uk man, uk woman, ru man, ru woman; `~` softens the last consonant of the stem.
_ENDINGS = """
uk 30 ~енко ~енко ~енко ~енко
uk 13 ~ук ~ук ~ук ~ук
uk 9 ~ик ~ик ~ик ~ик
uk 7 ак ак ак ак
uk 9 ко ко ко ко
uk 6 ~ський ~ська ~ский ~ская
uk 5 івський івська овский овская
uk 4 ець ець ец ец
uk 4 ило ило ило ило
uk 4 ів ів ив ив
uk 4 ишин ишин ишин ишин
uk 3 ~ович ~ович ~ович ~ович
uk 3 ей ей ей ей
uk 3 юк юк юк юк
uk 2 ій ій ий ий
uk 3 ійчук ійчук ийчук ийчук
uk 2 аренко аренко аренко аренко
uk 2 ура ура ура ура
ru 26 ов ова ов ова
ru 11 ін іна ин ина
ru 7 ~єв ~єва ев ева
ru 6 ников никова ников никова
ru 5 ськов ськова сков скова
ru 3 их их ых ых
ru 4 овський овська овский овская
ru 4 ушкін ушкіна ушкин ушкина
ru 3 аров арова аров арова
"""
_OTHER_ENDINGS = """
ru 6 ов ова ов ова
ru 3 улін уліна уллин уллина
ru 2 ян ян ян ян
ru 1 ашвілі ашвілі ашвили ашвили
ru 1 адзе адзе адзе адзе
"""
_FRONTS = (
    "чорно/черно біло/бело криво/криво добро/добро сухо/сухо тихо/тихо "
    "старо/старо ново/ново красно/красно мало/мало пере/пере за/за під/под не/не"
)
_SOFT = {"к": "ч", "г": "ж", "х": "ш", "ц": "ч"}
_UK_RU = str.maketrans({"і": "и", "ї": "и", "є": "е", "ґ": "г", "'": "ь"})
_RU_UK = str.maketrans({"и": "і", "ы": "и", "э": "е", "ё": "ьо", "ъ": "'"})
_FIXED = 1991  # orders the surnames by how common they are; the same in every list ever made


@dataclass(frozen=True, slots=True)
class Surnames:
    """The stock of surnames, one number a surname, the most common first.

    Attributes
    ----------
    written
        Per script and sex (`uk m`, ...), per surname: as the language writes it.
    translated
        The same with the stem turned into the language's own, where a clerk would.
    shares
        Chance of each surname; sums to 1.
    """

    written: dict[str, Texts]
    translated: dict[str, Texts]
    shares: Floats


def to_russian(uk: str) -> str:
    """Write a Ukrainian word with Russian letters, letter by letter."""
    return re.sub("ьо|йо", "ё", uk).translate(_UK_RU)


def to_ukrainian(ru: str) -> str:
    """Write a Russian word with Ukrainian letters, letter by letter."""
    return re.sub("(?<=[жшчщц])і", "и", re.sub("^е", "є", ru).translate(_RU_UK))


def _join(stem: str, ending: str) -> str:
    if ending.startswith("~"):
        ending = ending[1:]
        stem = stem[:-1] + _SOFT.get(stem[-1], stem[-1])
    if stem[-1] in "ьй" and ending[0] not in "кнсш":
        stem = stem[:-1]
    if stem[-1] in "жчшщц" and ending[0] in "юяє":
        ending = {"ю": "у", "я": "а", "є": "е"}[ending[0]] + ending[1:]
    return stem + ending


def _pairs(text: str) -> list[tuple[str, str]]:
    found = (word.partition("/") for word in text.split())
    return [(uk, ru or to_russian(uk)) for uk, _, ru in found]


def _forms(uk: str, ru: str, words: list[str]) -> list[str]:
    """Give the surname of these stems: uk m, uk f, ru m, ru f."""
    ukrainian = [re.sub("(?<=[аеиіоу])е", "є", _join(uk, word)) for word in words[:2]]
    return ukrainian + [_join(ru, word) for word in words[2:]]


def _compose(
    fronts: list[tuple[str, str]], stems: list[tuple[str, str]], endings: str
) -> list[tuple[float, list[str]]]:
    """Give for each surname its weight and eight forms: written, then translated, uk m, uk f, ru m, ru f."""
    found = []
    for line in endings.strip().splitlines():
        make, weight, *words = line.split()
        for front_uk, front_ru in fronts:
            share = float(weight) * (1.0 if not front_uk else 0.025)
            for stem_uk, stem_ru in stems:
                uk, ru = front_uk + stem_uk, front_ru + stem_ru
                written = _forms(uk, to_russian(uk), words) if make == "uk" else _forms(to_ukrainian(ru), ru, words)
                found.append((share, written + _forms(uk, ru, words)))
    return found


@lru_cache(maxsize=1)
def surnames() -> Surnames:
    """Give the stock of surnames, some fifty thousand."""
    none = [("", "")]
    found = _compose(none + _pairs(_FRONTS), _pairs(_STEMS), _ENDINGS) + _compose(none, _pairs(_OTHER), _OTHER_ENDINGS)
    weights = np.array([share for share, _ in found])
    # The order in which surnames are common: by weight, shaken.
    order = np.argsort(-np.log(weights) + np.random.default_rng(_FIXED).gumbel(size=weights.size), kind="stable")
    columns = list(zip(*(forms for _, forms in found), strict=True))
    kinds = ("uk m", "uk f", "ru m", "ru f")
    return Surnames(
        written={kind: texts(columns[at])[order] for at, kind in enumerate(kinds)},
        translated={kind: texts(columns[at + 4])[order] for at, kind in enumerate(kinds)},
        shares=zipf(weights.size, offset=25.0, power=0.9),
    )
