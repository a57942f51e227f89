"""The encoding is found by what the letters say; a file of two encodings is refused."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import InputError
from goodoffices.formats.lists.encoding import decode

UKRAINIAN = "номер;прізвище;ім’я\r\n1;Іваненко;Ґалаґан\r\n2;Шевчук;Їжакевич\r\n"
RUSSIAN = "номер;фамилия;имя\r\n1;ИВАНОВ;ПЁТР\r\n2;Объедков;Фёдор\r\n"
TURKISH = "sıra no;soyadı;doğum yeri\r\n1;Yılmaz;İzmit yakını\r\n2;Şahin;Ağrı\r\n"


@pytest.mark.parametrize(
    ("text", "codec", "named"),
    [
        (UKRAINIAN, "utf-8", "UTF-8"),
        (UKRAINIAN, "utf-8-sig", "UTF-8 with BOM"),
        (UKRAINIAN, "utf-16", "UTF-16"),
        (UKRAINIAN, "utf-16-le", "UTF-16"),
        (UKRAINIAN, "utf-16-be", "UTF-16"),
        (UKRAINIAN, "utf-32", "UTF-32"),
        (UKRAINIAN, "cp1251", "cp1251"),
        (UKRAINIAN.replace("’", "'"), "koi8-u", "koi8-u"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8-u"),
        (RUSSIAN, "cp866", "cp866"),
        (RUSSIAN.upper(), "cp1251", "cp1251"),
        (RUSSIAN.upper(), "koi8-r", "koi8-u"),
        (TURKISH, "utf-8", "UTF-8"),
        (TURKISH, "utf-16", "UTF-16"),
        (TURKISH, "cp1254", "cp1254"),
        ("ref;surname\r\n1;Koval\r\n", "ascii", "UTF-8"),
    ],
)
def test_each_encoding_is_found_and_named(text, codec, named):
    found = decode(text.encode(codec), "list.csv")
    assert (found.text, found.encoding) == (text, named)


def test_big_endian_utf16_with_a_mark_is_read():
    assert decode(codecs.BOM_UTF16_BE + UKRAINIAN.encode("utf-16-be"), "list.csv").text == UKRAINIAN


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (UKRAINIAN.encode() + "3;Петренко;Іван\r\n".encode("cp1251"), "line 4: found mixed encodings: line 1 is UTF-8"),
        (codecs.BOM_UTF8 + UKRAINIAN.encode() + "3;Петренко\r\n".encode("cp1251"), "mixed encodings"),
        (
            RUSSIAN.encode("cp1251") * 9 + "3;Объедков Фёдор Игоревич\r\n".encode("koi8-r"),
            "most of it is cp1251, line 28",
        ),
        (UKRAINIAN.encode("utf-16")[:-1], "damaged"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8x\x00", "damaged at byte"),
        (codecs.BOM_UTF8 + b"\xff\xfe", "UTF-8 with BOM that is damaged"),
        (b"ref;surname\r\n1;\x00\r\n", "a NUL byte"),
        ("ref\tsurname\r\n1\tKo\x00val\r\n".encode("utf-16"), "a NUL character"),
    ],
)
def test_what_is_not_one_text_is_refused_with_its_line(data, says):
    with pytest.raises(InputError, match=says):
        decode(data, "list.csv")


WORDS = st.lists(
    st.sampled_from(RUSSIAN.split(";") + UKRAINIAN.split(";") + ["Петренко", "Сидоров"]), min_size=4, max_size=9
)


@settings(max_examples=60, deadline=None)
@given(WORDS, st.sampled_from(["cp1251", "koi8-u", "utf-8", "utf-16"]))
def test_lists_of_names_read_back_from_every_encoding(words, codec):
    text = ("фамилия;имя\n" + ";".join(words)).replace("’", "'")
    assert decode(text.encode(codec), "list.csv").text == text


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_read_or_refused(data):
    try:
        decode(data, "list.csv")
    except InputError as error:
        refused = error
    else:
        return
    assert refused.faults[0].file == "list.csv"
