"""Partial dates: a day, a month or a year, as lists have them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

_ISO = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of which the day, or the month and the day, may be unknown.

    Attributes
    ----------
    year
        1 to 9999.
    month
        1 to 12, or 0 where unknown.
    day
        1 to 31, or 0 where unknown; 0 if the month is unknown.
    """

    year: int
    month: int = 0
    day: int = 0

    def __post_init__(self) -> None:
        if self.day and not self.month:
            raise ValueError(f"found day {self.day} without a month, expected a month")
        dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def first(self) -> dt.date:
        """The earliest day this date allows."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> dt.date:
        """The latest day this date allows."""
        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def is_day(self) -> bool:
        """Whether year, month and day are all known."""
        return self.day > 0

    def __str__(self) -> str:
        if not self.month:
            return f"{self.year:04d}"
        if not self.day:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


def parse_partial(text: str) -> PartialDate:
    """Read a date in canonical form: YYYY, YYYY-MM or YYYY-MM-DD.

    Raises
    ------
    ValueError
        If the text is no such date.
    """
    match = _ISO.match(text)
    if match is None:
        raise ValueError(f"found {text!r}, expected YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (int(part or 0) for part in match.groups())
    return PartialDate(year, month, day)


def whole_years(born: dt.date, on: dt.date) -> int:
    """Count the birthdays passed from `born` up to and including the day `on`."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
