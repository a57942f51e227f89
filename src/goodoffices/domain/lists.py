"""Noun 1, lists: what one side states of persons, line by line; columns and closed vocabularies."""

from __future__ import annotations

from enum import StrEnum

COLUMNS = (
    "ref",
    "surname",
    "given_name",
    "patronymic",
    "full_name",
    "sex",
    "birth_date",
    "birth_place",
    "service_number",
    "rank",
    "unit",
    "category",
    "health",
    "fit_to_travel",
    "captured_on",
    "captured_at",
    "held_at",
    "status",
    "family",
    "requested",
    "withheld",
    "note",
)
"""The columns of a list in canonical order."""


class ListKind(StrEnum):
    """What a list states of those on it."""

    HELD = "held"
    SOUGHT = "sought"
    MISSING = "missing"
    REMAINS = "remains"
    OFFERED = "offered"


class Sex(StrEnum):
    """Sex as lists write it."""

    MALE = "m"
    FEMALE = "f"


class Category(StrEnum):
    """A record's legal status."""

    MILITARY = "military"
    MEDICAL = "medical"
    CHAPLAIN = "chaplain"
    CIVILIAN = "civilian"
    CHILD = "child"


class Health(StrEnum):
    """Health as the holder states it."""

    FIT = "fit"
    WOUNDED = "wounded"
    SERIOUSLY_WOUNDED = "seriously_wounded"
    SERIOUSLY_ILL = "seriously_ill"


class Status(StrEnum):
    """What became of a person on the list; all but `held` keep a person out of any plan."""

    HELD = "held"
    DIED = "died"
    ESCAPED = "escaped"
    RELEASED = "released"
    JUDICIAL_HOLD = "judicial_hold"


class YesNo(StrEnum):
    """Yes or no; a blank is neither."""

    YES = "yes"
    NO = "no"
