"""Random texts: Cyrillic, Turkish, right-to-left, escaped brackets, nested forks."""

from hypothesis import strategies as st

from goodoffices.domain.text import Alternative, Clause, Document, Fork, Holder, Mark, Remark, joined

LETTERS = "abcĞğİıŞşҐґЇїЄєЁёЩщЪъשלוםسلام0123456789,.;()[]\\{}@#- "
PARTIES = ("A", "B", "UA-2", "chair")

texts = st.text(LETTERS, min_size=1, max_size=24)
marks = st.sampled_from(list(Mark))


def holders(codes=PARTIES):
    return st.lists(
        st.builds(Holder, st.sampled_from(codes), marks), min_size=1, max_size=len(codes), unique_by=lambda h: h.code
    ).map(lambda found: tuple(Holder("chair", Mark.HELD) if str(h) == "chair!" else h for h in found))


def wordings(pieces=texts, codes=PARTIES):
    def forks(inner):
        return st.lists(st.builds(Alternative, inner, holders(codes)), min_size=1, max_size=3).map(
            lambda c: Fork(tuple(c))
        )

    base = st.lists(pieces, max_size=1).map(lambda nodes: joined(list(nodes)))
    return st.recursive(
        base, lambda inner: st.lists(pieces | forks(inner), max_size=5).map(lambda n: joined(list(n))), max_leaves=12
    )


def documents(pieces=texts, codes=PARTIES):
    clauses = st.lists(wordings(pieces, codes), max_size=6).map(
        lambda found: tuple(Clause(f"{number}.{number % 3}", wording) for number, wording in enumerate(found, 1))
    )
    return clauses.map(lambda c: Document((("parties", "A B UA-2"),), (Remark("# the chair's"), Remark(), *c)))


words = st.text("abcdefgабвгґ", min_size=1, max_size=6).map(lambda word: f" {word} ")
"""Whole words, parted by spaces: texts in which what a view shows can be counted by words."""
