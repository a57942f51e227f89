"""The lottery that neither side can bias: seed, tickets, and the weights that break ties between classes."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.terms import Lottery

WEIGHT_BITS = 20
_TIES = b"goodoffices/ties/v1"


@dataclass(frozen=True, slots=True)
class Draw:
    """What breaks ties in one plan.

    Attributes
    ----------
    seed
        32 bytes from both reveals and both lists; None where there is no lottery.
    key
        Draws the weights of classes: the seed, or without a lottery a hash of both lists.
    """

    seed: bytes | None
    key: bytes

    def tickets(self, refs: Sequence[str]) -> list[bytes]:
        """Give each reference its ticket: HMAC-SHA256(seed, ref), or the reference itself without a lottery."""
        if self.seed is None:
            return [ref.encode() for ref in refs]
        seed = self.seed
        return [hmac.digest(seed, ref.encode(), "sha256") for ref in refs]

    def weight(self, list_sha256: str, ref: str) -> int:
        """Draw the weight of a class from the reference with its smallest ticket: 1 to 2**20."""
        drawn = hmac.digest(self.key, f"{list_sha256} {ref}".encode(), "sha256")
        return 1 + (int.from_bytes(drawn[:4], "big") >> (32 - WEIGHT_BITS))


def draw(lottery: Lottery | None, lists_sha256: Mapping[str, str]) -> Draw:
    """Make the seed from both reveals and the lists fixed before them.

    Swapping the sides changes nothing: the two lines are sorted.

    Parameters
    ----------
    lottery
        Reveals by side; their fit to the commitments has been checked when the terms were read.
    lists_sha256
        Side to the SHA-256 (hex) of its sealed list.
    """
    if lottery is None:
        return Draw(None, hashlib.sha256(_lines([_TIES.decode(), *lists_sha256.values()])).digest())
    seed = hashlib.sha256(_lines(f"{lists_sha256[side]} {text}" for side, text in lottery.reveal.items())).digest()
    return Draw(seed, seed)


def order_sha256(refs: Sequence[Sequence[str]], draw: Draw) -> str:
    """Hash the order of all eligible references: each side's in the order of tickets, one a line, LF after each."""
    digest = hashlib.sha256()
    for side in refs:
        ordered = sorted(zip(draw.tickets(side), side, strict=True))
        digest.update("".join(f"{ref}\n" for _, ref in ordered).encode())
    return digest.hexdigest()


def _lines(lines: Iterable[str]) -> bytes:
    return b"\n".join(sorted(line.encode() for line in lines))
