"""Invented places with both languages' names, and former names where a place was renamed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from goodoffices.synth.arrays import Floats, Texts, texts, zipf

_FRONTS = """
-/- верхньо/верхне нижньо/нижне ново/ново старо/старо велико/велико мало/мало біло/бело чорно/черно добро/добро
криво/криво сухо/сухо тихо/тихо синьо/сине
"""
_STEMS = """
дуб/дуб сич/сыч лип/лип вільх/ольх кремін/кремен глин/глин камян/камен очерет/очерет журавл/журавл сокол/сокол
борсук/барсук вовч/волч лис/лис ставищ/ставищ млин/млын хутор/хутор криниц/криниц бродн/бродн гайов/гаев лісн/лесн
степн/степн озерн/озерн гірн/горн ярн/ярн вишн/вишн яблун/яблон калин/калин верб/верб тополь/тополь полин/полын
сонячн/солнечн вітр/ветр мороз/мороз зорян/звёздн рибал/рыбал гончар/гончар ковал/ковал ткач/ткач
чумац/чумац бондар/бондар
"""
_ENDINGS = """
6 івка/овка
4 ове/овое
3 ське/ское
3 не/ное
3 иця/ица
3 анка/анка
2 ники/ники
2 ичі/ичи
2 город/город
1 піль/поль
2 инці/инцы
2 яни/яны
"""
_FORMER = """
червон/красн первомай/первомай жовтне/октябрьск ударн/ударн комунар/коммунар трудов/трудов
радгосп/совхоз перемож/побед маяк/маяк
"""
_REGIONS = """
дубівська/дубовская сичівська/сычовская заозерська/заозёрская приярська/приярская межигайська/межигайская лугова/луговая
"""
_FIXED = 1991


@dataclass(frozen=True, slots=True)
class Places:
    """The stock of places, one number a place, the largest first.

    Attributes
    ----------
    written, former
        Per script (`uk`, `ru`), per place: its name now, and the one before (None if never renamed).
    regions
        Per script, per place: the region it lies in.
    shares
        Chance of each place as a birth place; sums to 1.
    """

    written: dict[str, Texts]
    former: dict[str, Texts]
    regions: dict[str, Texts]
    shares: Floats


def _pairs(text: str) -> list[tuple[str, str]]:
    found = (word.replace("-", "").partition("/") for word in text.split())
    return [(uk, ru) for uk, _, ru in found]


@lru_cache(maxsize=1)
def places() -> Places:
    """Give the stock of places, some six thousand; one in six was renamed."""
    rng = np.random.default_rng(_FIXED)
    endings = [(float(line.split()[0]), line.split()[1].split("/")) for line in _ENDINGS.strip().splitlines()]
    found = [
        (weight * (1.0 if not front[0] else 0.25), front[0] + stem[0] + ending[0], front[1] + stem[1] + ending[1])
        for weight, ending in endings
        for front in _pairs(_FRONTS)
        for stem in _pairs(_STEMS)
    ]
    weights = np.array([weight for weight, _, _ in found])
    order = np.argsort(-np.log(weights) + 2 * rng.gumbel(size=weights.size), kind="stable")
    formers = [(front[0] + ending[0], front[1] + ending[1]) for front in _pairs(_FORMER) for _, ending in endings[:4]]
    which = rng.integers(len(formers), size=weights.size)
    renamed = rng.random(weights.size) < 1 / 6
    areas = _pairs(_REGIONS)
    lies = rng.integers(len(areas), size=weights.size)

    def former(language: int) -> Texts:
        return texts(formers[at][language] if gone else None for at, gone in zip(which, renamed, strict=True))

    return Places(
        written={"uk": texts(found[at][1] for at in order), "ru": texts(found[at][2] for at in order)},
        former={"uk": former(0), "ru": former(1)},
        regions={"uk": texts(areas[at][0] for at in lies), "ru": texts(areas[at][1] for at in lies)},
        shares=zipf(weights.size, offset=8.0, power=0.85),
    )
