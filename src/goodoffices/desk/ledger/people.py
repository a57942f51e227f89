"""Records acts on members: invited, came in, mandate revoked, a way back in asked for and confirmed."""

from __future__ import annotations

from typing import Any

from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.acts import act


def listen() -> None:
    """Record every act from now on."""
    act.connect(_record, dispatch_uid="ledger")


def _record(sender: object, **named: Any) -> None:  # noqa: ARG001  Django's signature
    named.pop("signal")
    statement_record(**named)
