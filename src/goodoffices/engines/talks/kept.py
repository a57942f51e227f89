"""Wordings that a holder keeps back: apart from the text, and put into it for that holder's eyes alone.

The text has nothing of them, so no act on it can tell that there are any. A kept wording remembers the clause as
everybody read it then; where it belongs now is found from what is left of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.text import Alternative, Clause, Document, Fork, Holder, Mark, Remark, Wording, forks_of, joined
from goodoffices.engines.talks.edit import END, insert
from goodoffices.engines.talks.text import parse, unparse_wording

Bare = tuple["str | Bare", ...]
"""A wording without its holders: texts and alternatives, nested as they stand."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One wording that its holder has not tabled.

    Attributes
    ----------
    holder
        A party's code, or `chair`.
    clause
        Its clause.
    place
        Which place of the clause it is one more alternative of, as the clause read then; `END` opens one behind it.
    base
        Language to the clause as everybody read it then; empty where there was none.
    wording
        Language to the words; empty words propose to delete.
    """

    holder: str
    clause: str
    place: int
    base: Mapping[str, Wording]
    wording: Mapping[str, Wording]


class Standing(StrEnum):
    """What became of the clause since a wording was kept back for it."""

    SAME = "same"
    CHANGED = "changed"
    LOST = "lost"
    GONE = "gone"


def stand(kept: Kept, texts: Mapping[str, Document]) -> tuple[int, Standing]:
    """Tell where a kept wording belongs in the text as it reads now, and what became of its clause.

    Parameters
    ----------
    kept
        The wording.
    texts
        Every language, as tabled.

    Returns
    -------
    tuple of int and Standing
        The place, the same in every language: its own as long as wordings of it are left, else `END`, where nothing
        is claimed. `same`; `changed` but the place is there; `lost`, the place is not; `gone`, the clause is not.
    """
    now = {language: _wording(document, kept.clause) for language, document in texts.items()}
    before = {language: kept.base.get(language, ()) for language in now}
    if not any(now.values()):
        return END, Standing.GONE if any(before.values()) else Standing.SAME
    if all(_bare(before[language]) == _bare(wording) for language, wording in now.items()):
        return kept.place, Standing.SAME
    if kept.place == END:
        return END, Standing.CHANGED
    found = {_carried(before[language], wording, kept.place) for language, wording in now.items()}
    place = found.pop()
    return (END, Standing.LOST) if found or place == END else (place, Standing.CHANGED)


def put(texts: Mapping[str, Document], drafts: Sequence[Kept], *, tabled: bool) -> dict[str, Document]:
    """Put kept wordings where they belong now: for their holder's eyes, or tabled, as if they were proposed today."""
    places = [stand(kept, texts)[0] for kept in drafts]
    out = dict(texts)
    # Behind the clause first, then from its end: so no number of a place changes before it is used.
    for number in sorted(range(len(drafts)), key=lambda n: (places[n] != END, -places[n])):
        kept, place = drafts[number], places[number]
        holders = (Holder(kept.holder, Mark.HELD if tabled else Mark.UNTABLED),)
        for language, document in out.items():
            choice = Alternative(kept.wording.get(language, ()), holders)
            out[language] = insert(document, kept.clause, choice, place=place)
    return out


def part(document: Document, language: str) -> tuple[Document, tuple[Kept, ...]]:
    """Part a text into what is tabled and what its holders keep back.

    Parameters
    ----------
    document
        One language, with marks `?` in it or without.
    language
        Its code.

    Returns
    -------
    tuple of Document and tuple of Kept
        A wording kept back at a place that nobody else has a wording for belongs behind the clause.
    """
    items: list[Clause | Remark] = []
    found: list[Kept] = []
    for item in document.items:
        if isinstance(item, Remark):
            items.append(item)
            continue
        wording = _tabled(item.wording)
        if wording or not item.wording:
            items.append(Clause(item.id, wording, item.line))
        found.extend(
            Kept(holder, item.id, place, {language: wording}, {language: words})
            for holder, place, words in _untabled(item.wording, iter(range(1, 1 << 30)))
        )
    return Document(document.head, tuple(items)), tuple(found)


def loose(document: Document) -> tuple[str, ...]:
    """Name the clauses that keep something back in the midst of words, where no view could show it without a trace."""

    def is_loose(wording: Wording, *, end: bool) -> bool:
        return any(
            isinstance(node, Fork)
            and (
                not (any(map(_is_tabled, node.alternatives)) or (end and number == len(wording)))
                or any(_is_tabled(choice) and is_loose(choice.wording, end=False) for choice in node.alternatives)
            )
            for number, node in enumerate(wording, 1)
        )

    return tuple(clause.id for clause in document.clauses if is_loose(clause.wording, end=True))


def together(found: Mapping[str, tuple[Kept, ...]]) -> tuple[Kept, ...] | None:
    """Join what was kept back in each language of one text; None if the languages do not keep back the same."""
    first, *rest = found.values()
    alike = [[(k.holder, k.clause, k.place) for k in each] for each in found.values()]
    if any(each != alike[0] for each in alike):
        return None
    out: list[Kept] = []
    for number, kept in enumerate(first):
        same = [kept, *(each[number] for each in rest)]
        base = {language: wording for each in same for language, wording in each.base.items()}
        words = {language: wording for each in same for language, wording in each.wording.items()}
        out.append(Kept(kept.holder, kept.clause, kept.place, base, words))
    return tuple(out)


def read_wording(source: str) -> Wording:
    """Read one wording from the notation, as `unparse_wording` writes it."""
    read = parse("1 " + source.replace("\n", "\n  ") + "\n").clauses
    return read[0].wording


def write_wording(document: Document, clause: str) -> str:
    """Write a clause of a text in the notation; empty if there is none."""
    return unparse_wording(_wording(document, clause))


def _wording(document: Document, clause: str) -> Wording:
    return next((item.wording for item in document.clauses if item.id == clause), ())


def _bare(wording: Wording) -> Bare:
    """Give a wording without holders; how many spaces part its words does not matter."""
    nodes = (
        " ".join(node.split())
        if isinstance(node, str)
        else tuple(_bare(choice.wording) for choice in node.alternatives)
        for node in wording
    )
    return tuple(node for node in nodes if node)


def _carried(before: Wording, now: Wording, place: int) -> int:
    """Give the number of the place that has most of another's wordings left, the nearest of equals; `END` if none."""
    forks = list(forks_of(before))
    wanted = _said(forks[place - 1]) if 1 <= place <= len(forks) else set()
    shared = [(len(wanted & _said(fork)), -abs(number - place), number) for number, fork in enumerate(forks_of(now), 1)]
    most, _, number = max(shared, default=(0, 0, END))
    return number if most else END


def _said(fork: Fork) -> set[Bare]:
    return {_bare(choice.wording) for choice in fork.alternatives if choice.wording}


def _tabled(wording: Wording) -> Wording:
    nodes: list[str | Fork] = []
    for node in wording:
        if isinstance(node, str):
            nodes.append(node)
            continue
        choices = tuple(
            Alternative(_tabled(choice.wording), tuple(h for h in choice.holders if h.mark is not Mark.UNTABLED))
            for choice in node.alternatives
            if _is_tabled(choice)
        )
        if choices:
            nodes.append(Fork(choices))
    return joined(nodes)


def _untabled(wording: Wording, numbers: Iterator[int]) -> Iterator[tuple[str, int, Wording]]:
    """Go through what is kept back, with the number of its place among those that are tabled."""
    for node in wording:
        if isinstance(node, str):
            continue
        place = next(numbers) if any(_is_tabled(choice) for choice in node.alternatives) else END
        for choice in node.alternatives:
            yield from ((h.code, place, choice.wording) for h in choice.holders if h.mark is Mark.UNTABLED)
            if _is_tabled(choice):
                yield from _untabled(choice.wording, numbers)


def _is_tabled(choice: Alternative) -> bool:
    return any(holder.mark is not Mark.UNTABLED for holder in choice.holders)
