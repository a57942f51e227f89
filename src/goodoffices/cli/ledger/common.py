"""What the ledger's commands share: options, passphrases, the log's folder."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click

from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.engines.ledger.log import POLICY
from goodoffices.engines.ledger.note import VerifierKey
from goodoffices.engines.ledger.policy import Policy, parse_policy
from goodoffices.store.heads import HeadStore
from goodoffices.store.keys import Keys, stem
from goodoffices.store.seen import Seen
from goodoffices.store.tiles import LogFolder
from goodoffices.store.write import read_bytes

ENVIRONMENT = "GOODOFFICES_PASSPHRASE"

Decorator = Callable[[Callable[..., None]], Callable[..., None]]
"""Adds an argument or an option to a command."""


def log_argument() -> Decorator:
    """Take the log's folder."""
    return click.argument("log", type=click.Path(file_okay=False, path_type=Path))


def keys_option(*, required: bool = True) -> Decorator:
    """Take the folder of key files."""
    return click.option(
        "--keys",
        "keys",
        required=required,
        metavar="DIR",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of key files, outside the log.",
    )


def out_option(what: str, *, required: bool = True) -> Decorator:
    """Take the file to be written."""
    return click.option(
        "--out", required=required, metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help=what
    )


def file_option(name: str, what: str, *, required: bool = False, metavar: str = "FILE") -> Decorator:
    """Take a file to be read."""
    return click.option(
        name, required=required, metavar=metavar, type=click.Path(dir_okay=False, path_type=Path), help=what
    )


def opened(log: Path) -> LogFolder:
    """Open a log's folder.

    Raises
    ------
    InputError
        If there is none.
    """
    if not (log / POLICY).is_file():
        found = "no such folder" if not log.is_dir() else "a folder without policy"
        raise InputError(Fault(str(log), "", "", found, "a log (ledger init)"))
    return LogFolder(log)


def read_policy(path: Path) -> Policy:
    """Read a policy file that the user named.

    Raises
    ------
    InputError
        If it is malformed.
    """
    try:
        return parse_policy(read_bytes(path).decode("utf-8"))
    except (VerificationError, UnicodeDecodeError) as error:
        raise InputError(Fault(str(path), "", "", str(error), "a tlog-policy")) from error


def read_vkey(text: str, option: str) -> VerifierKey:
    """Read a public key given as text, or the name of a file that holds it.

    Raises
    ------
    InputError
        If it is none.
    """
    path = Path(text)
    try:
        if "+" not in text and path.is_file():
            text = path.read_text(encoding="utf-8").strip()
        return VerifierKey.parse(text)
    except (VerificationError, UnicodeDecodeError, OSError) as error:
        raise InputError(Fault(option, "", "", f"{text[:60]!r}", "NAME+ID+KEY as ledger keygen prints it")) from error


def new_passphrase(name: str) -> str:
    """Give the passphrase for a new key: from the environment, or asked for twice."""
    given = os.environ.get(ENVIRONMENT)
    if given:
        return given
    return str(click.prompt(f"Passphrase for the new key {name}", hide_input=True, confirmation_prompt=True, err=True))


def passphrase(name: str) -> str:
    """Give the passphrase of a key: from the environment, or asked for."""
    given = os.environ.get(ENVIRONMENT)
    return given or str(click.prompt(f"Passphrase of {name}", hide_input=True, err=True))


def heads_of(keys: Keys) -> HeadStore:
    """Give the second store of the last signed head."""
    return HeadStore(keys.path / "heads.sqlite")


def seen_of(keys: Keys, name: str, state: Path | None) -> Seen:
    """Give the state of a witness or a signer, by default beside its key."""
    return Seen(state if state is not None else keys.path / f"{stem(name)}.state")


def given_bytes(path: Path) -> bytes:
    """Read a file that the user named; `-` is standard input."""
    return sys.stdin.buffer.read() if str(path) == "-" else read_bytes(path)


def now() -> int:
    """Give the time in seconds since 1970."""
    return int(time.time())
