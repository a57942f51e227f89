"""Results in words: figures with their bounds, units, parties, sums; shared by page, terminal and workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from goodoffices.domain.assertion import Assertion
from goodoffices.domain.commitment import Bound, Commitment, Direction, Moved, Owed, Unit
from goodoffices.domain.dates import PartialDate
from goodoffices.domain.process import Process, Role
from goodoffices.domain.result import Movement, MovementStatus, Part, Stated
from goodoffices.formats.page import Html, h, tag
from goodoffices.formats.words import Language, Words, number

_NO_TEXTS: Mapping[str, str] = {}


class Phrases:
    """Words of one process in one language.

    Attributes
    ----------
    words
        The table of the part.
    texts
        Unofficial translations of the record's own texts, by the text; what is not among them stays as it is.
    """

    def __init__(self, process: Process, language: Language, texts: Mapping[str, str] | None = None) -> None:
        self.words = Words("results", language)
        self.texts = _NO_TEXTS if texts is None else texts
        self._names = {party.code: party.name for party in process.parties}

    def text(self, text: str) -> str:
        """Give a text of the record in the reader's language if there is a translation, else as it is."""
        return self.texts.get(text, text)

    def quote(self, text: str) -> Html:
        """Give a text of the record for a page, marked with its own language where it is not the reader's."""
        if text in self.texts or self.words.language is Language.EN:
            return h(self.text(text))
        return tag("span", text, lang=Language.EN)

    @staticmethod
    def language_name(language: Language) -> str:
        """Name a language in itself."""
        return Words("results", language)("language_name")

    def party(self, code: str) -> str:
        """Name a party."""
        return self.text(self._names[code])

    def direction(self, direction: Direction) -> str:
        """Write from whom to whom."""
        return self.words("arrow", giver=self.party(direction.giver), receiver=self.party(direction.receiver))

    def figure(self, quantity: int | None, bound: Bound) -> str:
        """Write a figure with its bound; none, withheld and no figure are three different words."""
        if quantity == 0 and bound is Bound.EXACT:
            return self.words("none")
        return self.words(f"bound_{bound}", n=number(quantity or 0))

    def unit(self, unit: Unit) -> str:
        """Name what is counted."""
        return self.words(f"unit_{unit}")

    def heading(self, unit: Unit) -> str:
        """Name what is counted, as a heading."""
        name = self.unit(unit)
        return (name[0].replace("i", "İ") if self.words.language is Language.TR else name[0]).upper() + name[1:]

    def category(self, category: Moved | None) -> str:
        """Name who or what moved."""
        return self.words(f"category_{category or 'total'}")

    def status(self, movement: Movement) -> str:
        """Say how the figures of a movement stand, and by how much they differ."""
        if movement.status is MovementStatus.DIFFER:
            return self.words("differ_by", n=movement.spread)
        return self.words(f"status_{movement.status}")

    def partial(self, date: PartialDate) -> str:
        """Write a date of which the day or the month may be unknown."""
        style = "d MMMM y" if date.day else "LLLL y" if date.month else "y"
        return self.words.date(date.first, style)

    def owed(self, owes: Sequence[Owed]) -> list[str]:
        """Write the lines of a reading; the same owed in both directions is one line."""
        lines: dict[tuple[Unit, Moved | None, Bound, int | None], list[Direction]] = {}
        for line in owes:
            lines.setdefault((line.unit, line.category, line.bound, line.quantity), []).append(line.direction)
        return [self._owed_line(*key, directions=directions) for key, directions in lines.items()]

    def _owed_line(
        self, unit: Unit, category: Moved | None, bound: Bound, quantity: int | None, *, directions: list[Direction]
    ) -> str:
        what = self.unit(unit) if category is None else self.category(category)
        if len(directions) == 2 and directions[0].giver == directions[1].receiver:
            where = self.words("both_ways")
        else:
            where = ", ".join(self.words("to", party=self.party(direction.receiver)) for direction in directions)
        return f"{where}: {what}, {self.figure(quantity, bound)}"

    def promise(self, commitment: Commitment) -> str:
        """Write what was promised in the words both sides use."""
        what = [self.unit(commitment.unit)]
        if commitment.category is not None:
            what.append(self.category(commitment.category))
        return ", ".join([*what, self.figure(commitment.quantity, commitment.bound)])

    def sum(self, line: Stated | None) -> str:
        """Write what a party states along one line in one figure or one word."""
        if line is None or line.movements == 0:
            return self.words("not_stated")
        if line.quantity is None or line.bound is None:
            return self.words("not_computable")
        return self.figure(line.quantity, line.bound)

    def coverage(self, line: Stated | None) -> str:
        """Say over how many movements a sum runs, how many are withheld, of how many the party does not speak."""
        if line is None or line.movements == 0:
            return ""
        whole = line.movements + line.silent
        if line.withheld:
            told = self.words("withheld_of", part=line.withheld, n=line.movements)
        elif line.silent:
            return self.words("in_of", part=line.movements, n=whole)
        else:
            return self.words("n_movements", n=line.movements)
        return f"{told}; {self.words('silent_on', n=line.silent)}" if line.silent else told

    def parts(self, line: Stated) -> str:
        """Name the categories behind a sum, where there is more than one or one that is not the whole."""
        if all(part.category is None for part in line.parts) or all(part.quantity is None for part in line.parts):
            return ""
        return self.words("parts", parts="; ".join(self._part(part) for part in line.parts))

    def _part(self, part: Part) -> str:
        figure = self.words("not_computable") if part.quantity is None else number(part.quantity)
        return f"{self.category(part.category)}: {figure}"

    def total(self, a: Assertion) -> str:
        """Write a total that an organ has stated."""
        organ = self.text(a.organ)
        return self.words(
            "own_total", organ=organ, date=self.words.date(a.date, "d MMM y"), figure=self.figure(a.quantity, a.bound)
        )

    def said(self, movement: Movement, role: Role) -> str:
        """Write the figures that a role gives for a movement."""
        told = movement.assertions[role]
        if not told:
            return self.words("not_stated")
        return " / ".join(dict.fromkeys(self.figure(a.quantity, a.bound) for a in told))

    def speaker(self, a: Assertion) -> str:
        """Name organ and speaker."""
        return self.text(a.organ) if a.speaker is None else f"{self.text(a.organ)}, {a.speaker}"

    def standing(self, a: Assertion) -> str:
        """Say how a statement reached the record, how the speaker knows and how sure the record is."""
        told = [self.words(f"standing_{a.standing}")]
        if a.scope is not None:
            told.append(self.words(f"scope_{a.scope}"))
        told.append(self.words(f"certainty_{a.certainty}"))
        return ", ".join(told)

    def attesting(self, rules: Mapping[Unit, Iterable[Role]]) -> str:
        """Write who must attest what."""
        return "; ".join(
            f"{self.unit(unit)}: {', '.join(self.words(f'role_{role}') for role in roles)}"
            for unit, roles in rules.items()
        )
