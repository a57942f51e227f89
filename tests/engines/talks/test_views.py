"""Who sees what of the text."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from goodoffices.domain.text import Clause, Document, Fork, Holder, plain
from goodoffices.engines.talks.text import parse, unparse, unparse_wording
from goodoffices.engines.talks.views import (
    Openness,
    bracket_counts,
    is_clean,
    negotiating_view,
    open_places,
    signing_view,
)
from tests.engines.talks import reference
from tests.engines.talks.strategies import PARTIES, documents, words

TEXT = parse("""@parties A B
4.1 groups [three, online]{A}
4.2 exchange [at least 1,200]{A}[all]{B} prisoners [and civilians]{A?} now [hidden]{chair?}.
4.3 [whole new clause]{B?}
4.4 [kept]{A,B!} and [both]{A,B}
4.5 done
""")


def shown(document, viewer):
    return unparse(negotiating_view(document, viewer))


def test_by_hand():
    assert "[and civilians]{A?}" in shown(TEXT, "A")
    assert "4.2 exchange [at least 1,200]{A}[all]{B} prisoners now.\n4.4" in shown(TEXT, "B").replace(
        "4.3 [whole new clause]{B?}\n", ""
    )
    assert "4.3" not in shown(TEXT, "A")
    assert "hidden" in shown(TEXT, "chair")
    assert "hidden" not in shown(TEXT, None)


def test_signing_view_by_hand():
    view = signing_view(TEXT, "B")
    assert dict(view.clauses) == {
        "4.1": "groups […]",
        "4.2": "exchange all prisoners now.",
        "4.3": "whole new clause",
        "4.4": "[…] and both",
        "4.5": "done",
    }
    assert view.blanks == ("4.1", "4.4")
    assert not view.clean


def test_what_is_open_and_whom_it_waits_for():
    found = [(place.clause, place.why, place.waits_for) for place in open_places(negotiating_view(TEXT, None))]
    assert found == [
        ("4.1", Openness.PARTIAL, ("B",)),
        ("4.2", Openness.ALTERNATIVES, ()),
        ("4.4", Openness.RESERVED, ("B",)),
        ("4.4", Openness.AGREED, ()),
    ]
    assert bracket_counts(negotiating_view(TEXT, None)) == {"A": 4, "B": 3, "chair": 0}


def test_clean_only_when_no_bracket_is_left():
    assert is_clean(parse("4.1 done \\[sic\\]"))
    assert not is_clean(parse("4.1 [both]{A,B}"))


def test_the_chairs_bridge_appears_to_all_at_one_instant():
    hidden = parse("@parties A B\n4.2 [a]{A}[b]{B}[bridge]{chair?}\n")
    tabled = parse("@parties A B\n4.2 [a]{A}[b]{B}[bridge]{chair}\n")
    for viewer in ("A", "B", None):
        assert "bridge" not in shown(hidden, viewer)
        assert "bridge" in shown(tabled, viewer)


@given(documents(words), st.sampled_from([*PARTIES, None]))
@settings(max_examples=300, deadline=None)
def test_no_view_shows_an_untabled_wording_of_another(document, viewer):
    for clause in negotiating_view(document, viewer).clauses:
        for holder in re.findall(r"([\w-]+)\?", unparse_wording(clause.wording).replace(",", " ")):
            assert holder == viewer
    whole = {clause.id: reference.parse(unparse_wording(clause.wording)) for clause in document.clauses}
    for clause in negotiating_view(document, viewer).clauses:
        assert plain_words(clause) == reference.words_for(whole.pop(clause.id), viewer)
    assert all(not reference.words_for(rest, viewer) for rest in whole.values())


def plain_words(clause):
    out = []

    def walk(nodes):
        for node in nodes:
            if isinstance(node, str):
                out.extend(node.split())
            else:
                for choice in node.alternatives:
                    walk(choice.wording)

    walk(clause.wording)
    return out


@given(documents(words), st.sampled_from(PARTIES))
@settings(max_examples=300, deadline=None)
def test_no_signing_view_shows_a_wording_held_by_others_alone(document, party):
    signed = dict(signing_view(document, party).clauses)
    for clause in document.clauses:
        if clause.id in signed:
            tree = reference.parse(unparse_wording(negotiated(clause, document, party)))
            assert signed[clause.id].split() == " ".join(reference.signed(tree, party)).split()


def negotiated(clause, document, party):
    return next(c.wording for c in negotiating_view(document, party).clauses if c.id == clause.id)


@given(documents(words))
@settings(max_examples=200, deadline=None)
def test_swapping_the_sides_swaps_the_views(document):
    swapped = swap(document)
    assert signing_view(swapped, "B").clauses == signing_view(document, "A").clauses
    assert unparse(negotiating_view(swapped, "B")) == unparse(swap(negotiating_view(document, "A")))


def swap(document):
    names = {"A": "B", "B": "A"}

    def walk(nodes):
        return tuple(
            node
            if isinstance(node, str)
            else Fork(
                tuple(
                    type(choice)(
                        walk(choice.wording), tuple(Holder(names.get(h.code, h.code), h.mark) for h in choice.holders)
                    )
                    for choice in node.alternatives
                )
            )
            for node in nodes
        )

    items = tuple(Clause(item.id, walk(item.wording)) if isinstance(item, Clause) else item for item in document.items)
    return Document(document.head, items)


@given(
    documents(words, ("A", "B")), st.integers(0, 5), st.integers(0, 40), st.sampled_from(["A?", "chair?", "A?,chair?"])
)
@settings(max_examples=300, deadline=None)
def test_a_hidden_wording_leaves_no_trace(document, index, place, holders):
    """Insert an untabled wording anywhere between words: the other side's view does not change by a byte."""
    clauses = [clause for clause in document.clauses if clause.wording]
    assume(clauses)
    clause = clauses[index % len(clauses)]
    text = unparse_wording(clause.wording)
    ends = [at for at, touches in ((0, text.startswith("[")), (len(text), text.endswith("}"))) if not touches]
    spots = [*ends, *(m.end() for m in re.finditer(r"(?<=[a-zа-яґ]) ", text))]
    assume(spots)
    at = spots[place % len(spots)]
    more = parse(f"@parties A B UA-2\n{clause.id} {text[:at]}[ secret ]{{{holders}}} {text[at:]}")
    without = Document(more.head, (clause,))
    assert "secret" in unparse(more)
    assert unparse(negotiating_view(more, "B")) == unparse(negotiating_view(without, "B"))


@pytest.mark.parametrize("viewer", ["A", "B", None])
def test_views_carry_no_remark_of_the_chair(viewer):
    document = parse("@parties A B\n# give B the date\n4.1 x\n")
    assert "date" not in shown(document, viewer)


def test_plain_names_alternatives_side_by_side():
    assert plain(parse("1 a [b]{A}[]{B} c").clauses[0].wording) == "a b / — c"
