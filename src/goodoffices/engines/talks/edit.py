"""Changes of the single text, one act at a time: propose, table, join, leave, reserve, settle, reword.

Each act takes a text and gives another; who may do what is checked here by the holder's code alone, the same for every
party. Places count as in `views.open_places`: from 1, nested ones after the one they stand in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from goodoffices.domain.errors import TransitionError
from goodoffices.domain.text import (
    CHAIR,
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


def propose(document: Document, clause: str, text: str, *, place: int, holder: str, tabled: bool) -> Document:
    """Put a party's own wording into a place of a clause; into a new clause if there is none of that id.

    Parameters
    ----------
    document
        The text as the chair keeps it.
    clause
        Id of the clause.
    text
        Plain words; empty proposes to delete.
    place
        Which place gets one more alternative; `END` opens one behind the clause.
    holder
        Party, or the chair for a bridge.
    tabled
        False keeps it from every other view until `table`.

    Returns
    -------
    Document
        With the wording.

    Raises
    ------
    TransitionError
        If there is no such place.
    """
    choice = Alternative((text,) if text else (), (Holder(holder, Mark.HELD if tabled else Mark.UNTABLED),))
    found = next((item for item in document.clauses if item.id == clause), None)
    if found is None:
        return Document(document.head, (*document.items, Clause(clause, (Fork((choice,)),))))
    if place == END:
        last = found.wording[-1] if found.wording else None
        space = [] if last is None or (isinstance(last, str) and last.endswith((" ", "\n"))) else [" "]
        return _with(document, clause, joined([*found.wording, *space, Fork((choice,))]))
    return _at(document, clause, place, lambda fork: Fork((*fork.alternatives, choice)))


def table(document: Document, holder: str, *, clause: str = "") -> Document:
    """Show to all what a holder has kept back: in one clause, or everywhere at one instant."""

    def shown(fork: Fork) -> Fork:
        return Fork(
            tuple(Alternative(a.wording, tuple(_shown(h, holder) for h in a.holders)) for a in fork.alternatives)
        )

    return Document(
        document.head,
        tuple(
            Clause(item.id, _map(item.wording, shown), item.line)
            if isinstance(item, Clause) and clause in {"", item.id}
            else item
            for item in document.items
        ),
    )


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
        If a party's wording that is not tabled would be lost.
    """
    before = next((item for item in document.clauses if item.id == clause), None)
    lines = source.replace("\r\n", "\n").strip("\n").replace("\n", "\n  ")
    read = parse(f"{clause} {lines}\n" if lines.strip() else "", file=clause)
    if len(read.clauses) > 1:
        raise TransitionError(f"{clause}: found {len(read.clauses)} clauses, expected one")
    new = read.clauses[0].wording if read.clauses else ()
    hidden = _hidden(before.wording if before else ())
    if hidden - _hidden(new):
        raise TransitionError(f"{clause}: would lose a wording that its holder has not tabled")
    if before is None:
        return Document(document.head, (*document.items, Clause(clause, new))) if new else document
    return _with(document, clause, new)


def _hidden(wording: Wording) -> set[tuple[str, Wording]]:
    return {
        (holder.code, choice.wording)
        for fork in forks_of(wording)
        for choice in fork.alternatives
        for holder in choice.holders
        if holder.mark is Mark.UNTABLED and holder.code != CHAIR
    }


def _shown(holder: Holder, code: str) -> Holder:
    return Holder(code) if holder == Holder(code, Mark.UNTABLED) else holder


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


def forks_in(document: Document, clause: str) -> list[Fork]:
    """Give the places of a clause in the order in which they count; none if there is no such clause."""
    found = next((item for item in document.clauses if item.id == clause), None)
    return list(forks_of(found.wording)) if found else []


def behind(document: Document, clause: str, seen: tuple[int, int], *, holder: str | None) -> tuple[int, int]:
    """Give place and alternative of the chair's text for those that a holder's view shows, which has fewer of them.

    Raises
    ------
    TransitionError
        If the view shows no such place or wording.
    """
    place, alternative = seen
    if place == END:
        return END, alternative
    shown = [
        (number, [which for which, choice in enumerate(fork.alternatives, 1) if _is_shown(choice, holder)])
        for number, fork in enumerate(forks_in(document, clause), 1)
    ]
    hidden = _inside_hidden(document, clause, holder)
    visible = [(number, choices) for number, choices in shown if choices and number not in hidden]
    if not 1 <= place <= len(visible) or not 0 <= alternative <= len(visible[place - 1][1]):
        raise TransitionError(f"{clause}: no such wording; look at how the clause stands now")
    number, choices = visible[place - 1]
    return number, choices[alternative - 1] if alternative else 0


def _is_shown(choice: Alternative, holder: str | None) -> bool:
    return any(h.mark is not Mark.UNTABLED or h.code == holder for h in choice.holders)


def _inside_hidden(document: Document, clause: str, holder: str | None) -> set[int]:
    """Give the numbers of the places that stand inside a wording which the holder does not see."""
    inside: set[int] = set()
    for number, fork in enumerate(forks_in(document, clause), 1):
        at = number
        for choice in fork.alternatives:
            within = sum(1 for _ in forks_of(choice.wording))
            if not _is_shown(choice, holder):
                inside.update(range(at + 1, at + 1 + within))
            at += within
    return inside
