"""goodoffices desk backup, restore, upgrade, keys, retention: what keeps a desk."""

from __future__ import annotations

import os
import secrets
import threading
from pathlib import Path

import click

from goodoffices.cli.workspace import open_desk, open_workspace, workspace_option
from goodoffices.domain.errors import Fault, InputError, VerificationError
from goodoffices.store.write import read_bytes

_recipients = click.option(
    "--recipients",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="File of age public keys, one a line, to which the keys are sealed.",
)
_in_clear = click.option("--keys-in-clear", is_flag=True, help="Write the keys in clear; whoever has the file has all.")


@click.command()
@workspace_option
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of the back-up; must not be there.")
@click.option("--keys-out", type=click.Path(path_type=Path), help="File of the keys [default: OUT.keys.age].")
@_recipients
@_in_clear
def backup(
    workspace: Path | None, out: Path, keys_out: Path | None, recipients: Path | None, keys_in_clear: bool
) -> None:
    """Back up database, log and vault while the desk works on; the keys apart, sealed with age.

    Example: goodoffices desk backup --workspace workspace/desk --out backup-1 --recipients recipients.txt
    """
    _refuse_clear(recipients, keys_in_clear)
    open_desk(workspace, older=True)
    _back_up(out, keys_out, recipients)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option(
    "--keys", required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The keys' file."
)
@click.option("--into", required=True, type=click.Path(path_type=Path), help="Workspace; must be empty or not there.")
@click.option(
    "--identity",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="age identity that opens the keys' file.",
)
def restore(folder: Path, keys: Path, into: Path, identity: Path | None) -> None:
    """Verify a back-up, its log too, and put it where nothing is.

    Example: goodoffices desk restore backup-1 --keys backup-1.keys.age --identity key.txt --into workspace/again

    \f

    Raises
    ------
    InputError
        If something is there already.
    """
    if into.exists() and any(into.iterdir()):
        raise InputError(Fault(str(into), "", "", "something there already", "an empty folder, or none"))
    os.environ.setdefault("GOODOFFICES_SECRET", secrets.token_urlsafe(64))  # so that settings write no file there
    open_workspace(into)
    from django.conf import settings

    from goodoffices.desk.keeping import backup as backups

    backups.restore(folder, _opened(keys, identity), into=into.resolve(), keys_into=settings.KEYS)
    _verify()
    click.echo(f"restored into {into}: every file as it was, the log holds, the keys open")


@click.command()
@workspace_option
@click.option("--backup", "out", required=True, type=click.Path(path_type=Path), help="Where to back up first.")
@click.option("--keys-out", type=click.Path(path_type=Path), help="File of the keys [default: BACKUP.keys.age].")
@_recipients
@_in_clear
def upgrade(
    workspace: Path | None, out: Path, keys_out: Path | None, recipients: Path | None, keys_in_clear: bool
) -> None:
    """Bring the tables to this version: back up first, then change, then verify.

    Example: goodoffices desk upgrade --workspace workspace/desk --backup before --recipients recipients.txt
    """
    _refuse_clear(recipients, keys_in_clear)
    open_desk(workspace, older=True)
    from goodoffices.desk.demo import prepare
    from goodoffices.desk.keeping.machine import behind

    steps = behind()
    _back_up(out, keys_out, recipients)
    prepare()
    _verify()
    click.echo(f"{steps} steps taken; the log holds, the keys open; the desk before is in {out}")


@click.group()
def keys() -> None:
    """Renew the keys of sealed fields.

    Example: goodoffices desk keys rotate --workspace workspace/desk
    """


@keys.command()
@workspace_option
@click.option("--party", multiple=True, help="Only this party's; may be given again.")
@click.option(
    "--grace",
    default=70,
    show_default=True,
    type=click.IntRange(0),
    help="Seconds to wait, before the last pass, for requests that began with the old key; 0 if the desk is stopped.",
)
def rotate(workspace: Path | None, party: tuple[str, ...], grace: int) -> None:
    """Make new keys, seal every row anew, then drop the old keys. Interrupted, call it again: it goes on.

    Example: goodoffices desk keys rotate --workspace workspace/desk --grace 0
    """
    open_desk(workspace)
    from goodoffices.desk.keeping import rotation
    from goodoffices.desk.keys import ring

    done = rotation.rotate(party or ring().parties(), say=_say, grace=lambda: _wait(grace))
    for name, number in done.items():
        click.echo(f"{name}: generation {number}; older keys are gone")


@keys.command()
@workspace_option
def master(workspace: Path | None) -> None:
    """Change the master key that wraps the parties' keys. Interrupted, call it again: it goes on.

    Example: goodoffices desk keys master --workspace workspace/desk
    """
    open_desk(workspace)
    from goodoffices.desk.keys import ring

    click.echo(f"{ring().rewrap()} keys are under a new master key; back the keys up anew")


@click.command()
@workspace_option
@click.option("--apply", "really", is_flag=True, help="Erase; without it nothing is changed.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def retention(workspace: Path | None, really: bool, yes: bool) -> None:
    """Show what would be erased because its purpose has ended, by table and count; with --apply erase it.

    Example: goodoffices desk retention --workspace workspace/desk
    """
    open_desk(workspace)
    from django.utils import timezone

    from goodoffices.desk.keeping import retention as keeping
    from goodoffices.desk.keeping.rotation import is_cut_off

    now = timezone.now()
    found = keeping.counts(keeping.due(now))
    for label, number in found.items():
        click.echo(f"{number:>9}  {label}")
    if not found and really and is_cut_off():
        keeping.erase(now, say=_say)
        click.echo("nothing is due; keys whose renewal was cut off are dropped")
    elif not found:
        click.echo("nothing is due")
    elif really:
        if not yes:
            click.confirm("Erase these rows, the contents behind their entries and their keys for good?", abort=True)
        erased = keeping.erase(now, say=_say)
        click.echo(f"erased: {sum(erased.values())} rows and contents; destroy older back-ups of the keys")
    else:
        click.echo("nothing was changed; --apply erases it")


def prepare_tables() -> None:
    """Make the tables of a new desk; of one that holds something, refuse to change them without a back-up.

    Raises
    ------
    InputError
        If the tables are behind this version.
    """
    from django.conf import settings
    from django.db import connection

    from goodoffices.desk.demo import prepare
    from goodoffices.desk.keeping.machine import behind

    settings.WORKSPACE.mkdir(parents=True, exist_ok=True)
    if connection.introspection.table_names() and (steps := behind()):
        raise InputError(
            Fault(str(settings.WORKSPACE), "", "tables", f"{steps} steps behind", "`goodoffices desk upgrade` first")
        )
    prepare()


def _refuse_clear(recipients: Path | None, keys_in_clear: bool) -> None:
    if recipients is None and not keys_in_clear:
        raise InputError(
            Fault("--recipients", "", "", "nothing", "a file of age public keys, or --keys-in-clear typed out")
        )


def _back_up(out: Path, keys_out: Path | None, recipients: Path | None) -> None:
    from django.utils import timezone

    from goodoffices.desk.keeping import backup as backups

    keys_out = keys_out or out.with_name(f"{out.name}.keys.{'age' if recipients else 'tar'}")
    sealed_to = backups.recipients_of(recipients) if recipients else []
    made = backups.make(out, keys_out, recipients=sealed_to, at=timezone.now())
    click.echo(
        f"{out}: {made['bytes']:,} bytes, log of {made['entries']} entries; keys "
        f"{'sealed' if recipients else 'IN CLEAR'} in {keys_out}: keep them elsewhere"
    )


def _opened(keys: Path, identity: Path | None) -> bytes:
    """Open the keys' file.

    Raises
    ------
    InputError
        If it is sealed and no identity was given, or the identity does not open it.
    """
    import pyrage

    data = read_bytes(keys)
    if not data.startswith(b"age-encryption.org/"):
        return data
    if identity is None:
        raise InputError(Fault(str(keys), "", "", "a sealed file", "--identity with the age key that opens it"))
    lines = read_bytes(identity).decode("ascii", "replace").split()
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
        opened: bytes = pyrage.decrypt(data, found)
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise InputError(
            Fault(str(identity), "", "", "a key that does not open it", "an identity it was sealed to")
        ) from error
    return opened


def _verify() -> None:
    """Check database, log and keys of the workspace that is open.

    Raises
    ------
    VerificationError
        If something does not hold.
    """
    from django.db import connection

    from goodoffices.desk.keeping.backup import check_record
    from goodoffices.desk.keeping.machine import lost
    from goodoffices.desk.ledger.services import log_folder

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            found = cursor.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise VerificationError(f"database: {found}")
    if log_folder().path.exists():
        check_record()
    if tables := lost():
        raise VerificationError(f"sealed fields do not open in {', '.join(tables)}: the keys are not the right ones")


def _say(what: str, done: int, total: int) -> None:
    if os.isatty(2):
        click.echo(f"\r{what}: {done} of {total}   ", err=True, nl=False)


def _wait(seconds: int) -> None:
    if seconds:
        click.echo(f"sealed anew; waiting {seconds} s for requests that began before", err=True)
        threading.Event().wait(seconds)


COMMANDS = {"backup": backup, "restore": restore, "upgrade": upgrade, "keys": keys, "retention": retention}
