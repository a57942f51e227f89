"""Refusals as the pages show them: in the reader's words; what only English has is marked as English."""

from __future__ import annotations

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from goodoffices.domain.errors import Fault, InputError
from goodoffices.formats.faults import PART, Telling, tell, tell_fault
from goodoffices.formats.words import Language, Words

Stored = str | list[str]
"""A refusal as it is kept with a job: five parts of a fault, or a phrase."""
_PARTS = 5


def refusal(of: object, language: str, *, is_beside: bool = False) -> SafeString:
    """Say a refusal in the reader's language.

    Parameters
    ----------
    of
        A fault, an error, one of them as it was stored, or what is said already.
    language
        The reader's.
    is_beside
        Whether it stands beside the field it is about.
    """
    reader = Language(language)
    if isinstance(of, list) and len(of) == _PARTS:
        of = Fault(*map(str, of))
    if isinstance(of, Telling):
        return _piece(of, reader)
    if not isinstance(of, Fault):
        return _piece(tell(str(of), reader), reader)
    said = tell_fault(of, reader, is_beside=is_beside)
    where = format_html_join(", ", "{}", ((_piece(one, reader),) for one in said.where))
    shape = Words(PART, reader).template("say_fault" if where else "say_fault_here")
    return format_html(shape, where=where, found=_piece(said.found, reader), expected=_piece(said.expected, reader))


def stored(error: Exception) -> list[Stored]:
    """Give an error as it is kept until somebody reads it in a language of his own."""
    if not isinstance(error, InputError):
        return [str(error)]
    return [[one.file, one.place, one.field, one.found, one.expected] for one in error.faults]


def _piece(telling: Telling, reader: Language) -> SafeString:
    if telling.language == reader:
        return conditional_escape(telling.text)
    lead = Words(PART, reader)("say_english")
    return format_html('{} <span lang="{}">{}</span>', lead, telling.language.value, telling.text)
