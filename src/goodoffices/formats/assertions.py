"""The assertions of a process file, and what must hold between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from goodoffices.domain.assertion import Assertion, AssertionKind, Certainty, Scope, Standing
from goodoffices.domain.canonical import Json
from goodoffices.domain.commitment import MOVING, Bound, Direction, Moved, Unit
from goodoffices.formats.fields import Fields, Report, names, shown, words

UNITS, MOVED, BOUNDS = words(Unit), words(Moved), words(Bound)
CERTAINTIES = words(Certainty)
_KINDS, _STANDINGS, _SCOPES = words(AssertionKind), words(Standing), words(Scope)

_NAMES = names(
    "id kind movement date party organ speaker from to unit category quantity bound commitment standing scope"
    " certainty source note supersedes"
)

_COUNTING = frozenset({AssertionKind.MOVEMENT, AssertionKind.OBSERVATION})
"""Kinds that may count a movement."""

NOBODY = Direction("giver", "receiver")
"""A stand-in after a fault; it never leaves the reader."""


class Ground:
    """What references may name, and the directions met so far.

    Attributes
    ----------
    report
        Of the file.
    parties, forums, commitments, assertions
        Codes and identifiers that the file has.
    """

    def __init__(self, report: Report, ids: dict[str, Collection[str]]) -> None:
        self.report = report
        self.parties = ids["parties"]
        self.forums = ids["forums"]
        self.commitments = ids["commitments"]
        self.assertions = ids["assertions"]
        self._directions: dict[tuple[str | None, str | None], Direction] = {}

    def direction(self, fields: Fields) -> Direction | None:
        """Read `from` and `to`: two parties of the file that are not one, or nothing at all."""
        giver, receiver = fields.maybe_text("from"), fields.maybe_text("to")
        known = self._directions.get((giver, receiver))
        if known is not None or giver is receiver is None:
            return known
        sound = True
        for name, code in (("from", giver), ("to", receiver)):
            if code is None:
                fields.wrong(name, "null", "a party: a direction has two ends")
                sound = False
            elif code not in self.parties:
                fields.wrong(name, shown(code), "a party of this file")
                sound = False
        if giver == receiver:
            fields.wrong("to", f"{receiver!r}, as in from", "another party: nothing moves from a party to itself")
            sound = False
        if not sound or giver is None or receiver is None:
            return NOBODY
        return self._directions.setdefault((giver, receiver), Direction(giver, receiver))


def figure(fields: Fields) -> tuple[int | None, Bound]:
    """Read `quantity` and `bound`, which must agree on whether there is a figure."""
    bound = fields.word("bound", BOUNDS)
    quantity = fields.maybe_count("quantity")
    if bound.has_figure and quantity is None and not fields.has("quantity"):
        fields.wrong("quantity", "null", f"a figure, as the bound is {bound}")
    elif quantity is not None and not bound.has_figure:
        fields.wrong("quantity", str(quantity), f"null, as the bound is {bound}")
    return quantity, bound


def read_assertions(raws: Sequence[object], ground: Ground) -> tuple[Assertion, ...]:
    """Read every assertion and check what must hold between them; faults go to the report."""
    made = tuple([_assertion(raw, f"assertions[{number}]", ground) for number, raw in enumerate(raws)])
    _check_superseding(made, ground)
    _check_movements(made, ground)
    return made


def assertion_json(a: Assertion) -> dict[str, Json]:
    """Give an assertion as a process file has it; `read_assertions` reads it back."""
    return {
        "id": a.id,
        "kind": a.kind.value,
        "movement": a.movement,
        "date": a.date.isoformat(),
        "party": a.party,
        "organ": a.organ,
        "speaker": a.speaker,
        "from": None if a.direction is None else a.direction.giver,
        "to": None if a.direction is None else a.direction.receiver,
        "unit": None if a.unit is None else a.unit.value,
        "category": None if a.category is None else a.category.value,
        "quantity": a.quantity,
        "bound": a.bound.value,
        "commitment": a.commitment,
        "standing": a.standing.value,
        "scope": None if a.scope is None else a.scope.value,
        "certainty": a.certainty.value,
        "source": a.source,
        "note": a.note,
        "supersedes": a.supersedes,
    }


def _assertion(raw: object, place: str, ground: Ground) -> Assertion:
    fields = Fields(raw, _NAMES, place, ground.report)
    kind = fields.word("kind", _KINDS)
    unit = fields.maybe_word("unit", UNITS)
    quantity, bound = figure(fields)
    direction = ground.direction(fields)
    movement = fields.maybe_text("movement")
    if movement is None:
        if kind is AssertionKind.MOVEMENT:
            fields.wrong("movement", "null", "the movement, as the kind is movement")
    elif kind not in _COUNTING:
        fields.wrong("movement", shown(movement), f"null, as the kind is {kind}")
    if kind is not AssertionKind.STATEMENT:
        _check_direction(fields, unit, direction, is_counted=movement is not None)
    return Assertion(
        fields.text("id"),
        kind,
        movement,
        fields.day("date"),
        fields.known("party", ground.parties, "a party"),
        fields.text("organ"),
        fields.maybe_text("speaker"),
        direction,
        unit,
        fields.maybe_word("category", MOVED),
        quantity,
        bound,
        fields.maybe_known("commitment", ground.commitments, "a commitment"),
        fields.word("standing", _STANDINGS),
        fields.maybe_word("scope", _SCOPES),
        fields.word("certainty", CERTAINTIES),
        fields.text("source"),
        fields.maybe_text("note"),
        fields.maybe_known("supersedes", ground.assertions, "an assertion"),
    )


def _check_direction(fields: Fields, unit: Unit | None, direction: Direction | None, *, is_counted: bool) -> None:
    if unit is None:
        if fields.is_there("unit"):
            fields.wrong("unit", "null", "a unit; only a statement may have none")
    elif unit in MOVING and direction is None:
        fields.wrong("from", "null", f"a party, as {unit} moves from one to another")
    elif unit not in MOVING and (direction is not None or is_counted):
        name = "from" if direction is not None else "movement"
        fields.wrong(name, "a party" if direction is not None else "a movement", f"null, as {unit} does not move")


def _check_superseding(assertions: Sequence[Assertion], ground: Ground) -> None:
    """Check that a party replaces only its own words, and that no chain of replacements is a ring."""
    later = {a.id: a for a in assertions if a.supersedes is not None}
    if not later:
        return
    by_id = {a.id: a for a in assertions}
    for number, a in enumerate(assertions):
        old = by_id.get(a.supersedes) if a.supersedes is not None else None
        if old is None:
            continue
        place = f"assertions[{number}]"
        if old.party != a.party:
            expected = f"an assertion of {a.party}: no party replaces the words of another"
            ground.report.fault(place, "supersedes", f"{old.id!r} of {old.party}", expected)
        seen, step = {a.id}, old
        while step.id not in seen and step.supersedes in later:
            seen.add(step.id)
            step = later[step.supersedes]
        if a.id in {step.id, step.supersedes}:
            ground.report.fault(place, "supersedes", f"{old.id!r}, which leads back here", "an earlier assertion")


def _check_movements(assertions: Sequence[Assertion], ground: Ground) -> None:
    """Check that a movement is one direction, unit and category; what is superseded may have had it wrong."""
    superseded = {a.supersedes for a in assertions if a.supersedes is not None}
    first: dict[str, tuple[int, Assertion]] = {}
    for number, a in enumerate(assertions):
        if a.movement is None or a.id in superseded:
            continue
        base, known = first.setdefault(a.movement, (number, a))
        if known is a or (a.direction, a.unit, a.category) == (known.direction, known.unit, known.category):
            continue
        for name, mine, theirs in (
            ("from", a.direction and a.direction.giver, known.direction and known.direction.giver),
            ("to", a.direction and a.direction.receiver, known.direction and known.direction.receiver),
            ("unit", a.unit, known.unit),
            ("category", a.category, known.category),
        ):
            if mine != theirs:
                expected = (
                    f"{shown(theirs)}, as in assertions[{base}]: a movement is one event, direction, unit, category"
                )
                ground.report.fault(f"assertions[{number}]", name, shown(mine), expected)
