"""Opens the log of a desk: its key, the policy with the parties' witnesses, the charter with their statement keys."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from goodoffices.desk.ledger.services import log_folder
from goodoffices.engines.ledger.charter import ANY_KIND, Charter
from goodoffices.engines.ledger.checkpoint import Checkpoint, sign_checkpoint
from goodoffices.engines.ledger.log import HEAD, POLICY
from goodoffices.engines.ledger.note import VerifierKey
from goodoffices.engines.ledger.policy import write_policy
from goodoffices.engines.ledger.tree import EMPTY_ROOT
from goodoffices.store.heads import HeadStore
from goodoffices.store.keys import Keys
from goodoffices.store.publish import append


def log_open(
    origin: str,
    *,
    witnesses: Mapping[str, VerifierKey],
    statements: Mapping[str, VerifierKey],
    consent: Mapping[str, tuple[str, ...]],
) -> Charter:
    """Make the log and append its charter as entry 0.

    Parameters
    ----------
    origin
        Name of the log.
    witnesses, statements
        Public keys by role (party code): the ones that cosign heads, the ones that consent.
    consent
        Who consents to a kind of statement; every kind not named asks the roles that its entry names, and no other.

    Returns
    -------
    Charter
        Its hash belongs on paper.
    """
    folder, roles = log_folder(), tuple(sorted(statements))
    key = Keys(settings.KEYS / "log").make(origin, "log", passphrase=None).open()
    empty = Checkpoint(origin, 0, EMPTY_ROOT)
    policy = write_policy(key.vkey, dict(sorted(witnesses.items())))
    folder.path.mkdir(parents=True)
    HeadStore(settings.KEYS / "heads.sqlite").swap(None, empty)
    folder.write([(POLICY, policy.encode()), (HEAD, bytes(sign_checkpoint(empty, key)))])
    way_out = {role: tuple(other for other in roles if other != role) for role in roles}
    charter = Charter(
        policy, dict(statements), {ANY_KIND: ()} | dict(consent), roles, way_out, {role: role for role in witnesses}
    )
    append(folder, [charter.entry("charter")])
    return charter
