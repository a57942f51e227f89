"""What a device hands in: its chain of statements under one signature; made here, and taken here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from goodoffices.domain.canonical import sha256_hex
from goodoffices.domain.errors import Fault, InputError, RangeError, VerificationError
from goodoffices.domain.handover import Day, Problem, Statement
from goodoffices.domain.process import Role
from goodoffices.engines.ledger.note import ED25519, Note, Signer, VerifierKey, open_note, parse_note, sign_note
from goodoffices.formats.day import read_sheaf, sheaf_text


@dataclass(frozen=True, slots=True)
class Received:
    """One file of statements after every check.

    Attributes
    ----------
    sha256
        Of the file.
    keys
        Public keys of the manifest that have signed it.
    statements
        Its chain; empty if there is any problem.
    problems
        Why it is not taken.
    """

    sha256: str
    keys: tuple[str, ...]
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...] = ()


def receive(data: bytes, day: Day) -> Received:
    """Check a file of statements: its form, its transfer, its chain, its signature; taken whole or not at all.

    Parameters
    ----------
    data
        The file's bytes.
    day
        The manifest that it must be of.

    Returns
    -------
    Received
        With statements, or with problems.
    """
    digest = sha256_hex(data)
    try:
        note = parse_note(data)
    except VerificationError:
        return Received(digest, (), (), (Problem("form", 1),))
    statements, problems = read_sheaf(note.text, day)
    if problems and problems[0].code in {"form", "transfer"}:
        return Received(digest, (), (), problems)
    role = Role(note.text.split("\n")[2].partition(" ")[0])
    keys, faults = _signers(note, day, role)
    problems += faults
    return Received(digest, keys, () if problems else statements, problems)


def follow(day: Day, chain: Sequence[Statement], draft: Statement) -> tuple[Statement, ...]:
    """Add a statement to a device's chain; its place and what it follows are filled in."""
    return (*chain, replace(draft, n=len(chain) + 1, previous=chain[-1].id if chain else day.hash))


def sign(day: Day, chain: Sequence[Statement], signer: Signer) -> bytes:
    """Sign a device's chain: what its page writes, byte for byte.

    Raises
    ------
    RangeError
        If there is nothing to sign.
    """
    if not chain:
        raise RangeError("found no statement, expected at least one: there is nothing to sign")
    text = sheaf_text(day, chain)
    return f"{text}\n{sign_note(text, signer).line()}".encode()


def keys_of(day: Day, file: str) -> dict[VerifierKey, Role]:
    """Give the keys that may sign and for which role.

    Raises
    ------
    InputError
        If one cannot be read or is no key for statements.
    """
    found = {}
    for role, keys in day.keys.items():
        for key in keys:
            try:
                vkey = VerifierKey.parse(key)
            except VerificationError as error:
                raise InputError(Fault(file, "", f"keys.{role}", str(error), "a key of ledger keygen")) from error
            if vkey.kind != ED25519:
                raise InputError(Fault(file, "", f"keys.{role}", f"{vkey.name}, a witness key", "a statement key"))
            found[vkey] = role
    return found


def _signers(note: Note, day: Day, role: Role) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Give the role's keys that have signed, or why none has."""
    place = note.text.count("\n") + 2
    every = keys_of(day, day.transfer)
    try:
        opened = open_note(note, every)
    except VerificationError:
        names = {(key.name, key.key_id) for key in every}
        is_known = any((found.name, found.key_id) in names for found in note.signatures)
        return (), (Problem("signature" if is_known else "unknown_key", place, note.signatures[0].name[:60]),)
    mine = tuple(sorted(str(key) for key in opened.verified if every[key] is role))
    if not mine:
        other = min(every[key].value for key in opened.verified)
        return (), (Problem("other_role", place, other, role.value),)
    return mine, ()
