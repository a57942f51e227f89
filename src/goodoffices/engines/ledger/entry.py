"""Entries of the ledger: canonical JSON with a commitment to the content, never the content."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.canonical import Json, canonical_bytes
from goodoffices.domain.errors import RangeError, VerificationError
from goodoffices.engines.ledger.tiles import LARGEST_ENTRY
from goodoffices.engines.ledger.tree import leaf_hash, root_of
from goodoffices.engines.ledger.verify import root_from_inclusion

KINDS = (
    "list_sealed",
    "link_decided",
    "terms_agreed",
    "plan_agreed",
    "text_frozen",
    "consent",
    "transfer_condition",
    "custody_step",
    "count",
    "finding",
    "objection",
    "correction",
    "erasure",
    "release",
    "policy",
)
"""Kinds the desk writes. A kind not named here is kept and verified all the same."""

_TAG = b"goodoffices/commit/v1\x00"
_KIND = re.compile(r"[a-z0-9_-]{1,64}")
_HEX = re.compile(r"[0-9a-f]{64}")
_SALT_BYTES = 32
_COMMON = re.compile(
    r'\{"commitment":"(?P<commitment>[0-9a-f]{64})","kind":"(?P<kind>(?!consent"|policy")[a-z0-9_-]{1,64})",'
    r'"previous":(?P<previous>null|0|[1-9][0-9]{0,17}),"roles":\[(?P<roles>(?:"[A-Za-z0-9_-]+"(?:,"[A-Za-z0-9_-]+")*)?)\],'
    r'(?:"root":"(?P<root>[0-9a-f]{64})",)?"statement":"(?P<statement>[^"\\\x00-\x1f]*)"\}'
)
_WITH_FIELDS = {"consent", "policy"}


def _no_float(text: str) -> float:
    raise ValueError(f"{text} is not an integer")


# Made once: a log of a million entries is read through these, and they write what `canonical_bytes` writes.
_DECODER = json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger.

    Attributes
    ----------
    kind
        What is recorded.
    statement
        Identifier of the statement; what a consent names.
    commitment
        Salted hash of the content, 64 hex digits.
    root
        Root of a manifest, 64 hex digits, or empty.
    roles
        Roles whose consent the statement asks for.
    previous
        Index of an entry that this one continues, corrects or erases.
    fields
        The whole entry, of a consent or a charter alone.
    """

    kind: str
    statement: str = ""
    commitment: str = ""
    root: str = ""
    roles: tuple[str, ...] = ()
    previous: int | None = None
    fields: Mapping[str, Json] | None = None

    def text_of(self, key: str) -> str:
        """Give a text field, empty if it is not there."""
        value = (self.fields or {}).get(key)
        return value if isinstance(value, str) else ""


def parse_entry(data: bytes) -> Entry:
    """Read an entry; keys beside the known ones are kept.

    Raises
    ------
    VerificationError
        If it is not canonical JSON, too long, or a known field has another form.
    """
    if len(data) > LARGEST_ENTRY:
        raise VerificationError(f"entry: {len(data)} bytes, expected at most {LARGEST_ENTRY}")
    try:
        text = data.decode("utf-8")
        common = _COMMON.fullmatch(text)
        if common is not None:
            return _of_common(common)
        value = _DECODER.decode(text)
        canonical = _ENCODER.encode(value).encode()
    except (ValueError, RecursionError) as error:
        raise VerificationError(f"entry: not canonical JSON ({error})") from error
    if not isinstance(value, dict):
        raise VerificationError("entry: expected an object")
    if canonical != data:
        raise VerificationError("entry: not in canonical form (sorted keys, no spaces, UTF-8 unescaped)")
    return _entry(value)


def _of_common(found: re.Match[str]) -> Entry:
    """Give the entry of the form that nearly all have: canonical by the pattern, so it need not be written again."""
    previous, roles = found["previous"], found["roles"]
    return Entry(
        found["kind"],
        found["statement"],
        found["commitment"],
        found["root"] or "",
        tuple(roles[1:-1].split('","')) if roles else (),
        None if previous == "null" else int(previous),
    )


def _entry(value: dict[str, Json]) -> Entry:
    kind, roles, previous = value.get("kind"), value.get("roles"), value.get("previous")
    if not isinstance(kind, str) or not _KIND.fullmatch(kind):
        raise VerificationError("entry: kind: expected lower-case letters, digits, _ and -")
    for name in ("statement", "role", "note"):
        if not isinstance(value.get(name, ""), str):
            raise VerificationError(f"entry: {name}: expected text")
    for name in ("commitment", "root"):
        found = value.get(name)
        if found is not None and not (isinstance(found, str) and _HEX.fullmatch(found)):
            raise VerificationError(f"entry: {name}: expected 64 hex digits")
    if roles is not None and not (isinstance(roles, list) and all(isinstance(role, str) and role for role in roles)):
        raise VerificationError("entry: roles: expected a list of names")
    if previous is not None and (not isinstance(previous, int) or isinstance(previous, bool) or previous < 0):
        raise VerificationError("entry: previous: expected an index or null")
    return Entry(
        kind,
        str(value.get("statement") or ""),
        str(value.get("commitment") or ""),
        str(value.get("root") or ""),
        tuple(str(role) for role in roles) if isinstance(roles, list) else (),
        previous,
        value if kind in _WITH_FIELDS else None,
    )


def statement_entry(
    kind: str, statement: str, *, commitment: str, roles: Sequence[str], root: str = "", previous: int | None = None
) -> bytes:
    """Write the entry of a statement."""
    value: dict[str, Json] = {
        "commitment": commitment,
        "kind": kind,
        "previous": previous,
        "roles": list(roles),
        "statement": statement,
    }
    if root:
        value["root"] = root
    data = canonical_bytes(value)
    parse_entry(data)
    return data


def consent_entry(statement: str, role: str, *, note: str) -> bytes:
    """Write the entry that carries a role's signed note of consent."""
    return canonical_bytes({"kind": "consent", "note": note, "role": role, "statement": statement})


def erasure_entry(index: int, ground: str) -> bytes:
    """Write the entry that stays where the content behind an entry was erased: an index and a legal ground."""
    return canonical_bytes({"ground": ground, "kind": "erasure", "previous": index})


def consent_text(origin: str, statement: str, *, commitment: str, policy_hash: str) -> str:
    """Write the text that a role signs: origin, statement, commitment, policy hash, a line each.

    Raises
    ------
    RangeError
        If one of them is empty or holds a newline.
    """
    lines = (origin, statement, commitment, policy_hash)
    if any(not line or "\n" in line for line in lines):
        raise RangeError("a consent names an origin, a statement, a commitment and a policy, each on one line")
    return "".join(f"{line}\n" for line in lines)


def commit(content: bytes, salt: bytes) -> str:
    """Commit to a content: SHA-256 over a domain tag, a salt and the canonical bytes, in hex.

    Raises
    ------
    RangeError
        If the salt has not 32 bytes: a shorter one could be searched.
    """
    if len(salt) != _SALT_BYTES:
        raise RangeError(f"a salt has {_SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(_TAG + salt + content).hexdigest()


def manifest_root(commitments: Sequence[str]) -> str:
    """Give the root over the lines of a manifest, each by its own salted commitment, in hex."""
    return root_of([leaf_hash(bytes.fromhex(line)) for line in commitments]).hex()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a manifest, with all that proves it alone.

    Attributes
    ----------
    content
        Canonical bytes of the line.
    salt
        Of this line alone, 32 bytes.
    index
        Its place in the manifest.
    count
        Lines of the manifest.
    proof
        Inclusion proof in the manifest's own tree; shows nothing of the other lines but hashes of salted hashes.
    """

    content: bytes
    salt: bytes
    index: int
    count: int
    proof: tuple[bytes, ...]

    def root(self) -> str:
        """Give the root of the manifest that this line leads to, in hex."""
        leaf = leaf_hash(bytes.fromhex(commit(self.content, self.salt)))
        return root_from_inclusion(leaf, self.index, size=self.count, proof=self.proof).hex()


def check_line(line: Line, root: str) -> None:
    """Check that one line stands in a manifest, without the other lines.

    Raises
    ------
    VerificationError
        If it does not lead to the manifest's root.
    """
    if line.root() != root:
        raise VerificationError("manifest: the line does not lead to the root that the entry names")
