"""What lies in a bundle, a log, a proof or a piece of evidence, and whether it holds."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from goodoffices.domain.canonical import Json, canonical_bytes
from goodoffices.domain.errors import Fault, InputError, RangeError, VerificationError
from goodoffices.engines.audit.exchange import audit
from goodoffices.engines.ledger.entry import commit, parse_entry
from goodoffices.engines.ledger.evidence import FORM as EVIDENCE
from goodoffices.engines.ledger.evidence import Evidence, check_evidence
from goodoffices.engines.ledger.log import HEAD, Anchor, Verdict, check_log
from goodoffices.engines.ledger.policy import Policy
from goodoffices.engines.ledger.receipt import FIRST, Receipt, check_receipt
from goodoffices.engines.ledger.tiles import WIDTH, Read, read_bundle

FORM = "goodoffices/bundle@v1"
MANIFEST = "bundle.json"


@dataclass(slots=True)
class Report:
    """What was checked and what was found.

    Attributes
    ----------
    what
        log, bundle, proof or evidence.
    failures
        What does not hold.
    warnings
        What a careful reader should know.
    facts
        What was found, by name.
    """

    what: str
    failures: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    facts: dict[str, Json] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether everything holds."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class Folder:
    """Files below a folder; what lies outside it is not read.

    Attributes
    ----------
    path
        Of the folder.
    """

    path: Path

    def read(self, name: str) -> bytes | None:
        """Give a file, or None if there is none; a link that leads out of the folder counts as none."""
        target = self.path / name
        try:
            if not target.resolve().is_relative_to(self.path.resolve()) or not target.is_file():
                return None
            return target.read_bytes()
        except OSError:
            return None

    def names(self) -> Iterator[str]:
        """Name every file, with slashes."""
        for folder, folders, files in os.walk(self.path):
            folders.sort()
            for name in sorted(files):
                yield (Path(folder) / name).relative_to(self.path).as_posix()


def check(path: Path, *, anchor: Anchor, old: bytes | None = None, entry: bytes | None = None) -> Report:
    """Check whatever lies at a path.

    Parameters
    ----------
    path
        A bundle's or a log's folder, a proof or a piece of evidence.
    anchor
        What the reader trusts; proofs and evidence need its policy.
    old
        A head seen earlier.
    entry
        The entry that a proof is about, if the proof does not carry it.

    Returns
    -------
    Report
        Of what holds and what does not.

    Raises
    ------
    InputError
        If there is nothing of these kinds at the path.
    """
    if path.is_dir():
        if (path / MANIFEST).is_file():
            return _bundle(path, anchor=anchor, old=old)
        if (path / HEAD).exists() or (path / "policy").exists():
            return check_folder(path, anchor=anchor, old=old)[0]
    elif path.is_file():
        data = path.read_bytes()
        if data.startswith(FIRST.encode()):
            return _proof(data, entry, anchor=anchor)
        if EVIDENCE.encode() in data:
            return _evidence(data, anchor=anchor)
    found = "no such file" if not path.exists() else "something else"
    raise InputError(Fault(str(path), "", "", found, "a bundle, a log's folder, a proof or a piece of evidence"))


def check_folder(path: Path, *, anchor: Anchor, old: bytes | None = None) -> tuple[Report, Verdict]:
    """Check a log's folder whole."""
    folder = Folder(path)
    verdict = check_log(folder.read, folder.names(), anchor=anchor, old=old)
    report = Report("log", verdict.failures, verdict.warnings)
    head, reading = verdict.head, verdict.reading
    if head is not None:
        report.facts |= {
            "origin": head.checkpoint.origin,
            "size": head.checkpoint.size,
            "root": head.checkpoint.root.hex(),
            "cosigned": dict(sorted(head.times.items())),
            "quorum_met": head.quorum_met,
        }
    if reading is not None and reading.charters:
        report.facts["charters"] = [{"from": start, "hash": charter.hash} for start, charter in reading.charters]
    standings = verdict.standings(folder.read)
    binding = verdict.binding
    if standings:
        report.facts["statements"] = len(standings)
        report.facts["in_force"] = sum(found.in_force for found in standings)
        report.facts["in_force_at_size"] = binding.checkpoint.size if binding else 0
    return report, verdict


def _bundle(path: Path, *, anchor: Anchor, old: bytes | None) -> Report:
    """Check a bundle: its log, then every content that it discloses, then every plan."""
    folder = Folder(path)
    report = Report("bundle")
    try:
        manifest = _manifest(folder)
        log = path / str(manifest["log"])
        statements = [str(name) for name in manifest.get("statements", [])]
        plans = [(str(plan["terms"]), str(plan["plan"]), plan.get("side")) for plan in manifest.get("plans", [])]
    except (ValueError, KeyError, TypeError, VerificationError) as error:
        report.failures.append(f"{MANIFEST}: not in the expected form ({error})")
        return report
    if not log.resolve().is_relative_to(path.resolve()):
        report.failures.append(f"{MANIFEST}: the log lies outside the bundle")
        return report
    inner, verdict = check_folder(log, anchor=anchor, old=old)
    report.failures += inner.failures
    report.warnings += inner.warnings
    report.facts |= inner.facts
    size = verdict.head.checkpoint.size if verdict.head else 0
    for name in statements:
        try:
            _disclosed(Folder(log).read, folder.read(name), size)
        except (VerificationError, RangeError) as error:
            report.failures.append(f"{name}: {error}")
    report.facts["disclosed"] = len(statements)
    for terms, plan, side in plans:
        _plan(folder, terms, plan, side=side, report=report)
    return report


def _manifest(folder: Folder) -> dict[str, Any]:
    value = json.loads(folder.read(MANIFEST) or b"")
    if not isinstance(value, dict) or value.get("form") != FORM:
        raise VerificationError(f"form: expected {FORM!r}")
    return value


def _disclosed(read: Read, data: bytes | None, size: int) -> None:
    """Check that a disclosed content is what its entry commits to.

    Raises
    ------
    VerificationError
        If it does not hold.
    """
    if data is None:
        raise VerificationError("missing")
    try:
        value = json.loads(data)
        index, salt, content = int(value["index"]), bytes.fromhex(value["salt"]), canonical_bytes(value["content"])
    except (ValueError, KeyError, TypeError) as error:
        raise VerificationError("not in the expected form") from error
    if not 0 <= index < size:
        raise VerificationError(f"entry {index} is not under the head")
    number = index // WIDTH
    entries = read_bundle(read, number, width=min(WIDTH, size - number * WIDTH))
    if parse_entry(entries[index % WIDTH]).commitment != commit(content, salt):
        raise VerificationError(f"the content is not what entry {index} commits to")


def _plan(folder: Folder, terms: str, plan: str, *, side: str | None, report: Report) -> None:
    """Audit an exchange plan against its terms and the sealed lists that the bundle holds."""
    papers = folder.read(terms), folder.read(plan)
    if papers[0] is None or papers[1] is None:
        report.failures.append(f"{plan}: the plan or its terms {terms} are missing")
        return
    try:
        named = json.loads(papers[1]).get("lists", {})
        place = Path(plan).parent
        files = {str(name): folder.read((place / str(path)).as_posix()) for name, path in named.items()}
    except (ValueError, AttributeError, TypeError) as error:
        report.failures.append(f"{plan}: not in the expected form ({error})")
        return
    found = audit(papers[0], papers[1], {name: data for name, data in files.items() if data is not None}, side=side)
    report.failures += [f"{plan}: {finding}" for finding in found.violations]
    report.warnings += [f"{plan}: {finding}" for finding in (*found.warnings, *found.unchecked)]
    report.facts[plan] = {"checks_passed": len(found.passed), "violations": len(found.violations)}


def _proof(data: bytes, entry: bytes | None, *, anchor: Anchor) -> Report:
    report = Report("proof")
    policy = _policy(anchor, "a proof")
    try:
        receipt = Receipt.parse(data.decode("utf-8"))
        body = _carried(receipt, entry)
        head = check_receipt(receipt, body, policy=policy)
        report.facts |= {
            "origin": head.checkpoint.origin,
            "size": head.checkpoint.size,
            "index": receipt.index,
            "entry": body.decode("utf-8", errors="replace"),
            "cosigned": dict(sorted(head.times.items())),
            "quorum_met": head.quorum_met,
        }
        if not head.quorum_met:
            report.failures.append(
                f"checkpoint: the quorum is not met; cosigned by {', '.join(head.times) or 'nobody'}"
            )
        report.warnings += [f"checkpoint: a signature by the unknown key {found.name}" for found in head.unknown]
    except (VerificationError, UnicodeDecodeError) as error:
        report.failures.append(str(error))
    return report


def _carried(receipt: Receipt, entry: bytes | None) -> bytes:
    body = receipt.extra if entry is None else entry
    if body is None:
        raise VerificationError("proof: carries no entry; give it with --entry")
    return body


def _evidence(data: bytes, *, anchor: Anchor) -> Report:
    report = Report("evidence")
    policy = _policy(anchor, "evidence")
    try:
        found = check_evidence(Evidence.parse(data), logs=policy.logs, witnesses=policy.witnesses.values())
        report.facts |= {
            "log": str(found.log),
            "sizes": list(found.sizes),
            "witnesses": [key.name for key in found.witnesses],
        }
    except VerificationError as error:
        report.failures.append(str(error))
    return report


def _policy(anchor: Anchor, what: str) -> Policy:
    if anchor.policy is None:
        raise InputError(
            Fault("--policy", "", "", "nothing", f"the policy file: {what} is checked against keys you trust")
        )
    return anchor.policy
