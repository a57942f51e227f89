"""A process file (PROCESS.json): one set of talks with its parties, commitments and assertions; read strictly."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeVar
from zoneinfo import available_timezones

from goodoffices.domain.commitment import MOVING, Commitment, CommitmentState, Direction, Owed, Reading, Unit
from goodoffices.domain.process import (
    Condition,
    Forum,
    Position,
    Process,
    Proposal,
    Role,
    Rules,
    Staging,
    Stance,
    Transfer,
)
from goodoffices.domain.sides import Party, PartyKind
from goodoffices.formats.assertions import CERTAINTIES, MOVED, NOBODY, UNITS, Ground, figure, read_assertions
from goodoffices.formats.fields import Fields, Report, names, read_json, shown, words

_T = TypeVar("_T")


_TOP = names("process parties forums proposals commitments assertions transfers")
_PROCESS = names("id name host languages rules as_of note")
_RULES = names("smallest_published_count silence_hours embargo must_attest")
_PARTY = names("code name kind zone note")
_FORUM = names(
    "id kind title state place online date start end duration_minutes duration_note chair delegations proposed_by"
    " proposed_in certainty source note"
)
_PROPOSAL = names("id forum party commitment text assertion")
_COMMITMENT = names(
    "id title forum state date unit category bound quantity direction due condition readings source note"
)
_READING = names("text owes source")
_OWED = names("from to unit category bound quantity")
_TRANSFER = names("id commitment unit from to note staged positions")
_STAGED = names("party first last quantity source")
_POSITION = names("condition party stance at note source")

_STATES, _PARTIES, _ROLES = words(CommitmentState), words(PartyKind), words(Role)
_CONDITIONS, _STANCES = words(Condition), words(Stance)


def read_process(data: bytes, file: str) -> Process:
    """Read a process file.

    Parameters
    ----------
    data
        Its bytes: JSON in UTF-8.
    file
        As the user named it, for messages.

    Raises
    ------
    InputError
        With every fault of the file: a field missing, unknown or twice, a word outside its vocabulary, a figure that
        contradicts its bound, a direction from a party to itself, a reference to what is not there, an identifier
        twice, a movement of two kinds.
    """
    report = Report(file)
    raw = read_json(data, report)
    if isinstance(raw, dict):
        raw.setdefault("transfers", [])
    top = Fields(raw, _TOP, "", report)
    keys = {"parties": "code", "forums": "id", "commitments": "id", "assertions": "id"}
    ground = Ground(report, {name: _ids(top.items(name), key) for name, key in keys.items()})
    process = _Reader(top, ground).process()
    report.close()
    return process


def _ids(raws: list[object], key: str) -> frozenset[str]:
    return frozenset(raw[key] for raw in raws if isinstance(raw, dict) and isinstance(raw.get(key), str))


class _Reader:
    """Reads the parts of a file; faults go to the report of the ground."""

    def __init__(self, top: Fields, ground: Ground) -> None:
        self.top = top
        self.ground = ground
        self.report = ground.report

    def process(self) -> Process:
        head = self.top.child("process", _PROCESS)
        parties = self._each("parties", self._party)
        self._unique("parties", [party.code for party in parties], "code")
        self.sides = [party.code for party in parties if party.kind is PartyKind.SIDE]
        if len(self.sides) < 2:
            self.report.fault("parties", "kind", f"{len(self.sides)} of kind side", "two sides at least")
        forums = self._each("forums", self._forum)
        self._unique("forums", [forum.id for forum in forums])
        commitments = self._each("commitments", self._commitment)
        self._unique("commitments", [one.id for one in commitments])
        assertions = read_assertions(self.top.items("assertions"), self.ground)
        self._unique("assertions", [one.id for one in assertions])
        proposals = self._each("proposals", self._proposal)
        self._unique("proposals", [one.id for one in proposals])
        transfers = self._each("transfers", self._transfer)
        self._unique("transfers", [one.id for one in transfers])
        return Process(
            id=head.text("id"),
            name=head.text("name"),
            note=head.maybe_text("note"),
            host=head.maybe_known("host", self.ground.parties, "a party"),
            languages=self._languages(head),
            as_of=head.day("as_of"),
            rules=self._rules(head),
            parties=parties,
            forums=forums,
            proposals=proposals,
            commitments=commitments,
            assertions=assertions,
            transfers=transfers,
        )

    def _each(self, name: str, read: Callable[[object, str], _T]) -> tuple[_T, ...]:
        return tuple([read(raw, f"{name}[{number}]") for number, raw in enumerate(self.top.items(name))])

    def _unique(self, name: str, ids: Collection[str], field: str = "id") -> None:
        if len(set(ids)) == len(ids):
            return
        first: dict[str, int] = {}
        for number, one in enumerate(ids):
            if one and first.setdefault(one, number) != number:
                self.report.fault(f"{name}[{number}]", field, f"{one!r}, as in {name}[{first[one]}]", "each once")

    def _languages(self, head: Fields) -> tuple[str, ...]:
        values = head.items("languages")
        for value in values:
            if not isinstance(value, str) or not value:
                head.wrong("languages", shown(value), "codes of languages, such as en")
        return tuple(str(value) for value in values)

    def _rules(self, head: Fields) -> Rules:
        rules = head.child("rules", _RULES)
        must: dict[Unit, tuple[Role, ...]] = {}
        for unit, roles in rules.inner("must_attest").items():
            known = [_ROLES.get(str(role)) for role in roles] if isinstance(roles, list) else []
            sound = tuple(role for role in known if role is not None)
            if unit not in UNITS:
                rules.wrong("must_attest", shown(unit), f"one of {', '.join(UNITS)}")
            elif not known or len(set(sound)) != len(known):
                rules.wrong(f"must_attest.{unit}", shown(roles), f"a list of roles, each once: {', '.join(_ROLES)}")
            else:
                must[UNITS[unit]] = sound
        counts = rules.count("smallest_published_count"), rules.count("silence_hours")
        return Rules(*counts, rules.maybe_text("embargo"), must)

    def _party(self, raw: object, place: str) -> Party:
        if isinstance(raw, dict):
            raw = {"note": None, "zone": None, **raw}
        fields = Fields(raw, _PARTY, place, self.report)
        fields.maybe_text("note")
        zone = fields.maybe_text("zone") or ""
        if zone and zone not in available_timezones():
            self.report.fault(place, "zone", zone, "an IANA time zone, such as Europe/Istanbul")
        return Party(fields.text("code"), fields.text("name"), fields.word("kind", _PARTIES), zone)

    def _forum(self, raw: object, place: str) -> Forum:
        fields = Fields(raw, _FORUM, place, self.report)
        for name in ("place", "start", "end", "duration_note", "source", "note"):
            fields.maybe_text(name)
        fields.maybe_flag("online")
        fields.maybe_count("duration_minutes")
        fields.maybe_word("certainty", CERTAINTIES)
        fields.maybe_known("proposed_by", self.ground.parties, "a party")
        fields.maybe_known("proposed_in", self.ground.forums, "a forum")
        if fields.has("chair"):
            self._person(fields.child("chair", names("party name office")), "name")
        for number, one in enumerate(fields.items("delegations")):
            self._person(Fields(one, names("party head office"), f"{place}.delegations[{number}]", self.report), "head")
        facts = {str(key): value for key, value in raw.items()} if isinstance(raw, dict) else {}
        return Forum(
            fields.text("id"),
            fields.text("kind"),
            fields.text("title"),
            fields.text("state"),
            fields.maybe_day("date"),
            facts,
        )

    def _person(self, fields: Fields, name: str) -> None:
        fields.known("party", self.ground.parties, "a party")
        fields.maybe_text(name)
        fields.maybe_text("office")

    def _proposal(self, raw: object, place: str) -> Proposal:
        fields = Fields(raw, _PROPOSAL, place, self.report)
        return Proposal(
            fields.text("id"),
            fields.known("forum", self.ground.forums, "a forum"),
            fields.known("party", self.ground.parties, "a party"),
            fields.maybe_known("commitment", self.ground.commitments, "a commitment"),
            fields.text("text"),
            fields.maybe_known("assertion", self.ground.assertions, "an assertion"),
        )

    def _commitment(self, raw: object, place: str) -> Commitment:
        fields = Fields(raw, _COMMITMENT, place, self.report)
        unit = fields.word("unit", UNITS)
        quantity, bound = figure(fields)
        return Commitment(
            id=fields.text("id"),
            title=fields.text("title"),
            forum=fields.known("forum", self.ground.forums, "a forum"),
            state=fields.word("state", _STATES),
            date=fields.day("date"),
            unit=unit,
            category=fields.maybe_word("category", MOVED),
            bound=bound,
            quantity=quantity,
            directions=self._directions(fields, unit),
            due=fields.maybe_partial("due"),
            condition=fields.maybe_text("condition"),
            readings=tuple(self._readings(fields)),
            source=fields.maybe_text("source"),
            note=fields.maybe_text("note"),
        )

    def _directions(self, fields: Fields, unit: Unit) -> tuple[Direction, ...] | None:
        if not fields.has("direction"):
            return None
        if unit not in MOVING:
            fields.wrong("direction", "a direction", f"null, as {unit} does not move")
            return None
        if fields.equals("direction", "both"):
            one, other = (*self.sides, "giver", "receiver")[:2]
            return (Direction(one, other), Direction(other, one)) if one != other else None
        direction = self.ground.direction(fields.child("direction", names("from to")))
        return None if direction is None else (direction,)

    def _readings(self, fields: Fields) -> list[tuple[str, Reading | None]]:
        readings: list[tuple[str, Reading | None]] = []
        for party, raw in fields.inner("readings").items():
            if party not in self.ground.parties:
                fields.wrong("readings", shown(party), "a party of this file")
            inner = None if raw is None else self._reading(raw, f"{fields.place}.readings.{party}")
            readings.append((party, inner))
        return readings

    def _reading(self, raw: object, place: str) -> Reading:
        fields = Fields(raw, _READING, place, self.report)
        owes = [self._owed(one, f"{place}.owes[{number}]") for number, one in enumerate(fields.items("owes"))]
        return Reading(fields.text("text"), tuple(owes), fields.maybe_text("source"))

    def _owed(self, raw: object, place: str) -> Owed:
        fields = Fields(raw, _OWED, place, self.report)
        direction = self.ground.direction(fields)
        if direction is None and fields.is_there("from"):
            fields.wrong("from", "null", "a party: who owes")
        unit = fields.word("unit", UNITS)
        quantity, bound = figure(fields)
        return Owed(direction or NOBODY, unit, fields.maybe_word("category", MOVED), bound, quantity)

    def _transfer(self, raw: object, place: str) -> Transfer:
        fields = Fields(raw, _TRANSFER, place, self.report)
        direction = self.ground.direction(fields)
        if direction is None and fields.is_there("from"):
            fields.wrong("from", "null", "a party: who hands over")
        staged = self._staging(fields) if fields.has("staged") else None
        positions = [
            self._position(one, f"{place}.positions[{number}]") for number, one in enumerate(fields.items("positions"))
        ]
        return Transfer(
            fields.text("id"),
            fields.maybe_known("commitment", self.ground.commitments, "a commitment"),
            fields.word("unit", UNITS),
            direction or NOBODY,
            fields.maybe_text("note"),
            staged,
            tuple(positions),
        )

    def _staging(self, fields: Fields) -> Staging:
        staged = fields.child("staged", _STAGED)
        first, last = staged.day("first"), staged.day("last")
        if last < first:
            staged.wrong("last", str(last), f"{first} or later")
        party = staged.known("party", self.ground.parties, "a party")
        return Staging(party, first, last, staged.maybe_count("quantity"), staged.maybe_text("source"))

    def _position(self, raw: object, place: str) -> Position:
        fields = Fields(raw, _POSITION, place, self.report)
        return Position(
            fields.word("condition", _CONDITIONS),
            fields.known("party", self.ground.parties, "a party"),
            fields.word("stance", _STANCES),
            fields.day("at"),
            fields.maybe_text("note"),
            fields.maybe_text("source"),
        )
