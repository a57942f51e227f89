"""Where errors become pages, and pages get what every one of them shows."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone, translation

from goodoffices.desk.access import Role, Viewer, may_ever
from goodoffices.desk.frame.templatetags.desk import say
from goodoffices.desk.sealed import is_of_erased
from goodoffices.desk.walking import KEPT_AS, step_of
from goodoffices.domain.errors import (
    BulkReadError,
    GoodOfficesError,
    InputError,
    NotYoursError,
    RangeError,
    TransitionError,
    VerificationError,
)

Answer = Callable[..., HttpResponse]
_LOG = logging.getLogger("goodoffices.refused")
_TRIED = frozenset({400, 403, 404, 405, 409, 413, 422, 429})
_VERBS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
_STATUS = {InputError: 422, RangeError: 422, TransitionError: 409, VerificationError: 409, BulkReadError: 429}

# Five words at most a role: key of the word, address, and the object and verb that must be the role's.
NAVIGATION: dict[Role, tuple[str, ...]] = {
    Role.SIDE: ("today", "talks", "lists", "transfers", "record"),
    Role.SECRETARIAT: ("today", "talks", "commitments", "ceasefire", "record"),
    Role.HUMANITARIAN: ("today", "lists", "pairs", "exchange", "transfers"),
    Role.FORENSIC: ("today", "remains", "transfers", "record"),
    Role.PLANNER: ("today", "ceasefire"),
    Role.OBSERVER: ("today", "talks", "ceasefire", "transfers", "record"),
    Role.HOST: ("today", "talks", "ceasefire", "record"),
    Role.AUDITOR: ("today", "reads", "record"),
    Role.OPERATOR: ("today", "machine", "record"),
    Role.PUBLIC: ("results", "record"),
}


def viewer_of(request: HttpRequest) -> Viewer:
    """Give who looks, as the reader's middleware has found."""
    return cast("Viewer", request.viewer)  # type: ignore[attr-defined]


def show(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, part: str = "desk", status: int = 200
) -> HttpResponse:
    """Render a page in the reader's language, with the words of a part."""
    return render(request, template, {"part": part} | (context or {}), status=status)


def frame_of(request: HttpRequest) -> dict[str, Any]:
    """Give what the frame of every page needs; settings make it part of every template's context."""
    if not hasattr(request, "viewer"):
        request.viewer = Viewer()  # type: ignore[attr-defined]
    viewer = viewer_of(request)
    names = NAVIGATION[viewer.role]
    addresses = {name: "/" if name == "today" else f"/{name}" for name in names}
    here = max(
        (name for name in names if request.path == addresses[name] or request.path.startswith(f"/{name}")),
        key=lambda n: len(addresses[n]),
        default="",
    )
    user = getattr(request, "user", None)
    return {
        "viewer": viewer,
        "member": user if viewer.user else None,
        "enrolling": user is not None and user.is_authenticated and not viewer.user,
        "language": viewer.language,
        "language_name": dict(settings.LANGUAGES)[viewer.language],
        "languages": settings.LANGUAGES,
        "zone": viewer.zone,
        "now": timezone.now(),
        "demo": settings.DEMO,
        "is_over": _is_over(request),
        "walk": step_of(request.session.get(KEPT_AS), request.path) if settings.DEMO and viewer.user else None,
        "viewer_name": say("desk", viewer.language, f"role_{viewer.role}"),
        "party_name": getattr(getattr(user, "party", None), "name", ""),
        "navigation": [{"key": f"nav_{name}", "address": addresses[name], "is_here": name == here} for name in names],
        "head": getattr(request, "head", None),
    }


def _is_over(request: HttpRequest) -> bool:
    """Whether this session's member is let in no more: a mandate that ended while he was here is told him in words."""
    session, user = getattr(request, "session", None), getattr(request, "user", None)
    return session is not None and SESSION_KEY in session and user is not None and not user.is_authenticated


def guard(kind: str, verb: str) -> Callable[[Answer], Answer]:
    """Mark a view with the object and verb it stands for; a role that may never do that gets 404 at once."""

    def mark(view: Answer) -> Answer:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            viewer = viewer_of(request)
            if not may_ever(viewer, verb, kind):
                raise NotYoursError(f"{viewer.role} may never {verb} {kind}")
            if request.method not in {"GET", "HEAD", "POST"}:
                return not_this_way(request, "GET, HEAD, POST")
            return view(request, *args, **named)

        guarded.guards = (kind, verb)  # type: ignore[attr-defined]
        return guarded

    return mark


def writes(view: Answer) -> Answer:
    """Mark a view that writes: POST only, one transaction, and a repeat of the same form changes nothing.

    The form's `once` key is kept with the answer's address in the transaction that does the work, so a second press, a
    reload or a retry after a crash is led to the first one's answer.
    """

    @wraps(view)
    def written(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if request.method != "POST":
            return not_this_way(request, "POST")
        marks = apps.get_model("parties", "Once").objects  # by name: this floor lies below the rooms
        viewer, key = viewer_of(request), request.POST.get("once", "")[:64]
        if not viewer.user:
            raise NotYoursError("the public writes nothing")
        if not key:
            return told(request, "error_once", status=400)
        try:
            with transaction.atomic():
                mark = marks.create(user_id=viewer.user, key=key, path=request.path)
                answer = view(request, *args, **named)
                if answer.status_code >= 400:
                    transaction.set_rollback(True)
                elif isinstance(answer, HttpResponseRedirect):
                    mark.address = answer.url
                    mark.save(update_fields=["address"])
                return answer
        except IntegrityError:
            before = marks.filter(user_id=viewer.user, key=key).first()
            if before is None:  # a constraint: somebody else was first
                return told(request, "error_409", status=409)
            messages.info(request, say("desk", viewer.language, "done_before"))
            return HttpResponseRedirect(before.address or "/")

    written.writes = True  # type: ignore[attr-defined]
    return written


def done(request: HttpRequest, address: str, part: str, key: str, **values: object) -> HttpResponse:
    """Say what happened and lead on."""
    messages.success(request, say(part, viewer_of(request).language, key, **values))
    return HttpResponseRedirect(address)


def told(
    request: HttpRequest,
    key: str,
    *,
    status: int,
    faults: Sequence[object] = (),
    text: str = "",
    back: str = "",
    **values: object,
) -> HttpResponse:
    """Give a page that says what happened, what was kept, what to do next, and leads back.

    Parameters
    ----------
    request
        The reader's.
    key
        Of the words `KEY_title`, `KEY_text`, `KEY_kept` and `KEY_next`.
    status
        Of the answer.
    faults
        What is in the way: faults, errors, or words already in the reader's language.
    text
        In place of `KEY_text`.
    back
        Where the reader came from, if that is known better than the browser says it.
    **values
        Of the places in the words.
    """
    if not hasattr(request, "viewer"):  # it failed before the reader was found
        request.viewer = Viewer(language=translation.get_language_from_request(request))  # type: ignore[attr-defined]
    language = viewer_of(request).language
    context: dict[str, Any] = {
        part: say("desk", language, f"{key}_{part}", **values) for part in ("title", "text", "kept", "next")
    }
    context |= {"text": text} if text else {}
    context |= {"faults": faults, "back": back or _came_from(request, status), "ask": key == "error_bulk"}
    if status == 404:  # the page of what is not there is the same wherever one asked
        context["navigation"] = [entry | {"is_here": False} for entry in frame_of(request)["navigation"]]
    with translation.override(language):
        return show(request, "frame/message.html", context, status=status)


def _came_from(request: HttpRequest, status: int) -> str:
    """Give the page of this desk on which the reader was, if it can be opened again; of what is not there, none."""
    if status == 404:
        return ""
    try:
        page = urlsplit(request.headers.get("Referer", ""))
        is_page = page.netloc == request.get_host() and not getattr(resolve(page.path).func, "writes", False)
    except (ValueError, DisallowedHost, Resolver404):
        return ""
    return urlunsplit(("", "", page.path, page.query, "")) if is_page else ""


def not_this_way(request: HttpRequest, allowed: str) -> HttpResponse:
    """Give the page of an address that is asked in a way it has not."""
    answer = told(request, "error_405", status=405)
    answer["Allow"] = allowed
    return answer


class AnswerMiddleware:
    """Turns the package's errors into pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and keep what is personal out of every cache."""
        answer = self.get_response(request)
        if "Cache-Control" not in answer:
            answer["Cache-Control"] = "no-store"
        if answer.status_code in _TRIED:
            _note_tried(request, answer.status_code)
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Give the page of an error that was raised on purpose, or of what is not there any more."""
        if isinstance(error, NotYoursError):
            _LOG.info("refused: %s, %s", viewer_of(request).user or "public", error)
            return not_found(request)
        if is_of_erased(error):
            _LOG.info("erased: %s met what its purpose has ended for", type(error).__name__)
            return told(request, "error_410", status=410)
        if isinstance(error, GoodOfficesError):
            status = _STATUS.get(type(error), 500)
            if isinstance(error, BulkReadError):
                return told(request, "error_bulk", status=status)
            faults = error.faults if isinstance(error, InputError) else (error,)
            return told(request, f"error_{status}", status=status, faults=faults)
        return None


def _note_tried(request: HttpRequest, status: int) -> None:
    """Log what was tried and not let through: the address by its name in the code, never with what was sent."""
    match = request.resolver_match
    where = match.url_name if match is not None else "no such address"
    verb = request.method if request.method in _VERBS else "another verb"
    _LOG.info("answered %d: %s, %s %s", status, viewer_of(request).user or "public", verb, where)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Give the page of a request that cannot be read, or is too large."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return told(request, "error_413", status=413)
    return told(request, "error_400", status=400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Give the page of what is not there, or not there for you: they are the same."""
    return told(request, "error_404", status=404)


def forbidden(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Give the page of a form whose token is missing or old."""
    return told(request, "error_403", status=403)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Give the page of too many attempts."""
    return told(request, "error_429", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Give the page of a defect; where not even that can be made, its words alone."""
    try:
        return told(request, "error_500", status=500)
    except Exception as error:  # noqa: BLE001  what has failed may be the database, which the page's frame reads too
        _LOG.error("no page for a defect: %s", type(error).__name__)
        language = translation.get_language_from_request(request)
        words = {part: say("desk", language, f"error_500_{part}") for part in ("title", "text", "kept", "next")}
        return HttpResponse(render_to_string("frame/bare.html", words | {"language": language}), status=500)


class PlainFormatter(logging.Formatter):
    """One line an event, its time in UTC with the zone: 2026-08-14T03:07:11.042Z."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")


class QuietHandler(logging.StreamHandler[Any]):
    """Logs what happened: no address, no value of a request, and of an error its class and place only."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record without its arguments, and an error without its message."""
        if record.name.startswith("django"):
            record = logging.makeLogRecord(
                {"name": record.name, "levelno": record.levelno, "levelname": record.levelname, "msg": _plain(record)}
            )
        super().emit(record)


def _plain(record: logging.LogRecord) -> str:
    status = getattr(record, "status_code", "")
    if record.exc_info and record.exc_info[1] is not None:
        error, trace = record.exc_info[1], record.exc_info[2]
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else ""
        return f"{type(error).__name__} at {place} {status}".strip()
    return f"answer {status}" if status else record.msg.split("%")[0].strip(": ")
