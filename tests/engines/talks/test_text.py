"""The notation: parsed and printed back."""

import pytest
from hypothesis import given, settings

from goodoffices.domain.errors import InputError
from goodoffices.domain.text import Alternative, Document, Fork, Holder, Mark
from goodoffices.engines.talks.text import DEEPEST, parse, unparse, unparse_wording
from tests.engines.talks import reference
from tests.engines.talks.strategies import documents, wordings

EXAMPLE = """@parties RU UA
@language en

# the chair's remark
4.1 [three online working groups]{RU}
4.2 exchange [at least 1,200]{RU}[all]{UA} prisoners [and about 30 civilians]{RU}
4.3 [x]{RU!,UA} and [a [b]{UA?} c]{RU,UA} and []{UA} \\[meant\\]
  in a second line [...]{chair?}
"""


def test_by_hand():
    document = parse(EXAMPLE)
    assert [clause.id for clause in document.clauses] == ["4.1", "4.2", "4.3"]
    assert document.parties == ("RU", "UA")
    assert document.clauses[1].wording == (
        "exchange ",
        Fork((Alternative(("at least 1,200",), (Holder("RU"),)), Alternative(("all",), (Holder("UA"),)))),
        " prisoners ",
        Fork((Alternative(("and about 30 civilians",), (Holder("RU"),)),)),
    )
    assert document.clauses[2].wording[-1] == Fork((Alternative(("...",), (Holder("chair", Mark.UNTABLED),)),))


def test_it_prints_back_to_itself():
    assert unparse(parse(EXAMPLE)) == EXAMPLE


@given(documents())
@settings(max_examples=400, deadline=None)
def test_random_texts_print_back_to_themselves(document):
    text = unparse(document)
    assert parse(text) == document
    assert unparse(parse(text)) == text


@pytest.mark.slow
@given(documents())
@settings(max_examples=100_000, deadline=None)
def test_a_hundred_thousand_random_texts_print_back_to_themselves(document):
    assert parse(unparse(document)) == document


@given(wordings())
@settings(max_examples=300, deadline=None)
def test_the_slow_twin_reads_the_same(wording):
    def shape(nodes):
        return [
            node
            if isinstance(node, str)
            else [(shape(c.wording), [(h.code, h.mark.value) for h in c.holders]) for c in node.alternatives]
            for node in nodes
        ]

    assert reference.parse(unparse_wording(wording)) == shape(wording)


def test_line_ends_of_windows_are_read():
    assert parse("4.1 a\r\n4.2 b\r\n") == parse("4.1 a\n4.2 b\n")


def test_an_empty_file_is_an_empty_text():
    assert parse("") == Document((), ())
    assert unparse(parse("")) == ""


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("4.1 a ] b", "line 1, column 7", "']' without '['"),
        ("4.1 a\n4.1 b", "line 2", "a clause id twice"),
        ("4.1 [x]", "line 1, column 8", "the end of the clause"),
        ("4.1 [x] y", "line 1, column 8", "' y'"),
        ("@parties A\n4.1 [x]{B}", "line 2, column 8", "unknown party B"),
        ("4.1 [x", "line 1, column 5", "'[' that is never closed"),
        ("4.1 a\n  bc [x]{A", "line 2, column 9", "'{A'"),
        ("4.1 \\n", "line 1, column 5", "'\\\\n'"),
        ("4.1 a\\", "line 1, column 6", "'\\\\'"),
        ("4.1 [x]{chair!}", "line 1, column 8", "chair!"),
        ("4.1 [x]{A,A}", "line 1, column 8", "A twice"),
        ("4.1 [x]{a}", "line 1, column 8", "'a'"),
        ("hello", "line 1, column 1", "'hello'"),
        ("  lost continuation", "line 1, column 1", "'  lost continuation'"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(text, place, found):
    with pytest.raises(InputError) as stop:
        parse(text, file="text.en")
    (fault,) = stop.value.faults
    assert (fault.file, fault.place, fault.found) == ("text.en", place, found)
    assert fault.expected


def test_every_faulty_clause_is_named_at_once():
    with pytest.raises(InputError) as stop:
        parse("1 [a\n2 fine\n3 b]")
    assert [fault.field for fault in stop.value.faults] == ["1", "3"]


def test_brackets_too_deep_are_refused_not_a_crash():
    deep = DEEPEST + 1
    with pytest.raises(InputError, match=f"brackets {deep} deep"):
        parse("1 " + "[" * 5000)
