"""What became of a pair: computed from its decisions, which are never edited; an undo is a decision of its own."""

from __future__ import annotations

from collections.abc import Sequence

VERDICTS = ("same", "other", "more")
UNDO = "undo"
ANSWERS = ("held", "not_held", "no_trace", "died")
ACKNOWLEDGED = ("held", "died")
"""Answers of the holder after which the seeker learns of the pair."""
STATES = ("waiting", "first_same", "first_other", "disputed", "more", "same", "other")

Decision = tuple[str, str]
"""Who, and what: a verdict or an undo of one's own last one."""


def standing(decisions: Sequence[Decision]) -> list[Decision]:
    """Give the decisions that stand: an undo takes away its author's last one."""
    kept: list[Decision] = []
    for who, verdict in decisions:
        if verdict != UNDO:
            kept.append((who, verdict))
            continue
        mine = [at for at, (other, _) in enumerate(kept) if other == who]
        if mine:
            del kept[mine[-1]]
    return kept


def state_after(decisions: Sequence[Decision], *, two: bool, before: str = "waiting") -> str:
    """Give the state that the decisions come to.

    Parameters
    ----------
    decisions
        In the order in which they were made.
    two
        Whether two persons must come to the same verdict.
    before
        State where no decision stands.
    """
    votes = dict(standing(decisions))  # the last word of each
    if not votes:
        return before
    last = standing(decisions)[-1][1]
    if last == "more" or not two:
        return last
    said = {verdict for verdict in votes.values() if verdict != "more"}
    if len(said) > 1:
        return "disputed"
    return last if len([who for who, verdict in votes.items() if verdict == last]) > 1 else f"first_{last}"
