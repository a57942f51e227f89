"""ledger cosign, request, answer: a witness at the log, by file or QR, or over HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from goodoffices.cli.ledger.common import (
    file_option,
    given_bytes,
    keys_option,
    log_argument,
    now,
    opened,
    out_option,
    passphrase,
    read_vkey,
    seen_of,
)
from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, read_head
from goodoffices.engines.ledger.log import HEAD
from goodoffices.engines.ledger.note import VerifierKey, parse_note
from goodoffices.engines.ledger.witness import Answer, Witness
from goodoffices.store.asks import add_line, policy_of, request_for
from goodoffices.store.keys import Keys, unlock
from goodoffices.store.publish import current
from goodoffices.store.seen import Seen
from goodoffices.store.tiles import LogFolder
from goodoffices.store.write import read_bytes, write_whole

_COSIGN = """A witness checks that the log has only grown since it looked last, remembers the head, and cosigns it.

With --answer the line of a witness elsewhere is added instead (from ledger answer).

Example: goodoffices ledger cosign log --witness party-a.example/witness --keys keys-a"""


@click.command(help=_COSIGN)
@log_argument()
@click.option("--witness", "name", metavar="NAME", help="The witness's key.")
@keys_option(required=False)
@file_option("--state", "What this witness has seen; beside its key unless given.")
@file_option("--answer", "The answer of a witness elsewhere.")
@click.option("--first", is_flag=True, help="This witness has no state and starts here; it sees no earlier rollback.")
def cosign(
    log: Path, name: str | None, keys: Path | None, state: Path | None, answer: Path | None, first: bool
) -> None:
    """Add a cosignature.

    Raises
    ------
    InputError
        If what was given cannot be used.
    """
    folder = opened(log)
    if answer is not None:
        line = read_bytes(answer)
    else:
        if name is None or keys is None:
            raise InputError(Fault("ledger cosign", "", "--witness, --keys", "nothing", "both, or --answer FILE"))
        store = Keys(keys).apart_from(log)
        signer = unlock(store.need(name, "witness"), passphrase)
        seen = seen_of(store, name, state)
        head = current(folder)
        _start(seen, store, name, first=first, cosigned=_has_line(folder, signer.vkey))
        logs = {head.origin: tuple(policy_of(folder).logs)}
        with seen.locked():
            known = seen.last()
            body = request_for(folder, known[head.origin].size if head.origin in known else 0).body()
            found = Witness(signer, logs, known).answer(body, time=now())
            line = _kept(found, seen)
    add_line(folder, line)
    shown = read_head(folder.read(HEAD) or b"", policy_of(folder))
    click.echo(f"size {shown.checkpoint.size}, cosigned by {', '.join(shown.times) or 'nobody the policy names'}")
    click.echo("the quorum is met" if shown.quorum_met else "the quorum is not met yet")


def _start(seen: Seen, store: Keys, name: str, *, first: bool, cosigned: bool) -> None:
    """Make the state of a witness that has none, but never silently for one that has signed before.

    Raises
    ------
    InputError
        If what was given cannot be used.
    """
    memory = Seen(seen_of(store, name, None).path.with_suffix(".signed"))
    if seen.exists():
        memory.start()
        return
    if (memory.exists() or cosigned) and not first:
        raise InputError(
            Fault(str(seen.path), "", "", "no state, though this witness has cosigned before", "its state, or --first")
        )
    click.echo(f"note: {name} starts without a state: {seen.path}", err=True)
    memory.start()
    seen.start()


def _has_line(folder: LogFolder, key: VerifierKey) -> bool:
    note = parse_note(folder.read(HEAD) or b"")
    return any((found.name, found.key_id) == (key.name, key.key_id) for found in note.signatures)


def _kept(found: Answer, seen: Seen) -> bytes:
    """Store what the witness has seen, then give its line away.

    Raises
    ------
    VerificationError
        If the witness refused.
    """
    if found.seen is None:
        raise VerificationError(f"refused ({found.status}): {found.why}")
    seen.add(found.seen)
    return found.body


_REQUEST = """What a witness elsewhere is asked to cosign: the body of add-checkpoint, by file, QR code or HTTP.

Example: goodoffices ledger request log --old 120 --out request.txt --qr request.svg"""


@click.command(help=_REQUEST)
@log_argument()
@click.option("--old", type=click.IntRange(min=0), default=0, help="Size that the witness saw last.", show_default=True)
@out_option("The request, or with --url the answer.")
@file_option("--qr", "The request as a QR code too (SVG).")
@click.option("--url", help="Send it to a witness (http://HOST:PORT/add-checkpoint) and write its answer.")
def request(log: Path, old: int, out: Path, qr: Path | None, url: str | None) -> None:
    """Write or send a request.

    Raises
    ------
    InputError
        If what was given cannot be used.
    VerificationError
        If it does not hold.
    """
    folder = opened(log)
    if old > current(folder).size:
        raise InputError(Fault("--old", "", "", str(old), f"at most the log's size {current(folder).size}"))
    body = request_for(folder, old).body()
    if qr is not None:
        from goodoffices.formats.qr import qr_svg

        write_whole(qr, qr_svg(body))
    if url is None:
        write_whole(out, body)
        click.echo(f"{len(body)} bytes for a witness that saw size {old}")
        return
    from goodoffices.cli.ledger.http import send

    status, answer = send(url, body)
    if status == 409:
        body = request_for(folder, int(answer)).body()
        status, answer = send(url, body)
    if status != 200:
        raise VerificationError(f"the witness refused ({status}): {answer.decode('utf-8', errors='replace').strip()}")
    write_whole(out, answer)
    click.echo("answered; add it with ledger cosign --answer")


_ANSWER = """A witness answers a request: checks, remembers, gives its line; it knows the log by --log or --policy.

With --serve it answers over HTTP until stopped.

\b
Example: goodoffices ledger answer request.txt --witness party-a.example/witness \\
             --keys keys-a --policy policy --out answer.txt"""


@click.command(help=_ANSWER)
@click.argument("request", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--witness", "name", required=True, metavar="NAME", help="The witness's key.")
@keys_option()
@click.option("--log", "logs", multiple=True, metavar="VKEY", help="Public key of a log that this witness watches.")
@file_option("--policy", "Take the log's key from this policy.")
@file_option("--state", "What this witness has seen; beside its key unless given.")
@click.option("--first", is_flag=True, help="This witness has no state and starts here.")
@out_option("The answer.", required=False)
@file_option("--qr", "The answer as a QR code too (SVG).")
@click.option("--serve", metavar="HOST:PORT", help="Answer over HTTP until stopped.")
def answer(
    request: Path | None,
    name: str,
    keys: Path,
    logs: tuple[str, ...],
    policy: Path | None,
    state: Path | None,
    first: bool,
    out: Path | None,
    qr: Path | None,
    serve: str | None,
) -> None:
    """Answer a request.

    Raises
    ------
    InputError
        If what was given cannot be used.
    VerificationError
        If it does not hold.
    """
    from goodoffices.cli.ledger.common import read_policy

    known = [read_vkey(text, "--log") for text in logs] + (list(read_policy(policy).logs) if policy else [])
    if not known:
        raise InputError(Fault("ledger answer", "", "--log, --policy", "nothing", "the log's public key"))
    by_origin = {key.name: tuple(other for other in known if other.name == key.name) for key in known}
    store = Keys(keys)
    signer = unlock(store.need(name, "witness"), passphrase)
    seen = seen_of(store, name, state)
    _start(seen, store, name, first=first, cosigned=False)

    def reply(body: bytes) -> Answer:
        with seen.locked():
            found = Witness(signer, by_origin, seen.last()).answer(body, time=now())
            if found.seen is not None:
                seen.add(found.seen)
            return found

    if serve is not None:
        from goodoffices.cli.ledger.http import serve_witness

        serve_witness(serve, reply)
        return
    if request is None or out is None:
        raise InputError(Fault("ledger answer", "", "REQUEST, --out", "nothing", "both, or --serve HOST:PORT"))
    found = reply(given_bytes(request))
    if found.status != 200:
        raise VerificationError(f"refused ({found.status}): {found.why}")
    write_whole(out, found.body)
    if qr is not None:
        from goodoffices.formats.qr import qr_svg

        write_whole(qr, qr_svg(found.body))
    seen_now: dict[str, Checkpoint] = seen.last()
    click.echo(f"cosigned; this witness has now seen {', '.join(f'{o} at {c.size}' for o, c in seen_now.items())}")
