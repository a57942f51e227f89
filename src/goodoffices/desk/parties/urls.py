"""Addresses of doors, account and people; those of the login library are named one by one, the rest is closed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as sessions
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_http_methods

from goodoffices.desk.parties import views
from goodoffices.desk.parties.again import shows_again

_form = require_http_methods(["GET", "HEAD", "POST"])


def _cleared(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Ask the browser to forget the pages it has kept, when a session ends."""

    @wraps(view)
    def cleared(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        answer = view(request, *args, **named)
        if request.method == "POST":
            answer["Clear-Site-Data"] = '"cache"'
        return answer

    return cleared


# Names that the library looks up and that this desk does not have: sign-up, mail, reset, login by mail.
_CLOSED = {
    "account_signup": "signup/",
    "account_inactive": "inactive/",
    "account_email": "email/",
    "account_email_verification_sent": "confirm-email/",
    "account_set_password": "password/set/",
    "account_reset_password": "password/reset/",
    "account_confirm_login_code": "login/code/confirm/",
}
_LIBRARY = [
    path("login/", account.login, name="account_login"),
    path("logout/", _cleared(account.logout), name="account_logout"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("2fa/", mfa.index, name="mfa_index"),
    path("2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("2fa/webauthn/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("2fa/webauthn/add/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("sessions/", shows_again(sessions.list_usersessions), name="usersessions_list"),
]

urlpatterns = [
    path("enter", views.enter, name="enter"),
    path("enter/<slug:username>", views.demo_enter, name="demo_enter"),
    path("invitation", views.accept, name="accept"),
    path("account", views.account, name="account"),
    path("account/sessions/<int:session_id>/end", views.session_end, name="session_end"),
    path("people", views.people, name="people"),
    path("people/invite", views.invite, name="invite"),
    path("people/invite/make", views.invite_make, name="invite_make"),
    path("people/invitation/<str:invitation_id>/revoke", views.invitation_revoke, name="invitation_revoke"),
    path("people/mandate/<str:mandate_id>", views.mandate, name="mandate"),
    path("people/mandate/<str:mandate_id>/revoke", views.mandate_revoke, name="mandate_revoke"),
    path("people/<str:user_id>/recover", views.recovery_ask, name="recovery_ask"),
    path("people/recovery/<str:recovery_id>/link", views.recovery_link, name="recovery_link"),
    path("recoveries", views.recoveries, name="recoveries"),
    path("recoveries/<str:recovery_id>/confirm", views.recovery_confirm, name="recovery_confirm"),
    *(path(f"account/{route}", views.closed, name=name) for name, route in _CLOSED.items()),
    *(path(f"account/{entry.pattern}", _form(entry.callback), name=entry.name) for entry in _LIBRARY),
]
