"""What a person may type at the doors and on the account's page."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from allauth.account import forms as allauth_forms
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from goodoffices.desk.access import Role
from goodoffices.desk.frame.forms import DeskForm
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.parties.models import User

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{2,39}")
PASSKEY, PASSWORD = "passkey", "password"


_FAR = (
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "America/Chicago",
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Almaty",
    "Asia/Baghdad",
    "Asia/Baku",
    "Asia/Dubai",
    "Asia/Jerusalem",
    "Asia/Kolkata",
    "Asia/Novosibirsk",
    "Asia/Qatar",
    "Asia/Riyadh",
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Tashkent",
    "Asia/Tbilisi",
    "Asia/Tokyo",
    "Asia/Vladivostok",
    "Asia/Yakutsk",
    "Asia/Yekaterinburg",
    "Asia/Yerevan",
    "Australia/Sydney",
)


@cache
def zones() -> tuple[tuple[str, str], ...]:
    """Give the zones of Europe and the ones that delegations elsewhere live by; UTC first."""
    names = sorted({name for name in available_timezones() if name.startswith("Europe/")} | set(_FAR))
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names))


class _ReaderForm(DeskForm):
    part = "desk_parties"
    language = forms.ChoiceField(choices=settings.LANGUAGES)  # type: ignore[assignment]
    zone = forms.ChoiceField(choices=zones)


class AccountForm(_ReaderForm):
    """Language, zone, keys: nothing else of an account is its member's to change."""

    keys_on = forms.BooleanField(required=False)


class WayForm(DeskForm):
    """How one comes in from now on: by passkey, or by password and code."""

    part = "desk_parties"
    way = forms.ChoiceField(
        choices=[(PASSKEY, PASSKEY), (PASSWORD, PASSWORD)], widget=forms.RadioSelect, initial=PASSKEY
    )
    password = forms.CharField(
        required=False,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for a good password where one is chosen, and take none where not."""
        given = super().clean() or {}
        if given.get("way") == PASSWORD:
            try:
                validate_password(given.get("password") or "", User(username=given.get("username") or ""))
            except ValidationError as error:
                self.add_error("password", error)
        else:
            given["password"] = None
        return given


class AcceptForm(WayForm, _ReaderForm):
    """What a new member chooses; party and role are the invitation's."""

    username = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"autocomplete": "username"}))
    field_order = ("username", "way", "password", "language", "zone")

    def clean_username(self) -> str:
        """Ask for a plain name that is free.

        Raises
        ------
        ValidationError
            If it is odd or taken.
        """
        name = str(self.cleaned_data["username"]).lower()
        if not _NAME.fullmatch(name) or User.objects.filter(username__iexact=name).exists():
            raise ValidationError(say(self.part, str(self.language), "error_username"))
        return name


class InviteForm(DeskForm):
    """To which role of one's own party."""

    part = "desk_parties"
    role = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: tuple[Role, ...], language: str = "en", **named: Any) -> None:
        super().__init__(*args, language=language, **named)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.value, say("desk", language, f"role_{role}")) for role in roles
        ]


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc]
    """Name and password; no link to a reset by mail, which this desk does not have."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["password"].help_text = ""


class AgainForm(allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more; no link to a reset by mail here either."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["password"].help_text = ""
