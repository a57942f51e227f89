"""Who must have cosigned a head (c2sp.org/tlog-policy)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.note import COSIGNATURE, ED25519, VerifierKey

NONE = "none"
_CHECKSUM = "# sha256 "


@dataclass(frozen=True, slots=True)
class Group:
    """A set of witnesses or groups of which some must agree.

    Attributes
    ----------
    needed
        How many of the members.
    members
        Names of witnesses and of groups defined before.
    """

    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy that was read and found sound.

    Attributes
    ----------
    logs
        Keys of the log.
    witnesses
        Keys of the witnesses by the policy's name for each.
    groups
        Groups by name, each after its members.
    quorum
        Name of the witness or group that must agree, or `none`.
    """

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group]
    quorum: str

    def is_met(self, cosigned: Collection[str]) -> bool:
        """Tell whether these witnesses, by the policy's names, make the quorum."""
        if self.quorum == NONE:
            return True
        agreed = set(cosigned) & set(self.witnesses)
        for name, group in self.groups.items():
            if sum(member in agreed for member in group.members) >= group.needed:
                agreed.add(name)
        return self.quorum in agreed


def parse_policy(text: str) -> Policy:
    """Read a policy.

    Raises
    ------
    VerificationError
        If a line is malformed, names something twice or not yet, or there is not exactly one quorum.
    """
    reading = _Reading()
    if any(sign < " " and sign not in "\n\t" for sign in text) or not text.endswith("\n"):
        raise VerificationError("policy: a control character, or no newline at the end")
    for number, line in enumerate(text.split("\n"), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        try:
            reading.take(words)
        except VerificationError as error:
            raise VerificationError(f"policy, line {number}: {error}") from error
    if reading.quorum is None:
        raise VerificationError("policy: no quorum line")
    if not reading.logs:
        raise VerificationError("policy: no log line")
    return Policy(tuple(reading.logs), reading.witnesses, reading.groups, reading.quorum)


def write_policy(log: VerifierKey, witnesses: Mapping[str, VerifierKey], *, needed: int | None = None) -> str:
    """Write a policy of one log whose quorum is some of its witnesses; all of them unless told.

    Raises
    ------
    VerificationError
        If more are needed than there are.
    """
    lines = [f"log {log}", *(f"witness {name} {key}" for name, key in witnesses.items())]
    needed = len(witnesses) if needed is None else needed
    if not 0 <= needed <= len(witnesses):
        raise VerificationError(f"policy: a quorum of {needed} of {len(witnesses)} witnesses")
    if needed == 0:
        lines.append("quorum none")
    else:
        how = "all" if needed == len(witnesses) else str(needed)
        lines += [f"group inforce {how} {' '.join(witnesses)}", "quorum inforce"]
    text = with_checksum("".join(f"{line}\n" for line in lines))
    parse_policy(text)
    return text


def with_checksum(text: str) -> str:
    """End a policy with a comment that holds its SHA-256, so that a changed bit shows even without another copy."""
    return f"{text}{_CHECKSUM}{hashlib.sha256(text.encode()).hexdigest()}\n"


def policy_body(text: str) -> str:
    """Give a policy without its checksum."""
    body, mark, _ = text.rpartition(_CHECKSUM)
    return body if mark else text


def has_checksum(text: str) -> bool:
    """Tell whether a policy ends with its checksum.

    Raises
    ------
    VerificationError
        If it ends with another one.
    """
    body, mark, found = text.rpartition(_CHECKSUM)
    if mark and f"{hashlib.sha256(body.encode()).hexdigest()}\n" != found:
        raise VerificationError("policy: differs from the checksum in its last line")
    return bool(mark)


class _Reading:
    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: dict[str, VerifierKey] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self.grouped: set[str] = set()

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", key] | ["log", key, _]:
                self._log(VerifierKey.parse(key))
            case ["witness", name, key] | ["witness", name, key, _]:
                self._witness(name, VerifierKey.parse(key))
            case ["group", name, needed, *members]:
                self._group(name, needed, members)
            case ["quorum", name]:
                self._quorum(name)
            case _:
                raise VerificationError(f"{' '.join(words)[:60]!r} is no line of a policy")

    def _log(self, key: VerifierKey) -> None:
        if key.kind != ED25519 or key in self.logs:
            raise VerificationError(f"log key {key.name}: expected type 1, once")
        self.logs.append(key)

    def _witness(self, name: str, key: VerifierKey) -> None:
        self._new(name)
        if key.kind != COSIGNATURE:
            raise VerificationError(f"witness {name}: key of type {key.kind}, expected 4")
        if any(key.public == other.public for other in self.witnesses.values()):
            raise VerificationError(f"witness {name}: its key is another witness's")
        self.witnesses[name] = key

    def _group(self, name: str, needed: str, members: list[str]) -> None:
        self._new(name)
        for member in members:
            if member not in self.witnesses and member not in self.groups:
                raise VerificationError(f"group {name}: {member!r} is not defined before")
            if member in self.grouped:
                raise VerificationError(f"group {name}: {member!r} is in a group already")
            self.grouped.add(member)
        count = {"all": len(members), "any": 1}.get(needed) or (int(needed) if _is_number(needed) else 0)
        if not 1 <= count <= len(members):
            raise VerificationError(f"group {name}: {needed} of {len(members)}")
        self.groups[name] = Group(count, tuple(members))

    def _quorum(self, name: str) -> None:
        if self.quorum is not None:
            raise VerificationError("a second quorum line")
        if name != NONE and name not in self.witnesses and name not in self.groups:
            raise VerificationError(f"quorum {name!r} is not defined before")
        self.quorum = name

    def _new(self, name: str) -> None:
        if name in self.witnesses or name in self.groups or name == NONE:
            raise VerificationError(f"the name {name!r} is taken")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and not text.startswith("0")
