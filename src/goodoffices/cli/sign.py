"""goodoffices sign: a party signs with its own key, after its own checks; the desk never holds that key."""

from __future__ import annotations

import json
from pathlib import Path

import click

from goodoffices.cli.ledger.common import file_option, now, out_option, passphrase, read_policy, read_vkey
from goodoffices.domain.canonical import Json
from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.engines.ledger.note import COSIGNATURE, Signer
from goodoffices.engines.ledger.request import SignRequest
from goodoffices.engines.ledger.witness import Request, Witness
from goodoffices.store.keys import read_key, stem, unlock
from goodoffices.store.seen import Seen
from goodoffices.store.write import read_bytes, write_whole

_HELP = """Sign a statement or a head with a party's own key.

REQUEST is from ledger ask (a statement: gives the consent entry to be appended) or from ledger request (a head: gives
the cosignature for ledger cosign --answer). It is checked against what this key saw last, shown, and signed only after
a yes. The key is a file of ledger keygen, or one that ssh-agent holds (--agent with its public key).

Example: goodoffices sign request.json --key keys/party-a.statement.key --out consent.json"""


@click.command(help=_HELP)
@click.argument("request", type=click.Path(dir_okay=False, path_type=Path))
@file_option("--key", "The key file.")
@click.option("--agent", metavar="VKEY", help="Public key of an Ed25519 key that ssh-agent holds.")
@file_option("--state", "What this key has seen; beside the key unless given.")
@file_option("--policy", "For a head: the policy that names the log's key.")
@out_option("What is signed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def command(
    request: Path, key: Path | None, agent: str | None, state: Path | None, policy: Path | None, out: Path, yes: bool
) -> None:
    """Check, show, sign.

    Raises
    ------
    InputError
        If what was given cannot be used.
    """
    data = read_bytes(request)
    signer = _signer(key, agent)
    place = state or (key.parent / f"{stem(signer.vkey.name)}.state" if key else None)
    if place is None:
        raise InputError(Fault("sign", "", "--state", "nothing", "a state file: --agent has no place of its own"))
    seen = Seen(place)
    if not seen.exists():
        click.echo(f"note: this key has no state yet; it starts here: {place}", err=True)
        seen.start()
    with seen.locked():
        signed, head = (
            _head(data, signer, seen, policy=policy)
            if signer.vkey.kind == COSIGNATURE
            else _statement(data, signer, seen, yes=yes)
        )
        seen.add(head)
    write_whole(out, signed)
    click.echo(f"signed by {signer.vkey.name}; this key has now seen size {head.size}")


def _signer(key: Path | None, agent: str | None) -> Signer:
    if (key is None) == (agent is None):
        raise InputError(Fault("sign", "", "--key, --agent", "both or neither", "one of them"))
    if key is not None:
        return unlock(read_key(key), passphrase)
    from goodoffices.store.agent import AgentKey

    return AgentKey(read_vkey(agent or "", "--agent"))


def _head(data: bytes, signer: Signer, seen: Seen, *, policy: Path | None) -> tuple[bytes, Checkpoint]:
    """Cosign a head as `ledger answer` does.

    Raises
    ------
    InputError
        If the log's key is not known.
    VerificationError
        If the head is not one to be cosigned.
    """
    if policy is None:
        raise InputError(Fault("sign", "", "--policy", "nothing", "the policy that names the log's key"))
    Request.parse(data)
    keys = read_policy(policy).logs
    logs = {key.name: tuple(other for other in keys if other.name == key.name) for key in keys}
    found = Witness(signer, logs, seen.last()).answer(data, time=now())
    if found.seen is None:
        raise VerificationError(f"refused ({found.status}): {found.why}")
    return found.body, found.seen


def _statement(data: bytes, signer: Signer, seen: Seen, *, yes: bool) -> tuple[bytes, Checkpoint]:
    """Consent to a statement.

    Raises
    ------
    VerificationError
        If a check fails.
    """
    request = SignRequest.parse(data)
    origin = request.text().partition("\n")[0]
    head = request.check(seen.last().get(origin))
    for label, value in shown(request.content if request.content is not None else json.loads(request.entry)):
        click.echo(f"{label}: {value}")
    click.echo(f"as {request.role}, in the log {origin} at size {head.checkpoint.size}")
    if not yes:
        click.confirm("Do you consent to this?", abort=True, err=True)
    return request.consent(signer) + b"\n", head.checkpoint


def shown(value: Json, path: str = "") -> list[tuple[str, str]]:
    """Write a content as lines of a label and a value."""
    if isinstance(value, dict):
        return [line for name, inner in value.items() for line in shown(inner, f"{path}.{name}" if path else name)]
    if isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
        return [line for place, inner in enumerate(value, 1) for line in shown(inner, f"{path} {place}")]
    text = ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return [(path or "content", text)]
