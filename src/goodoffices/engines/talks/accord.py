"""What is decided only together: each party answers in private, and no answer is shown before every one is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.engines.talks.consent import aware


class Outcome(StrEnum):
    """How a question put to several parties stands."""

    WAITS = "waits"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Given:
    """One party's answer.

    Attributes
    ----------
    party
        Who.
    accepts
        Yes or no.
    at
        When, with a zone.
    """

    party: str
    accepts: bool
    at: dt.datetime

    def __post_init__(self) -> None:
        aware(self.at, "an answer")


def latest_given(answers: Sequence[Given], parties: Sequence[str]) -> dict[str, bool]:
    """Give the latest answer of each party that is asked; of equal times the later in the sequence."""
    asked = [answer for answer in answers if answer.party in parties]
    return {answer.party: answer.accepts for answer in sorted(asked, key=lambda answer: answer.at)}


def outcome(answers: Sequence[Given], parties: Sequence[str]) -> Outcome:
    """Tell how the question stands: it waits while one party has not answered, and all must accept.

    A refusal alone does not end the waiting: the end would tell the others of it.
    """
    given = latest_given(answers, parties)
    if not parties or set(given) != set(parties):
        return Outcome.WAITS
    return Outcome.ACCEPTED if all(given.values()) else Outcome.DECLINED


def shown(answers: Sequence[Given], parties: Sequence[str], *, reader: str) -> dict[str, bool]:
    """Give the answers that a party may see: its own, and all once all have accepted.

    A party that has refused does not learn what the others said.
    """
    given = latest_given(answers, parties)
    if outcome(answers, parties) is Outcome.ACCEPTED:
        return given
    return {party: accepts for party, accepts in given.items() if party == reader}
