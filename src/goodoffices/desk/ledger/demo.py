"""The parties' part in the demo's record: their own keys sign, their own witnesses cosign; a real desk has neither."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from pathlib import Path

from django.conf import settings

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.ledger.models import Consent
from goodoffices.desk.ledger.selectors import opened
from goodoffices.desk.ledger.services import consent_take, line_take
from goodoffices.desk.parties.models import User
from goodoffices.domain.errors import VerificationError
from goodoffices.engines.ledger.checkpoint import Checkpoint
from goodoffices.engines.ledger.witness import Witness
from goodoffices.store.asks import policy_of, request_at, request_for
from goodoffices.store.keys import Keys
from goodoffices.store.seen import Seen

_SIGNERS = (Role.SIDE, Role.SECRETARIAT)


def demo_keys(role: str) -> Keys:
    """Give the folder in which the demo keeps a party's own keys; at a real desk only the party has them."""
    path: Path = settings.WORKSPACE / "party-keys" / role
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keys(path)


def sign_waiting(at: dt.datetime, *, but: Collection[str] = (), roles: Collection[str] = ()) -> int:
    """Sign what waits for each party, or some, with its own key, but for some statements; gives how many."""
    book = opened()
    charter = book.charter
    if charter is None:
        return 0
    signed = 0
    waiting = Consent.objects.filter(note="", statement__index__isnull=False).select_related("statement")
    for row in waiting.order_by("id"):
        if row.statement.name in but or row.role not in (roles or charter.keys):
            continue
        user = User.objects.filter(party_id=row.role, role__in=_SIGNERS).order_by("username").first()
        if user is None:
            continue
        key = demo_keys(row.role).need(f"{row.role.lower()}.example/statement", "statement").open()
        request = request_at(
            book.folder,
            row.statement.index or 0,
            role=row.role,
            old=0,
            charter=charter,
            vault=settings.WORKSPACE / "vault",
        )
        request.check(None)
        by = Viewer(Role(user.role), row.role, user.id, user.language, user.zone)
        signed += consent_take(statement=row.statement, data=request.consent(key), by=by, at=at)
    return signed


def cosign(roles: Iterable[str], at: dt.datetime) -> None:
    """Let each role's witness check that the log has only grown, remember the head, and cosign it.

    Raises
    ------
    VerificationError
        If a witness refuses.
    """
    folder = opened().folder
    for role in roles:
        keys = demo_keys(role)
        key = keys.need(f"{role.lower()}.example/witness", "witness").open()
        memory = Seen(keys.path / "witness.state")
        if not memory.exists():
            memory.start()
        seen: dict[str, Checkpoint] = memory.last()
        logs = {log.name: (log,) for log in policy_of(folder).logs}
        origin = next(iter(logs))
        body = request_for(folder, seen[origin].size if origin in seen else 0).body()
        answer = Witness(key, logs, seen).answer(body, time=int(at.timestamp()))
        if answer.seen is None:
            raise VerificationError(f"witness {role}: {answer.why}")
        memory.add(answer.seen)
        line_take(answer.body)
