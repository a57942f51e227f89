"""The day on disk: manifest and statements, each fault with its plain message; the page as text."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import InputError
from goodoffices.domain.handover import Say, Statement, check_digit, holds, slip_codes
from goodoffices.domain.process import Role
from goodoffices.engines.ledger.note import sign_note
from goodoffices.flow.handover.signed import keys_of, receive
from goodoffices.formats.day import day_bytes, made_day, read_day
from goodoffices.formats.daypage import SCOPES, day_page
from goodoffices.formats.words import Language, Words
from tests.flow.handover.making import KEYS, STRANGER, Device, full_day
from tests.flow.handover.making import made_day as invented

DAY = invented(3)


def test_a_manifest_reads_back_and_keeps_its_hash():
    assert read_day(day_bytes(DAY), "DAY.json") == DAY
    assert read_day(day_bytes(DAY), "DAY.json").hash == DAY.hash


@pytest.mark.parametrize(
    ("field", "value", "place", "expected"),
    [
        ("category", "child", "category", "own process"),
        ("starts", "2025-07-24T10:00", "starts", "zone"),
        ("starts", "soon", "starts", "zone"),
        ("unit", "ceasefire", "unit", "one of"),
        ("to", "A", "to", "another party"),
        ("items", [], "items", "1 to"),
        ("items", [{"number": "1", "code": "123456", "seal": None}], "code", "check digit"),
        ("items", [{"number": "1", "code": "000000", "seal": None}] * 2, "number", "once"),
        ("items", [{"number": "x" * 41, "code": "000000", "seal": None}], "number", "40"),
        ("items", [{"number": "1", "code": "000000", "seal": None, "name": "N"}], "name", "one of"),
        ("keys", {"giver": ["k"]}, "keys", "giver, neutral, receiver"),
        ("keys", {"giver": ["k"], "receiver": ["k"], "neutral": ["n"]}, "keys", "nobody speaks for two"),
        ("keys", {"giver": [], "receiver": ["k"], "neutral": ["n"]}, "keys.giver", "at least one"),
        ("form", "goodoffices/day@v2", "form", "goodoffices/day@v1"),
    ],
)
def test_each_fault_of_a_manifest_is_named(field, value, place, expected):
    with pytest.raises(InputError) as caught:
        read_day(json.dumps(DAY.as_json() | {field: value}).encode(), "DAY.json")
    assert any(fault.field == place and expected in fault.expected for fault in caught.value.faults)


def test_a_key_that_cannot_sign_statements_is_named():
    day = read_day(json.dumps(DAY.as_json() | {"keys": {r.value: [f"k{r}"] for r in Role}}).encode(), "DAY.json")
    with pytest.raises(InputError, match=r"keys\.giver"):
        keys_of(day, "DAY.json")


def test_the_check_digit_is_that_of_the_published_example_and_finds_every_slip_of_two_kinds():
    """H. M. Damm's own example: 572 has the check digit 4."""
    assert check_digit("572") == "4"
    for code in slip_codes("x1", [str(n) for n in range(60)]).values():
        assert holds(code)
        for place, digit in enumerate(code):
            others = [code[:place] + other + code[place + 1 :] for other in "0123456789" if other != digit]
            assert not any(holds(other) for other in others)
            turned = code[:place] + code[place : place + 2][::-1] + code[place + 2 :]
            assert turned == code or not holds(turned)


def test_codes_are_the_same_every_time_each_once_and_others_in_another_transfer():
    numbers = [str(n) for n in range(3_000)]
    codes = slip_codes("x1", numbers)
    assert codes == slip_codes("x1", numbers)
    assert len(set(codes.values())) == 3_000
    assert sum(codes[n] == other for n, other in slip_codes("x2", numbers).items()) < 10


def test_a_manifest_is_made_from_numbers_with_seals():
    fields = {"transfer": "x1", "giver": "A", "receiver": "B", "neutral": None, "unit": "container", "category": None}
    fields |= {"commitment": "C4", "place": "c1", "starts": "2025-07-24T10:00+03:00"}
    keys = {"giver": ["a"], "receiver": ["b"]}
    day = made_day("№ A-0192\tS 77\nA-0193\n\n".replace("№ ", "").encode(), "n.txt", fields, keys)
    assert [(item.number, item.seal) for item in day.items] == [("A-0192", "S 77"), ("A-0193", None)]
    with pytest.raises(InputError, match="once"):
        made_day(b"1\n1\n", "n.txt", fields, keys)
    with pytest.raises(InputError, match="UTF-8"):
        made_day(b"\xff\xfe", "n.txt", fields, keys)


def problems(data, day=DAY):
    found = receive(data, day)
    assert bool(found.problems) != bool(found.statements)
    return [(one.code, one.line) for one in found.problems]


def test_a_file_reads_back_whole():
    for device in full_day(DAY):
        found = receive(device.file(), DAY)
        assert found.statements == device.chain
        assert found.keys == (str(KEYS[device.role].vkey),)
        assert found.sha256 == sha256_hex(device.file())


def resigned(text, key=KEYS[Role.GIVER]):
    return f"{text}\n{sign_note(text, key).line()}".encode()


def lines_of(data):
    text = data.decode().rpartition("\n\n")[0] + "\n"
    return text.split("\n")[:-1]


FILE = full_day(DAY)[0].file()  # lines 1 to 3 say what it is; arrived, met, three counts, act in 4 to 9


def test_an_altered_line_is_named_even_if_the_signature_were_made_anew():
    changed = FILE.replace(b'"item":"2"', b'"item":"3"', 1)
    assert problems(changed) == [("altered", 7), ("signature", 11)]
    assert problems(resigned(changed.decode().rpartition("\n\n")[0] + "\n")) == [("altered", 7)]
    last = FILE.replace(b'"scope":"checked_against_manifest"', b'"scope":"counted"')
    assert problems(last) == [("altered", 9), ("signature", 11)]


def test_a_gap_in_the_chain_is_named_and_so_is_a_file_cut_short():
    lines = lines_of(FILE)
    assert problems(resigned("\n".join(lines[:5] + lines[6:]) + "\n")) == [("gap", 6)]
    assert problems(resigned("\n".join(lines[:-1]) + "\n")) == [("cut", 3)]
    assert problems(resigned("\n".join(lines[:4] + lines[3:]) + "\n")) == [("gap", 5)]


def test_another_transfer_and_another_version_of_the_manifest_are_named():
    assert problems(FILE, invented(3, transfer="x2")) == [("transfer", 2)]
    assert problems(FILE, invented(4)) == [("transfer", 2)]


def test_a_wrong_signature_an_unknown_key_and_the_key_of_another_role_are_named():
    device = full_day(DAY)[0]
    text = "\n".join(lines_of(device.file())) + "\n"
    line = sign_note(text, KEYS[Role.GIVER]).line()
    assert problems(f"{text}\n{line[:-9]}{'A' if line[-9] != 'A' else 'B'}{line[-8:]}".encode())[0][0] in {
        "signature",
        "form",
    }
    device.key = STRANGER
    assert problems(device.file()) == [("unknown_key", 11)]
    device.key = KEYS[Role.RECEIVER]
    assert problems(device.file()) == [("other_role", 11)]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"item": "99"}, "number"),
        ({"words": "afraid", "say": Say.DOES_NOT_GO, "item": "1"}, "not_allowed"),
        ({"item": None}, "not_allowed"),
        ({"say": Say.OBJECTION, "item": None}, "not_allowed"),
        ({"say": Say.OBJECTION, "item": None, "words": "x" * 501}, "not_allowed"),
        ({"say": Say.UNDO}, "not_allowed"),
        ({"say": Say.ACT_SIGNED, "item": None}, "not_allowed"),
        ({"say": Say.RECEIPT, "item": None}, "not_allowed"),
        ({"at": "2025-07-24T10:00:00"}, "time"),
        ({"at": "yesterday"}, "time"),
        ({"about": ("00",)}, "about"),
        ({"about": ("0" * 64, "0" * 64)}, "about"),
    ],
)
def test_a_statement_that_says_too_much_or_too_little_is_named(fields, code):
    device = Device(DAY, Role.GIVER)
    base = {"role": Role.GIVER, "device": device.name, "n": 1, "previous": DAY.hash, "say": Say.COUNTED}
    device.chain = (Statement(**(base | {"at": "2025-07-24T10:00:00+03:00", "item": "1"} | fields)),)
    assert problems(device.file()) == [(code, 4)]


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
@settings(deadline=None, max_examples=200)
def test_no_single_byte_can_be_changed(place, by):
    changed = bytearray(FILE)
    changed[place] ^= by
    assert problems(bytes(changed))


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=100)
def test_whatever_is_handed_in_is_refused_with_a_problem(data):
    assert problems(data)
    assert problems(FILE[: len(FILE) // 2] + data + FILE[len(FILE) // 2 :]) or not data


def test_every_problem_mark_and_state_has_its_words():
    from goodoffices.engines.talks.states import TABLES, Noun
    from goodoffices.flow.handover.merge import Mark
    from goodoffices.flow.handover.setting import Cell

    source = "".join(
        (__import__("pathlib").Path(__file__).parents[2] / "src/goodoffices" / name).read_text(encoding="utf-8")
        for name in ("formats/day.py", "flow/handover/signed.py")
    )
    codes = set(re.findall(r'Problem\("(\w+)"', source)) | set(re.findall(r'found\.append\(\("(\w+)"', source))
    codes |= {"signature", "unknown_key"}
    for language in Language:
        words = Words("count", language)
        for code in codes:
            assert words(f"problem_{code}", line=1, found="2", expected="3")
        assert all(words.has(f"mark_{mark}") for mark in Mark)
        assert all(words.has(f"state_{state}") for state in TABLES[Noun.TRANSFER])
        assert all(words.has(f"cell_{cell}") for cell in Cell)
        assert all(words.has(f"say_{say}") for say in Say)
        assert all(words.has(f"scope_{scope}") for scope in SCOPES)


def test_the_page_is_one_file_without_network_the_same_every_time_and_without_a_name():
    for role in Role:
        page = day_page(DAY, role)
        assert page == day_page(DAY, role)
        assert "default-src &#x27;none&#x27;" in page
        assert "unsafe-eval" not in page
        assert "http://" not in page
        assert "https://" not in page
        assert " src=" not in page


def test_a_number_cannot_end_the_script():
    raw = DAY.as_json()
    raw["items"][0]["number"] = "</script><!--<script>"
    page = day_page(read_day(json.dumps(raw).encode(), "f"), Role.GIVER)
    assert page.count("</script>") == 1
    assert "<!--<script>" not in page


def test_every_word_that_the_page_asks_for_is_there():
    from importlib.resources import files

    page = day_page(DAY, Role.RECEIVER)
    asked = set(re.findall(r'data-say="(\w+)"', page))
    script = (files("goodoffices.formats") / "pages" / "day.js").read_text(encoding="utf-8")
    asked |= set(re.findall(r'(?:say|bySize)\("(\w+[a-z])"', script))
    words = json.loads(re.search(r"const WORDS = (\{.*?\});\n", page)[1])
    assert {word for word in asked if not word.endswith("_")} <= set(words)
