"""The four conditions of a transfer: terms, list, date and place, each confirmed by both sides.

Who stages a transfer before it is set has done so alone; the other side is not late, because nothing was agreed
that it could be late for.
"""

from __future__ import annotations

from goodoffices.domain.process import Condition, Transfer
from goodoffices.domain.result import ConditionResult, TransferResult


def conditions(transfer: Transfer) -> TransferResult:
    """Tell how a transfer stands from what each side said of each condition.

    Parameters
    ----------
    transfer
        With the positions of both sides; the last word of a side on a condition counts, of one day the later
        in the file.

    Returns
    -------
    TransferResult
        The same for swapped sides, with the sides swapped.
    """
    sides = (transfer.direction.giver, transfer.direction.receiver)
    last = {(p.condition, p.party): p.stance for p in sorted(transfer.positions, key=lambda p: p.at)}
    stands = (
        ConditionResult(condition, tuple((side, last.get((condition, side))) for side in sides))
        for condition in Condition
    )
    return TransferResult(transfer, tuple(stands))
