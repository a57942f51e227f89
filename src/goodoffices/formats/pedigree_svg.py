"""A pedigree as SVG: generations as rows, men as squares, women as circles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from goodoffices.domain.kin import Person
from goodoffices.formats.page import Html, join, tag

_ROW, _COLUMN, _SIZE = 84, 92, 34


def draw(people: Sequence[Person], *, typed: Collection[str], missing: Collection[str]) -> Html:
    """Draw a pedigree.

    Parameters
    ----------
    people
        Members.
    typed
        Identifiers of those with a sample; they are filled.
    missing
        Identifiers of those sought; they have a double line.

    Returns
    -------
    Html
        An `svg` element that scales with its container and names everybody in its `title`.
    """
    rows = _rows(people)
    place = {
        person.id: (70 + column * _COLUMN + _shift(rows, number), 40 + number * _ROW)
        for number, row in enumerate(rows)
        for column, person in enumerate(row)
    }
    width = int(max(x for x, _ in place.values()) + 70)
    height = 16 + len(rows) * _ROW
    parts = [tag("title", ", ".join(person.id for person in people))]
    parts += [_lines(person, place) for person in people]
    parts += [
        _mark(person, place[person.id], is_typed=person.id in typed, is_missing=person.id in missing)
        for person in people
    ]
    return tag("svg", *parts, viewBox=f"0 0 {width} {height}", role="img", class_="pedigree", width=width)


def _shift(rows: Sequence[Sequence[Person]], number: int) -> float:
    widest = max(len(row) for row in rows)
    return (widest - len(rows[number])) * _COLUMN / 2


def _rows(people: Sequence[Person]) -> list[list[Person]]:
    """Sort people into generations: children below both parents, partners beside each other."""
    known = {person.id: person for person in people}
    level = dict.fromkeys(known, 0)
    for _ in people:
        for person in people:
            parents = [parent for parent in (person.father, person.mother) if parent in level]
            if parents:
                level[person.id] = max(level[person.id], max(level[parent] for parent in parents) + 1)
        for person in people:
            if person.father in level and person.mother in level:
                both = max(level[person.father], level[person.mother])
                level[person.father] = level[person.mother] = both
    rows: list[list[Person]] = [[] for _ in range(max(level.values()) + 1)]
    for number in range(len(rows)):
        here = [person for person in people if level[person.id] == number]
        above = {person.id: place for place, person in enumerate(rows[number - 1])} if number else {}
        here.sort(key=lambda person: min(above.get(parent or "", 99) for parent in (person.father, person.mother)))
        rows[number] = _paired(here, people)
    return rows


def _paired(row: list[Person], people: Sequence[Person]) -> list[Person]:
    """Move partners beside each other."""
    ordered: list[Person] = []
    for person in row:
        if person in ordered:
            continue
        ordered.append(person)
        for child in people:
            if person.id in {child.father, child.mother}:
                other = child.mother if child.father == person.id else child.father
                ordered += [one for one in row if one.id == other and one not in ordered]
    return ordered


def _lines(child: Person, place: Mapping[str, tuple[float, float]]) -> Html:
    parents = [place[parent] for parent in (child.father, child.mother) if parent is not None and parent in place]
    if not parents:
        return Html("")
    x, y = place[child.id]
    middle = sum(point[0] for point in parents) / len(parents)
    level = max(point[1] for point in parents)
    bend = level + _ROW / 2 + 8
    parts = []
    if len(parents) == 2:
        parts.append(tag("path", d=f"M{parents[0][0]} {parents[0][1]}H{parents[1][0]}", class_="kin"))
    parts.append(tag("path", d=f"M{middle} {level}V{bend}H{x}V{y}", class_="kin"))
    return join(parts)


def _mark(person: Person, at: tuple[float, float], *, is_typed: bool, is_missing: bool) -> Html:
    x, y = at
    half = _SIZE / 2
    kind = "who typed" if is_typed else "who"
    parts = [_outline(person.sex, x, y, half, kind)]
    if is_missing:
        parts.append(_outline(person.sex, x, y, half + 5, "ring"))
    parts.append(tag("text", person.id, x=x, y=y + half + 17, text_anchor="middle"))
    return join(parts)


def _outline(sex: str, x: float, y: float, half: float, kind: str) -> Html:
    if sex == "F":
        return tag("circle", cx=x, cy=y, r=half, class_=kind)
    if sex == "M":
        return tag("rect", x=x - half, y=y - half, width=2 * half, height=2 * half, class_=kind)
    return tag("path", d=f"M{x} {y - half}L{x + half} {y}L{x} {y + half}L{x - half} {y}Z", class_=kind)
