"""Priors: how probable it was beforehand that a sample is one of the missing, and the posterior."""

from __future__ import annotations

from dataclasses import dataclass

from goodoffices.domain.errors import RangeError


@dataclass(frozen=True, slots=True)
class Prior:
    """The population a sample may come from.

    Attributes
    ----------
    kind
        `default`: each of the missing or nobody of them, all equally likely; `closed`: one of the missing, for certain;
        `open`: one of `size` people, the missing among them.
    size
        Of an open population.
    """

    kind: str = "default"
    size: int = 0

    def nobody(self, missing: int) -> float:
        """Give the weight of "none of the missing" where each of the missing weighs one.

        Raises
        ------
        RangeError
            If an open population is smaller than the list of missing.
        """
        if self.kind == "closed":
            return 0.0
        if self.kind == "default":
            return 1.0
        if self.size < missing:
            raise RangeError(f"prior open:{self.size}, but {missing} are missing; expected at least that many")
        return float(self.size - missing)

    def __str__(self) -> str:
        return f"open:{self.size}" if self.kind == "open" else self.kind


def parse(text: str) -> Prior:
    """Read `default`, `closed` or `open:N`.

    Raises
    ------
    RangeError
        If it is something else.
    """
    kind, _, size = text.partition(":")
    if kind in {"default", "closed"} and not size:
        return Prior(kind)
    if kind == "open" and size.isdigit() and int(size) > 0:
        return Prior(kind, int(size))
    raise RangeError(f"prior is {text}, expected closed, open:N or default")
