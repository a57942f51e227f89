"""Dates as people write them, in four languages: to YYYY-MM-DD, YYYY-MM or YYYY, with what is doubtful named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from goodoffices.domain.dates import PartialDate
from goodoffices.formats.lists.letters import fold
from goodoffices.formats.lists.vocabulary import months, words_of

EARLIEST_YEAR = 1900
"""No person on a list was born or taken before."""

_EPOCH = dt.date(1899, 12, 30)
_EPOCH_1904 = dt.date(1904, 1, 1)
_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$")
_ISO = re.compile(r"(\d{4})\s*[-./]\s*(\d{1,2})(?:\s*[-./]\s*(\d{1,2}))?")
_NUMERIC = re.compile(r"(\d{1,2}|[?_xх*]{1,2})\s*([-./, ])\s*(\d{1,2}|[?_xх*]{1,2})\s*[-./, ]\s*(\d{4}|\d{2})")
_MONTH_YEAR = re.compile(r"(\d{1,2}|[?_xх*]{1,2})\s*[-./, ]\s*(\d{4})")
_ROMAN = re.compile(r"(\d{1,2})\s*[-./ ]\s*([ivx\u0445\u0456]+)\s*[-./ ]\s*(\d{4})")
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_YEAR = re.compile(r"\d{4}")
_DOUBT = re.compile(r"\s*\(\?\)\s*|\?+\s*$|^\s*[~≈]\s*|^\s*\?+(?=\d)")
_SPLIT = re.compile(r"[^\W\d_]+|\d+")


class Doubt(Enum):
    """What is doubtful in a date that was read."""

    UNCERTAIN_YEAR = "uncertain_year"
    UNCERTAIN = "uncertain_date"
    SWAPPABLE = "day_month"
    MONTH_FIRST = "month_first"
    TWO_DIGITS = "two_digit_year"
    SERIAL = "serial_number"
    COMPACT = "compact_date"
    ZERO = "zero_part"


class Order(Enum):
    """What the other dates of a column say about the order of day and month."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReadDate:
    """A date that was understood.

    Attributes
    ----------
    date
        What it says.
    doubt
        What a reader should look at, if anything.
    """

    date: PartialDate
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """What the reading of a column's dates depends on.

    Attributes
    ----------
    today
        No two-digit year lies after it.
    order
        Of day and month in numbers joined by slash or hyphen.
    is_1904
        Whether the workbook counts days from 1904.
    is_birth
        Whether the dates are of births: a grown person cannot be born in the last 18 years.
    """

    today: dt.date
    order: Order = Order.UNKNOWN
    is_1904: bool = False
    is_birth: bool = True


def order_of(texts: Iterable[str]) -> Order:
    """Find out from a column's dates whether day or month stands first between slashes or hyphens.

    Only a number above 12 tells; where both orders are found, or none, the order is unknown.
    """
    day_first = month_first = False
    for text in texts:
        match = _NUMERIC.match(text.strip())
        if match is None or match[2] not in "/-" or not (match[1].isdigit() and match[3].isdigit()):
            continue
        first, second = int(match[1]), int(match[3])
        day_first |= 12 < first <= 31 and second <= 12
        month_first |= 12 < second <= 31 and first <= 12
    if day_first == month_first:
        return Order.UNKNOWN
    return Order.DAY_FIRST if day_first else Order.MONTH_FIRST


def read_number(number: float, calendar: Calendar) -> ReadDate | None:
    """Read a bare number of a date column: a year, a spreadsheet's serial day, or digits without separators."""
    if number != int(number):
        number = int(number)  # the fraction is the time of day
    whole = int(number)
    if EARLIEST_YEAR <= whole <= 2100:
        return ReadDate(PartialDate(whole))
    if 1 <= whole < 80_000:
        epoch = _EPOCH_1904 if calendar.is_1904 else _EPOCH
        return _made(*(epoch + dt.timedelta(days=whole)).timetuple()[:3])
    return _compact(str(whole).zfill(8)) if len(str(whole)) in {7, 8} else None


def read_text(text: str, calendar: Calendar) -> ReadDate | None:
    """Read a date from a text; None if it is none.

    Parameters
    ----------
    text
        A cell that is not empty.
    calendar
        Today, the column's order and the workbook's epoch.

    Returns
    -------
    ReadDate or None
        The date with what is doubtful in it.
    """
    plain = _TIME.sub("", text.strip()).strip(" .,;«»\"'“”")
    quick = _ISO.fullmatch(plain)
    if quick:
        return _parts(quick[3] or "0", quick[2], quick[1], calendar)
    sure = _DOUBT.sub("", plain)
    words = [word for word in _SPLIT.findall(fold(sure)) if not word.isdigit()]
    is_about = any(word in words_of("dates", "about") for word in words)
    read = _certain(_without_filler(sure), calendar)
    if read is None or not (is_about or sure != plain):
        return read
    doubt = Doubt.UNCERTAIN if read.date.month else Doubt.UNCERTAIN_YEAR
    return ReadDate(read.date, doubt)


def _certain(text: str, calendar: Calendar) -> ReadDate | None:
    for pattern, reader in _READERS:
        match = pattern.fullmatch(text)
        if match:
            return reader(match, calendar)
    return _in_words(text, calendar)


def _numeric(match: re.Match[str], calendar: Calendar) -> ReadDate | None:
    day, separator, month, year = match.groups()
    if separator in "/-" and day.isdigit() and month.isdigit():
        return _slashed(int(day), int(month), year, calendar)
    return _parts(day, month, year, calendar)


def _slashed(first: int, second: int, year: str, calendar: Calendar) -> ReadDate | None:
    swappable = first != second and 1 <= first <= 12 and 1 <= second <= 12
    must_swap = first <= 12 < second
    if must_swap or (swappable and calendar.order is Order.MONTH_FIRST):
        read = _parts(str(second), str(first), year, calendar)
        return ReadDate(read.date, Doubt.MONTH_FIRST) if read else None
    read = _parts(str(first), str(second), year, calendar)
    if read and swappable and calendar.order is Order.UNKNOWN:
        return ReadDate(read.date, Doubt.SWAPPABLE)
    return read


def _month_year(match: re.Match[str], calendar: Calendar) -> ReadDate | None:
    return _parts("0", match[1], match[2], calendar)


def _iso(match: re.Match[str], calendar: Calendar) -> ReadDate | None:
    return _parts(match[3] or "0", match[2], match[1], calendar)


def _roman(match: re.Match[str], calendar: Calendar) -> ReadDate | None:
    numeral = match[2].replace("\u0445", "x").replace("\u0456", "i")
    if numeral not in _ROMANS:
        return None
    return _parts(match[1], str(_ROMANS.index(numeral) + 1), match[3], calendar)


def _year(match: re.Match[str], calendar: Calendar) -> ReadDate | None:
    return _parts("0", "0", match[0], calendar)


def _digits(match: re.Match[str], calendar: Calendar) -> ReadDate | None:
    if len(match[0]) == 8:
        return _compact(match[0])
    read = read_number(int(match[0]), calendar)
    return ReadDate(read.date, Doubt.SERIAL) if read else None


def _compact(digits: str) -> ReadDate | None:
    """Read eight digits as YYYYMMDD or DDMMYYYY, whichever alone gives a likely date."""
    iso = _made(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    daily = _made(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    likely = [read for read in (iso, daily) if read and 1900 <= read.date.year <= 2100]
    return ReadDate(likely[0].date, Doubt.COMPACT) if len(likely) == 1 else None


def _in_words(text: str, calendar: Calendar) -> ReadDate | None:
    """Read numbers and a month's name in any order that leaves no choice."""
    tokens = _SPLIT.findall(fold(text))
    names = [token for token in tokens if not token.isdigit()]
    numbers = [token for token in tokens if token.isdigit()]
    if len(names) != 1 or names[0] not in months() or not 1 <= len(numbers) <= 2:
        return None
    month = str(months()[names[0]])
    if len(numbers) == 1:
        return _parts("0", month, numbers[0], calendar) if len(numbers[0]) == 4 else None
    years = [number for number in numbers if len(number) == 4]
    if len(years) == 1:
        day = numbers[1 - numbers.index(years[0])]
        return _parts(day, month, years[0], calendar) if len(day) <= 2 else None
    if tokens.index(names[0]) == 1 and all(len(number) <= 2 for number in numbers) and len(numbers[1]) == 2:
        return _parts(numbers[0], month, numbers[1], calendar)
    return None


def _parts(day: str, month: str, year: str, calendar: Calendar) -> ReadDate | None:
    """Put together what was found; a day or month of zeros or marks is unknown."""
    has_gap = not (day.isdigit() and month.isdigit()) or "00" in {day, month}
    day_number = int(day) if day.isdigit() else 0
    month_number = int(month) if month.isdigit() else 0
    if day_number and not month_number:
        return None
    century_doubt = False
    whole = int(year)
    if len(year) == 2:
        whole, is_young = _century(whole, calendar.today.year)
        century_doubt = is_young and calendar.is_birth
    read = _made(whole, month_number, day_number)
    if read is None:
        return None
    if century_doubt:
        return ReadDate(read.date, Doubt.TWO_DIGITS)
    return ReadDate(read.date, Doubt.ZERO) if has_gap else read


def _century(short: int, this_year: int) -> tuple[int, bool]:
    """Give the last year with these two digits that is not in the future, and whether it is one of the last 18."""
    year = this_year - (this_year - short) % 100
    return year, year > this_year - 18


def _made(year: int, month: int, day: int) -> ReadDate | None:
    try:
        return ReadDate(PartialDate(year, month, day))
    except ValueError:
        return None


def _without_filler(text: str) -> str:
    """Take off the words around a date that say no more than year, born or about."""
    folded = " ".join(text.casefold().split())
    idle = words_of("dates", "filler") | words_of("dates", "about")

    def keep(match: re.Match[str]) -> str:
        word = fold(match.group())
        return " " if word.replace(" ", "") in idle and word not in _ROMANS else match.group()

    stripped = re.sub(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?", keep, folded)
    stripped = re.sub(r"\(\s*\)", " ", stripped)
    return " ".join(stripped.split()).strip(" .,;-")


_READERS = (
    (_ISO, _iso),
    (_NUMERIC, _numeric),
    (_MONTH_YEAR, _month_year),
    (_ROMAN, _roman),
    (_YEAR, _year),
    (re.compile(r"\d{5}|\d{8}"), _digits),
)
