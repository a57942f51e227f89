"""goodoffices-verify BUNDLE: checks offline what was published; exit 0 it holds, 1 it does not, 2 bad usage."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from goodoffices.domain.errors import InputError, VerificationError
from goodoffices.engines.ledger.log import Anchor
from goodoffices.engines.ledger.policy import Policy, parse_policy
from goodoffices.verify.bundle import Report, check


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and give the exit code."""
    given = _parser().parse_args(arguments)
    try:
        anchor = Anchor(_policy(given.policy), given.charter)
        old = _bytes(given.old)
        report = check(given.bundle, anchor=anchor, old=old, entry=_bytes(given.entry))
    except (InputError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    sys.stdout.write(_json(report) if given.json else in_words(report))
    return 0 if report.is_good else 1


def in_words(report: Report) -> str:
    """Write a report for a terminal: what was found, warnings, failures, and the verdict last."""
    lines = [f"{name.replace('_', ' ')}: {_shown(value)}" for name, value in report.facts.items()]
    lines += [f"warning: {text}" for text in report.warnings]
    lines += [f"FAILS: {text}" for text in report.failures]
    good = "evidence holds: this log has shown two histories" if report.what == "evidence" else f"{report.what} holds"
    lines.append(good if report.is_good else f"{report.what} does not hold")
    return "".join(f"{line}\n" for line in lines)


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} ({_shown(inner)})" for name, inner in value.items()) or "nobody"
    if isinstance(value, list):
        return "; ".join(_shown(inner) for inner in value) or "none"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _json(report: Report) -> str:
    found = {"what": report.what, "holds": report.is_good, "failures": report.failures, "warnings": report.warnings}
    return json.dumps(found | report.facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _policy(path: Path | None) -> Policy | None:
    if path is None:
        return None
    try:
        return parse_policy(path.read_bytes().decode("utf-8"))
    except (VerificationError, UnicodeDecodeError) as error:
        raise OSError(f"{path}: {error}") from error


def _bytes(path: Path | None) -> bytes | None:
    return None if path is None else path.read_bytes()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="goodoffices-verify",
        description="Check a published bundle, a log's folder, a proof or evidence of a split view, offline.",
        epilog="Example: goodoffices-verify bundle --policy policy.txt",
    )
    parser.add_argument("bundle", type=Path, metavar="BUNDLE", help="a folder, a proof or a piece of evidence")
    parser.add_argument("--policy", type=Path, metavar="FILE", help="the policy you trust, from another source")
    parser.add_argument("--charter", default="", metavar="HASH", help="the charter's hash as printed on paper")
    parser.add_argument("--old", type=Path, metavar="CHECKPOINT", help="a head you saw earlier")
    parser.add_argument("--entry", type=Path, metavar="FILE", help="the entry that a proof is about")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def run() -> None:
    """Run as the console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
