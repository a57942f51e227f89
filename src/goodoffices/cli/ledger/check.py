"""ledger prove, verify, evidence: proofs and their checks."""

from __future__ import annotations

from pathlib import Path

import click

from goodoffices.cli.ledger.common import file_option, log_argument, opened, out_option, read_policy
from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.evidence import check_evidence, find_evidence
from goodoffices.engines.ledger.log import HEAD, POLICY, Anchor
from goodoffices.engines.ledger.note import b64
from goodoffices.engines.ledger.policy import Policy
from goodoffices.engines.ledger.proof import Fetch, consistency
from goodoffices.engines.ledger.tiles import TileHashes
from goodoffices.store.asks import policy_of, receipt_of
from goodoffices.store.publish import current
from goodoffices.store.tiles import LogFolder
from goodoffices.store.write import read_bytes, write_whole

_PROVE = """A proof that an entry is in the log (a tlog-proof with the entry as extra), or that the log has only grown.

Example: goodoffices ledger prove log --index 5 --out proof.txt"""


@click.command(help=_PROVE)
@log_argument()
@click.option("--index", type=click.IntRange(min=0), help="Entry to be proved.")
@click.option(
    "--from", "old", type=click.IntRange(min=0), help="Prove growth from this size; base64 hashes, one a line."
)
@out_option("The proof.")
def prove(log: Path, index: int | None, old: int | None, out: Path) -> None:
    """Write a proof.

    Raises
    ------
    InputError
        If what was given cannot be used.
    """
    folder = opened(log)
    if (index is None) == (old is None):
        raise InputError(Fault("ledger prove", "", "--index, --from", "both or neither", "one of them"))
    head = current(folder)
    if old is not None:
        if old > head.size:
            raise InputError(Fault("--from", "", "", str(old), f"at most the log's size {head.size}"))
        proof = consistency(old, head.size, fetch=TileHashes(folder.read, head.size))
        write_whole(out, "".join(f"{b64(found)}\n" for found in proof))
        click.echo(f"{len(proof)} hashes from {old} to {head.size}")
    elif index is not None:
        receipt = receipt_of(folder, index)
        write_whole(out, receipt.text())
        click.echo(f"entry {index} in {head.size} entries, {len(receipt.proof)} hashes")


_VERIFY = """Everything: entries, tiles, head, cosignatures, quorum, consistency, in force. Exit 1 and what fails.

Example: goodoffices ledger verify log --policy policy-from-paper"""


@click.command(help=_VERIFY)
@log_argument()
@file_option("--old", "A head seen earlier; the log must have grown from it.", metavar="CHECKPOINT")
@file_option("--policy", "The policy you trust, from another source than the log.")
@click.option("--charter", default="", metavar="HASH", help="The charter's hash as printed on paper.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def verify(ctx: click.Context, log: Path, old: Path | None, policy: Path | None, charter: str, as_json: bool) -> None:
    """Check a whole log.

    Raises
    ------
    InputError
        If what was given cannot be used.
    """
    import json

    from goodoffices.verify.__main__ import in_words
    from goodoffices.verify.bundle import check_folder

    if not log.is_dir():
        raise InputError(Fault(str(log), "", "", "no such folder", "a log (ledger init)"))
    anchor = Anchor(read_policy(policy) if policy else None, charter)
    report, _ = check_folder(log, anchor=anchor, old=read_bytes(old) if old else None)
    if as_json:
        found = {"holds": report.is_good, "failures": report.failures, "warnings": report.warnings, **report.facts}
        click.echo(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        click.echo(in_words(report), nl=False)
    if not report.is_good:
        ctx.exit(1)


_EVIDENCE = """A transferable proof of a split view from two or more heads of one log; exit 1 if they agree.

Each CHECKPOINT is a file, or a log's folder. Heads of different sizes need the larger one's tiles: give the folder it
lies in. The log's key comes from --policy, or from the policy beside a head.

Example: goodoffices ledger evidence shown-to-a/checkpoint shown-to-b/checkpoint --out evidence.json"""


@click.command(help=_EVIDENCE)
@click.argument("checkpoints", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="CHECKPOINT...")
@file_option("--policy", "The policy that names the log's key.")
@out_option("The evidence.")
def evidence(checkpoints: tuple[Path, ...], policy: Path | None, out: Path) -> None:
    """Look for a split view.

    Raises
    ------
    InputError
        If what was given cannot be used.
    VerificationError
        If it does not hold.
    """
    if len(checkpoints) < 2:
        raise InputError(Fault("ledger evidence", "", "CHECKPOINT", "one", "two or more"))
    paths = [path / HEAD if path.is_dir() else path for path in checkpoints]
    heads: list[tuple[bytes, Fetch | None]] = [(read_bytes(path), _hashes(path)) for path in paths]
    trusted = _policy(policy, paths)
    found = find_evidence(heads, logs=trusted.logs)
    if found is None:
        missing = (
            "; a head without its tiles can be compared at equal size only" if None in [f for _, f in heads] else ""
        )
        raise VerificationError(f"no contradiction between these heads{missing}")
    conviction = check_evidence(found, logs=trusted.logs, witnesses=trusted.witnesses.values())
    write_whole(out, found.write())
    click.echo(
        f"{conviction.log.name} has signed two histories, at sizes {conviction.sizes[0]} and {conviction.sizes[1]}"
    )
    for key in conviction.witnesses:
        click.echo(f"{key.name} has cosigned both")


def _hashes(path: Path) -> Fetch | None:
    folder = LogFolder(path.parent)
    if not (path.parent / "tile").is_dir() or path.name != HEAD:
        return None
    return TileHashes(folder.read, current(folder).size)


def _policy(given: Path | None, paths: list[Path]) -> Policy:
    if given is not None:
        return read_policy(given)
    for path in paths:
        if (path.parent / POLICY).is_file():
            return policy_of(LogFolder(path.parent))
    raise InputError(Fault("--policy", "", "", "nothing", "the policy file that names the log's key"))
