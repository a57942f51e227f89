"""Codes of exchange plans and audits, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from goodoffices.domain.canonical import Json
from goodoffices.domain.plan import Clash, Plan
from goodoffices.formats.words import Words, number


class FindingLike(Protocol):
    """A code with values, as an audit gives it."""

    @property
    def code(self) -> str:
        """Which rule."""

    @property
    def params(self) -> Mapping[str, Json]:
        """What was found."""


class VerdictLike(Protocol):
    """What an audit gives."""

    @property
    def violations(self) -> Sequence[FindingLike]:
        """Rules that do not hold."""

    @property
    def warnings(self) -> Sequence[FindingLike]:
        """What a person should read."""

    @property
    def passed(self) -> Sequence[FindingLike]:
        """Checks that hold."""

    @property
    def unchecked(self) -> Sequence[FindingLike]:
        """Checks left out."""


class ChangeLike(Protocol):
    """One person's change by a repair."""

    @property
    def side(self) -> str:
        """Who holds the person."""

    @property
    def ref(self) -> str:
        """Who."""

    @property
    def before(self) -> int:
        """Leg before, 0 for none."""

    @property
    def after(self) -> int:
        """Leg after, 0 for none."""


def criterion(name: str, words: Words) -> str:
    """Say a criterion: `civilian:requested:1`."""
    first, _, rest = name.partition(":")
    if first in {"civilian", "retained"}:
        return words(f"p_{first}", name=criterion(rest, words))
    return words(f"c_{name.replace(':', '_')}")


def heading(name: str, words: Words) -> str:
    """Say a heading: `all_for_all:under_25`."""
    first, _, rest = name.partition(":")
    return words(f"h_{first}", name=criterion(rest, words)) if rest else words(f"h_{first}")


def reason(name: str, words: Words) -> str:
    """Say why someone stays: `status:died`."""
    return words(f"r_{name.removeprefix('status:')}")


def plan_lines(plan: Plan, words: Words) -> list[str]:
    """Say a plan in a few lines, without naming anyone."""
    sides = list(plan.lists_sha256)
    lines = [f"{words('releases', side=side)}: {number(total(plan, side))}" for side in sides]
    for leg in plan.legs:
        counts = ", ".join(f"{side} {number(len(leg.release[side]))}" for side in sides)
        lines.append(f"  {words('leg')} {leg.number}: {counts}")
    lines.append(f"{words('priorities')}:")
    for level in plan.objective:
        if level.criterion != "lottery":
            said = words("proven") if level.is_proven else words("not_proven", n=level.bound - level.value)
            lines.append(f"  {criterion(level.criterion, words)}: {number(level.value)} ({said})")
    for side in sides:
        kept = ", ".join(f"{reason(name, words)} {number(count)}" for name, count in plan.left_out[side].items())
        lines.append(f"{words('stays')}, {side}: {kept or words('none')}")
    lines += [f"  ! {warning(found, words)}" for found in plan.warnings]
    return lines


def total(plan: Plan, side: str) -> int:
    """Count whom a side releases."""
    return sum(len(leg.release.get(side, ())) for leg in plan.legs)


def warning(found: Mapping[str, Json], words: Words) -> str:
    """Say a warning of the desk."""
    params = {key: value for key, value in found.items() if key != "code"}
    key = f"w_{found['code']}"
    return f"{words(key)}{values(params, words)}"


def values(params: Mapping[str, Json], words: Words) -> str:
    """Say the values of a finding, in brackets."""
    said = []
    for key, value in params.items():
        name = words(f"k_{key}") if words.has(f"k_{key}") else key
        shown = value
        if key == "reason" and isinstance(value, str):
            shown = reason(value, words)
        elif key == "criterion" and isinstance(value, str):
            shown = criterion(value, words)
        elif isinstance(value, int) and not isinstance(value, bool):
            shown = number(value)
        elif isinstance(value, list | tuple):
            shown = ", ".join(map(str, value))
        said.append(f"{name} {shown}")
    return f" ({'; '.join(said)})" if said else ""


def clash_lines(clash: Clash, words: Words) -> list[str]:
    """Say which terms cannot hold together, and the counts that say why."""
    lines = [words("infeasible")]
    known = {str(found.get("path", "")): found for found in clash.reasons}
    for path in clash.terms:
        found = known.get(path)
        lines.append(f"  {path}" + (f": {clash_reason(found, words)}" if found else ""))
    lines += [f"  {words('i_repair')}" for found in clash.reasons if found.get("code") == "repair"]
    return lines


def clash_reason(found: Mapping[str, Json], words: Words) -> str:
    """Say one reason of a clash."""
    code = str(found["code"])
    given: dict[str, object] = {key: value for key, value in found.items() if key not in {"code", "path"}}
    stay = found.get("stay")
    if code in {"minimum", "civilians"}:
        listed = [
            f"{number(count)} {reason(name, words)}"
            for name, count in (stay.items() if isinstance(stay, dict) else ())
            if isinstance(count, int)
        ]
        given["stay"] = words("i_after", list=", ".join(listed)) if listed else ""
        wanted, able = found["wanted"], found["eligible"]
        if isinstance(wanted, int) and isinstance(able, int) and able >= wanted:
            code = "enough"
    for key in ("available", "count", "all_for_all"):
        by_side = found.get(key)
        if isinstance(by_side, dict):
            given["list"] = ", ".join(f"{side} {number(n)}" for side, n in by_side.items() if isinstance(n, int))
    ratio = found.get("ratio")
    if isinstance(ratio, list):
        given["ratio"] = ":".join(map(str, ratio))
    if "category" in given:
        given["category"] = criterion(str(given["category"]), words)
    return words(f"i_{code}", **given)


def verdict_lines(verdict: VerdictLike, words: Words) -> list[str]:
    """Say a verdict: first the answer, then what fails, what to read, what holds."""
    lines = [words("fails" if verdict.violations else "holds")]
    lines += [f"  ✗ {finding.code}: {violation(finding, words)}" for finding in verdict.violations]
    lines += [f"  ! {words(f'w_{finding.code}')}{values(finding.params, words)}" for finding in verdict.warnings]
    if not verdict.violations:
        lines += [f"  ✓ {words(f'a_{finding.code}')}{values(finding.params, words)}" for finding in verdict.passed]
    lines += [
        f"  – {words('unchecked', name=words(f'a_{finding.code}'), why=unheld(finding, words))}"
        for finding in verdict.unchecked
    ]
    return lines


def unheld(finding: FindingLike, words: Words) -> str:
    """Say why a check was left out."""
    return words(f"y_{finding.params.get('why', 'needs_both')}", side=str(finding.params.get("side", "")))


def violation(finding: FindingLike, words: Words) -> str:
    """Say what is violated."""
    code = finding.code.removesuffix("_more")
    text = words("a_all_for_all_missing") if code == "all_for_all" else words(f"a_{code}")
    return f"{text}{values(finding.params, words)}"


def verdict_json(verdict: VerdictLike) -> dict[str, Json]:
    """Give a verdict as JSON: codes and values."""

    def listed(findings: Sequence[FindingLike]) -> list[Json]:
        return [{"code": finding.code, **finding.params} for finding in findings]

    return {
        "holds": not verdict.violations,
        "violations": listed(verdict.violations),
        "warnings": listed(verdict.warnings),
        "passed": listed(verdict.passed),
        "unchecked": listed(verdict.unchecked),
    }


def change_lines(plan: Plan, changes: Sequence[ChangeLike], words: Words) -> list[str]:
    """Say what a repair changed, person by person."""
    lines = [words("changed", n=len(changes))]
    for change in changes:
        key = "change_goes" if not change.before else "change_stays" if not change.after else "change_moves"
        said = words(key, side=change.side, ref=change.ref, before=str(change.before), after=str(change.after))
        lines.append(f"  {said}")
    sides = list(plan.lists_sha256)
    lines += [
        f"{words('leg')} {leg.number}: " + ", ".join(f"{s} {number(len(leg.release[s]))}" for s in sides)
        for leg in plan.legs
    ]
    return lines
