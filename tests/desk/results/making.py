"""Makes what tests of results, and the matrix of all pages, need: figures, lifts, publications, signatures."""

import datetime as dt

from django.utils import timezone

from goodoffices.desk.ledger.demo import cosign, sign_waiting
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.results.services import (
    Figure,
    Public,
    attested_make,
    embargo_lift,
    publication_make,
    stated_make,
)
from goodoffices.domain.assertion import AssertionKind, Standing
from goodoffices.domain.commitment import Bound
from tests.desk.conftest import viewer

DAY = dt.date(2026, 3, 1)
ATTESTERS = {"UA": "side-ua-1", "RU": "side-ru-1", "DESK": "humanitarian-1", "OBS": "observer"}


def figure(quantity=60, movement="m-test", **more):
    """A count of persons handed over by UA to RU under C3."""
    fields = {
        "kind": AssertionKind.MOVEMENT,
        "date": DAY,
        "bound": Bound.EXACT,
        "quantity": quantity,
        "movement": movement,
        "giver": "UA",
        "receiver": "RU",
        "unit": "handed_over",
        "category": "prisoner_of_war",
        "commitment": "C3",
        "scope": "counted",
    }
    return Figure(**fields | more)


def attest(quantity=60, movement="m-test", *, parties=("UA", "RU", "DESK"), **more):
    """The same figure attested by several parties; gives their rows."""
    return [
        attested_make(figure=figure(quantity, movement, **more), by=viewer(ATTESTERS[party]), at=timezone.now())
        for party in parties
    ]


def lift(*subjects):
    """Both sides lift their embargo."""
    for name in ("side-ua-1", "side-ru-1"):
        embargo_lift(subjects=list(subjects), by=viewer(name), at=timezone.now())


def publish():
    """The secretariat publishes."""
    return publication_make(by=viewer("secretariat-1"), at=timezone.now())


def sign_all():
    """Everything that waits is appended, signed by the parties' own keys, and cosigned by all witnesses."""
    sequence()
    sign_waiting(timezone.now())
    sequence()
    cosign(("UA", "RU", "DESK"), timezone.now())


def state(**more):
    """A public statement of UA."""
    public = Public("UA", "Ministry", "", Standing.OFFICIAL, "https://example.org/1")
    return stated_make(figure=figure(**more, scope=""), public=public, by=viewer("side-ua-1"), at=timezone.now())
