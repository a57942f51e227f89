"""The cards of the results page: one per commitment, with readings, bars per direction and who says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from goodoffices.domain.assertion import Assertion
from goodoffices.domain.commitment import Bound, Commitment, Direction, Reading, Unit
from goodoffices.domain.process import Role
from goodoffices.domain.result import (
    CommitmentResult,
    CommitmentStatus,
    Confirmed,
    Movement,
    MovementStatus,
    Result,
    Stated,
)
from goodoffices.formats.page import Html, h, join, tag
from goodoffices.formats.results_bars import Track, deed_bar, promise_of, scale_of, word_bar
from goodoffices.formats.results_phrases import Phrases
from goodoffices.formats.words import number

_LOOKS = {
    CommitmentStatus.NOT_BEGUN: "",
    CommitmentStatus.STATED_NOT_CONFIRMED: " wait",
    CommitmentStatus.BEGUN: " ok",
    CommitmentStatus.ON_TRACK: " ok",
    CommitmentStatus.DONE: " ok",
    CommitmentStatus.OVERDUE: " gap",
}


Proof = Callable[[Assertion], Html]
"""Gives what proves an assertion, to stand beside its source."""


class Cards:
    """Makes cards from one result in one language."""

    def __init__(
        self,
        result: Result,
        assertions: Sequence[Assertion],
        phrases: Phrases,
        *,
        address: str = "",
        proof: Proof | None = None,
    ) -> None:
        self.address, self.proof = address, proof
        self.result = result
        self.assertions = sorted(assertions, key=lambda a: (a.date, a.id))
        self.phrases = phrases
        self.words = phrases.words

    def commitment(self, c: CommitmentResult, *, is_open: bool = False) -> Html:
        """Make the card of one commitment; on a page of its own it has no title and its statements are open."""
        promise = c.commitment
        pictures = [self._bars(line, c.stated, c) for line in c.confirmed]
        said = [a for a in self.assertions if a.commitment == promise.id]
        return tag(
            "article",
            self._head(c, is_titled=not is_open),
            self._promise(promise),
            self._readings(promise),
            *pictures,
            self.who(said, is_open=is_open),
            class_="card",
            id=f"commitment-{promise.id}",
        )

    def unascribed(self) -> Html:
        """Make the card of what is named under no commitment."""
        if not self.result.unascribed:
            return Html("")
        stated = self.result.unascribed
        lines = dict.fromkeys((line.direction, line.unit) for line in stated)
        pictures = [self._bars(Confirmed(direction, unit, None, 0), stated, None) for direction, unit in lines]
        return tag(
            "article",
            tag("h3", self.words("unascribed")),
            tag("p", self.words("unascribed_lead"), class_="promise"),
            *pictures,
            self.who([a for a in self.assertions if a.commitment is None]),
            class_="card",
        )

    def _head(self, c: CommitmentResult, *, is_titled: bool) -> Html:
        promise = c.commitment
        state = f"{self.words(f'state_{promise.state}')} {self.words.date(promise.date)}"
        tags = [tag("span", state, class_="tag")]
        tags.append(tag("span", self.words(f"commitment_{c.status}"), class_=f"tag{_LOOKS[c.status]}"))
        if c.disputed:
            tags.append(tag("span", self.words("disputed"), class_="tag gap"))
        name = self.phrases.quote(promise.title)
        shown = tag("a", name, href=f"{self.address}/{promise.id}") if self.address else name
        title = tag("h3", tag("span", f"{promise.id} ", class_="id"), shown) if is_titled else Html("")
        return tag("div", title, tag("span", join(tags), class_="tags"), class_="head")

    def _promise(self, promise: Commitment) -> Html:
        extra = []
        if promise.due is not None:
            extra.append(self.words("due", date=self.phrases.partial(promise.due)))
        if promise.condition is not None:
            extra.append(self.words("condition", text=self.phrases.text(promise.condition)))
        told = [self.phrases.promise(promise), *extra]
        return tag("p", f"{self.words('promised')}: ", tag("b", "; ".join(told)), class_="promise")

    def _readings(self, promise: Commitment) -> Html:
        return tag("div", *(self._reading(party, reading) for party, reading in promise.readings), class_="pair")

    def _reading(self, party: str, reading: Reading | None) -> Html:
        by = tag("p", self.words("reads", party=self.phrases.party(party)), class_="by")
        if reading is None:
            return tag("div", by, tag("p", word("unknown", self.words("no_reading"))), class_="read")
        owes = [tag("li", line) for line in self.phrases.owed(reading.owes)]
        source = tag("p", f"{self.words('source')}: {reading.source}", class_="sub") if reading.source else ""
        quoted = tag("p", "“", self.phrases.quote(reading.text), "”")
        return tag("div", by, quoted, tag("ul", *owes) if owes else "", source, class_="read")

    def _bars(self, confirmed: Confirmed, stated: Sequence[Stated], c: CommitmentResult | None) -> Html:
        direction, unit = confirmed.direction, confirmed.unit
        told = {line.party: line for line in stated if (line.direction, line.unit) == (direction, unit)}
        promises = _promises(c.commitment if c else None, direction, unit)
        scale = scale_of(list(told.values()), list(promises.values()))
        rows = [self._deed(confirmed, scale, promises.get(None))] if c is not None else []
        for party in dict.fromkeys([direction.receiver, direction.giver, *told]):
            role = {direction.receiver: Role.RECEIVER, direction.giver: Role.GIVER}.get(party, Role.NEUTRAL)
            rows.append(self._word(party, role, told.get(party), (scale, promises.get(party))))
        rows.append(self._difference(direction, unit, c.commitment.id if c else None))
        giver, receiver = self.phrases.party(direction.giver), self.phrases.party(direction.receiver)
        caption = tag(
            "caption",
            self.words("to", party=receiver),
            " ",
            tag("span", f"{self.words('from', party=giver)} · {self.phrases.unit(unit)}", class_="sub"),
        )
        columns = (self.words("col_party"), self.words("legend"), self.words("col_figure"))
        head = tag("thead", tag("tr", *(tag("th", column, scope="col") for column in columns)), class_="vh")
        widths = Html('<colgroup><col class="c1"><col><col class="c3"></colgroup>')
        return tag("table", caption, widths, head, tag("tbody", *rows), class_="bars")

    def _deed(self, confirmed: Confirmed, scale: int, promise: tuple[int, Bound] | None) -> Html:
        name = self.words("confirmed")
        if confirmed.quantity is None:
            figure, label = word("not_yet", self.words("not_confirmed")), self.words("not_confirmed")
        else:
            figure, label = tag("b", number(confirmed.quantity)), number(confirmed.quantity)
        notes = []
        if confirmed.quantity is not None:
            notes.append(self.words("n_movements", n=confirmed.movements))
            notes += self._against(confirmed.quantity, promise)
        picture = deed_bar(confirmed.quantity, Track(scale, f"{name}: {label}", promise))
        return _row(tag("th", name, scope="row"), picture, figure, notes)

    def _word(self, party: str, role: Role, line: Stated | None, measure: tuple[int, tuple[int, Bound] | None]) -> Html:
        scale, promise = measure
        told = self.phrases.sum(line)
        coverage = self.phrases.coverage(line)
        notes = [coverage] if coverage else []
        if line is not None:
            notes += self._against(line.quantity, promise) if not line.silent else []
            notes += [part for part in (self.phrases.parts(line),) if part]
            notes += [self.phrases.total(a) for a in line.totals]
        name = self.phrases.party(party)
        head = tag("th", name, tag("small", self.words(f"role_{role}")), scope="row")
        picture = word_bar(line, Track(scale, f"{self.words('says', party=name)}: {told}. {coverage}", promise))
        return _row(head, picture, self._sum(line), notes)

    def _sum(self, line: Stated | None) -> Html:
        told = self.phrases.sum(line)
        if line is None or line.movements == 0:
            return word("unknown", told)
        if line.quantity is None:
            return word("withheld", told)
        return tag("b", told)

    def _against(self, quantity: int | None, promise: tuple[int, Bound] | None) -> list[str]:
        if quantity is None or promise is None or quantity == promise[0]:
            return []
        key = "beyond" if quantity > promise[0] else "short"
        return [self.words(key, n=abs(quantity - promise[0]))]

    def _difference(self, direction: Direction, unit: Unit, commitment: str | None) -> Html:
        mine = [
            m for m in self.result.movements if m.direction == direction and m.unit is unit and commitment in _named(m)
        ]
        tags = []
        for status in MovementStatus:
            some = [m for m in mine if m.status is status]
            if not some:
                continue
            text = f"{len(some)} {self.words(f'status_{status}')}"
            if status is MovementStatus.DIFFER:
                text = "; ".join(f"{self.phrases.status(m)} ({self.words.date(m.date, 'd MMM')})" for m in some)
            look = {MovementStatus.DIFFER: " gap", MovementStatus.CONFIRMED: " ok"}.get(status, "")
            tags.append(tag("span", text, class_=f"tag{look}"))
        name = tag("th", self.words("difference"), scope="row")
        return tag("tr", name, tag("td", tag("span", join(tags), class_="tags"), colspan=2)) if tags else Html("")

    def who(self, said: Sequence[Assertion], *, is_open: bool = False) -> Html:
        """Fold the statements behind a card: who, when, how firmly, from where."""
        if not said:
            return Html("")
        words = self.words
        columns = ("date", "party", "organ", "about", "figure", "standing", "source")
        head = tag("tr", *(tag("th", words(f"col_{column}"), scope="col") for column in columns))
        rows = [self._statement(a) for a in said]
        table = tag("table", tag("thead", head), tag("tbody", *rows), class_="said stack")
        count = tag("span", f" · {words('n_statements', n=len(said))}", class_="sub")
        return tag("details", tag("summary", words("who"), count), table, open="" if is_open else None)

    def _statement(self, a: Assertion) -> Html:
        words = self.words
        is_old = a.id in self.result.superseded
        about = [words(f"kind_{a.kind}")]
        if a.direction is not None:
            about.append(self.phrases.direction(a.direction))
        if a.unit is not None:
            about.append(self.phrases.unit(a.unit))
        if a.category is not None:
            about.append(self.phrases.category(a.category))
        note: list[object] = [a.source]
        if a.note is not None:
            note += [Html("<br>"), self.phrases.quote(a.note)]
        if a.supersedes is not None:
            note += [Html("<br>"), words("supersedes", id=a.supersedes)]
        if self.proof is not None and (proof := self.proof(a)):
            note += [Html("<br>"), proof]
        figure: list[object] = [_figure(a, self.phrases)]
        if is_old:
            figure.append(tag("span", f" ({words('superseded')})", class_="sub"))
        return tag(
            "tr",
            tag("th", words.date(a.date, "d MMM y"), scope="row"),
            tag("td", self.phrases.party(a.party), data_l=words("col_party")),
            tag("td", self.phrases.speaker(a), data_l=words("col_organ")),
            tag("td", ", ".join(about), data_l=words("col_about")),
            tag("td", *figure, class_="n", data_l=words("col_figure")),
            tag("td", self.phrases.standing(a), data_l=words("col_standing")),
            tag("td", *note, data_l=words("col_source")),
            class_="old" if is_old else None,
        )


def word(look: str, text: str) -> Html:
    """Write one of the four words that are no figure, each in its own look: unknown, withheld, not_yet, none."""
    return tag("span", text, class_=f"w w-{look}")


def _figure(a: Assertion, phrases: Phrases) -> Html:
    text = phrases.figure(a.quantity, a.bound)
    if a.bound is Bound.WITHHELD:
        return word("withheld", text)
    if a.bound is Bound.NO_COUNT:
        return word("unknown", text)
    return word("none", text) if a.quantity == 0 else h(text)


def _row(head: Html, picture: Html, figure: Html, notes: Iterable[str]) -> Html:
    small = [tag("small", note) for note in notes]
    return tag("tr", head, tag("td", picture), tag("td", figure, *small, class_="f"))


def _named(movement: Movement) -> set[str | None]:
    return {a.commitment for a in movement.told}


def _promises(
    commitment: Commitment | None, direction: Direction, unit: Unit
) -> dict[str | None, tuple[int, Bound] | None]:
    """Give the tick of each party's own reading, and under None the one of the promise itself."""
    if commitment is None or commitment.unit is not unit:
        return {}
    ticks: dict[str | None, tuple[int, Bound] | None] = {
        party: promise_of([line for line in reading.owes if line.unit is unit], direction.receiver)
        for party, reading in commitment.readings
        if reading is not None
    }
    if commitment.quantity is not None and ticks and all(ticks.values()):
        ticks[None] = (commitment.quantity, commitment.bound)
    return ticks
