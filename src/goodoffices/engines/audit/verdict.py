"""What an audit says: findings as codes and values; words for them stand with the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from goodoffices.domain.canonical import Json


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing an audit has found.

    Attributes
    ----------
    code
        Which rule, such as `seats`.
    params
        What was found and what was expected; references of persons only in what its holder reads.
    """

    code: str
    params: Mapping[str, Json] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}({', '.join(f'{key}={value}' for key, value in self.params.items())})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one audit.

    Attributes
    ----------
    violations
        Rules that do not hold; empty if the plan may stand.
    warnings
        What a person should read before signing: law, gaps, what could not be read.
    passed
        Checks that hold, with what was counted.
    unchecked
        Checks that need what the auditor does not hold.
    """

    violations: tuple[Finding, ...]
    warnings: tuple[Finding, ...] = ()
    passed: tuple[Finding, ...] = ()
    unchecked: tuple[Finding, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is violated."""
        return not self.violations
