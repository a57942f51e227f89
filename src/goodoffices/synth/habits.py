"""How list keepers write: which mistakes and omissions, and how often.

The default rates are set, not observed: such that stock Splink scores what the linkage was designed against
(`benchmarks/synth.py`). No list of real persons was used.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habits:
    """Rates per record, 0 to 1; each error is drawn for each record on its own.

    Attributes
    ----------
    typo_surname, typo_given, typo_patronymic, typo_place
        One slip of the hand or ear in the field.
    translated
        The surname's stem turned into the list's language.
    variant
        Another usual spelling of the given name or patronymic (Наталія, Наталя).
    maiden
        A married woman under her maiden name.
    swapped, swapped_patronymic
        Surname and given name changed places; given name and patronymic did.
    initials
        Given name and patronymic as initials only.
    no_patronymic, no_given, no_place, no_unit, no_number, no_rank, no_date
        Nothing stated in the field.
    date_swapped, date_january, date_digit, date_year, date_wrong, date_partial
        Birth date: day and month changed places (where that is a date); 1 January of the year; one
        digit of the day or month; the year off by 1, 2 or 10; another date altogether; only the year or year and month.
    other_place, former_place, region
        The birth place: another one; its former name, if it had one; followed by the region.
    other_unit, typo_unit, typo_number, other_rank
        Another unit; one digit of the unit; one character of the service number; the rank one up or down.
    duplicates
        Share of persons on the list twice.
    one_field
        Lists with surname, given name and patronymic in the one field `full_name`: the share of records so.
    at_home
        Factor on all of these but `variant`, `maiden`, `former_place` and `region` where the list is in the
        language of the person's own papers: his own side writes from its files, a stranger by ear.
    in_latin
        The same factor for Latin lists: written a third time, from one of the others.
    papers_ru
        Share of persons whose own papers are in Russian (the others' are in Ukrainian).
    mixed_schemes
        Latin lists: a name written by another scheme than the rest of its record.
    """

    typo_surname: float = 0.035
    typo_given: float = 0.02
    typo_patronymic: float = 0.03
    typo_place: float = 0.04
    translated: float = 0.08
    variant: float = 0.15
    maiden: float = 0.08
    swapped: float = 0.008
    swapped_patronymic: float = 0.003
    initials: float = 0.015
    no_patronymic: float = 0.12
    no_given: float = 0.002
    no_place: float = 0.28
    no_unit: float = 0.45
    no_number: float = 0.68
    no_rank: float = 0.1
    no_date: float = 0.012
    date_swapped: float = 0.015
    date_january: float = 0.013
    date_digit: float = 0.018
    date_year: float = 0.022
    date_wrong: float = 0.01
    date_partial: float = 0.012
    other_place: float = 0.05
    former_place: float = 0.3
    region: float = 0.03
    other_unit: float = 0.08
    typo_unit: float = 0.01
    typo_number: float = 0.03
    other_rank: float = 0.1
    duplicates: float = 0.035
    one_field: float = 0.0
    mixed_schemes: float = 0.05
    at_home: float = 0.3
    in_latin: float = 1.2
    papers_ru: float = 0.15
