"""What is compared, in which levels of agreement, and how often each level is seen before any list is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Level:
    """One level of agreement of one field.

    Attributes
    ----------
    code
        Which agreement or difference; words for it stand in `formats/words/linkage.toml`.
    same
        How often two entries of one person stand at this level, both stated.
    unrelated
        How often two unrelated entries do.
    rare
        How far agreement on a rare value counts for more: 1 in full, 0 not at all.
    """

    code: str
    same: float
    unrelated: float
    rare: float = 0.0


@dataclass(frozen=True, slots=True)
class Field:
    """One field and its levels; level 0 is always "not stated on one side" and weighs nothing.

    Attributes
    ----------
    name
        As in reasons.
    levels
        From 1 on.
    """

    name: str
    levels: tuple[Level, ...]

    def level(self, code: str) -> int:
        """Give the number of the level of this code."""
        return 1 + next(i for i, level in enumerate(self.levels) if level.code == code)


# The figures are rounded from models trained on invented lists in three scripts (`docs/linkage.md`); they are where
# training begins, what it falls back on for small lists, and what it is pulled towards where little is seen.
SURNAME = Field(
    "surname",
    (
        Level("same_sound", 0.55, 0.0006, 1.0),
        Level("same_folded", 0.20, 0.0006, 1.0),
        Level("alike", 0.15, 0.0015, 0.6),
        Level("near", 0.04, 0.006, 0.3),
        Level("part_of_double", 0.01, 0.0002, 0.5),
        Level("swapped", 0.015, 0.00002),
        Level("faint", 0.015, 0.03),
        Level("differs", 0.02, 0.96),
    ),
)
GIVEN = Field(
    "given_name",
    (
        Level("same_sound", 0.55, 0.015, 1.0),
        Level("same_name", 0.27, 0.015, 1.0),
        Level("short_form", 0.02, 0.003, 0.5),
        Level("initial_agrees", 0.06, 0.02),
        Level("alike", 0.05, 0.004, 0.5),
        Level("near", 0.02, 0.02),
        Level("swapped", 0.015, 0.00002),
        Level("initial_differs", 0.003, 0.15),
        Level("other_name", 0.004, 0.72),
        Level("differs", 0.01, 0.1),
    ),
)
PATRONYMIC = Field(
    "patronymic",
    (
        Level("same_sound", 0.50, 0.015, 1.0),
        Level("same_name", 0.32, 0.015, 1.0),
        Level("initial_agrees", 0.06, 0.02),
        Level("alike", 0.05, 0.004, 0.5),
        Level("near", 0.02, 0.02),
        Level("father_is_other", 0.004, 0.02),
        Level("initial_differs", 0.003, 0.15),
        Level("differs", 0.043, 0.8),
    ),
)
BIRTH = Field(
    "birth_date",
    (
        Level("same_day", 0.83, 0.00009),
        Level("first_of_january", 0.03, 0.0002),
        Level("day_month_swapped", 0.015, 0.00003),
        Level("one_digit", 0.045, 0.0014),
        Level("digits_swapped", 0.008, 0.0003),
        Level("same_day_other_year", 0.015, 0.0003),
        Level("same_month", 0.01, 0.0005),
        Level("same_year_partly", 0.03, 0.006),
        Level("year_and_part", 0.007, 0.004),
        Level("same_year", 0.004, 0.03),
        Level("near_years", 0.003, 0.16),
        Level("differs", 0.006, 0.8),
    ),
)
PLACE = Field(
    "birth_place",
    (
        Level("same", 0.65, 0.002, 1.0),
        Level("alike", 0.17, 0.001, 0.6),
        Level("near", 0.06, 0.005, 0.3),
        Level("differs", 0.12, 0.99),
    ),
)
UNIT = Field(
    "unit",
    (
        Level("same", 0.8, 0.002, 1.0),
        Level("same_number", 0.05, 0.0005),
        Level("near", 0.03, 0.01),
        Level("differs", 0.12, 0.98),
    ),
)
SERVICE = Field(
    "service_number",
    (
        Level("same", 0.85, 0.000002),
        Level("one_slip", 0.1, 0.00005),
        Level("differs", 0.05, 0.99995),
    ),
)
RANK = Field("rank", (Level("same", 0.75, 0.2, 0.7), Level("next", 0.15, 0.25), Level("differs", 0.1, 0.55)))
SEX = Field("sex", (Level("same", 0.992, 0.85), Level("differs", 0.008, 0.15)))
CAPTURED = Field(
    "captured_on",
    (
        Level("same_day", 0.6, 0.003),
        Level("near_days", 0.2, 0.01),
        Level("near_month", 0.1, 0.06),
        Level("differs", 0.1, 0.93),
    ),
)

FIELDS = (SURNAME, GIVEN, PATRONYMIC, BIRTH, PLACE, UNIT, SERVICE, RANK, SEX, CAPTURED)
"""In the order of reasons."""

NAMES = tuple(field.name for field in FIELDS)


@dataclass(frozen=True, slots=True)
class Tie:
    """A way in which two different people come to look alike.

    Attributes
    ----------
    code
        Its name; words stand in the catalogue.
    weight
        How often it is found among all pairs, for each same person found: where training begins.
    shared
        Fields that agree as in one person.
    partly
        Fields that agree as in one person this often, else as in strangers.
    scaled
        Levels seen more or less often than in strangers, by (field, code).
    """

    code: str
    weight: float
    shared: tuple[str, ...]
    partly: dict[str, float]
    scaled: dict[tuple[str, str], float]


_OTHER_GIVEN = {("given_name", "same_sound"): 0.1, ("given_name", "same_name"): 0.1, ("given_name", "short_form"): 0.3}

TIES = (
    Tie("sibling", 0.02, ("surname", "patronymic"), {"birth_place": 0.8, "unit": 0.15}, _OTHER_GIVEN),
    Tie("twin", 0.005, ("surname", "patronymic", "birth_date"), {"birth_place": 0.9, "unit": 0.3}, _OTHER_GIVEN),
    Tie(
        "parent",
        0.005,
        ("surname",),
        {"birth_place": 0.7, "unit": 0.05},
        {
            ("patronymic", "father_is_other"): 30.0,
            ("birth_date", "same_day"): 0.01,
            ("birth_date", "same_year"): 0.05,
            ("birth_date", "near_years"): 0.1,
        },
    ),
    Tie("namesake", 0.02, ("surname", "given_name", "patronymic"), {}, {}),
    Tie("family", 0.05, ("surname",), {"birth_place": 0.7, "unit": 0.1}, {}),
)
"""Relatives and namesakes: conditional independence broken in known ways."""
