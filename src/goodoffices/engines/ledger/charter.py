"""The charter: policy, statement keys and rules of consent as one document in the log, and its lawful changes.

The first charter is the first `policy` entry of the log; its hash is printed and compared by hand. A later one
is a statement like any other: it takes effect at the consent that completes what the charter before it asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from goodoffices.domain.canonical import Json, canonical_bytes, sha256_hex
from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.note import ED25519, VerifierKey
from goodoffices.engines.ledger.policy import Policy, parse_policy, policy_body

ANY_KIND = "*"


@dataclass(frozen=True, slots=True)
class Charter:
    """Who witnesses, who consents to what, and how that may be changed.

    Attributes
    ----------
    policy
        Text of the tlog-policy.
    keys
        Statement key of each role.
    consent
        Roles that must consent, by kind of entry; `*` stands for every kind not named.
    change
        Roles that must consent to another charter.
    way_out
        For a role whose key is gone: the roles that together may replace that role's keys and nothing else.
    witnesses
        The policy's name of each role's witness, so that a way out may replace that key as well.
    previous
        Hash of the charter that this one replaces; empty in the first.
    """

    policy: str
    keys: Mapping[str, VerifierKey]
    consent: Mapping[str, tuple[str, ...]]
    change: tuple[str, ...]
    way_out: Mapping[str, tuple[str, ...]]
    witnesses: Mapping[str, str]
    previous: str = ""

    def __post_init__(self) -> None:
        policy = parse_policy(self.policy)
        heads = {key.public for key in (*policy.logs, *policy.witnesses.values())}
        publics = [key.public for key in self.keys.values()]
        if any(key.kind != ED25519 or key.public in heads for key in self.keys.values()):
            raise VerificationError("charter: a statement key must be of type 1 and sign no heads")
        if len(set(publics)) < len(publics):
            raise VerificationError("charter: two roles have one key")
        named = {role for roles in (*self.consent.values(), self.change, *self.way_out.values()) for role in roles}
        unknown = sorted((named | set(self.way_out) | set(self.witnesses)) - set(self.keys))
        if unknown:
            raise VerificationError(f"charter: no key for the role {unknown[0]!r}")
        if not self.change or any(not roles for roles in self.way_out.values()):
            raise VerificationError("charter: a change and a way out need at least one role")
        if any(role in roles for role, roles in self.way_out.items()):
            raise VerificationError("charter: a way out cannot ask for the key that is gone")
        if set(self.witnesses.values()) - set(policy.witnesses):
            raise VerificationError("charter: a role's witness is not in the policy")

    def document(self) -> dict[str, Json]:
        """Give the document that the entry holds."""
        return {
            "change": list(self.change),
            "consent": {kind: list(roles) for kind, roles in self.consent.items()},
            "keys": {role: str(key) for role, key in self.keys.items()},
            "policy": self.policy,
            "previous": self.previous,
            "way_out": {role: list(roles) for role, roles in self.way_out.items()},
            "witnesses": dict(self.witnesses),
        }

    @property
    def hash(self) -> str:
        """SHA-256 of the document, in hex: what consents name and what is printed in the signed protocol."""
        return sha256_hex(canonical_bytes(self.document()))

    def parsed(self) -> Policy:
        """Give the policy for heads."""
        return parse_policy(self.policy)

    def needed(self, kind: str) -> tuple[str, ...] | None:
        """Name the roles that must consent to a kind of entry; None if the charter does not say."""
        return self.consent.get(kind, self.consent.get(ANY_KIND))

    def entry(self, statement: str) -> bytes:
        """Write the entry that proposes this charter, or sets the first one."""
        return canonical_bytes(
            {"commitment": self.hash, "document": self.document(), "kind": "policy", "statement": statement}
        )


def parse_charter(document: object) -> Charter:
    """Read a charter from the document of a `policy` entry.

    Raises
    ------
    VerificationError
        If it is malformed, or its roles, keys and rules do not fit together.
    """
    if not isinstance(document, dict) or set(document) != {
        "change", "consent", "keys", "policy", "previous", "way_out", "witnesses",
    }:  # fmt: skip
        raise VerificationError("charter: expected change, consent, keys, policy, previous, way_out, witnesses")
    keys = {role: VerifierKey.parse(text) for role, text in _texts(document["keys"]).items()}
    policy, previous = document["policy"], document["previous"]
    if not isinstance(policy, str) or not isinstance(previous, str):
        raise VerificationError("charter: policy and previous: expected text")
    return Charter(
        policy,
        keys,
        _lists(document["consent"]),
        _names(document["change"]),
        _lists(document["way_out"]),
        _texts(document["witnesses"]),
        previous,
    )


def approvals(old: Charter, new: Charter) -> tuple[tuple[str, ...], ...]:
    """Name the sets of roles each of which may bring the new charter: all that a change asks for, or a way out."""
    ways = [old.change]
    ways += [roles for role, roles in old.way_out.items() if _only_keys_of(role, old, new)]
    return tuple(ways)


def _only_keys_of(role: str, old: Charter, new: Charter) -> bool:
    """Whether nothing but one role's statement key and its witness's key differs."""
    witness = old.witnesses.get(role)
    changed = {name: key for name, key in new.parsed().witnesses.items() if name == witness}
    text = old.policy
    for name, key in changed.items():
        text = text.replace(f"witness {name} {old.parsed().witnesses[name]}", f"witness {name} {key}")
    if role not in new.keys or policy_body(text) != policy_body(new.policy):
        return False
    try:
        expected = replace(old, policy=new.policy, keys={**old.keys, role: new.keys[role]}, previous=new.previous)
    except VerificationError:
        return False
    return expected.hash == new.hash


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(found, str) for found in value.values()):
        raise VerificationError("charter: expected an object of texts")
    return dict(value)


def _names(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(found, str) for found in value):
        raise VerificationError("charter: expected a list of roles")
    return tuple(value)


def _lists(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        raise VerificationError("charter: expected an object of lists")
    return {str(key): _names(found) for key, found in value.items()}


def roles_of(charter: Charter) -> Sequence[str]:
    """Name the roles that have a key, in order."""
    return sorted(charter.keys)
