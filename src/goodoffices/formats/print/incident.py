"""The incident form: what is alleged, access denied among it; to be filled by hand, its number checkable by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from goodoffices.domain.errors import RangeError
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.checks import ALPHABET, check_letter
from goodoffices.formats.print.frame import Frame, Sheet, printed, times
from goodoffices.formats.words import Language, Words


class IncidentKind(StrEnum):
    """What is alleged."""

    ACCESS_DENIED = "access_denied"
    FIRE = "fire"
    OBSTRUCTION = "obstruction"
    SEAL_BROKEN = "seal_broken"
    DELAY = "delay"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class IncidentForm:
    """An incident form, blank but for its number, or with what is known already.

    Attributes
    ----------
    frame
        Around it.
    serial
        Number of the form, 1 to 9,999,999.
    window
        The ceasefire or transfer that it belongs to, as it is called.
    kind
        What is alleged; None to be ticked by hand.
    at
        When; None to be written by hand.
    place, team, told
        Where, which team, what happened; empty to be written by hand.
    """

    frame: Frame
    serial: int
    window: str
    kind: IncidentKind | None = None
    at: dt.datetime | None = None
    place: str = ""
    team: str = ""
    told: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.serial <= 9_999_999:
            raise RangeError(f"form {self.serial}, expected 1 to 9,999,999")

    @property
    def code(self) -> str:
        """Number of the form with its check letter."""
        digits = f"{self.serial:07d}"
        return f"{digits}{check_letter(digits)}"


def incident_pdf(form: IncidentForm, language: Language) -> bytes:
    """Print an incident form."""
    return printed([incident_sheet(form, language)])


def incident_sheet(form: IncidentForm, language: Language) -> Sheet:
    """Lay out an incident form."""
    words = Words("print", language)
    say = b.Tongues(words)
    blocks = [
        b.lead(words("incident_lead")),
        b.facts([(words("form_number"), form.code), (words("incident_window"), form.window)]),
        b.head(words("incident_kind")),
        _kind(form, words),
        b.head(words("when_where")),
        *_when(form, words),
        b.beside(
            b.field(words("incident_place"), value=form.place, height=14),
            b.field(words("incident_team"), value=form.team, height=14),
        ),
        b.field(words("incident_told"), value=form.told, height=28),
        b.head(words("incident_access")),
        b.ticks([words(f"access_{key}") for key in ("refused", "delayed", "partial", "no_answer")]),
        b.field(words("access_by"), height=10),
        b.head(words("incident_state")),
        b.ticks([words(f"incident_{key}") for key in ("alleged", "acknowledged", "denied")], across=3),
        b.signs([(words("reporter"), ""), (words("role_neutral"), "")], say),
        check_by_hand(form.code, words),
    ]
    return Sheet(words("incident_title"), form.frame, language, tuple(blocks))


def _kind(form: IncidentForm, words: Words) -> b.Block:
    if form.kind is not None:
        return b.truth(words(f"incident_{form.kind.value}"))
    return b.ticks([words(f"incident_{kind.value}") for kind in IncidentKind], across=3)


def _when(form: IncidentForm, words: Words) -> list[b.Block]:
    if form.at is not None:
        return [b.facts([(words("when"), times(form.at, form.frame, words))])]
    zone = form.frame.places[0].name
    return [
        b.beside(
            b.letters(words("write_date"), (2, 2, 4), between="."),
            b.letters(words("write_time", place=zone), (2, 2), between=":"),
        )
    ]


def check_by_hand(code: str, words: Words) -> b.Block:
    """Show how the check letter is reckoned, on the form's own number."""
    digits = code[:-1]
    weights = range(len(digits) + 1, 1, -1)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    reckoned = " + ".join(f"{digit}×{weight}" for digit, weight in zip(digits, weights, strict=True))
    table = "  ".join(f"{at}={letter}" for at, letter in enumerate(ALPHABET))
    return b.lead(words("check_by_hand", sum=f"{reckoned} = {total}", rest=total % 11, letter=code[-1], table=table))
