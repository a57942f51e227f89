"""Families of one shape side by side: what the tables are computed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from goodoffices.domain.errors import RangeError
from goodoffices.domain.kin import Finding, Household, Person
from goodoffices.engines.kinship.panel import References
from goodoffices.engines.kinship.pedigree import Pedigree, build, close_relatives

Key = tuple[tuple[int, int, str], ...]
"""The form of a pedigree: positions of father and mother, and sex, of each member."""


@dataclass(frozen=True, slots=True)
class Target:
    """One missing person of one family.

    Attributes
    ----------
    family, person
        References.
    sex
        `M`, `F` or empty.
    """

    family: str
    person: str
    sex: str


@dataclass(frozen=True, slots=True)
class Shape:
    """All targets whose pedigree has one form.

    Attributes
    ----------
    pedigree
        With positions as identifiers.
    target
        Position of the missing person.
    targets
        Numbers of the targets.
    rows
        Row of each member's reference sample, -1 for none; shape (targets, members).
    """

    pedigree: Pedigree
    target: int
    targets: NDArray[np.int64]
    rows: NDArray[np.int64]


def group(
    households: Sequence[Household], references: References
) -> tuple[tuple[Target, ...], tuple[Shape, ...], tuple[Finding, ...]]:
    """Sort the missing by the shape of their pedigree.

    Returns
    -------
    tuple
        Targets in the order of the families; shapes; findings about families that cannot be used.
    """
    targets: list[Target] = []
    findings: list[Finding] = []
    forms: dict[Key, Pedigree | str] = {}
    members: dict[tuple[Key, int], tuple[list[int], list[list[int]]]] = {}
    for household in households:
        place = {person.id: number for number, person in enumerate(household.people)}
        key = tuple(
            (_parent(place, person.father), _parent(place, person.mother), person.sex) for person in household.people
        )
        if key not in forms:
            forms[key] = _form(key)
        form = forms[key]
        if isinstance(form, str):
            findings.append(Finding("pedigree", household.name, "", f"{_reason(household)}; family left out"))
            continue
        rows = [references.rows.get(household.samples.get(person.id, ""), -1) for person in household.people]
        arranged = [rows[int(name)] if name.isdigit() else -1 for name in form.ids]
        for person in household.missing:
            number = form.index(str(place[person]))
            numbers, lines = members.setdefault((key, number), ([], []))
            numbers.append(len(targets))
            lines.append(arranged)
            targets.append(Target(household.name, person, form.sex[number]))
    shapes = []
    for (key, number), (numbers, lines) in members.items():
        known = forms[key]
        if isinstance(known, str):  # a form that fails has no members
            continue
        shapes.append(Shape(known, number, np.array(numbers), np.array(lines, dtype=np.int64)))
    return tuple(targets), tuple(shapes), tuple(findings)


def _parent(place: dict[str, int], parent: str | None) -> int:
    return -1 if parent is None else place.get(parent, -2)


def _form(key: Key) -> Pedigree | str:
    people = [
        Person(str(number), None if father == -1 else str(father), None if mother == -1 else str(mother), sex)
        for number, (father, mother, sex) in enumerate(key)
    ]
    try:
        return build(people)
    except RangeError as error:
        return str(error)


def _reason(household: Household) -> str:
    try:
        build(household.people)
    except RangeError as error:
        return str(error)
    return "the pedigree cannot stand"  # pragma: no cover - a form that fails, fails with its names too


def typed_close(shape: Shape, typed: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Count the typed close relatives (parent, child, full sibling) of each target of a shape.

    Parameters
    ----------
    shape
        Of the targets.
    typed
        Which reference samples have any result, shape (samples,).
    """
    close = list(close_relatives(shape.pedigree, shape.target))
    rows = shape.rows[:, close]
    return np.asarray(np.where(rows >= 0, typed[rows], False).sum(axis=1))
