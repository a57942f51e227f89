"""Splits a whole name into surname, given name and patronymic."""

from __future__ import annotations

import re

from goodoffices.formats.lists.letters import fold
from goodoffices.formats.lists.vocabulary import words_of

Split = tuple[str | None, str | None, str | None]

_INITIALS = re.compile(r"^([^\W\d_])\.\s*([^\W\d_])\.?$")


def split_name(text: str, *, given_first: bool = False) -> tuple[Split, bool]:
    """Split a name by its order and by what only a patronymic ends on.

    Parameters
    ----------
    text
        Cleaned; not empty.
    given_first
        Whether the column's title says that the given name stands first.

    Returns
    -------
    tuple
        Surname, given name, patronymic; None where there is none.
    bool
        Whether the split is sure enough not to be looked at.
    """
    if "," in text:
        return _after_comma(text)
    tokens = _join_initials(text.split())
    if len(tokens) == 1:
        return (tokens[0], None, None), False
    before, patronymic, after = _find_patronymic(tokens)
    if patronymic is None:
        return _two_names(tokens, given_first=given_first)
    return _around(before, patronymic, after, given_first=given_first)


def _around(before: list[str], patronymic: str, after: list[str], *, given_first: bool) -> tuple[Split, bool]:
    if after:  # given name, patronymic, surname
        return (" ".join(after), " ".join(before) or None, patronymic), bool(before)
    if given_first and len(before) == 2:
        return (before[1], before[0], patronymic), True
    if len(before) == 1:
        return (before[0], None, patronymic), False
    return (" ".join(before[:-1]), before[-1], patronymic), len(before) <= 3


def _two_names(tokens: list[str], *, given_first: bool) -> tuple[Split, bool]:
    initials = _INITIALS.match(tokens[-1])
    if initials and len(tokens) == 2:
        return (tokens[0], f"{initials[1]}.", f"{initials[2]}."), True
    first = _INITIALS.match(tokens[0])
    if first and len(tokens) == 2:
        return (tokens[1], f"{first[1]}.", f"{first[2]}."), True
    capitals = [token.isupper() and len(token) > 2 for token in tokens]
    if capitals[-1] and not capitals[0]:
        return (" ".join(tokens[1:]) if all(capitals[1:]) else tokens[-1], tokens[0], None), len(tokens) == 2
    if given_first:
        return (tokens[-1], " ".join(tokens[:-1]), None), True
    if len(tokens) == 3:  # surname, given name and a patronymic without an ending that shows it
        return (tokens[0], tokens[1], tokens[2]), True
    return (tokens[0], " ".join(tokens[1:]), None), len(tokens) == 2


def _find_patronymic(tokens: list[str]) -> tuple[list[str], str | None, list[str]]:
    """Find the patronymic; give it with the tokens before and after it."""
    last = len(tokens) - 1
    if last >= 3 and fold(tokens[last]) in words_of("names", "patronymic_words"):
        return tokens[: last - 1], " ".join(tokens[last - 1 :]), []
    if last >= 2 and _is_patronymic(tokens[last]):
        return tokens[:last], tokens[last], []
    if last >= 2 and _is_patronymic(tokens[1]):
        return tokens[:1], tokens[1], tokens[2:]
    return tokens, None, []


def _is_patronymic(token: str) -> bool:
    folded = fold(token)
    return any(
        folded.endswith(ending) and len(folded) > len(ending) for ending in words_of("names", "patronymic_endings")
    ) or folded in words_of("names", "patronymic_endings")


def _after_comma(text: str) -> tuple[Split, bool]:
    surname, _, rest = (part.strip() for part in text.partition(","))
    tokens = [token for token in _join_initials(rest.replace(",", " ").split()) if token]
    if not surname or not tokens:
        return (surname or " ".join(tokens), None, None), False
    if len(tokens) == 1:
        return (surname, tokens[0], None), True
    tail = 2 if len(tokens) > 2 and fold(tokens[-1]) in words_of("names", "patronymic_words") else 1
    is_patronymic = tail == 2 or _is_patronymic(tokens[-1])
    if not is_patronymic:
        return (surname, " ".join(tokens), None), True
    return (surname, " ".join(tokens[:-tail]), " ".join(tokens[-tail:])), True


def _join_initials(tokens: list[str]) -> list[str]:
    """Join `I. P.` written as two tokens."""
    if len(tokens) == 3:
        for at in (0, 1):
            pair = "".join(tokens[at : at + 2])
            if _INITIALS.match(pair) and pair.endswith("."):
                return [*tokens[:at], pair, *tokens[at + 2 :]]
    return tokens
