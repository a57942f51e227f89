"""Canonical JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodoffices.domain.canonical import canonical_bytes, sha256_hex

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18), 10**18) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
)


def test_by_hand():
    assert canonical_bytes({"b": [1, None, True], "a": "Ґ"}) == '{"a":"Ґ","b":[1,null,true]}'.encode()


@given(values)
def test_it_reads_back_and_is_unique(value):
    data = canonical_bytes(value)
    assert canonical_bytes(json.loads(data)) == data


@pytest.mark.parametrize("value", [1.5, {1: "a"}, b"x", {"a": [float("nan")]}])
def test_what_two_writers_could_disagree_on_is_refused(value):
    with pytest.raises(TypeError, match="canonical JSON"):
        canonical_bytes(value)


def test_sha256_of_nothing():
    assert sha256_hex(b"").startswith("e3b0c442")
