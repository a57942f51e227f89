"""Reads back what an officer types from a count form, and says what cannot be so."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from goodoffices.domain.errors import Fault, InputError
from goodoffices.formats.print.act import Counted
from goodoffices.formats.print.checks import check_letter, folded
from goodoffices.formats.print.countform import CountForm, CountPage

FOUND = {"2": Counted.MISSING, "3": Counted.SEAL_BROKEN, "4": Counted.DOES_NOT_GO}
"""Boxes of the form other than the first, which is *counted*."""

_CODE = re.compile(r"\s*(\d{2})[-–\s]*(\d{4})[-–\s]*(\d{3})[-–\s]*([A-Z])(?!\S)", re.ASCII)
_MARKED = re.compile(r"(\d{1,4})([A-Z])[-–=:/]?(\d)", re.ASCII)
_APART = re.compile(r"\d{1,4}[A-Z]", re.ASCII)


@dataclass(frozen=True, slots=True)
class PageCount:
    """One page as it was counted.

    Attributes
    ----------
    page
        Its number.
    states
        Number of each line and how it was found, in the form's order.
    """

    page: int
    states: tuple[tuple[int, Counted], ...]


def read_page(form: CountForm, typed: str) -> PageCount:
    """Read one page: its code, how many were counted, then each exception as number, letter and box.

    `03-4719-283K 47 112H-2 118C-3 131M-4` says of page 3: 47 counted, 112 missing, 118 with a broken seal, 131 does
    not go. Cyrillic letters that look the same, small letters, missing hyphens and commas are understood.

    Raises
    ------
    InputError
        If the code is no page of this form, a letter does not fit its number, a number is not on the page or stands
        twice, or counted and exceptions do not add up to the page.
    """
    page, rest = _page(form, folded(typed).replace(",", " ").replace(";", " "))
    first, *tokens = rest.split() or [""]
    place = f"page {page.number}"
    if not re.fullmatch(r"[0-9]{1,4}", first):
        shown = repr(first[:20]) if first else "nothing"
        raise InputError(Fault("count form", place, "counted", shown, "how many were counted, in digits"))
    found, faults = _exceptions(page, _joined(tokens), place)
    counted = len(page.lines) - len(found)
    if not faults and int(first) != counted:
        expected = f"{counted}: {len(page.lines)} on the page less {len(found)} exceptions"
        faults.append(Fault("count form", place, "counted", str(int(first)), expected))
    if faults:
        raise InputError(*faults)
    return PageCount(page.number, tuple((x.number, found.get(x.number, Counted.COUNTED)) for x in page.lines))


def read_form(form: CountForm, typed: str) -> tuple[PageCount, ...]:
    """Read a whole form, a line per page, in any order.

    Raises
    ------
    InputError
        With the faults of every page; if a page is missing or stands twice.
    """
    counts: list[PageCount] = []
    faults: list[Fault] = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        try:
            counts.append(read_page(form, line))
        except InputError as error:
            faults += error.faults
    seen = Counter(count.page for count in counts)
    faults += [
        Fault("count form", f"page {page}", "", f"{n} times", "once") for page, n in sorted(seen.items()) if n > 1
    ]
    if not faults:
        missing = [str(page.number) for page in form.pages if page.number not in seen]
        if missing:
            faults.append(Fault("count form", f"pages {', '.join(missing)}", "", "not typed", "every page"))
    if faults:
        raise InputError(*faults)
    return tuple(sorted(counts, key=lambda count: count.page))


def _page(form: CountForm, typed: str) -> tuple[CountPage, str]:
    match = _CODE.match(typed)
    if match is None:
        shown = repr(typed.split(maxsplit=1)[0][:20]) if typed.strip() else "nothing"
        raise InputError(Fault("count form", "", "page code", shown, "nine digits and a letter, as 03-4719-283K"))
    digits, letter = "".join(match.groups()[:3]), match[4]
    code = match[0].strip()
    if check_letter(digits) != letter:
        raise InputError(Fault("count form", "", "page code", code, "the code on the page: a letter or digit is wrong"))
    for page in form.pages:
        if page.code.replace("-", "") == digits + letter:
            return page, typed[match.end() :]
    raise InputError(Fault("count form", "", "page code", code, "a page of this form: this one belongs to another"))


def _joined(tokens: list[str]) -> list[str]:
    """Join what was typed apart: `112H 2` is `112H-2`."""
    joined: list[str] = []
    for token in tokens:
        if joined and re.fullmatch(r"[1-9]", token) and _APART.fullmatch(joined[-1]):
            joined[-1] += f"-{token}"
        else:
            joined.append(token)
    return joined


def _exceptions(page: CountPage, tokens: list[str], place: str) -> tuple[dict[int, Counted], list[Fault]]:
    on_page = {line.number for line in page.lines}
    found: dict[int, Counted] = {}
    faults: list[Fault] = []
    for token in tokens:
        fault = _fault(page, token, on_page, found)
        if fault:
            faults.append(Fault("count form", place, "exception", repr(token[:20]), fault))
            continue
        match = _MARKED.fullmatch(token)
        if match is not None:
            found[int(match[1])] = FOUND[match[3]]
    return found, faults


def _fault(page: CountPage, token: str, on_page: set[int], found: dict[int, Counted]) -> str:
    """Say what is expected instead of a token; nothing if it stands."""
    match = _MARKED.fullmatch(token)
    if match is None:
        return "number, letter and box, as 112H-2"
    number = int(match[1])
    if match[3] not in FOUND:
        return "box 2 missing, 3 seal broken or 4 does not go"
    if number not in on_page:
        return f"a number of this page, {page.lines[0].number} to {page.lines[-1].number}"
    if page.letter(number) != match[2]:
        return "the letter beside that number on the page: number or letter is wrong"
    if number in found:
        return "each number once"
    return ""
