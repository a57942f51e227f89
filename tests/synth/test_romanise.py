"""Romanisations write what their sources print."""

import pytest

from goodoffices.synth.romanise import SCHEMES, romanise
from goodoffices.synth.writing import SCHEME_SHARES

# Examples of the table of resolution 55 of the Cabinet of Ministers of Ukraine, 27 January 2010.
KMU = """
алушта alushta, борщагівка borshchahivka, вишгород vyshhorod, гадяч hadiach, згорани zghorany, ґалаґан galagan,
дон don, рівне rivne, єнакієве yenakiieve, наєнко naienko, житомир zhytomyr, закарпаття zakarpattia, медвин medvyn,
іршава irshava, їжакевич yizhakevych, кадиївка kadyivka, йосипівка yosypivka, стрий stryi, олексій oleksii, київ kyiv,
лебедин lebedyn, ніжин nizhyn, онищенко onyshchenko, ромни romny, суми sumy, тетерів teteriv, ужгород uzhhorod,
фастів fastiv, харків kharkiv, біла bila, чернівці chernivtsi, шостка shostka, гоща hoshcha, розгон rozghon,
юрій yurii, крюківка kriukivka, яготин yahotyn, ічня ichnia, короп'є koropie, зґурський zgurskyi
"""


@pytest.mark.parametrize("example", [word.strip() for word in KMU.split(",")])
def test_kmu_2010_writes_as_the_resolution_prints(example):
    cyrillic, latin = example.split()
    assert romanise([cyrillic], "kmu_2010") == [latin]


# The Cyrillic table of ICAO Doc 9303 part 3, as Russian passports use it.
ICAO = "щербаков/shcherbakov подъячев/podieiachev юлия/iuliia алексей/aleksei хрущёв/khrushchev"
BGN = "ельцин/yeltsin андреев/andreyev горбачёв/gorbachyov"
ISO = "щука/ŝuka юрій/ûrìj чайка/čajka яна/âna"


@pytest.mark.parametrize("example", ICAO.split())
def test_icao_writes_as_doc_9303(example):
    cyrillic, latin = example.split("/")
    assert romanise([cyrillic], "icao_ru") == [latin]


@pytest.mark.parametrize("example", BGN.split())
def test_bgn_writes_russian_ye(example):
    cyrillic, latin = example.split("/")
    assert romanise([cyrillic], "bgn_ru") == [latin]


@pytest.mark.parametrize("example", ISO.split())
def test_iso_9_writes_one_letter_for_one(example):
    cyrillic, latin = example.split("/")
    assert romanise([cyrillic], "iso_9") == [latin]


def test_habits_of_three_languages():
    assert romanise(["шевчук"], "german") == ["schewtschuk"]
    assert romanise(["шевчук"], "turkish") == ["şevçuk"]
    assert romanise(["шевчук"], "polish") == ["szewczuk"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_many_at_once_are_each_as_alone(scheme):
    words = ["юрій", "олексій", "щербань", "євген", "зґурський", "любов", "ілля"]
    assert romanise(words, scheme) == [romanise([word], scheme)[0] for word in words]
    assert romanise([], scheme) == []


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_cyrillic_is_left(scheme):
    alphabet = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэёъ"
    assert not set(romanise([alphabet], scheme)[0]) & set(alphabet)


def test_eleven_schemes_share_the_latin_lists():
    assert set(SCHEME_SHARES) == set(SCHEMES)
    assert len(SCHEMES) == 11
    assert sum(SCHEME_SHARES.values()) == pytest.approx(1)
