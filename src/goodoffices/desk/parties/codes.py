"""Codes of the second step: recovery codes that lie hashed, codes of an app that work once however long they are taken.

The login library would keep a seed from which its recovery codes follow. Here ten codes are drawn when their page is
first opened, shown on it, and kept nowhere: what stays is Argon2id, with a salt of the account's, over a hash under a
key that lies outside the database.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import time
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth as code_auth
from allauth.mfa.recovery_codes.internal import flows as code_flows
from allauth.mfa.totp.internal import auth as totp_auth
from allauth.mfa.totp.internal import flows as totp_flows
from argon2.low_level import Type, hash_secret_raw
from django.core.cache import cache
from django.db import transaction

from goodoffices.desk.keys import ring
from goodoffices.desk.parties.models import User

_HIDDEN = "****"
_SALT = 16
_KEY = "doors"  # as of all second factors; look-ups under it outlive its generations


class HashedCodes(code_auth.RecoveryCodes):  # type: ignore[misc]
    """Ten codes of a member, of which only hashes are kept."""

    def __init__(self, instance: Authenticator) -> None:
        self.instance = instance
        self._drawn: list[str] = []

    @classmethod
    def activate(cls, user: User) -> HashedCodes:
        """Give the member's codes, or make room for ten that are drawn when they are first looked at."""
        instance, _ = Authenticator.objects.get_or_create(
            user=user, type=Authenticator.Type.RECOVERY_CODES, defaults={"data": {"salt": "", "hashes": []}}
        )
        return cls(instance)

    @transaction.atomic
    def mark_as_viewed(self) -> None:
        """Draw the codes, for the page that is being made; of two pages at once one gets them."""
        row = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        self.instance = row
        if not self.did_view:
            self._drawn = draw(row.user_id, row.data)
            row.data["viewed_at"] = time.time()
            row.save(update_fields=["data"])

    def generate_codes(self) -> list[str]:
        """Give the codes that were drawn just now; at any other time nobody can."""
        return list(self._drawn)

    def get_unused_codes(self) -> list[str]:
        """Give the codes that were drawn just now, or as many signs as codes are left."""
        if self._drawn or self.did_view:
            return self._drawn or [_HIDDEN] * len(self.instance.data.get("hashes", []))
        return [_HIDDEN] * int(app_settings.RECOVERY_CODE_COUNT)

    @transaction.atomic
    def validate_code(self, code: str) -> bool:
        """Take a code, once."""
        given = normalize_user_code(code)
        if len(given) != app_settings.RECOVERY_CODE_DIGITS or not given.isdecimal():
            return False
        row = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        self.instance, kept = row, row.data.get("hashes", [])
        if not kept:
            return False
        found = hashed(row.user_id, row.data["salt"], given)
        left = [one for one in kept if not hmac.compare_digest(one, found)]
        if len(left) == len(kept):
            return False
        row.data["hashes"] = left
        row.save(update_fields=["data"])
        return True


class CodeOfApp(totp_auth.TOTP):  # type: ignore[misc]
    """A code of an app; used once, it is refused for as long as it would be taken."""

    def _mark_code_used(self, code: str) -> bool:
        lasts = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 1)
        return bool(cache.add(self._get_used_cache_key(code), "y", timeout=lasts))


def draw(user: str, data: dict[str, Any], codes: list[str] | None = None) -> list[str]:
    """Draw new codes, or take given ones, and put their hashes in the place of what was there."""
    digits = app_settings.RECOVERY_CODE_DIGITS
    drawn = codes if codes is not None else sorted(_distinct(app_settings.RECOVERY_CODE_COUNT, digits))
    salt = base64.b64encode(secrets.token_bytes(_SALT)).decode()
    data.clear()
    data.update(salt=salt, hashes=[hashed(user, salt, code) for code in drawn])
    return drawn


def hashed(user: str, salt: str, code: str) -> str:
    """Give what is kept of a code: nothing that tells it without the key, and slow with it."""
    keyed = ring().blind(_KEY, f"{user}:{code}", purpose="recovery code")
    found = hash_secret_raw(
        keyed, base64.b64decode(salt), time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, type=Type.ID
    )
    return base64.b64encode(found).decode()


def _distinct(count: int, digits: int) -> set[str]:
    found: set[str] = set()
    while len(found) < count:
        found.add(f"{secrets.randbelow(10**digits):0{digits}}")
    return found


def put_in_place() -> None:
    """Have the login library use these classes where it names its own."""
    code_auth.RecoveryCodes = code_flows.RecoveryCodes = HashedCodes
    totp_auth.TOTP = totp_flows.TOTP = CodeOfApp
