"""Reading a process file: what is there is read, every fault is named, nothing else gets through."""

import contextlib
import copy
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import InputError
from goodoffices.formats.process import read_process
from goodoffices.store.example import example_process
from tests.flow.invented import assertion, computed, owed, process, processes

TRANSFER = {
    "id": "T", "commitment": "C1", "unit": "declared_body", "from": "A", "to": "B", "note": None,
    "staged": {"party": "A", "first": "2030-01-02", "last": "2030-01-03", "quantity": 10, "source": None},
    "positions": [
        {"condition": "date", "party": "A", "stance": "accept", "at": "2030-01-02", "note": None, "source": None}
    ],
}  # fmt: skip
PROPOSAL = {"id": "P", "forum": "R1", "party": "A", "commitment": "C1", "text": "a proposal", "assertion": "a"}


def whole():
    talks = process([assertion("a"), assertion("b", party="B")])
    talks["transfers"] = [copy.deepcopy(TRANSFER)]
    talks["proposals"] = [dict(PROPOSAL)]
    talks["forums"][0]["chair"] = {"party": "H", "name": "X", "office": "Y"}
    talks["forums"][0]["delegations"] = [{"party": "A", "head": "X", "office": None}]
    return talks


def faults(talks):
    data = talks if isinstance(talks, bytes) else json.dumps(talks).encode()
    with pytest.raises(InputError) as error:
        read_process(data, "talks.json")
    assert all(fault.file == "talks.json" for fault in error.value.faults)
    return [(fault.place, fault.field, fault.found, fault.expected) for fault in error.value.faults]


def objects(value, path=()):
    """Every object of the file by its path, those whose keys are data left out."""
    if isinstance(value, dict):
        if not path or path[-1] not in {"must_attest", "readings"}:
            yield path
        for key, inner in value.items():
            yield from objects(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from objects(inner, (*path, number))


def at(talks, path):
    for step in path:
        talks = talks[step]
    return talks


def place_of(path):
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


PATHS = list(objects(whole()))
FIELDS = [(path, field) for path in PATHS for field in at(whole(), path)]
MAY_BE_ABSENT = {((), "transfers")}


def test_the_whole_file_is_read():
    talks = read_process(json.dumps(whole()).encode(), "talks.json")
    assert (len(talks.assertions), len(talks.transfers), talks.host) == (2, 1, "H")


def test_a_byte_order_mark_is_no_fault():
    assert read_process(b"\xef\xbb\xbf" + json.dumps(process()).encode(), "x").id == "invented"


def test_a_file_without_transfers_is_whole():
    talks = whole()
    del talks["transfers"]
    assert read_process(json.dumps(talks).encode(), "x").transfers == ()


@pytest.mark.parametrize(("path", "field"), FIELDS, ids=str)
def test_a_missing_field_is_named(path, field):
    if (path, field) in MAY_BE_ABSENT:
        return
    talks = whole()
    del at(talks, path)[field]
    assert (place_of(path), field, "no such field") in [fault[:3] for fault in faults(talks)]


@pytest.mark.parametrize("path", PATHS, ids=place_of)
def test_an_unknown_field_is_named(path):
    talks = whole()
    at(talks, path)["quantitty"] = 1
    assert (place_of(path), "quantitty", "an unknown field") in [fault[:3] for fault in faults(talks)]


WRONG: list[tuple[object, ...]] = [
    (("assertions", 0), "unit", "bodies", "'bodies'", "one of offered"),
    (("assertions", 0), "unit", None, "null", "a unit"),
    (("assertions", 0), "to", "A", "'A', as in from", "another party"),
    (("assertions", 0), "to", None, "null", "two ends"),
    (("assertions", 0), "from", "Z", "'Z'", "a party of this file"),
    (("assertions", 0), "supersedes", "nobody", "'nobody'", "an assertion of this file"),
    (("assertions", 0), "supersedes", "b", "'b' of B", "an assertion of A"),
    (("assertions", 0), "supersedes", "a", "leads back", "an earlier assertion"),
    (("assertions", 0), "quantity", None, "null", "a figure, as the bound is exact"),
    (("assertions", 0), "quantity", -1, "-1", "a whole number"),
    (("assertions", 0), "quantity", 1.5, "1.5", "a whole number"),
    (("assertions", 0), "quantity", True, "true", "a whole number"),
    (("assertions", 0), "quantity", "100", "'100'", "a whole number"),
    (("assertions", 0), "quantity", 10**12, "1000000000000", "a whole number"),
    (("assertions", 0), "bound", "withheld", None, None),
    (("assertions", 0), "bound", "roughly", "'roughly'", "one of exact"),
    (("assertions", 0), "date", "2030-02-30", "'2030-02-30'", "a day"),
    (("assertions", 0), "date", "05.01.2030", "'05.01.2030'", "a day"),
    (("assertions", 0), "date", "2030-W01-1", "'2030-W01-1'", "a day"),
    (("assertions", 0), "date", "2030-01", "'2030-01'", "a day"),
    (("assertions", 0), "party", "Z", "'Z'", "a party of this file"),
    (("assertions", 0), "commitment", "C9", "'C9'", "a commitment of this file"),
    (("assertions", 0), "movement", None, "null", "the movement"),
    (("assertions", 0), "kind", "cumulative", None, None),
    (("assertions", 0), "standing", "sworn", "'sworn'", "one of attested"),
    (("assertions", 0), "scope", "guessed", "'guessed'", "one of observed"),
    (("assertions", 0), "organ", "", "''", "text"),
    (("assertions", 0), "organ", " Desk", "' Desk'", "text"),
    (("assertions", 0), "note", "a\u0000b", "a control character", "text without"),
    (("assertions", 0), "note", "a\ud800b", "a control character", "text without"),
    (("assertions", 0), "unit", "meeting", "a party", "null, as meeting does not move"),
    (("assertions", 1), "category", "civilian", "'civilian'", "as in assertions[0]"),
    (("assertions", 1), "unit", "home", "'home'", "as in assertions[0]"),
    (("assertions", 1), "id", "a", "'a', as in assertions[0]", "each once"),
    (("commitments", 0), "forum", "R9", "'R9'", "a forum of this file"),
    (("commitments", 0), "state", "done", "'done'", "one of tabled"),
    (("commitments", 0), "quantity", None, "null", "a figure"),
    (("commitments", 0), "due", "soon", "'soon'", "a date"),
    (("commitments", 0), "due", "2030-13", "'2030-13'", "a date"),
    (("commitments", 0), "direction", {"from": "A", "to": "A"}, "'A', as in from", "another party"),
    (("commitments", 0), "readings", {"Z": None}, "'Z'", "a party of this file"),
    (("commitments", 0, "readings", "A", "owes", 0), "to", "A", "'A', as in from", "another party"),
    (("commitments", 0, "readings", "A", "owes", 0), "quantity", None, "null", "a figure"),
    (("commitments", 0, "readings", "A", "owes", 0), "unit", "heads", "'heads'", "one of"),
    (("parties", 1), "code", "A", "'A', as in parties[0]", "each once"),
    (("parties", 1), "kind", "enemy", "'enemy'", "one of side"),
    (("proposals", 0), "forum", "R9", "'R9'", "a forum of this file"),
    (("proposals", 0), "assertion", "zz", "'zz'", "an assertion of this file"),
    (("transfers", 0), "to", "A", "'A', as in from", "another party"),
    (("transfers", 0, "staged"), "last", "2030-01-01", "2030-01-01", "2030-01-02 or later"),
    (("transfers", 0, "positions", 0), "stance", "refuse", "'refuse'", "one of support"),
    (("transfers", 0, "positions", 0), "condition", "hour", "'hour'", "one of terms"),
    (("forums", 0), "proposed_by", "Z", "'Z'", "a party of this file"),
    (("forums", 0), "proposed_in", "R9", "'R9'", "a forum of this file"),
    (("forums", 0), "online", "yes", "'yes'", "true, false"),
    (("process",), "host", "Z", "'Z'", "a party of this file"),
    (("process",), "as_of", None, "null", "a day"),
    (("process",), "languages", "en", "'en'", "a list"),
    (("process", "rules"), "silence_hours", None, "null", "a whole number"),
    ((), "assertions", {}, "an object", "a list"),
    ((), "process", [], "a list", "an object"),
]


@pytest.mark.parametrize(("path", "field", "value", "found", "expected"), WRONG)
def test_a_wrong_value_is_named_with_place_found_and_expected(path, field, value, found, expected):
    talks = whole()
    at(talks, path)[field] = value
    seen = faults(talks)
    if found is None:
        assert any(place == place_of(path) for place, *_ in seen)
    else:
        assert any(
            place.startswith(place_of(path)) and found in what and expected in wanted for place, _, what, wanted in seen
        ), seen


def test_a_figure_that_contradicts_its_bound_is_named_on_the_figure():
    for bound in ("withheld", "no_count", "all"):
        talks = process([assertion("a", bound=bound, quantity=5)])
        assert faults(talks) == [("assertions[0]", "quantity", "5", f"null, as the bound is {bound}")]


def test_a_ring_of_replacements_is_named():
    talks = process([assertion("a", supersedes="b"), assertion("b", supersedes="c"), assertion("c", supersedes="a")])
    assert {fault[0] for fault in faults(talks)} == {f"assertions[{n}]" for n in range(3)}


def test_a_chain_of_replacements_is_no_ring():
    talks = process([assertion("a"), assertion("b", supersedes="a"), assertion("c", supersedes="b")])
    assert len(read_process(json.dumps(talks).encode(), "x").assertions) == 3


def test_a_replacement_may_put_the_unit_right():
    talks = process([assertion("a", unit="declared_body"), assertion("b", supersedes="a"), assertion("c", party="B")])
    assert len(read_process(json.dumps(talks).encode(), "x").assertions) == 3


def test_every_fault_is_named_at_once():
    talks = process([assertion("a", unit="x"), assertion("a", to="A"), assertion("c", supersedes="zz")])
    assert len(faults(talks)) >= 4


def test_an_unknown_role_or_unit_among_the_rules_is_named():
    assert faults(process(must_attest={"handed_over": ["giver", "witness"]}))[0][1] == "must_attest.handed_over"
    assert faults(process(must_attest={"handed_over": []}))[0][1] == "must_attest.handed_over"
    assert faults(process(must_attest={"hands": ["giver"]}))[0][1] == "must_attest"


def test_a_field_that_stands_twice_is_named():
    data = json.dumps(process([assertion("a")])).replace(
        '"quantity": 100, "bound": "exact", "commitment"',
        '"quantity": 100, "quantity": 90, "bound": "exact", "commitment"',
    )
    assert faults(data.encode()) == [("assertions[0]", "quantity", "the field twice", "the field once")]


@pytest.mark.parametrize(
    ("data", "place", "expected"),
    [
        (b"", "line 1, column 1", "JSON"),
        (b"not json", "line 1, column 1", "JSON"),
        (b'{"a": 1,}', "line 1, column 9", "JSON"),
        (b'{"a": NaN}', "", "JSON"),
        (b"[" * 100_000, "", "JSON"),
        (b'{"a": "\xff"}', "byte 7", "text in UTF-8"),
        (b"PK\x03\x04\xff\xfe", "byte 4", "text in UTF-8"),
        (b"[1, 2]", "", "an object"),
        (b"null", "", "an object"),
        (b"9" * 5000, "", "JSON"),
    ],
)  # fmt: skip
def test_what_is_no_process_file_is_refused(data, place, expected):
    seen = faults(data)
    assert (seen[0][0], seen[0][3]) == (place, expected)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["A", "a", "C1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_junk_anywhere_is_refused_or_read_and_never_a_crash(data):
    talks = whole()
    path, field = data.draw(st.sampled_from(FIELDS))
    at(talks, path)[field] = data.draw(JUNK)
    with contextlib.suppress(InputError):
        read_process(json.dumps(talks).encode("utf-8", "surrogatepass"), "x")


@settings(max_examples=100, deadline=None)
@given(processes())
def test_every_assertion_comes_through_as_it_was_written(talks):
    read = read_process(json.dumps(talks).encode(), "x")
    for raw, a in zip(talks["assertions"], read.assertions, strict=True):
        assert raw == {
            "id": a.id, "kind": a.kind, "movement": a.movement, "date": str(a.date), "party": a.party,
            "organ": a.organ, "speaker": a.speaker, "from": a.direction.giver, "to": a.direction.receiver,
            "unit": a.unit, "category": a.category, "quantity": a.quantity, "bound": a.bound,
            "commitment": a.commitment, "standing": a.standing, "scope": a.scope, "certainty": a.certainty,
            "source": a.source, "note": a.note, "supersedes": a.supersedes,
        }  # fmt: skip


def test_the_example_is_whole():
    talks = read_process(example_process(), "istanbul-2025.json")
    assert (len(talks.parties), len(talks.forums), len(talks.proposals), len(talks.commitments)) == (4, 7, 6, 9)
    assert (len(talks.assertions), len(talks.transfers)) == (108, 1)


def test_owed_lines_are_read_as_written():
    talks = process()
    talks["commitments"][0]["readings"]["A"] = {"text": "x", "owes": [owed("A", "B", 7, "about")], "source": "s"}
    (_, reading), _ = read_process(json.dumps(talks).encode(), "x").commitments[0].readings
    assert reading is not None
    (line,) = reading.owes
    assert (line.direction.giver, line.quantity, line.bound) == ("A", 7, "about")


def test_the_example_of_the_docs_is_read_and_confirmed():
    page = (Path(__file__).parents[2] / "docs/results.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL)
    found = computed(json.loads(example))
    assert found["counts"]["confirmed"] == 1
    assert found["commitments"][0]["confirmed"] == [
        {"from": "A", "to": "B", "unit": "handed_over", "quantity": 60, "movements": 1}
    ]
    assert found["commitments"][0]["status"] == "on_track"


def test_a_party_may_name_the_zone_of_its_capital_and_no_other_word_is_one():
    document = json.loads(example_process())
    document["parties"][0]["zone"] = "Europe/Kyiv"
    assert [party.zone for party in read_process(json.dumps(document).encode(), "talks.json").parties][:2] == [
        "Europe/Kyiv",
        "",
    ]
    document["parties"][0]["zone"] = "Kyiv time"
    with pytest.raises(InputError, match=r"parties\[0\], zone.*Kyiv time.*IANA"):
        read_process(json.dumps(document).encode(), "talks.json")
