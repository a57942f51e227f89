"""What the login library asks of us: who may come in, how a second factor is kept, what ends when one changes."""

from __future__ import annotations

import base64
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa import signals as factor_signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib.auth import signals
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from goodoffices.desk.keys import generation, ring
from goodoffices.desk.parties.models import User
from goodoffices.desk.parties.selectors import has_mandate, mandates_in_force

# The key under which second factors lie sealed. It is no party's: a party's key may be renewed or dropped, and its
# members must still come in.
KEY = "doors"
_PLACE = "second factor"
_LOG = logging.getLogger("goodoffices.doors")


class MandateBackend(AuthenticationBackend):  # type: ignore[misc]
    """Lets in, and keeps in, only whom a mandate in force stands for; asked again at every request."""

    def user_can_authenticate(self, user: User) -> bool:
        """Whether the account is active and may act at this moment."""
        return bool(super().user_can_authenticate(user)) and has_mandate(user, timezone.now())

    def get_user(self, user_id: str) -> User | None:
        """Give the member of a session with his party, if he may still act: one read of the database."""
        stands = Exists(mandates_in_force(timezone.now()).filter(user=OuterRef("pk")))
        user = User.objects.select_related("party").filter(stands, pk=user_id).first()
        return user if user is not None and super().user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No open sign-up, no mail, no greeting by name."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  the library's signature
        """Say no: accounts are by invitation."""
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """Offer the passkey first, where there is one."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda method: not str(method["id"]).endswith("webauthn"))

    def add_message(self, request: HttpRequest, level: int, *args: Any, **named: Any) -> None:
        """Drop the library's greetings; what matters stands on our pages."""

    def send_notification_mail(self, *args: Any, **named: Any) -> None:
        """Send nothing: the desk works without a network."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Seals the secrets of second factors, and keeps the last one from being taken away."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return base64.b64encode(ring().seal(KEY, text.encode(), bound_to=_PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return ring().open(KEY, base64.b64decode(encrypted_text), bound_to=_PLACE).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Say no to the last second factor: without one nobody comes in."""
        if authenticator.type == Authenticator.Type.RECOVERY_CODES:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        if not authenticator.user.has_usable_password():
            return bool(others.filter(type=Authenticator.Type.WEBAUTHN).exists())
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())


def factors_reseal(number: int) -> None:
    """Seal anew, under the present key, every secret of a second factor that lies under one older than a generation."""
    for row in Authenticator.objects.filter(type=Authenticator.Type.TOTP).order_by("pk"):
        lies = str(row.data.get("secret", ""))
        if lies and generation(base64.b64decode(lies)) < number:
            row.data["secret"] = FactorAdapter().encrypt(FactorAdapter().decrypt(lies))
            row.save(update_fields=["data"])


def factors(user: User) -> set[str]:
    """Name the kinds of second factor a member has: `totp`, `webauthn`."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return set(Authenticator.objects.filter(user_id=user.pk, type__in=kinds).values_list("type", flat=True))


def end_others(request: HttpRequest, user: User, **_: object) -> None:
    """End every other session of a member whose way in has changed."""
    end_other_sessions(request, user)


def note_doors() -> None:
    """Log who came in, went out, was refused or changed a factor: by the account's key, never by name or address."""
    for signal, what in (
        (signals.user_logged_in, "came in"),
        (signals.user_logged_out, "went out"),
        (signals.user_login_failed, "password refused"),
        (factor_signals.authentication_failed, "code refused"),
        (factor_signals.authenticator_added, "factor added"),
        (factor_signals.authenticator_removed, "factor removed"),
        (factor_signals.authenticator_reset, "recovery codes renewed"),
    ):
        signal.connect(_noter(what), weak=False, dispatch_uid=f"door {what}")


def _noter(what: str) -> Any:
    def note(sender: object, user: User | None = None, **_: object) -> None:  # noqa: ARG001  Django's signature
        _LOG.info("%s: %s", what, user.pk if user is not None else "unknown")

    return note
