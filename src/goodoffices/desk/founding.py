"""Opens a desk for one process: parties, rules, public statements, and the log with the parties' own keys."""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from collections.abc import Iterator, Mapping

from django.db import transaction

from goodoffices.desk.ledger.opening import log_open
from goodoffices.desk.ledger.services import log_folder
from goodoffices.desk.parties.models import Party, Process
from goodoffices.desk.parties.services import process_start
from goodoffices.desk.results.services import statements_import
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.process import Process as Talks
from goodoffices.domain.sides import PartyKind
from goodoffices.engines.ledger.charter import Charter
from goodoffices.engines.ledger.keyfile import KINDS
from goodoffices.engines.ledger.note import VerifierKey
from goodoffices.formats.process import read_process

Keys = Mapping[str, VerifierKey]


@transaction.atomic
def desk_found(
    *,
    document: bytes,
    desk: Party,
    origin: str,
    witnesses: Keys,
    statements: Keys,
    at: dt.datetime,
    file: str = "process.json",
    two_reviewers: bool = False,
    retention_days: int = 30,
) -> tuple[Process, Charter]:
    """Open the desk: all of it, or nothing.

    Parameters
    ----------
    document, file
        A process file and its name for messages; the public statements in it are taken as they were made.
    desk
        The neutral that runs the desk; its zone is the place's.
    origin
        Name of the log.
    witnesses, statements
        Public keys by party: both sides and the desk must each have one of a kind.
    at
        Now.
    two_reviewers, retention_days
        Whether two persons must decide alike on a pair; how long what is personal outlives its purpose.

    Returns
    -------
    tuple
        The process, and the charter whose hash belongs on paper.

    Raises
    ------
    InputError
        With every fault; a desk that is open already, or a folder with a log, is one.
    """
    talks = read_process(document, file)
    faults = [*_open_already(), *_party_faults(talks, desk), *_key_faults(talks, desk, witnesses, statements)]
    if faults:
        raise InputError(*faults)
    made = process_start(talks=talks, document=json.loads(document), desk=desk, zone=desk.zone, at=at)
    made.two_reviewers, made.retention_days = two_reviewers, retention_days
    made.save(update_fields=["two_reviewers", "retention_days"])
    statements_import(talks=talks, at=at)
    return made, log_open(origin, witnesses=witnesses, statements=statements, consent={})


def _open_already() -> Iterator[Fault]:
    found = Process.objects.first()
    if found is not None:
        yield Fault(
            "", "", "workspace", f"a desk that is open for {found.id}", "a new workspace: one desk, one process"
        )
    elif log_folder().path.exists():
        yield Fault(str(log_folder().path), "", "", "a log", "a new workspace")


def _party_faults(talks: Talks, desk: Party) -> Iterator[Fault]:
    sides = [party.code for party in talks.parties if party.kind == PartyKind.SIDE]
    if len(sides) != 2:
        yield Fault("", "parties", "kind", f"{len(sides)} sides", "two sides")
    same = next((party for party in talks.parties if party.code == desk.code), None)
    if same is not None and same.kind != PartyKind.NEUTRAL:
        yield Fault("--desk", "", "", f"{desk.code}, a {same.kind}", "a neutral")
    if desk.zone not in zoneinfo.available_timezones():
        yield Fault("--zone", "", "", desk.zone, "a zone such as Europe/Istanbul")


def _key_faults(talks: Talks, desk: Party, witnesses: Keys, statements: Keys) -> Iterator[Fault]:
    """Name the parties without a key, keys of the wrong kind, and one key in two hands."""
    must = {party.code for party in talks.parties if party.kind == PartyKind.SIDE} | {desk.code}
    for kind, keys in (("witness", witnesses), ("statement", statements)):
        for code in sorted(must - set(keys)):
            yield Fault(f"--{kind}", "", "", f"no key of {code}", f"{code}=NAME+ID+KEY")
        for code in sorted(set(keys) - must):
            yield Fault(f"--{kind}", "", "", code, " or ".join(sorted(must)))
        for code, key in sorted(keys.items()):
            if key.kind != KINDS[kind]:
                yield Fault(f"--{kind}", "", "", f"{code}: a key of another kind", f"one made with --kind {kind}")
    everyone = [(key.public, code) for keys in (witnesses, statements) for code, key in sorted(keys.items())]
    if len({public for public, _ in everyone}) != len(everyone):
        yield Fault("--witness, --statement", "", "", "one key twice", "each party's own, one of each kind")
