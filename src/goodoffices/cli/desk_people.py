"""goodoffices desk invite, recover: the first member of a party, and the second person of a recovery."""

from __future__ import annotations

from pathlib import Path

import click

from goodoffices.cli.workspace import open_desk, workspace_option
from goodoffices.domain.errors import Fault, InputError


@click.command()
@workspace_option
@click.option("--party", "code", required=True, help="Code of the party.")
@click.option("--role", required=True, help="Role of the first member: side, host, secretariat, operator, ...")
@click.option("--address", default="http://127.0.0.1:8400", show_default=True, help="Where the desk is reached.")
def invite(workspace: Path | None, code: str, role: str, address: str) -> None:
    """Make the one-time link of a party's first member in a role; from then on only its members invite.

    Example: goodoffices desk invite --party DESK --role secretariat

    \f

    Raises
    ------
    InputError
        If there is no such party, or it has no such role.
    """
    open_desk(workspace)
    from django.utils import timezone

    from goodoffices.desk.access import Role
    from goodoffices.desk.parties.members import invitation_open
    from goodoffices.desk.parties.models import Party

    party = Party.objects.filter(code=code).first()
    if party is None:
        known = ", ".join(Party.objects.order_by("code").values_list("code", flat=True))
        raise InputError(Fault("invite", "", "party", code, known or "a desk with a process"))
    if role not in set(Role):
        raise InputError(Fault("invite", "", "role", role, ", ".join(Role)))
    row, token = invitation_open(party=party, role=Role(role), at=timezone.now())
    click.echo(f"{address.rstrip('/')}/invitation#{token}")
    click.echo(f"shown this once; works once, until {row.ends_at:%Y-%m-%d %H:%M} UTC", err=True)


@click.command()
@workspace_option
@click.option("--confirm", "key", help="Key of the one to confirm; without it they are listed.")
@click.option("--as", "username", help="Name of the operator or secretary who confirms.")
def recover(workspace: Path | None, key: str | None, username: str | None) -> None:
    """List the ways back in that wait for a second person, or confirm one; the link is then the asker's to fetch.

    Example: goodoffices desk recover --confirm 3x9k2m5p7q1r --as operator

    \f

    Raises
    ------
    InputError
        If nothing waits under that key, or nobody of that name may confirm it.
    """
    open_desk(workspace)
    from django.utils import timezone

    from goodoffices.desk.access import Role, Viewer
    from goodoffices.desk.parties.members import recovery_confirm
    from goodoffices.desk.parties.models import User
    from goodoffices.desk.parties.people import recoveries_to_confirm, recovery_of
    from goodoffices.desk.parties.selectors import has_mandate

    now = timezone.now()
    if not key:
        for row in recoveries_to_confirm(Viewer(Role.OPERATOR), now):
            click.echo(f"{row.id}  {row.party_id}  until {row.ends_at:%Y-%m-%d %H:%M} UTC")
        return
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None or not has_mandate(user, now):
        raise InputError(Fault("recover", "", "as", username or "nothing", "a member with a mandate in force"))
    by = Viewer(Role(user.role), user.party_id, user.id)
    recovery_confirm(recovery=recovery_of(by, "confirm", key, now), by=by, at=now)
    click.echo("confirmed; who asked can fetch the link under People")


COMMANDS = {"invite": invite, "recover": recover}
