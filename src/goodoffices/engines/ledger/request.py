"""What a role is asked to sign, with everything that lets it check for itself before it does.

The command line and the offline page read the same form and make the same checks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from goodoffices.domain.canonical import Json, canonical_bytes
from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.charter import Charter, parse_charter
from goodoffices.engines.ledger.checkpoint import Checkpoint, Head
from goodoffices.engines.ledger.entry import commit, consent_entry, consent_text, parse_entry
from goodoffices.engines.ledger.note import Note, Signer, b64, sign_note, unb64
from goodoffices.engines.ledger.receipt import Receipt, check_receipt
from goodoffices.engines.ledger.verify import check_consistency

FORM = "goodoffices/sign@v1"


@dataclass(frozen=True, slots=True)
class SignRequest:
    """A statement put before a role.

    Attributes
    ----------
    charter
        Document in effect; the consent names its hash.
    content
        What the entry commits to; None where the entry is all there is (a new charter).
    entry
        The statement's entry as it stands in the log.
    old
        Size of the head that the role saw last, 0 if none.
    consistency
        Proof that the log still begins with what it was then.
    receipt
        Proof that the entry is in the log, with the present head.
    role
        Who is asked.
    salt
        Of the commitment, hex; empty without content.
    """

    charter: Charter
    content: Json
    entry: bytes
    old: int
    consistency: tuple[bytes, ...]
    receipt: Receipt
    role: str
    salt: str = ""

    def write(self) -> bytes:
        """Write it as canonical JSON."""
        value: dict[str, Json] = {
            "charter": self.charter.document(),
            "consistency": [b64(found) for found in self.consistency],
            "content": self.content,
            "entry": self.entry.decode(),
            "form": FORM,
            "old": self.old,
            "receipt": self.receipt.text(),
            "role": self.role,
            "salt": self.salt,
        }
        return canonical_bytes(value) + b"\n"

    @classmethod
    def parse(cls, data: bytes) -> SignRequest:
        """Read it.

        Raises
        ------
        VerificationError
            If it is malformed.
        """
        try:
            value = json.loads(data)
            if value["form"] != FORM:
                raise VerificationError(f"request: form {value['form']!r}, expected {FORM!r}")
            return cls(
                parse_charter(value["charter"]),
                value["content"],
                str(value["entry"]).encode(),
                int(value["old"]),
                tuple(unb64(text) for text in value["consistency"]),
                Receipt.parse(str(value["receipt"])),
                str(value["role"]),
                str(value["salt"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise VerificationError("request: not in the expected form") from error

    def check(self, seen: Checkpoint | None) -> Head:
        """Check everything that can be checked before a signature; `seen` is the head that the role saw last.

        Raises
        ------
        VerificationError
            If the content is not what the entry commits to, the entry is not in the log, or the log has not grown
            from what the role saw last.
        """
        entry = parse_entry(self.entry)
        if self.role not in self.charter.keys:
            raise VerificationError(f"request: the charter knows no role {self.role!r}")
        if self.content is not None:
            salted = commit(canonical_bytes(self.content), bytes.fromhex(self.salt))
            if salted != entry.commitment:
                raise VerificationError("request: the content is not what the entry commits to")
        elif entry.kind == "policy":
            if parse_charter((entry.fields or {}).get("document")).hash != entry.commitment:
                raise VerificationError("request: the new charter is not what the entry commits to")
        else:
            raise VerificationError("request: no content to be shown; nobody signs what he cannot read")
        head = check_receipt(self.receipt, self.entry, policy=self.charter.parsed())
        if seen is not None:
            if seen.origin != head.checkpoint.origin or seen.size != self.old:
                raise VerificationError(f"request: made for the old size {self.old}, the last seen is {seen.size}")
            check_consistency(seen.head, head.checkpoint.head, proof=self.consistency)
        return head

    def text(self) -> str:
        """Give the text that the role signs."""
        entry = parse_entry(self.entry)
        origin = Checkpoint.parse(self.receipt.checkpoint.decode().partition("\n\n")[0] + "\n").origin
        return consent_text(origin, entry.statement, commitment=entry.commitment or "-", policy_hash=self.charter.hash)

    def consent(self, signer: Signer) -> bytes:
        """Sign, and give the entry that carries the consent.

        Raises
        ------
        VerificationError
            If the key is not the role's in the charter.
        """
        if self.charter.keys[self.role] != signer.vkey:
            raise VerificationError(f"key {signer.vkey.name}: not the key of {self.role} in the charter")
        note = Note(self.text(), (sign_note(self.text(), signer),))
        return consent_entry(parse_entry(self.entry).statement, self.role, note=bytes(note).decode())
