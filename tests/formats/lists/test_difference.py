"""Two versions of a list: added, gone, changed field by field, renumbered; read the other way it is the mirror."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import InputError
from goodoffices.domain.tables import RECORDS
from goodoffices.formats.lists.difference import as_json, compare, summary
from goodoffices.formats.lists.model import ListFile
from tests.formats.lists.making import from_text

HEADER = "ref;surname;birth_date;held_at;boots\n"
OLD = from_text(
    HEADER + "1;Коваль;1984;Табір 1;40\n2;Шевчук;1990;Табір 1;41\n3;Бондар;1991;;42\n4;Рудь;1992;;43", file="old"
)
NEW = from_text(
    HEADER + "1;Коваль;1984-07-11;Табір 2;40\n9;Шевчук;1990;Табір 1;41\n4;Рудь;1992;;44\n5;Лисенко;1993;;", file="new"
)


def test_each_kind_of_change_is_found():
    found = compare(OLD, NEW)
    assert list(found.added) == ["5"]
    assert list(found.gone) == ["3"]
    assert found.renumbered == (("2", "9"),)
    assert {change.ref: dict(change.fields) for change in found.changed} == {
        "1": {"birth_date": ("1984", "1984-07-11"), "held_at": ("Табір 1", "Табір 2")},
        "4": {"boots": ("43", "44")},
    }
    assert found.same == 0


def test_the_json_says_the_same():
    assert as_json(compare(OLD, NEW))["changed"][0] == {
        "ref": "1",
        "fields": {
            "birth_date": {"old": "1984", "new": "1984-07-11"},
            "held_at": {"old": "Табір 1", "new": "Табір 2"},
        },
    }


def test_a_person_reads_it_in_lines():
    lines = list(summary(compare(OLD, NEW), most=20))
    assert lines[1] == "  1 added, 1 gone, 2 changed, 1 renumbered, 0 the same"
    assert "  + 5  Лисенко, 1993" in lines
    assert "  = 2 is now 9" in lines
    assert "  ~ 4  boots: 43 -> 44" in lines
    assert any("more record" in line for line in summary(compare(from_text(HEADER + "77;Рудь;1950;;"), NEW), most=2))


def test_a_list_is_the_same_as_itself():
    found = compare(OLD, OLD)
    assert (found.added, found.gone, found.changed, found.renumbered, found.same) == ({}, {}, (), (), 4)


def test_a_list_with_a_reference_twice_cannot_be_compared():
    twice = from_text("ref;surname\n1;Коваль\n1;Рудь")
    with pytest.raises(InputError, match="row 3, ref: found the reference 1 twice"):
        compare(OLD, twice)
    with pytest.raises(InputError, match="no reference"):
        compare(OLD, from_text("ref;surname;rank\n;Коваль;солдат"))


def test_equal_records_are_renumbered_only_as_many_for_as_many():
    old = from_text("ref;surname\n1;Рудь\n2;Рудь")
    assert compare(old, from_text("ref;surname\n7;Рудь\n8;Рудь")).renumbered == (("1", "7"), ("2", "8"))
    found = compare(old, from_text("ref;surname\n7;Рудь"))
    assert (list(found.gone), list(found.added), found.renumbered) == (["1", "2"], ["7"], ())


def listed(rows):
    frame = RECORDS.check(
        pl.DataFrame(
            {"ref": list(rows), "surname": list(rows.values())},
            schema_overrides={"ref": pl.String, "surname": pl.String},
        )
    )
    return ListFile("list", "CSV", None, frame, range(2, 2 + len(rows)), {"ref": "ref", "surname": "surname"})


VERSIONS = st.dictionaries(st.sampled_from("123456789"), st.sampled_from(["Коваль", "Рудь", "Шевчук"]), max_size=6)


@settings(max_examples=200, deadline=None)
@given(VERSIONS, VERSIONS)
def test_the_other_way_round_is_the_mirror(old, new):
    there, back = compare(listed(old), listed(new)), compare(listed(new), listed(old))
    assert (there.added, there.gone) == (back.gone, back.added)
    assert sorted(there.renumbered) == sorted((left, right) for right, left in back.renumbered)
    assert {change.ref for change in there.changed} == {change.ref for change in back.changed}
    assert len(old) == len(there.gone) + len(there.renumbered) + len(there.changed) + there.same
    assert len(new) == len(there.added) + len(there.renumbered) + len(there.changed) + there.same
