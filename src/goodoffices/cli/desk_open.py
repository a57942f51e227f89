"""goodoffices desk open: a real desk for one process, with the parties' own keys."""

from __future__ import annotations

from pathlib import Path

import click

from goodoffices.cli.ledger.common import read_vkey
from goodoffices.cli.workspace import open_workspace, workspace_option
from goodoffices.domain.errors import Fault, InputError
from goodoffices.engines.ledger.note import VerifierKey
from goodoffices.store.write import read_bytes

_OPEN = """Open a desk for the process of PROCESS.json: its parties and rules, its public statements, its record.

Each side and the desk makes its two keys on its own machine (goodoffices ledger keygen NAME --kind witness, and --kind
statement) and hands over the public halves; the desk never has the private ones. There are no members yet: invite the
first of each party with goodoffices desk invite.

\b
Example: goodoffices desk open PROCESS.json --workspace desk --desk DESK --zone Europe/Istanbul \\
             --origin desk.example.org/log --witness A=a+1f..+BA.. --statement A=a+2e..+AQ.. ..."""


@click.command(help=_OPEN)
@click.argument("process", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@workspace_option
@click.option("--desk", "code", default="DESK", show_default=True, help="Code of the neutral that runs the desk.")
@click.option("--name", default="The desk", show_default=True, help="Its name.")
@click.option("--zone", required=True, help="Time zone of the place, such as Europe/Istanbul.")
@click.option("--origin", required=True, help="Name of the record, such as desk.example.org/log.")
@click.option("--witness", "witnesses", multiple=True, metavar="PARTY=KEY", help="Public key that cosigns the record.")
@click.option(
    "--statement", "statements", multiple=True, metavar="PARTY=KEY", help="Public key that signs for a party."
)
@click.option("--two-reviewers", is_flag=True, help="Two persons must decide alike on a pair.")
@click.option(
    "--retention-days",
    default=30,
    show_default=True,
    type=click.IntRange(0, 36_500),
    help="How long what is personal is kept after its purpose has ended.",
)
def open_(
    process: Path,
    workspace: Path | None,
    code: str,
    name: str,
    zone: str,
    origin: str,
    witnesses: tuple[str, ...],
    statements: tuple[str, ...],
    two_reviewers: bool,
    retention_days: int,
) -> None:
    """Open a desk.

    Raises
    ------
    InputError
        With every fault of the file and of what was given.
    """
    keys = [_keys(option, given) for option, given in (("--witness", witnesses), ("--statement", statements))]
    if not origin or "+" in origin or any(map(str.isspace, origin)):
        raise InputError(Fault("--origin", "", "", repr(origin), "a name without white space and plus sign"))
    open_workspace(workspace)
    from django.utils import timezone

    from goodoffices.cli.keeping import prepare_tables
    from goodoffices.desk.founding import desk_found
    from goodoffices.desk.parties.models import Party
    from goodoffices.domain.sides import PartyKind

    prepare_tables()
    made, charter = desk_found(
        document=read_bytes(process),
        file=str(process),
        desk=Party(code=code, name=name, kind=PartyKind.NEUTRAL, zone=zone),
        origin=origin,
        witnesses=keys[0],
        statements=keys[1],
        two_reviewers=two_reviewers,
        retention_days=retention_days,
        at=timezone.now(),
    )
    click.echo(f"{made.id}: open; no members yet (goodoffices desk invite --party {code} --role secretariat)")
    click.echo(f"charter {charter.hash}: print it in the protocol that the parties sign")


def _keys(option: str, given: tuple[str, ...]) -> dict[str, VerifierKey]:
    found = {}
    for text in given:
        party, mark, key = text.partition("=")
        if not mark or not party or party in found:
            raise InputError(Fault(option, "", "", text[:60], "PARTY=NAME+ID+KEY, once for each party"))
        found[party] = read_vkey(key, option)
    return found


COMMANDS = {"open": open_}
