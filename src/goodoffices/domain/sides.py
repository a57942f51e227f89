"""Who takes part: parties and what they are. Sides are data; no rule knows which one it serves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PartyKind(StrEnum):
    """What a party is in a process."""

    SIDE = "side"
    HOST = "host"
    NEUTRAL = "neutral"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class Party:
    """A party of a process, by its code.

    Attributes
    ----------
    code
        Short and unique in its process, as the process file writes it.
    name
        As shown to readers.
    kind
        Side, host, neutral or observer.
    zone
        IANA time zone of its capital; empty if the file does not say.
    """

    code: str
    name: str
    kind: PartyKind
    zone: str = ""
