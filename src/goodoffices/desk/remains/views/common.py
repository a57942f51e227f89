"""What the room's pages share: refusals and faults in the reader's words, forms that keep what was typed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from goodoffices.desk.http import show, viewer_of
from goodoffices.desk.http import told as refused
from goodoffices.desk.remains.forms import PART, RemainsForm
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.formats.faults import Telling, tell, tell_fault
from goodoffices.formats.words import Language, Words

Answer = Callable[..., HttpResponse]


def page(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a page of the room."""
    return show(request, f"remains/{name}.html", context, part=PART, status=status)


def language_of(request: HttpRequest) -> str:
    """Give the reader's language."""
    return viewer_of(request).language


def fault_text(language: str, fault: Fault) -> str:
    """Say a fault in the reader's words: where, what stands there, what would be accepted."""
    words = Words(PART, Language(language))
    said = tell_fault(fault, words.language)
    expected = words(f"expected_{fault.expected}") if words.has(f"expected_{fault.expected}") else said.expected.text
    field = words(f"field_{fault.field}") if words.has(f"field_{fault.field}") else fault.field
    where = words("fault_row", row=fault.place) if fault.place.isdigit() else tell(fault.place, words.language).text
    place = ", ".join(part for part in (where, field) if part)
    return words("fault_line", where=place or fault.file, found=said.found.text or "—", expected=expected)


def _in(language: str, text: str) -> Telling:
    return Telling(text, Language(language))


def plainly(view: Answer) -> Answer:
    """Mark a view whose refusals are told in the room's words."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        language = language_of(request)
        words = Words(PART, Language(language))
        try:
            return view(request, *args, **named)
        except TransitionError as error:
            key = f"refused_{error}" if words.has(f"refused_{error}") else "refused_state"
            return refused(request, "error_409", status=409, faults=(_in(language, words(key)),))
        except InputError as error:
            faults = tuple(_in(language, fault_text(language, fault)) for fault in error.faults)
            return refused(request, "error_422", status=422, faults=faults)

    return told


def take(
    request: HttpRequest, form: RemainsForm, *, title: str, back: str, act: Callable[[], HttpResponse]
) -> HttpResponse:
    """Act on a form that is in order; else show it again with what was typed and what is wrong."""
    if form.is_valid():
        try:
            return act()
        except InputError as error:
            for fault in error.faults:
                name = fault.field if fault.field in form.fields else None
                form.add_error(name, fault_text(language_of(request), fault))
    context = {"form": form, "title_key": title, "action": request.path, "back": back}
    return page(request, "form", context, status=422)
