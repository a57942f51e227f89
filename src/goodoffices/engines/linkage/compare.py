"""Compares pairs of records field by field: a level of agreement each, and how rare the agreed value is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from goodoffices.engines.linkage.dates import date_levels, day_numbers
from goodoffices.engines.linkage.fields import FIELDS, GIVEN, PATRONYMIC, PLACE, RANK, SERVICE, SURNAME, UNIT
from goodoffices.engines.linkage.people import MISSING, Lists
from goodoffices.engines.linkage.script import fold, sounds
from goodoffices.engines.linkage.spelling import likeness, pack

Codes = npt.NDArray[np.int64]
Levels = npt.NDArray[np.uint8]
Singles = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_BACKGROUND = {"surname": 2e-4, "given_name": 5e-3, "patronymic": 5e-3, "birth_place": 1e-3, "unit": 1e-3, "rank": 0.1}
"""A value's share where lists are too small to tell."""

_HIGHEST = 0.9
"""No level asks for a likeness above this."""

_PULL = 400.0
"""How many records the background weighs."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs compared.

    Attributes
    ----------
    levels
        Level of each field, 0 where a side states nothing, shape (pairs, fields).
    rarity
        log2 of how much rarer the agreed value is than agreement at large, shape (pairs, fields).
    """

    levels: Levels
    rarity: Singles


class _Pairs:
    """Columns of two lists at the rows of pairs."""

    def __init__(self, lists: Lists, left: Codes, right: Codes) -> None:
        self.lists, self.left, self.right = lists, left, right

    def of(self, column: str) -> tuple[Codes, Codes]:
        return self.lists.left.columns[column][self.left], self.lists.right.columns[column][self.right]

    def date(self, side: int, name: str) -> tuple[Codes, Codes, Codes]:
        year, month, day = (self.of(f"{name}_{part}")[side] for part in ("year", "month", "day"))
        return year, month, day


class Comparer:
    """Compares pairs of two lists; holds the spellings packed and the shares of values.

    Attributes
    ----------
    lists
        The lists compared.
    """

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        words = lists.words
        self._sounds = pack([sounds(text) or text for text in words["name"].texts])
        self._folds = pack([fold(text) or text for text in words["name"].texts])
        self._places = pack(words["place"].texts)
        self._units = pack(words["unit"].texts)
        self._service = pack(words["service"].texts)
        name = words["name"].keys
        self._shares = {
            "surname": self._share("surname", name["fold"]),
            "given_name": self._share("given", name["formal"], "given_name"),
            "patronymic": self._share("patronymic", name["father"]),
            "birth_place": self._share("place", None, "birth_place"),
            "unit": self._share("unit", None),
            "rank": self._share("rank", None),
        }

    def __call__(self, left: Codes, right: Codes) -> Compared:
        """Compare pairs of rows, shape (n,) each."""
        pairs = _Pairs(self.lists, left, right)
        levels = np.zeros((left.size, len(FIELDS)), np.uint8)
        swapped = self._swapped(pairs)
        levels[:, 0] = self._surname(pairs, swapped)
        levels[:, 1] = self._given(pairs, swapped)
        levels[:, 2] = self._patronymic(pairs)
        levels[:, 3] = date_levels(pairs.date(0, "birth"), pairs.date(1, "birth"))
        levels[:, 4] = self._text(pairs, "place", self._places)
        levels[:, 5] = self._unit(pairs)
        levels[:, 6] = self._service_number(pairs)
        levels[:, 7] = _ranks(*pairs.of("rank"))
        a, b = pairs.of("sex")
        levels[:, 8] = np.where((a == MISSING) | (b == MISSING), 0, np.where(a == b, 1, 2))
        levels[:, 9] = _captured(day_numbers(pairs.date(0, "captured")), day_numbers(pairs.date(1, "captured")))
        return Compared(levels, self._rarity(pairs, levels))

    def _share(self, column: str, keys: Codes | None, name: str = "") -> tuple[Singles, Singles]:
        """Give each record's log2 share of its value, left and right, in bits below agreement at large."""
        left, right = self.lists.left.columns[column], self.lists.right.columns[column]
        one = left if keys is None else np.where(left == MISSING, MISSING, keys[left]) if keys.size else left
        two = right if keys is None else np.where(right == MISSING, MISSING, keys[right]) if keys.size else right
        joint = one if self.lists.within else np.concatenate([one, two])
        seen = joint[joint != MISSING]
        if not seen.size:
            return np.zeros(left.size, np.float32), np.zeros(right.size, np.float32)
        counts = np.bincount(seen, minlength=int(joint.max()) + 1).astype(float)
        background = _BACKGROUND[name or column]
        # The pair itself put the value on the lists twice: one of the two is not evidence of frequency.
        share = (np.maximum(counts - 1, 0.5) + _PULL * background) / (seen.size + _PULL)
        at_large = float((counts * share).sum() / counts.sum())
        bits = np.log2(at_large / share).astype(np.float32)
        return tuple(  # type: ignore[return-value]
            np.where(codes == MISSING, np.float32(0), bits[np.maximum(codes, 0)]) for codes in (one, two)
        )

    def _rarity(self, pairs: _Pairs, levels: Levels) -> Singles:
        out = np.zeros(levels.shape, np.float32)
        for column, field in enumerate(FIELDS):
            weights = np.array([0.0, *(level.rare for level in field.levels)], np.float32)
            if field.name in self._shares and weights.any():
                left, right = self._shares[field.name]
                # Of two spellings the commoner one counts.
                out[:, column] = weights[levels[:, column]] * np.minimum(left[pairs.left], right[pairs.right])
        return out

    def _alike(self, one: Codes, other: Codes, where: Flags) -> npt.NDArray[np.float64]:
        out = np.zeros(one.size)
        a, b = one[where], other[where]
        score = likeness(self._sounds, a, b)
        # Endings may hide a likeness that the highest level has not shown yet.
        rest = score < _HIGHEST
        score[rest] = np.maximum(score[rest], likeness(self._folds, a[rest], b[rest]) - 0.02)
        out[where] = score
        return out

    def _swapped(self, pairs: _Pairs) -> Flags:
        """Whether surname and given name have changed places."""
        key = self.lists.words["name"].keys.get("key", np.zeros(0, np.int64))
        (s, t), (g, h) = pairs.of("surname"), pairs.of("given")
        known = (s >= 0) & (t >= 0) & (g >= 0) & (h >= 0)
        if not key.size:
            return known
        agree: Flags = known & (key[s] == key[h]) & (key[g] == key[t]) & (key[s] != key[t])
        return agree

    def _surname(self, pairs: _Pairs, swapped: Flags) -> Levels:
        a, b = pairs.of("surname")
        known = (a >= 0) & (b >= 0)
        level = SURNAME.level
        if not known.any():
            return np.zeros(a.size, np.uint8)
        words = self.lists.words["name"].keys
        one_part = np.zeros(a.size, bool)
        for x, y in ((pairs.of("other")[0], b), (a, pairs.of("other")[1])):
            one_part |= (x >= 0) & (y >= 0) & (words["fold"][x] == words["fold"][y])
        same_sound = words["sound"][a] == words["sound"][b]
        same_fold = words["fold"][a] == words["fold"][b]
        score = self._alike(a, b, known & ~same_fold)
        out = np.select(
            [~known, same_sound, same_fold, swapped, score >= 0.88, one_part, score >= 0.78, score >= 0.6],
            [
                0, level("same_sound"), level("same_folded"), level("swapped"), level("alike"),
                level("part_of_double"), level("near"), level("faint"),
            ],
            level("differs"),
        )  # fmt: skip
        return out.astype(np.uint8)

    def _given(self, pairs: _Pairs, swapped: Flags) -> Levels:
        a, b = pairs.of("given")
        known = (a >= 0) & (b >= 0)
        level = GIVEN.level
        if not known.any():
            return np.zeros(a.size, np.uint8)
        words = self.lists.words["name"].keys
        letter = (words["one_letter"][a] == 1) | (words["one_letter"][b] == 1)
        initial = words["initial"][a] == words["initial"][b]
        both_known = (words["known"][a] == 1) & (words["known"][b] == 1)
        short = np.zeros(a.size, bool)
        for k in range(3):
            short |= (words[f"short{k}"][a] >= 0) & (words[f"short{k}"][a] == words["formal"][b])
            short |= (words[f"short{k}"][b] >= 0) & (words[f"short{k}"][b] == words["formal"][a])
            for m in range(3):
                short |= (words[f"short{k}"][a] >= 0) & (words[f"short{k}"][a] == words[f"short{m}"][b])
        same_sound = words["sound"][a] == words["sound"][b]
        same = words["formal"][a] == words["formal"][b]
        score = self._alike(a, b, known & ~same & ~letter)
        out = np.select(
            [
                ~known, letter & initial, letter, same_sound, same, swapped, short, both_known & (score < 0.9),
                score >= 0.85, score >= 0.7,
            ],
            [
                0, level("initial_agrees"), level("initial_differs"), level("same_sound"), level("same_name"),
                level("swapped"), level("short_form"), level("other_name"), level("alike"), level("near"),
            ],
            level("differs"),
        )  # fmt: skip
        return out.astype(np.uint8)

    def _patronymic(self, pairs: _Pairs) -> Levels:
        a, b = pairs.of("patronymic")
        known = (a >= 0) & (b >= 0)
        level = PATRONYMIC.level
        if not known.any():
            return np.zeros(a.size, np.uint8)
        words = self.lists.words["name"].keys
        letter = (words["one_letter"][a] == 1) | (words["one_letter"][b] == 1)
        initial = words["initial"][a] == words["initial"][b]
        same_sound = words["sound"][a] == words["sound"][b]
        same = (words["father"][a] == words["father"][b]) | (words["fold"][a] == words["fold"][b])
        g, h = pairs.of("given")
        crossed = ((g >= 0) & (words["formal"][g] == words["father"][b])) | (
            (h >= 0) & (words["formal"][h] == words["father"][a])
        )
        score = self._alike(a, b, known & ~same & ~letter)
        out = np.select(
            [~known, letter & initial, letter, same_sound, same, score >= 0.88, crossed, score >= 0.75],
            [
                0, level("initial_agrees"), level("initial_differs"), level("same_sound"), level("same_name"),
                level("alike"), level("father_is_other"), level("near"),
            ],
            level("differs"),
        )  # fmt: skip
        return out.astype(np.uint8)

    def _text(self, pairs: _Pairs, column: str, packed: tuple[npt.NDArray[np.uint8], Codes]) -> Levels:
        a, b = pairs.of(column)
        known = (a >= 0) & (b >= 0)
        other = known & (a != b)
        score = np.zeros(a.size)
        score[other] = likeness(packed, a[other], b[other])
        return np.select(
            [~known, a == b, score >= 0.82, score >= 0.65],
            [0, PLACE.level("same"), PLACE.level("alike"), PLACE.level("near")],
            PLACE.level("differs"),
        ).astype(np.uint8)

    def _unit(self, pairs: _Pairs) -> Levels:
        a, b = pairs.of("unit")
        known = (a >= 0) & (b >= 0)
        if not known.any():
            return np.zeros(a.size, np.uint8)
        digits = self.lists.words["unit"].keys["digits"]
        other = known & (a != b)
        score = np.zeros(a.size)
        score[other] = likeness(self._units, a[other], b[other])
        return np.select(
            [~known, a == b, (digits[a] >= 0) & (digits[a] == digits[b]), score >= 0.75],
            [0, UNIT.level("same"), UNIT.level("same_number"), UNIT.level("near")],
            UNIT.level("differs"),
        ).astype(np.uint8)

    def _service_number(self, pairs: _Pairs) -> Levels:
        a, b = pairs.of("service")
        known = (a >= 0) & (b >= 0)
        other = known & (a != b)
        score = np.zeros(a.size)
        score[other] = likeness(self._service, a[other], b[other])
        # One digit of six changed scores 0.83, two neighbours that changed places 0.9.
        lengths = np.diff(self._service[1])
        longest = np.maximum(lengths[a], lengths[b]) if lengths.size else np.ones(a.size)
        return np.select(
            [~known, a == b, score * longest >= longest - 1.01],
            [0, SERVICE.level("same"), SERVICE.level("one_slip")],
            SERVICE.level("differs"),
        ).astype(np.uint8)


def _ranks(one: Codes, other: Codes) -> Levels:
    known = (one != MISSING) & (other != MISSING)
    return np.select(
        [~known, one == other, np.abs(one - other) == 1],
        [0, RANK.level("same"), RANK.level("next")],
        RANK.level("differs"),
    ).astype(np.uint8)


def _captured(one: Codes, other: Codes) -> Levels:
    gap = np.abs(one - other)
    known = (one > 0) & (other > 0)
    return np.select([~known, gap == 0, gap <= 3, gap <= 31], [0, 1, 2, 3], 4).astype(np.uint8)
