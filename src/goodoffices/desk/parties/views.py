"""Doors, the account's page, the party's people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from goodoffices.desk.access import Role, Thing, may, require
from goodoffices.desk.http import done, guard, not_found, show, too_many, viewer_of, writes
from goodoffices.desk.parties import members, selectors
from goodoffices.desk.parties import people as reads
from goodoffices.desk.parties.again import led_to_show
from goodoffices.desk.parties.forms import AcceptForm, AccountForm, InviteForm, WayForm
from goodoffices.desk.parties.gate import DEMO_DOOR, IDLE
from goodoffices.desk.parties.models import Invitation, User
from goodoffices.desk.parties.reader import LANGUAGE_COOKIE
from goodoffices.desk.walking import KEPT_AS

_BACKEND = settings.AUTHENTICATION_BACKENDS[0]
_PART = "desk_parties"


def closed(request: HttpRequest, **_: object) -> HttpResponse:
    """Stand where the login library expects a page that this desk does not have: sign-up, mail, reset."""
    return not_found(request)


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """Show the demo's door, one button a role; at a real desk lead to the login."""
    if not settings.DEMO:
        return HttpResponseRedirect("/account/login/")
    found = User.objects.filter(is_active=True).select_related("party").order_by("role", "username")
    return show(request, "parties/enter.html", {"members": found}, part=_PART)


def demo_enter(request: HttpRequest, username: str) -> HttpResponse:
    """Let in as a demo member, without password, to the page of a step of the walk; no such door outside the demo.

    Raises
    ------
    Http404
        Outside the demo, or if there is no such member.
    """
    if not settings.DEMO or request.method != "POST":
        raise Http404
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise Http404
    login(request, user, backend=_BACKEND)
    request.session[DEMO_DOOR] = True
    request.session[KEPT_AS] = request.POST.get(KEPT_AS, "")[:20]
    address = request.POST.get("next", "/")
    is_here = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return HttpResponseRedirect(address if is_here else "/")


_LINK = "invitation"
"""Where a session keeps the hash of a link's token, and since when."""


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "token")
def accept(request: HttpRequest) -> HttpResponse:
    """Take a link's token, which no address ever holds; then let the invited person choose a name and a way in."""
    if "token" in request.POST:
        return _opened(request)
    row = _of_link(request)
    if row is None:
        return show(request, "parties/open.html", part=_PART, status=422 if request.method == "POST" else 200)
    language = viewer_of(request).language
    back = row.user is not None
    if back:
        form: Any = WayForm(request.POST or None, language=language)
    else:
        form = AcceptForm(
            request.POST or None, language=language, initial={"language": language, "zone": row.party.zone}
        )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        user = members.invitation_accept(
            invitation=row,
            username=given.get("username", ""),
            password=given["password"],
            language=given.get("language", language),
            zone=given.get("zone", row.party.zone),
            at=timezone.now(),
        )
        request.session.flush()  # nothing of an earlier visitor of this browser is carried over
        login(request, user, backend=_BACKEND)
        record_authentication(request, user, "invitation", reauthenticated=True)
        return HttpResponseRedirect("/account/2fa/")
    status = 422 if request.method == "POST" else 200
    return show(request, "parties/accept.html", {"row": row, "form": form, "back": back}, part=_PART, status=status)


def _opened(request: HttpRequest) -> HttpResponse:
    """Note in a session of its own which link was opened; a wrong one counts, and says what an unknown address says."""
    found, now = members.token_hash(request.POST["token"].strip()), timezone.now()
    if reads.invitation_by_token(found, now) is None:
        left = ratelimit.consume(request, app="allauth.account", action="token")
        return not_found(request) if left else too_many(request)
    request.session.flush()
    request.session[_LINK] = [found, now.isoformat()]
    return HttpResponseRedirect("/invitation")


def _of_link(request: HttpRequest) -> Invitation | None:
    """Give what the link opened in this session opens, for an hour and while it works."""
    found, since = request.session.get(_LINK, ("", ""))
    now = timezone.now()
    if not found or now - dt.datetime.fromisoformat(since) > IDLE:
        return None
    return reads.invitation_by_token(found, now)


# Pages that are not among a role's five words: address, its word, and the row of the table that opens it.
_PLACES = (
    ("people", _PART, "people_title", "read", "member"),
    ("recoveries", _PART, "recoveries_title", "confirm", "member"),
    ("remains", "desk_remains", "title", "read", "remains_room"),
    ("releases", "desk_keeping", "releases", "read", "release"),
    ("reads", "desk_keeping", "reads", "read", "reads"),
    ("recipients", "desk_keeping", "recipients", "read", "recipient"),
    ("unlocks", "desk_keeping", "unlocks", "read", "unlock"),
    ("canaries", "desk_keeping", "canaries", "read", "canary"),
    ("retention", "desk_keeping", "retention", "read", "retention"),
)


@guard("account", "read")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show and change what a member may change of his own account; list his ways in and his sessions."""
    viewer = viewer_of(request)
    user = User.objects.get(id=viewer.user)
    mine = Thing("account", user.party_id, frozenset({"self"}))
    require(viewer, "read", mine)
    form = AccountForm(
        request.POST or None,
        language=viewer.language,
        initial={"language": user.language, "zone": user.zone, "keys_on": user.keys_on},
    )
    if request.method == "POST" and form.is_valid():
        require(viewer, "write", mine)
        user.language, user.zone = form.cleaned_data["language"], form.cleaned_data["zone"]
        user.keys_on = form.cleaned_data["keys_on"]
        user.save(update_fields=["language", "zone", "keys_on"])
        answer = done(request, "/account", _PART, "account_saved")
        answer.delete_cookie(LANGUAGE_COOKIE)
        return answer
    context = {
        "form": form,
        "factors": list(Authenticator.objects.filter(user=user).order_by("created_at")),
        "sessions": sorted(UserSession.objects.purge_and_list(user), key=lambda one: one.last_seen_at, reverse=True),
        "mandates": user.mandates.order_by("starts_at"),
        "has_password": user.has_usable_password(),
        "places": [
            (name, part, key) for name, part, key, verb, kind in _PLACES if may(viewer, verb, Thing(kind, viewer.party))
        ],
    }
    return show(request, "parties/account.html", context, part=_PART, status=422 if form.errors else 200)


@guard("account", "write")
@writes
def session_end(request: HttpRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions, by whom has just shown who he is."""
    session = reads.session_of(viewer_of(request), session_id)
    if led := led_to_show(request):
        return led
    session.end()
    return done(request, "/account", _PART, "session_ended")


@guard("member", "read")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show the members of one's own party, their mandates and keys, and the links that are open."""
    viewer, now = viewer_of(request), timezone.now()
    rows = reads.members_of(viewer)
    open_mandates = set(selectors.mandates_in_force(now).values_list("id", flat=True))
    keys = Authenticator.objects.filter(user__party=viewer.party).exclude(type=Authenticator.Type.RECOVERY_CODES)
    context = {
        "rows": [
            {
                "user": user,
                "mandates": [(mandate, mandate.id in open_mandates) for mandate in user.mandates.all()],
                "keys": sorted(key.type for key in keys if key.user_id == user.id),
                "acts": any(mandate.id in open_mandates for mandate in user.mandates.all()),
            }
            for user in rows
        ],
        "invitations": reads.invitations_of(viewer, now),
        "may_invite": may(viewer, "invite", Thing("member", viewer.party)),
        "may_revoke": may(viewer, "revoke", Thing("member", viewer.party)),
        "may_recover": may(viewer, "recover", Thing("member", viewer.party)),
    }
    return show(request, "parties/people.html", context, part=_PART)


@guard("member", "invite")
@require_safe
def invite(request: HttpRequest) -> HttpResponse:
    """Ask to which role somebody is invited."""
    form = _invite_form(request)
    return show(request, "parties/invite.html", {"form": form}, part=_PART)


@guard("member", "invite")
@writes
def invite_make(request: HttpRequest) -> HttpResponse:
    """Make a link and show it, this once."""
    viewer = viewer_of(request)
    form = _invite_form(request, bound=True)
    if not form.is_valid():
        return show(request, "parties/invite.html", {"form": form}, part=_PART, status=422)
    party = reads.party_of(viewer)
    row, token = members.invitation_make(
        party=party, role=Role(form.cleaned_data["role"]), by=viewer, at=timezone.now()
    )
    return _show_link(request, row, token)


def _invite_form(request: HttpRequest, *, bound: bool = False) -> InviteForm:
    viewer = viewer_of(request)
    roles = reads.roles_of(reads.party_of(viewer))
    return InviteForm(
        request.POST if bound else None, roles=roles, language=viewer.language, initial={"role": roles[0].value}
    )


def _show_link(request: HttpRequest, row: Invitation, token: str) -> HttpResponse:
    link = request.build_absolute_uri(f"/invitation#{token}")
    return show(request, "parties/link.html", {"row": row, "link": link}, part=_PART)


@guard("member", "invite")
@writes
def invitation_revoke(request: HttpRequest, invitation_id: str) -> HttpResponse:
    """Make a link worthless."""
    viewer, now = viewer_of(request), timezone.now()
    row = reads.invitation_of(viewer, invitation_id, now)
    members.invitation_revoke(invitation=row, by=viewer, at=now)
    return done(request, "/people", _PART, "link_revoked")


@guard("member", "revoke")
@require_safe
def mandate(request: HttpRequest, mandate_id: str) -> HttpResponse:
    """Ask before a mandate is revoked."""
    row = reads.mandate_of(viewer_of(request), mandate_id)
    return show(request, "parties/revoke.html", {"row": row}, part=_PART)


@guard("member", "revoke")
@writes
def mandate_revoke(request: HttpRequest, mandate_id: str) -> HttpResponse:
    """Revoke a mandate."""
    viewer = viewer_of(request)
    row = reads.mandate_of(viewer, mandate_id)
    members.mandate_end(mandate=row, by=viewer, at=timezone.now())
    return done(request, "/people", _PART, "mandate_revoked")


@guard("member", "recover")
@writes
def recovery_ask(request: HttpRequest, user_id: str) -> HttpResponse:
    """Ask for a way back in for somebody of one's own party."""
    viewer = viewer_of(request)
    user = reads.member_of(viewer, "recover", user_id)
    members.recovery_ask(user=user, by=viewer, at=timezone.now())
    return done(request, "/people", _PART, "recovery_asked")


@guard("member", "recover")
@writes
def recovery_link(request: HttpRequest, recovery_id: str) -> HttpResponse:
    """Show the confirmed way back in to who asked for it, once."""
    viewer, now = viewer_of(request), timezone.now()
    row = reads.recovery_of(viewer, "recover", recovery_id, now)
    token = members.recovery_link(recovery=row, by=viewer, at=now)
    return _show_link(request, row, token)


@guard("member", "confirm")
@require_safe
def recoveries(request: HttpRequest) -> HttpResponse:
    """Show the ways back in that wait for a second person."""
    rows = reads.recoveries_to_confirm(viewer_of(request), timezone.now())
    return show(request, "parties/recoveries.html", {"rows": rows}, part=_PART)


@guard("member", "confirm")
@writes
def recovery_confirm(request: HttpRequest, recovery_id: str) -> HttpResponse:
    """Confirm a way back in as the second person."""
    viewer, now = viewer_of(request), timezone.now()
    row = reads.recovery_of(viewer, "confirm", recovery_id, now)
    members.recovery_confirm(recovery=row, by=viewer, at=now)
    return done(request, "/recoveries", _PART, "recovery_confirmed")
