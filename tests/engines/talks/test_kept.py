"""What is kept back: where it belongs as the clause changes, parted from a text and put into it."""

from dataclasses import replace

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from goodoffices.domain.text import Mark, forks_of, holders_of
from goodoffices.engines.talks import edit
from goodoffices.engines.talks.kept import Kept, Standing, loose, part, put, read_wording, stand, together
from goodoffices.engines.talks.text import parse, unparse, unparse_wording
from goodoffices.engines.talks.views import negotiating_view
from tests.engines.talks import reference
from tests.engines.talks.strategies import documents, wordings, words

END = edit.END
HEAD = "@parties A B\n"
BASE = "exchange [all]{A}[some]{B} prisoners [now]{A}[soon]{B}"


def text(source, language="en"):
    return {language: parse(HEAD + source + "\n")}


def kept(place, base=BASE, clause="1"):
    return Kept("A", clause, place, {"en": read_wording(base) if base else ()}, {"en": ("mine",)})


def line(texts, clause="1"):
    return next(row for row in unparse(texts["en"]).splitlines() if row.startswith(f"{clause} "))


def test_a_place_is_found_again_by_the_wordings_that_are_left_of_it():
    for now, place, standing in (
        (BASE, 2, Standing.SAME),
        ("exchange [all]{A,B}[some]{B!} prisoners [now]{B}[soon]{A}", 2, Standing.SAME),
        ("exchange all prisoners [now]{A}[soon]{B}", 1, Standing.CHANGED),
        ("exchange [all]{A}[some]{B} prisoners [soon]{B}[never]{A} please", 2, Standing.CHANGED),
        ("[new]{A} exchange [all]{A}[some]{B} [x [now]{A}]{B}", 4, Standing.CHANGED),
        ("exchange [all]{A}[some]{B} prisoners", END, Standing.LOST),
        ("exchange all", END, Standing.LOST),
    ):
        assert stand(kept(2), text(f"1 {now}")) == (place, standing), now
    assert stand(kept(2), text("2 other")) == (END, Standing.GONE)
    assert stand(kept(END), text("1 other words")) == (END, Standing.CHANGED)
    assert stand(kept(END, ""), text("2 other")) == (END, Standing.SAME)
    assert stand(kept(END, ""), text("1 taken by another")) == (END, Standing.CHANGED)


def test_languages_that_disagree_about_a_place_put_it_behind_the_clause():
    both = {**text(f"1 {BASE}"), **text("1 обмін [усіх]{A} [тепер]{A}", "uk")}
    one = replace(
        kept(2), base={"en": read_wording(BASE), "uk": read_wording("обмін [усіх]{A} [тепер]{A}")},
        wording={"en": ("mine",), "uk": ("моє",)},
    )  # fmt: skip
    assert stand(one, both) == (2, Standing.SAME)
    moved = {**both, **text("1 обмін усіх [тепер]{A}", "uk")}
    assert stand(one, moved) == (END, Standing.LOST)
    assert "[моє]{A?}" in unparse(put(moved, [one], tabled=False)["uk"])


def test_several_are_put_where_each_belongs_whatever_they_bring_with_them():
    nested = replace(kept(1), wording={"en": read_wording("x [deep]{B}")})
    shown = put(text(f"1 {BASE}"), [nested, kept(2), kept(END), kept(1)], tabled=True)
    assert line(shown) == (
        "1 exchange [all]{A}[some]{B}[x [deep]{B}]{A}[mine]{A} prisoners [now]{A}[soon]{B}[mine]{A} [mine]{A}"
    )


def test_a_deletion_is_kept_back_too():
    gone = replace(kept(1), wording={"en": ()})
    assert "[some]{B}[]{A?} prisoners" in line(put(text(f"1 {BASE}"), [gone], tabled=False))


def test_a_text_is_parted_by_hand():
    first = "1 a [b]{A}[bridge [x]{B}]{chair?} [c [d]{B}[e]{A?}]{A,B!} end [f]{B?}"
    source = f"# for the chair\n{first}\n2 [whole]{{chair?}}\n3 g\n"
    tabled, found = part(parse(HEAD + source), "en")
    assert unparse(tabled) == HEAD + "# for the chair\n1 a [b]{A} [c [d]{B}]{A,B!} end \n3 g\n"
    assert [(k.holder, k.clause, k.place, unparse_wording(k.wording["en"])) for k in found] == [
        ("chair", "1", 1, "bridge [x]{B}"), ("A", "1", 3, "e"), ("B", "1", END, "f"), ("chair", "2", END, "whole"),
    ]  # fmt: skip
    assert loose(parse(HEAD + source)) == ()
    assert loose(parse("1 a [b]{chair?} c\n2 [x [y]{chair?}]{A}\n3 [z]{A?}\n")) == ("1", "2")
    assert together({"en": found, "uk": found[:1]}) is None


@given(documents(words), st.sampled_from(["A", "B", "UA-2", None]))
@settings(max_examples=150, deadline=None)
def test_what_is_tabled_is_what_everybody_sees_and_nothing_is_lost(document, viewer):
    tabled, found = part(document, "en")
    for clause in tabled.clauses:
        assert all(holder.mark is not Mark.UNTABLED for holder in holders_of(clause.wording))
    assert unparse(negotiating_view(tabled, viewer)) == unparse(negotiating_view(document, None))
    everything = [
        h for c in document.clauses for fork in forks_of(c.wording) for a in fork.alternatives for h in a.holders
    ]
    outermost = sum(1 for h in everything if h.mark is Mark.UNTABLED)
    inside = sum(1 for k in found for h in holders_of(k.wording["en"]) if h.mark is Mark.UNTABLED)
    assert len(found) <= outermost <= len(found) * (1 + inside) + inside
    assert bool(found) == bool(outermost)


@given(wordings(words, ("A", "B")), wordings(words, ("A", "B")), st.integers(0, 5), st.booleans())
@settings(max_examples=300, deadline=None)
def test_it_is_there_once_for_its_holder_and_never_for_another_whatever_the_chair_writes(old, new, place, is_gone):
    before = part(parse(HEAD + f"1 {unparse_wording(old)}\n2 other\n"), "en")[0]
    base = next((c.wording for c in before.clauses if c.id == "1"), ())
    assume(base and place <= sum(1 for _ in forks_of(base)))
    one = Kept("A", "1", place, {"en": base}, {"en": ("secret",)})
    fresh = part(parse(HEAD + f"1 {unparse_wording(new)}\n"), "en")[0]
    wording = () if is_gone else next((c.wording for c in fresh.clauses), ())
    for now in ({"en": before}, {"en": edit.replace(before, "1", wording)}):
        shown = put(now, [one], tabled=False)["en"]
        assert unparse(negotiating_view(shown, "A")).count("secret") == 1
        for other in ("B", "chair", None):
            assert unparse(negotiating_view(shown, other)) == unparse(negotiating_view(now["en"], other))
        tree = reference.parse(unparse_wording(next(c.wording for c in shown.clauses if c.id == "1")))
        assert "secret" not in reference.words_for(tree, "B")
        assert reference.words_for(tree, "A").count("secret") == 1
        where, standing = stand(one, now)
        assert (standing is Standing.SAME) <= (where == place)
        proposed = edit.propose(now["en"], "1", "secret", place=where, holder="A")
        assert unparse(put(now, [one], tabled=True)["en"]) == unparse(proposed)
