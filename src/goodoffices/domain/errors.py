"""Every error the package raises on purpose.

GoodOfficesError
├── BulkReadError       more of one owner's records than one person alone may read in a day (429)
├── CancelledError      long work was cancelled, or another worker has taken it; nothing is wrong
├── InputError          what was given cannot be read or used as it stands; carries faults (exit 2)
├── NotYoursError       for this viewer it is not there (404)
├── RangeError          an argument lies outside its bounds
├── SequencerStoppedError   the log's database has failed; nothing more is taken
├── TransitionError     a state does not allow the event
├── UnexaminedError     the virus scanner gave no verdict; nothing is taken (503)
└── VerificationError   what was checked does not hold (exit 1)
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one input: where, what was found, what was expected.

    Attributes
    ----------
    file
        The file as the user named it.
    place
        Row, line or path inside the file ("row 17", "assertions[3]"); empty for the file as a whole.
    field
        Column or key; empty where none applies.
    found
        What stands there; never more of a person than the field itself.
    expected
        What would be accepted.
    """

    file: str
    place: str
    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.file, self.place, self.field) if part)
        return f"{where}: found {self.found}, expected {self.expected}"


class GoodOfficesError(Exception):
    """Any error the package raises on purpose."""


class BulkReadError(GoodOfficesError):
    """More of one owner's records than one person alone may read in a day; a second person of his party unlocks it."""


class CancelledError(GoodOfficesError):
    """Long work was cancelled, or another worker has taken it; it stops here and writes nothing."""


class NotYoursError(GoodOfficesError):
    """For this viewer it is not there; the page says 404, as for what does not exist."""


class InputError(GoodOfficesError):
    """What was given cannot be read or used; names every fault.

    Attributes
    ----------
    faults
        One or more faults, in the order of the file.
    """

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class RangeError(GoodOfficesError, ValueError):
    """An argument lies outside its bounds; the message names found and bounds."""


class SequencerStoppedError(GoodOfficesError):
    """The log's database has failed and its sequencer takes nothing more; what was acknowledged is durable."""


class TransitionError(GoodOfficesError):
    """A state does not allow an event; the message names both and what is allowed."""


class UnexaminedError(GoodOfficesError):
    """The virus scanner did not answer, or not with yes or no; what it was asked about counts as unexamined."""


class VerificationError(GoodOfficesError):
    """What was checked does not hold; the message says what and where."""
