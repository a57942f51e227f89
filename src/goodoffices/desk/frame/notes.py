"""What a page says of the form before it travels in a cookie that only the session it was said in can read back."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core import signing
from django.http import HttpRequest


class NoteStorage(CookieStorage):
    """Django's storage in a cookie, bound to the session: who comes next in the same browser is told nothing."""

    cookie_name = settings.SESSION_COOKIE_NAME.replace("session", "said")

    def __init__(self, request: HttpRequest, *args: Any, **named: Any) -> None:
        super().__init__(request, *args, **named)
        session = hashlib.sha256((request.session.session_key or "").encode()).hexdigest()
        self.signer = signing.get_cookie_signer(salt=f"said:{session}")
