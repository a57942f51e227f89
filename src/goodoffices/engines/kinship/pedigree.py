"""The family graph: order, checks, close relatives, lines of fathers and of mothers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from goodoffices.domain.errors import RangeError
from goodoffices.domain.kin import Person


@dataclass(frozen=True, slots=True)
class Pedigree:
    """People in an order in which parents come before children; every child has both parents.

    Attributes
    ----------
    ids
        Identifiers.
    father, mother
        Positions, -1 for a founder.
    sex
        `M`, `F` or empty.
    """

    ids: tuple[str, ...]
    father: tuple[int, ...]
    mother: tuple[int, ...]
    sex: tuple[str, ...]

    def index(self, person: str) -> int:
        """Give the position of a person."""
        return self.ids.index(person)

    def children(self, person: int) -> list[int]:
        """Give the positions of a person's children."""
        return [child for child in range(len(self.ids)) if person in {self.father[child], self.mother[child]}]


def build(people: Sequence[Person], *, single_parents: bool = False) -> Pedigree:
    """Order people so that parents come first, and complete a lone parent with an unknown founder.

    Parameters
    ----------
    people
        In any order.
    single_parents
        Keep a child with one parent as it is (the pruned convention) instead of adding the other.

    Raises
    ------
    RangeError
        If a person stands twice, a parent is not in the list or of the wrong sex, or someone is their own ancestor.
    """
    known: dict[str, Person] = {}
    for person in people:
        if person.id in known:
            raise RangeError(f"person {person.id} stands twice in the pedigree")
        known[person.id] = person
    if not single_parents:
        known = _with_both_parents(known)
    known = _with_sex_of_parents(known)
    order = _ordered(known)
    place = {person: number for number, person in enumerate(order)}
    return Pedigree(
        tuple(order),
        tuple(place[parent] if (parent := known[person].father) else -1 for person in order),
        tuple(place[parent] if (parent := known[person].mother) else -1 for person in order),
        tuple(known[person].sex for person in order),
    )


def _with_both_parents(known: dict[str, Person]) -> dict[str, Person]:
    whole = dict(known)
    for person in known.values():
        if (person.father is None) == (person.mother is None):
            continue
        other = f"?{person.id}"
        if person.father is None:
            whole[other] = Person(other, sex="M")
            whole[person.id] = replace(person, father=other)
        else:
            whole[other] = Person(other, sex="F")
            whole[person.id] = replace(person, mother=other)
    return whole


def _with_sex_of_parents(known: dict[str, Person]) -> dict[str, Person]:
    whole = dict(known)
    for person in known.values():
        for parent, sex in ((person.father, "M"), (person.mother, "F")):
            if parent is None:
                continue
            if parent not in whole:
                raise RangeError(f"person {person.id}: parent {parent} is not in the pedigree")
            if whole[parent].sex not in {"", sex}:
                role = "father" if sex == "M" else "mother"
                raise RangeError(f"person {person.id}: {role} {parent} has sex {whole[parent].sex}, expected {sex}")
            whole[parent] = replace(whole[parent], sex=sex)
    return whole


def _ordered(known: dict[str, Person]) -> list[str]:
    order: list[str] = []
    placed: set[str] = set()
    waiting = list(known)
    while waiting:
        ready = [
            person
            for person in waiting
            if all(parent is None or parent in placed for parent in (known[person].father, known[person].mother))
        ]
        if not ready:
            raise RangeError(f"person {_in_loop(known, waiting[0])} is their own ancestor")
        order += ready
        placed.update(ready)
        waiting = [person for person in waiting if person not in placed]
    return order


def _in_loop(known: dict[str, Person], start: str) -> str:
    """Walk up from a person who waits, through parents who wait too, until one comes twice."""
    seen: set[str] = set()
    while start not in seen:
        seen.add(start)
        parents = [parent for parent in (known[start].father, known[start].mother) if parent]
        looping = [parent for parent in parents if not _grounded(known, parent, frozenset())]
        if not looping:
            break
        start = looping[0]
    return start


def _grounded(known: dict[str, Person], person: str, above: frozenset[str]) -> bool:
    if person in above:
        return False
    parents = (known[person].father, known[person].mother)
    return all(_grounded(known, parent, above | {person}) for parent in parents if parent)


def without_barren(pedigree: Pedigree, keep: Collection[str]) -> Pedigree:
    """Leave out people of whom nothing is seen and who have no descendant of whom anything is; this is exact."""
    needed = set()
    for place in reversed(range(len(pedigree.ids))):
        if pedigree.ids[place] in keep or place in needed:
            needed.update({place, pedigree.father[place], pedigree.mother[place]})
    return _only(pedigree, sorted(needed - {-1}))


def pruned(pedigree: Pedigree, keep: Collection[str]) -> Pedigree:
    """Leave out, besides the barren, untyped founders with one child, whose allele is then drawn from the frequencies.

    This is the convention of Familias at theta 0; it changes a likelihood with non-stationary mutation.
    """
    while True:
        smaller = without_barren(pedigree, keep)
        lone = {
            place
            for place in range(len(smaller.ids))
            if smaller.ids[place] not in keep
            and smaller.father[place] == smaller.mother[place] == -1
            and len(smaller.children(place)) == 1
        }
        if not lone and len(smaller.ids) == len(pedigree.ids):
            return smaller
        pedigree = _only(smaller, [place for place in range(len(smaller.ids)) if place not in lone])


def _only(pedigree: Pedigree, places: Sequence[int]) -> Pedigree:
    new = {place: number for number, place in enumerate(places)}
    return Pedigree(
        tuple(pedigree.ids[place] for place in places),
        tuple(new.get(pedigree.father[place], -1) for place in places),
        tuple(new.get(pedigree.mother[place], -1) for place in places),
        tuple(pedigree.sex[place] for place in places),
    )


def close_relatives(pedigree: Pedigree, person: int) -> dict[int, str]:
    """Name the close relatives of a person: parent, child, full sibling."""
    father, mother = pedigree.father[person], pedigree.mother[person]
    close = {parent: "parent" for parent in (father, mother) if parent >= 0}
    close.update(dict.fromkeys(pedigree.children(person), "child"))
    for other in range(len(pedigree.ids)):
        if other != person and father >= 0 and (pedigree.father[other], pedigree.mother[other]) == (father, mother):
            close[other] = "sibling"
    return close


def line(pedigree: Pedigree, *, of: str) -> list[int]:
    """Give each person the number of their line of fathers (`of="M"`, -1 for women) or of mothers (`of="F"`)."""
    up = pedigree.father if of == "M" else pedigree.mother
    root: list[int] = []
    for place in range(len(pedigree.ids)):
        root.append(root[up[place]] if up[place] >= 0 else place)
    if of == "M":
        return [number if pedigree.sex[place] == "M" else -1 for place, number in enumerate(root)]
    return root
