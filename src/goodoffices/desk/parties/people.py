"""Reads of members: their mandates, sessions, the links that let in."""

from __future__ import annotations

import datetime as dt

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet

from goodoffices.desk.access import Role, Thing, Viewer, may, require
from goodoffices.desk.notices import Column, Notice
from goodoffices.desk.parties.models import Invitation, Mandate, Party, User
from goodoffices.domain.errors import NotYoursError
from goodoffices.domain.sides import PartyKind

_ROLES: dict[PartyKind, tuple[Role, ...]] = {
    PartyKind.SIDE: (Role.SIDE, Role.PLANNER),
    PartyKind.HOST: (Role.HOST,),
    PartyKind.NEUTRAL: (Role.SECRETARIAT, Role.HUMANITARIAN, Role.FORENSIC, Role.AUDITOR, Role.OPERATOR),
    PartyKind.OBSERVER: (Role.OBSERVER,),
}


def roles_of(party: Party) -> tuple[Role, ...]:
    """Name the roles that members of a party may have."""
    return _ROLES[PartyKind(party.kind)]


def party_of(viewer: Viewer) -> Party:
    """Give the viewer's own party."""
    return Party.objects.get(code=viewer.party)


def members_of(viewer: Viewer) -> list[User]:
    """Give the members of the viewer's own party, with their mandates."""
    require(viewer, "read", Thing("member", viewer.party))
    return list(User.objects.filter(party=viewer.party).prefetch_related("mandates").order_by("role", "username"))


def member_of(viewer: Viewer, verb: str, user_id: str) -> User:
    """Give a member of the viewer's own party, for what the verb says.

    Raises
    ------
    NotYoursError
        If there is none, or of another party.
    """
    user = User.objects.filter(id=user_id, party=viewer.party).first()
    if user is None:
        raise NotYoursError("no such member")
    require(viewer, verb, Thing("member", user.party_id))
    return user


def mandate_of(viewer: Viewer, mandate_id: str) -> Mandate:
    """Give a mandate of the viewer's own party to whom may revoke it.

    Raises
    ------
    NotYoursError
        If there is none, or of another party.
    """
    mandate = Mandate.objects.filter(id=mandate_id, user__party=viewer.party).select_related("user").first()
    if mandate is None:
        raise NotYoursError("no such mandate")
    require(viewer, "revoke", Thing("member", mandate.user.party_id))
    return mandate


def invitations_of(viewer: Viewer, now: dt.datetime) -> list[Invitation]:
    """Give the links of the viewer's party that still work or wait, ways back in included."""
    require(viewer, "read", Thing("member", viewer.party))
    return list(_open(now).filter(party=viewer.party).select_related("user", "made_by").order_by("made_at"))


def recoveries_to_confirm(viewer: Viewer, now: dt.datetime) -> list[Invitation]:
    """Give the ways back in that wait for a second person: to secretariat and operator, of every party."""
    if not may(viewer, "confirm", Thing("member")):
        return []
    found = _open(now).filter(user__isnull=False, confirmed_at__isnull=True)
    return list(found.select_related("user", "party", "made_by").order_by("made_at"))


def recoveries_told(viewer: Viewer, now: dt.datetime) -> list[Notice]:
    """Tell secretariat and operator that a member waits to be let back in; never the one who asked for it."""
    waiting = [one for one in recoveries_to_confirm(viewer, now) if one.made_by_id != viewer.user]
    if not waiting:
        return []
    values: dict[str, object] = {"n": len(waiting)}
    return [
        Notice(Column.WAITS, "desk_parties", "recoveries_wait", "/recoveries", at=waiting[0].made_at, values=values)
    ]


def invitation_of(viewer: Viewer, invitation_id: str, now: dt.datetime) -> Invitation:
    """Give a link of the viewer's own party to whom may invite.

    Raises
    ------
    NotYoursError
        If there is none, or of another party.
    """
    row = _open(now).filter(id=invitation_id, party=viewer.party).first()
    if row is None:
        raise NotYoursError("no such link")
    require(viewer, "invite", Thing("member", row.party_id))
    return row


def recovery_of(viewer: Viewer, verb: str, recovery_id: str, now: dt.datetime) -> Invitation:
    """Give a way back in to whom may ask for it (`recover`) or confirm it (`confirm`).

    Raises
    ------
    NotYoursError
        If there is none, or it is not the viewer's to see.
    """
    row = _open(now).filter(id=recovery_id, user__isnull=False).select_related("user", "party", "made_by").first()
    if row is None:
        raise NotYoursError("no such recovery")
    require(viewer, verb, Thing("member", row.party_id))
    return row


def invitation_by_token(hashed: str, now: dt.datetime) -> Invitation | None:
    """Give the link that a token's hash opens, while it works."""
    return _open(now).filter(token=hashed).select_related("party", "user").first()


def session_of(viewer: Viewer, session_id: int) -> UserSession:
    """Give one of the viewer's own sessions.

    Raises
    ------
    NotYoursError
        If there is none, or it is somebody else's.
    """
    session = UserSession.objects.filter(pk=session_id, user_id=viewer.user).first()
    if session is None:
        raise NotYoursError("no such session")
    return session


def _open(now: dt.datetime) -> QuerySet[Invitation]:
    return Invitation.objects.filter(used_at__isnull=True, revoked_at__isnull=True, ends_at__gt=now)
