"""Writes of members: invited, come in, back in, revoked. Each is an act for the record."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from goodoffices.desk.access import Role, Thing, Viewer, require
from goodoffices.desk.parties.acts import act
from goodoffices.desk.parties.models import Invitation, Mandate, Party, User
from goodoffices.desk.parties.people import roles_of
from goodoffices.desk.parties.selectors import mandates_in_force
from goodoffices.domain.errors import Fault, InputError, NotYoursError, TransitionError

LASTS = dt.timedelta(days=3)


def token_hash(token: str) -> str:
    """Give what is kept of a link's token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invitation_make(*, party: Party, role: Role, by: Viewer, at: dt.datetime) -> tuple[Invitation, str]:
    """Invite to a role of the inviter's own party; gives the link's token, which is kept nowhere.

    Raises
    ------
    InputError
        If the party has no such role.
    """
    require(by, "invite", Thing("member", party.code))
    if role not in roles_of(party):
        raise InputError(Fault("invitation", "", "role", role, ", ".join(roles_of(party))))
    return _invite(party, role, by, at)


@transaction.atomic
def invitation_open(*, party: Party, role: Role, at: dt.datetime) -> tuple[Invitation, str]:
    """Invite the first member of a party from the machine; from then on only its members invite.

    Raises
    ------
    InputError
        If the party has no such role.
    TransitionError
        If the party has a member already.
    """
    if role not in roles_of(party):
        raise InputError(Fault("invitation", "", "role", role, ", ".join(roles_of(party))))
    if mandates_in_force(at).filter(user__party=party, user__role=role).exists():
        raise TransitionError(f"{party.code} has a {role}; members invite")
    return _invite(party, role, Viewer(), at)


def _invite(party: Party, role: Role, by: Viewer, at: dt.datetime) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    row = Invitation.objects.create(
        party=party, role=role, made_by_id=by.user or None, made_at=at, token=token_hash(token), ends_at=at + LASTS
    )
    _tell("invitation", row, by, at)
    return row, token


@transaction.atomic
def invitation_accept(
    *, invitation: Invitation, username: str, password: str | None, language: str, zone: str, at: dt.datetime
) -> User:
    """Make the account that was invited, or give the one who comes back a new start; the link works once.

    Role and party are the invitation's; nothing that the invited person sends changes them.

    Raises
    ------
    TransitionError
        If the link was used, revoked or is over.
    """
    used = Invitation.objects.filter(
        id=invitation.id, token=invitation.token, used_at__isnull=True, revoked_at__isnull=True, ends_at__gt=at
    ).update(used_at=at)
    if not used:
        raise TransitionError("this link is used or over")
    if invitation.user is not None:
        user = invitation.user
        ways_end(user=user)
        user.set_password(password)
        user.save(update_fields=["password"])
    else:
        user = User.objects.create_user(
            username, password, party=invitation.party, role=invitation.role, language=language, zone=zone
        )
        Mandate.objects.create(user=user, starts_at=at, given_by=invitation.made_by)
    by = Viewer(Role(user.role), user.party_id, user.id)
    _tell("member", invitation, by, at, what="back" if invitation.user_id else "new")
    return user


@transaction.atomic
def invitation_revoke(*, invitation: Invitation, by: Viewer, at: dt.datetime) -> None:
    """Make a link that was not used yet worthless.

    Raises
    ------
    TransitionError
        If it was used or revoked before.
    """
    require(by, "invite", Thing("member", invitation.party_id))
    if not Invitation.objects.filter(id=invitation.id, used_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=at
    ):
        raise TransitionError("this link is used or revoked")
    _tell("invitation", invitation, by, at, what="revoked")


@transaction.atomic
def mandate_end(*, mandate: Mandate, by: Viewer, at: dt.datetime) -> None:
    """Revoke a mandate from this moment on: its member loses every page at once; what was done under it stays.

    Raises
    ------
    TransitionError
        If it is over, or is one's own.
    """
    require(by, "revoke", Thing("member", mandate.user.party_id))
    if mandate.user_id == by.user:
        raise TransitionError("nobody revokes his own mandate")
    if not mandates_in_force(at).filter(id=mandate.id).update(revoked_at=at):
        raise TransitionError("this mandate is over")
    if not mandates_in_force(at).filter(user_id=mandate.user_id).exists():
        sessions_end(user=mandate.user)
    act.send(
        sender=Mandate,
        kind="mandate",
        content={"mandate": mandate.id, "member": mandate.user_id, "what": "revoked"},
        owner=mandate.user.party_id,
        by=by,
        at=at,
        subject=f"member:{mandate.user_id}",
    )


@transaction.atomic
def recovery_ask(*, user: User, by: Viewer, at: dt.datetime) -> Invitation:
    """Ask for a way back in for a member of one's own party; a second person must confirm it.

    Raises
    ------
    NotYoursError
        If the member is of another party.
    TransitionError
        If it is oneself, one is asked for already, or the member has no mandate in force.
    """
    require(by, "recover", Thing("member", user.party_id))
    if by.party != user.party_id:
        raise NotYoursError("a member of another party")
    if user.id == by.user:
        raise TransitionError("somebody else of the party asks")
    if not mandates_in_force(at).filter(user=user).exists():
        raise TransitionError("the mandate is over")
    if Invitation.objects.filter(user=user, used_at__isnull=True, revoked_at__isnull=True, ends_at__gt=at).exists():
        raise TransitionError("a way back in is asked for already")
    row = Invitation.objects.create(
        party_id=user.party_id, role=user.role, user=user, made_by_id=by.user, made_at=at, ends_at=at + LASTS
    )
    _tell("recovery", row, by, at, what="asked")
    return row


@transaction.atomic
def recovery_confirm(*, recovery: Invitation, by: Viewer, at: dt.datetime) -> None:
    """Confirm as the second person, after having made sure who asks. The link is then the asker's to fetch.

    Raises
    ------
    TransitionError
        If one asked oneself or is the one who comes back, or it is decided or over.
    """
    require(by, "confirm", Thing("member", recovery.party_id))
    if by.user in {recovery.made_by_id, recovery.user_id}:
        raise TransitionError("a second person confirms")
    changed = Invitation.objects.filter(
        id=recovery.id, confirmed_at__isnull=True, used_at__isnull=True, revoked_at__isnull=True, ends_at__gt=at
    ).update(confirmed_by=by.user, confirmed_at=at)
    if not changed:
        raise TransitionError("confirmed already, or over")
    _tell("recovery", recovery, by, at, what="confirmed")


@transaction.atomic
def recovery_link(*, recovery: Invitation, by: Viewer, at: dt.datetime) -> str:
    """Give the link's token to who asked, once; who confirmed never sees it.

    Raises
    ------
    NotYoursError
        If somebody else asked.
    TransitionError
        If it is not confirmed yet, or was fetched before.
    """
    if recovery.made_by_id != by.user:
        raise NotYoursError("somebody else asked")
    token = secrets.token_urlsafe(32)
    changed = Invitation.objects.filter(
        id=recovery.id, confirmed_at__isnull=False, token__isnull=True, revoked_at__isnull=True, ends_at__gt=at
    ).update(token=token_hash(token))
    if not changed:
        raise TransitionError("not confirmed yet, or fetched before")
    return token


def ways_end(*, user: User) -> None:
    """Take away every way in: keys, codes, password, sessions."""
    Authenticator.objects.filter(user_id=user.id).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
    sessions_end(user=user)


def sessions_end(*, user: User) -> None:
    """End every session of a member."""
    for session in UserSession.objects.filter(user_id=user.id):
        session.end()


def _tell(kind: str, row: Invitation, by: Viewer, at: dt.datetime, what: str = "made") -> None:
    act.send(
        sender=Invitation,
        kind=kind,
        content={"invitation": row.id, "role": row.role, "member": row.user_id or "", "what": what},
        owner=row.party_id,
        by=by,
        at=at,
        subject=f"invitation:{row.id}",
    )
