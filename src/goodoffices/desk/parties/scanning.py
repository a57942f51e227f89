"""Every uploaded file is shown to the virus scanner, where there is one, before any room sees it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from goodoffices.desk.http import told, viewer_of
from goodoffices.domain.errors import InputError, UnexaminedError
from goodoffices.store.scanner import Scanner, examine, scanner_at, version

SECONDS = 40
"""All files of one form together; then nothing is taken."""
_LOG = logging.getLogger("goodoffices.scanner")


class ScanMiddleware:
    """Takes no file that the scanner has not called clean; stands after the doors: a stranger's are not read at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Refuse the whole form if one of its files is not clean, or nobody can say so."""
        if not settings.SCANNER or not viewer_of(request).user or request.content_type != "multipart/form-data":
            return None
        user, until = viewer_of(request).user, time.monotonic() + SECONDS
        for file in (file for _, files in request.FILES.lists() for file in files):
            try:
                found = _examined(file, until - time.monotonic())
            except UnexaminedError as error:
                _LOG.error("upload of %s not taken: %s", user, error)
                return told(request, "error_unexamined", status=503)
            if found:
                _LOG.warning("upload of %s not taken: %s found", user, found)
                return told(request, "error_infected", status=422, found=found)
        return None


def _examined(file: Any, seconds: float) -> str:
    """Give what the scanner has found in one file; the file is then as unread as before."""
    data = file.read()
    file.seek(0)
    return examine(_scanner(), data, seconds=seconds)


def _scanner() -> Scanner:
    """Give the scanner that is set.

    Raises
    ------
    UnexaminedError
        If its address is none of this machine.
    """
    try:
        return scanner_at(settings.SCANNER)
    except InputError as error:
        raise UnexaminedError("its address is none of this machine") from error


def scanner_now(seconds: float = 3) -> str:
    """Give the scanner's own words on its version and signatures; empty if none is set.

    Raises
    ------
    UnexaminedError
        If one is set and does not answer.
    """
    return version(_scanner(), seconds=seconds) if settings.SCANNER else ""
