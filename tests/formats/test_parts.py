"""A file in numbered parts: whole again in any order, or its missing parts named; misread parts count as missing."""

import base64
import random
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import InputError
from goodoffices.domain.handover import Say
from goodoffices.domain.process import Role
from goodoffices.formats import parts
from goodoffices.formats.parts import MOST_BYTES, PAYLOAD, gather, parts_of
from tests.flow.handover.making import Device, made_day


def statements(size=120, role=Role.GIVER):
    """A file as a device signs it."""
    device = Device(made_day(size), role)
    device.say(Say.ARRIVED)
    device.count_all().act()
    return device.file()


def test_a_file_of_1200_numbers_fits_22_codes():
    data = statements(1200)
    lines = parts_of(data)
    assert len(data) > 270_000
    assert len(lines) == 22
    assert max(map(len, lines)) <= 850
    assert gather("\n".join(lines))[0].data == data


@settings(deadline=None, max_examples=40)
@given(
    st.binary(min_size=1, max_size=3000), st.randoms(use_true_random=False), st.sampled_from(["", "\n", "  ", "\r\n"])
)
def test_any_bytes_come_back_in_any_order_with_repeats_and_any_spacing(data, chance, between):
    lines = parts_of(data)
    mixed = [*lines, *lines[:2]]
    chance.shuffle(mixed)
    (found,) = gather(between.join(mixed).lower())
    assert found.data == data
    assert not found.missing


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.sampled_from(['{"previous":"^"}', '{"previous":"' + "0" * 64 + '"}', "x", ""]), min_size=1, max_size=9)
)
def test_text_that_looks_like_a_shortened_chain_comes_back_as_it_was(lines):
    data = "\n".join(lines).encode() or b"-"
    assert gather(" ".join(parts_of(data)))[0].data == data


def test_missing_and_misread_parts_are_named_and_give_no_file():
    data = statements()
    lines = parts_of(data)
    assert len(lines) == 3
    (found,) = gather("\n".join([lines[2], lines[0]]))
    assert (found.missing, found.data, found.count) == ((2,), None, 3)
    for place in range(0, len(lines[1]), 37):
        letter = "A" if lines[1][place] != "A" else "B"
        wrong = lines[1][:place] + letter + lines[1][place + 1 :]
        named = [one for one in gather("\n".join([lines[0], wrong, lines[2]])) if one.name == found.name]
        assert named[0].data is None
        assert 2 in named[0].missing


def test_two_files_in_one_paste_are_told_apart():
    one, other = statements(60), statements(60, Role.RECEIVER)
    lines = [*parts_of(one), *parts_of(other)]
    random.Random(3).shuffle(lines)
    assert {found.data for found in gather("\n".join(lines))} == {one, other}


def test_a_part_of_another_file_that_claims_this_name_does_not_make_a_file():
    data = statements()
    lines = parts_of(data)
    head = lines[1].rsplit(":", 2)[0]
    forged = f"{head}:{'A' * 40}"
    forged = f"{forged}:{parts._check(forged)}"
    (found,) = gather("\n".join([lines[0], forged, lines[2]]))
    assert not found.missing
    assert found.data is None


@pytest.mark.parametrize("data", [b"", random.Random(1).randbytes(PAYLOAD * 401), b" " * (MOST_BYTES + 1)])
def test_what_no_one_would_scan_is_refused(data):
    with pytest.raises(InputError):
        parts_of(data)


def test_a_bomb_unpacks_to_no_more_than_a_file_may_have():
    assert parts._unpack(zlib.compress(b"=" + b"0" * (2 * MOST_BYTES)), MOST_BYTES) is None
    assert parts._unpack(b"no deflate", MOST_BYTES) is None
    assert gather("nothing here") == ()


def lines_of(data):
    """Cut what a hostile hand has packed, as `parts_of` cuts what it has packed itself."""
    packed = zlib.compress(b"^" + data, 9)
    name = parts.sha256_hex(parts._chained(data))[:16].upper()
    pieces = [packed[at : at + PAYLOAD] for at in range(0, len(packed), PAYLOAD)]
    for number, piece in enumerate(pieces, 1):
        head = f"GOP1:{number}/{len(pieces)}:{name}:{base64.b32encode(piece).decode().rstrip('=')}"
        yield f"{head}:{parts._check(head)}"


def test_signs_that_stand_for_hashes_do_not_grow_a_file_beyond_its_bound():
    """A line of 15 signs that becomes one of 78: five times what was allowed, had nobody counted."""
    line = b'"previous":"^"\n'
    (fits,) = gather("\n".join(lines_of(line * 1_000)))
    assert fits.data == parts._chained(line * 1_000)
    (grown,) = gather("\n".join(lines_of(line * (MOST_BYTES // 75))))
    assert (grown.missing, grown.data) == ((), None)


def test_many_files_in_one_paste_take_no_more_memory_than_two_may(monkeypatch):
    monkeypatch.setattr(parts, "MOST_BYTES", 10_000)
    files = [bytes([65 + n]) * 9_000 for n in range(12)]
    found = gather("\n".join(line for data in files for line in parts_of(data)))
    assert len(found) == 12
    whole = [one.data for one in found if one.data is not None]
    assert len(whole) == 2
    assert set(whole) <= set(files)
