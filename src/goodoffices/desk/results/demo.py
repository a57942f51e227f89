"""Results in the demo: counts of an invented handover, attested, signed and cosigned; none of them published.

The public page of the demo stays the public record and nothing else: an invented figure must never be added to real
ones. What publication does is seen on the page that comes before it.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.ledger.demo import cosign, sign_waiting
from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.parties.models import User
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.results.models import Assertion
from goodoffices.desk.results.services import Figure, attested_make, embargo_lift
from goodoffices.desk.talks.models import Commitment
from goodoffices.desk.talks.owing import commitment_answer
from goodoffices.domain.assertion import AssertionKind, Scope
from goodoffices.domain.commitment import Bound, Moved, Unit
from goodoffices.domain.process import Stance

CODE = "D1"
_COUNTS = (  # movement, category, what giver, receiver and the neutral count; None: not attested
    ("demo-1", Moved.PRISONER_OF_WAR, (60, 60, 60)),
    ("demo-2", Moved.CIVILIAN, (33, 31, None)),
    ("demo-3", Moved.CIVILIAN, (6, 6, 6)),
    ("demo-4", Moved.CHILD, (7, 7, 7)),
    ("demo-5", Moved.PRISONER_OF_WAR, (45, None, None)),
)


def fill(workspace: Path, at: dt.datetime) -> None:  # noqa: ARG001  every room's demo is called so
    """Attest invented counts under a commitment in force, sign all but one, let one side lag as witness."""
    giver, receiver = (side.code for side in sides())
    desk = neutral().code
    members = {giver: _member(giver, Role.SIDE), receiver: _member(receiver, Role.SIDE)}
    members[desk] = _member(desk, Role.HUMANITARIAN)
    day = (at - dt.timedelta(days=1)).date()
    _promise((members[giver], members[receiver]), at)
    cosign((desk, giver, receiver), at - dt.timedelta(hours=5))
    for movement, category, figures in _COUNTS:
        for party, quantity in zip((giver, receiver, desk), figures, strict=True):
            if quantity is not None:
                figure = _figure(movement, category, quantity, (giver, receiver), day)
                attested_make(figure=figure, by=members[party], at=at)
    last = Assertion.objects.get(movement="demo-5", party=giver).statement
    for side in (giver, receiver):
        embargo_lift(subjects=["demo-1", "demo-2", "demo-3", "demo-4"], by=members[side], at=at)
    sequence()
    sign_waiting(at, but={last})
    sequence()
    cosign((desk, giver), at)


def _promise(both: tuple[Viewer, Viewer], at: dt.datetime) -> None:
    """Let both sides accept and sign an invented commitment; the next head that all cosign brings it in force."""
    owed = Commitment.objects.create(code=CODE, title="A demonstration: invented persons", published=True)
    for member in both:
        commitment_answer(item=owed, stance=Stance.ACCEPT, reading="Each is counted at the line.", by=member, at=at)
    sequence()
    entry = Statement.objects.get(kind="terms_agreed", subject=f"commitment:{owed.id}")
    sign_waiting(at, but=set(Statement.objects.exclude(number=entry.number).values_list("name", flat=True)))
    sequence()


def _figure(movement: str, category: Moved, quantity: int, ends: tuple[str, str], day: dt.date) -> Figure:
    return Figure(
        kind=AssertionKind.MOVEMENT,
        date=day,
        bound=Bound.EXACT,
        quantity=quantity,
        movement=movement,
        giver=ends[0],
        receiver=ends[1],
        unit=Unit.HANDED_OVER.value,
        category=category.value,
        commitment=CODE,
        scope=Scope.COUNTED.value,
    )


def _member(party: str, role: Role) -> Viewer:
    user = User.objects.filter(party_id=party, role=role).order_by("username").first()
    if user is None:
        raise LookupError(f"the demo has no {role} of {party}")
    return Viewer(role, party, user.id, user.language, user.zone)
