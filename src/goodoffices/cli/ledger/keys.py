"""ledger keygen, init: keys and an empty log."""

from __future__ import annotations

import re
from pathlib import Path

import click

from goodoffices.cli.ledger.common import heads_of, keys_option, new_passphrase, passphrase, read_vkey, seen_of
from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint, sign_checkpoint
from goodoffices.engines.ledger.keyfile import KINDS, KeyFile
from goodoffices.engines.ledger.log import HEAD, POLICY
from goodoffices.engines.ledger.note import VerifierKey
from goodoffices.engines.ledger.policy import write_policy
from goodoffices.engines.ledger.tree import EMPTY_ROOT
from goodoffices.store.keys import Keys, unlock
from goodoffices.store.tiles import LogFolder

_KEYGEN = """A new key file; prints its public half (vkey).

The passphrase is asked for, or taken from GOODOFFICES_PASSPHRASE.

Example: goodoffices ledger keygen party-a.example/witness --kind witness --keys keys-a"""


@click.command(help=_KEYGEN)
@click.argument("name")
@click.option("--kind", type=click.Choice(list(KINDS)), required=True, help="What the key will sign, and nothing else.")
@keys_option()
@click.option("--no-passphrase", is_flag=True, help="Do not wrap the key; for tests.")
@click.option("--another", is_flag=True, help="Though there is one of that name: to replace it by a new charter.")
def keygen(name: str, kind: str, keys: Path, no_passphrase: bool, another: bool) -> None:
    """Make a key."""
    click.echo(str(_make(Keys(keys), name, kind, no_passphrase=no_passphrase, another=another).vkey))


_INIT = """An empty log with its policy and a signed head of size 0; makes keys that are missing.

A --witness is the name of a key in --keys, or the public key (NAME+ID+KEY) of a party that keeps its own.

Example: goodoffices ledger init log --origin example.org/log --keys keys --witness a --witness b --quorum 2"""


@click.command(help=_INIT)
@click.argument("log", type=click.Path(file_okay=False, path_type=Path))
@click.option("--origin", required=True, help="Name of the log, such as example.org/log.")
@keys_option()
@click.option("--witness", "witnesses", multiple=True, metavar="NAME", help="A witness; once for each.")
@click.option("--quorum", type=click.IntRange(min=0), help="How many witnesses must cosign; all unless given.")
@click.option("--no-passphrase", is_flag=True, help="Do not wrap new keys; for tests.")
def init(
    log: Path, origin: str, keys: Path, witnesses: tuple[str, ...], quorum: int | None, no_passphrase: bool
) -> None:
    """Make an empty log.

    Raises
    ------
    InputError
        If what was given cannot be used.
    """
    folder = LogFolder(log)
    if log.is_dir() and any(log.iterdir()):
        raise InputError(Fault(str(log), "", "", "a folder that is not empty", "a new folder"))
    if not re.fullmatch(r"[^\s+]+", origin):
        raise InputError(Fault("--origin", "", "", repr(origin), "a name without white space and plus sign"))
    store = Keys(keys).apart_from(log)
    key = store.find(origin, "log") or _make(store, origin, "log", no_passphrase=no_passphrase)
    named = {}
    for witness in witnesses:
        name, vkey = _witness(store, witness, no_passphrase=no_passphrase)
        if name in named:
            raise InputError(Fault("--witness", "", "", f"{name} twice", "each witness once"))
        named[name] = vkey
    try:
        policy = write_policy(key.vkey, named, needed=quorum)
    except VerificationError as error:
        raise InputError(Fault("--witness, --quorum", "", "", str(error), "a policy that can be met")) from error
    signer = unlock(key, passphrase)
    head = Checkpoint(origin, 0, EMPTY_ROOT)
    heads = heads_of(store)
    if heads.last(origin) is not None:
        raise InputError(Fault(str(heads.path), "", origin, "a log of that name signed before", "a new origin"))
    log.mkdir(parents=True, exist_ok=True)
    heads.swap(None, head)
    folder.write([(POLICY, policy.encode()), (HEAD, bytes(sign_checkpoint(head, signer)))])
    click.echo(policy, nl=False)


def _witness(store: Keys, given: str, *, no_passphrase: bool) -> tuple[str, VerifierKey]:
    if "+" in given:
        key = read_vkey(given, "--witness")
        return key.name, key
    found = store.find(given, "witness") or _make(store, given, "witness", no_passphrase=no_passphrase)
    return given, found.vkey


def _make(store: Keys, name: str, kind: str, *, no_passphrase: bool, another: bool = False) -> KeyFile:
    if not re.fullmatch(r"[^\s+]+", name):
        raise InputError(Fault("NAME", "", "", repr(name), "a name without white space and plus sign"))
    file = store.make(name, kind, passphrase=None if no_passphrase else new_passphrase(name), another=another)
    if kind != "log":
        seen_of(store, name, None).start()
    return file
