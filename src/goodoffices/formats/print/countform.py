"""The count form: numbered boxes to be ticked at the place, made so that what is typed back can be checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise

from goodoffices.domain.canonical import Json, canonical_bytes
from goodoffices.domain.errors import RangeError
from goodoffices.formats.print import blocks as b
from goodoffices.formats.print.checks import check_code, check_letter
from goodoffices.formats.print.frame import Frame, Sheet, printed
from goodoffices.formats.words import Language, Words

ROWS = 50
"""Numbers on a page, in two columns."""

_MOST_PAGES = 99


@dataclass(frozen=True, slots=True)
class CountLine:
    """One line to be counted: its number on the manifest and the code on its slip or container."""

    number: int
    code: str

    def __post_init__(self) -> None:
        check_code(self.code, "code to count")


@dataclass(frozen=True, slots=True)
class CountForm:
    """The form for one leg of a transfer.

    Attributes
    ----------
    frame
        Around it.
    transfer, leg
        Which transfer, and which leg.
    manifest_sha256
        Hash of the manifest that is counted.
    lines
        By number, rising; at most 4,950.
    """

    frame: Frame
    transfer: str
    leg: int
    manifest_sha256: str
    lines: tuple[CountLine, ...]

    def __post_init__(self) -> None:
        numbers = [line.number for line in self.lines]
        if not numbers or len(numbers) > ROWS * _MOST_PAGES:
            raise RangeError(f"{len(numbers)} lines to count, expected 1 to {ROWS * _MOST_PAGES}")
        if any(a >= z for a, z in pairwise(numbers)) or not 1 <= numbers[0] <= numbers[-1] <= 9999:
            raise RangeError("numbers to count, expected 1 to 9999, rising, each once")

    @property
    def pages(self) -> tuple[CountPage, ...]:
        """The pages, in order."""
        return tuple(
            CountPage(self, at // ROWS + 1, self.lines[at : at + ROWS]) for at in range(0, len(self.lines), ROWS)
        )


@dataclass(frozen=True, slots=True)
class CountPage:
    """One page of a form.

    Attributes
    ----------
    form
        Of which it is a page.
    number
        From 1.
    lines
        What is counted on it.
    """

    form: CountForm
    number: int
    lines: tuple[CountLine, ...]

    @property
    def code(self) -> str:
        """Its code: page, seven digits drawn from the whole page, a check letter; as 03-4719-283K."""
        digits = f"{self.number:02d}{_digest(self) % 10_000_000:07d}"
        return f"{digits[:2]}-{digits[2:6]}-{digits[6:]}{check_letter(digits)}"

    def letter(self, number: int) -> str:
        """Give the check letter of a number on this page; another page has others."""
        return check_letter(f"{number:04d}", _digest(self) % 11)


def _digest(page: CountPage) -> int:
    form = page.form
    content: Json = {
        "domain": "goodoffices count form 1",
        "transfer": form.transfer,
        "leg": form.leg,
        "manifest": form.manifest_sha256,
        "page": page.number,
        "lines": [[line.number, line.code] for line in page.lines],
    }
    return int.from_bytes(hashlib.sha256(canonical_bytes(content)).digest()[:8])


def count_form_pdf(form: CountForm, language: Language) -> bytes:
    """Print a count form."""
    return printed([count_form_sheet(form, language)])


def count_form_sheet(form: CountForm, language: Language) -> Sheet:
    """Lay out a count form."""
    words = Words("print", language)
    states = [words(f"state_{state}") for state in ("counted", "missing", "seal_broken", "does_not_go")]
    key = "   ".join(f"{at} = {state}" for at, state in enumerate(states, 1))
    blocks = [
        b.facts([(words("transfer"), form.transfer), (words("leg"), str(form.leg))]),
        b.plain(words("count_how", boxes=key)),
        b.lead(words("count_type")),
    ]
    blocks += [_page(page, words, states, is_first=page.number == 1) for page in form.pages]
    return Sheet(words("count_title"), form.frame, language, tuple(blocks), sha256=form.manifest_sha256)


def _page(page: CountPage, words: Words, states: list[str], *, is_first: bool) -> b.Block:
    rows: list[Json] = [
        {"number": str(line.number), "letter": page.letter(line.number), "code": line.code} for line in page.lines
    ]
    half = (len(rows) + 1) // 2
    numbers = [line.number for line in page.lines]
    return {
        "kind": "count-page",
        "first": is_first,
        "code": page.code,
        "left": rows[:half],
        "right": rows[half:],
        "words": {
            "page_code": words("count_page_code"),
            "rows": words("count_rows", first=numbers[0], last=numbers[-1], n=len(numbers)),
            "number": words("number"),
            "code": words("code"),
            "sums": [*(f"{at} {state}" for at, state in enumerate(states, 1)), words("count_signature")],
        },
    }
