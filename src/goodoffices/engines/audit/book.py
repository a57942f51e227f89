"""Findings of an audit as they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from goodoffices.domain.canonical import Json
from goodoffices.engines.audit.verdict import Finding, Verdict

_MOST_OF_ONE = 20


@dataclass(slots=True)
class Book:
    """Findings as they come."""

    violations: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    passed: list[Finding] = field(default_factory=list)
    unchecked: list[Finding] = field(default_factory=list)

    def check(self, name: str, found: Iterable[tuple[str, Mapping[str, Json]]], side: str = "") -> None:
        """Note a check: its violations, or that it passed; of many alike, the first and how many."""
        by_code: dict[str, list[Finding]] = {}
        for code, params in found:
            by_code.setdefault(code, []).append(Finding(code, params))
        for code, findings in by_code.items():
            self.violations.extend(findings[:_MOST_OF_ONE])
            if len(findings) > _MOST_OF_ONE:
                self.violations.append(Finding(f"{code}_more", {"count": len(findings) - _MOST_OF_ONE}))
        if not by_code:
            self.passed.append(Finding(name, {"side": side} if side else {}))

    def warn(self, found: Iterable[tuple[str, Mapping[str, Json]]]) -> None:
        """Note what does not refuse a plan."""
        self.warnings.extend(Finding(code, params) for code, params in found)

    def skip(self, name: str, why: str, side: str = "") -> None:
        """Note a check that cannot be made, and why."""
        self.unchecked.append(Finding(name, {"why": why, **({"side": side} if side else {})}))

    def verdict(self) -> Verdict:
        """Give everything that was noted."""
        return Verdict(tuple(self.violations), tuple(self.warnings), tuple(self.passed), tuple(self.unchecked))
