"""Changes of the single text, one act at a time: propose, join, leave, reserve, settle, reword.

Each act takes a text as everybody sees it and gives another; who may do what is checked here by the holder's code
alone, the same for every party. What somebody keeps back is apart from it (`kept`). Places count as in
`views.open_places`: from 1, nested ones after the one they stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from goodoffices.domain.errors import TransitionError
from goodoffices.domain.text import (
    Alternative,
    Clause,
    Document,
    Fork,
    Holder,
    Mark,
    Wording,
    forks_of,
    joined,
)
from goodoffices.engines.talks.text import parse
from goodoffices.engines.talks.views import Openness, open_places

END = 0
"""A place behind everything else of its clause."""


def propose(document: Document, clause: str, text: str, *, place: int, holder: str) -> Document:
    """Put a party's own wording into a place of a clause; into a new clause if there is none of that id.

    Parameters
    ----------
    document
        The text.
    clause
        Id of the clause.
    text
        Plain words; empty proposes to delete.
    place
        Which place gets one more alternative; `END` opens one behind the clause.
    holder
        Party, or the chair for a bridge.

    Returns
    -------
    Document
        With the wording.

    Raises
    ------
    TransitionError
        If there is no such place.
    """
    return insert(document, clause, Alternative((text,) if text else (), (Holder(holder),)), place=place)


def insert(document: Document, clause: str, choice: Alternative, *, place: int) -> Document:
    """Put an alternative behind the others of a place; see `propose`.

    Raises
    ------
    TransitionError
        If there is no such place.
    """
    found = next((item for item in document.clauses if item.id == clause), None)
    if found is None:
        return Document(document.head, (*document.items, Clause(clause, (Fork((choice,)),))))
    if place == END:
        last = found.wording[-1] if found.wording else None
        space = [] if last is None or (isinstance(last, str) and last.endswith((" ", "\n"))) else [" "]
        return _with(document, clause, joined([*found.wording, *space, Fork((choice,))]))
    return _at(document, clause, place, lambda fork: Fork((*fork.alternatives, choice)))


def join(document: Document, clause: str, *, place: int, alternative: int, party: str) -> Document:
    """Let a party hold another's tabled wording too; its reservation on it, and its own wording there, go.

    Raises
    ------
    TransitionError
        If there is no such wording, or it is not tabled.
    """
    return _held(document, clause, (place, alternative), Holder(party))


def reserve(document: Document, clause: str, *, place: int, alternative: int, party: str) -> Document:
    """Let a party reserve its position on a tabled wording.

    Raises
    ------
    TransitionError
        If there is no such wording, or it is not tabled.
    """
    return _held(document, clause, (place, alternative), Holder(party, Mark.RESERVED))


def leave(document: Document, clause: str, *, place: int, alternative: int, party: str) -> Document:
    """Withdraw a party from a wording; one that nobody holds is gone, and so is an empty place.

    Raises
    ------
    TransitionError
        If the party holds nothing there.
    """

    def left(fork: Fork) -> Fork:
        choice = _choice(fork, alternative)
        rest = tuple(holder for holder in choice.holders if holder.code != party)
        if len(rest) == len(choice.holders):
            raise TransitionError(f"{clause}: {party} does not hold alternative {alternative}, expected one it holds")
        kept = [Alternative(choice.wording, rest)] if any(h.mark is not Mark.RESERVED for h in rest) else []
        return Fork((*fork.alternatives[: alternative - 1], *kept, *fork.alternatives[alternative:]))

    return _at(document, clause, place, left)


def settle(document: Document, clause: str, *, place: int) -> Document:
    """Lift the bracket of a place that every party holds.

    Raises
    ------
    TransitionError
        If it is open: another wording stands beside it, somebody reserves, or somebody does not hold it.
    """
    why = next((p.why for p in open_places(document) if (p.clause, p.place) == (clause, place)), None)
    if why is not Openness.AGREED:
        raise TransitionError(f"{clause}: place {place} is {why or 'not there'}, expected one that all hold")
    found = _clause(document, clause)
    counter = _counter(place)

    def lifted(wording: Wording) -> Wording:
        nodes: list[str | Fork] = []
        for node in wording:
            if isinstance(node, str):
                nodes.append(node)
            elif next(counter):
                nodes.extend(node.alternatives[0].wording)
            else:
                nodes.append(Fork(tuple(Alternative(lifted(a.wording), a.holders) for a in node.alternatives)))
        return joined(nodes)

    return _with(document, clause, lifted(found.wording))


def reword(document: Document, clause: str, source: str) -> Document:
    """Replace a clause by what the chair writes in the notation; an empty source removes it.

    Raises
    ------
    InputError
        If it cannot be read, with the place.
    TransitionError
        If it is more than one clause.
    """
    lines = source.replace("\r\n", "\n").strip("\n").replace("\n", "\n  ")
    read = parse(f"{clause} {lines}\n" if lines.strip() else "", file=clause)
    if len(read.clauses) > 1:
        raise TransitionError(f"{clause}: found {len(read.clauses)} clauses, expected one")
    return replace(document, clause, read.clauses[0].wording if read.clauses else ())


def replace(document: Document, clause: str, wording: Wording) -> Document:
    """Put a wording in a clause's place; a clause that is not there is added, one without words goes."""
    if wording and not any(item.id == clause for item in document.clauses):
        return Document(document.head, (*document.items, Clause(clause, wording)))
    return _with(document, clause, wording)


def _held(document: Document, clause: str, at: tuple[int, int], holder: Holder) -> Document:
    place, alternative = at

    def held(fork: Fork) -> Fork:
        choice = _choice(fork, alternative)
        if all(h.mark is Mark.UNTABLED for h in choice.holders):
            raise TransitionError(f"{clause}: alternative {alternative} is not tabled")
        others: list[Alternative] = []
        for number, each in enumerate(fork.alternatives, 1):
            rest = tuple(h for h in each.holders if h.code != holder.code)
            if number == alternative:
                others.append(Alternative(each.wording, (*rest, holder)))
            elif holder.mark is Mark.RESERVED or rest == each.holders:
                others.append(each)
            elif any(h.mark is not Mark.RESERVED for h in rest):
                others.append(Alternative(each.wording, rest))
        return Fork(tuple(others))

    return _at(document, clause, place, held)


def _choice(fork: Fork, alternative: int) -> Alternative:
    if not 1 <= alternative <= len(fork.alternatives):
        raise TransitionError(f"found alternative {alternative}, expected 1 to {len(fork.alternatives)}")
    return fork.alternatives[alternative - 1]


def _at(document: Document, clause: str, place: int, change: Callable[[Fork], Fork]) -> Document:
    found = _clause(document, clause)
    if not 1 <= place <= sum(1 for _ in forks_of(found.wording)):
        raise TransitionError(f"{clause}: found place {place}, expected one with brackets")
    counter = _counter(place)
    return _with(document, clause, _map(found.wording, lambda fork: change(fork) if next(counter) else fork))


def _counter(place: int) -> Iterator[bool]:
    """Tell at each fork, outer ones first, whether it is the one."""
    number = 0
    while True:
        number += 1
        yield number == place


def _map(wording: Wording, change: Callable[[Fork], Fork]) -> Wording:
    nodes: list[str | Fork] = []
    for node in wording:
        if isinstance(node, Fork):
            changed = change(node)
            inner = tuple(Alternative(_map(a.wording, change), a.holders) for a in changed.alternatives)
            if inner:
                nodes.append(Fork(inner))
        else:
            nodes.append(node)
    return joined(nodes)


def _clause(document: Document, clause: str) -> Clause:
    found = next((item for item in document.clauses if item.id == clause), None)
    if found is None:
        raise TransitionError(f"found clause {clause}, expected one of the text")
    return found


def _with(document: Document, clause: str, wording: Wording) -> Document:
    if not wording:
        return Document(
            document.head, tuple(i for i in document.items if not (isinstance(i, Clause) and i.id == clause))
        )
    return Document(
        document.head,
        tuple(Clause(i.id, wording, i.line) if isinstance(i, Clause) and i.id == clause else i for i in document.items),
    )
