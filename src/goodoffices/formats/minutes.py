"""Minutes of a sitting as plain text: who spoke, if that may be said, and what was said, an item a line."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from goodoffices.formats.words import Words


@dataclass(frozen=True, slots=True)
class Minuted:
    """What minutes say of themselves.

    Attributes
    ----------
    forum, number, at
        Which sitting, and when it began, in the zone of its place.
    lines
        Who spoke, or nothing, and the words.
    state, digest
        Of the silence procedure on them and what it is about; empty while there is none.
    is_unattributed
        Whether the Chatham House rule holds.
    """

    forum: str
    number: int
    at: dt.datetime
    lines: tuple[tuple[str, str], ...]
    state: str
    digest: str
    is_unattributed: bool


def minutes_text(minutes: Minuted, words: Words) -> str:
    """Write minutes as a text file; under the Chatham House rule no speaker is written, whatever the lines say."""
    head = [f"{minutes.forum} · {words('sitting', number=str(minutes.number))}"]
    head.append(minutes.at.strftime("%Y-%m-%d %H:%M %Z").strip())
    if minutes.state:
        head.append(f"{words('minutes')}: {words(f'minutes_{minutes.state}')}")
        head.append(words("minutes_hash", hash=minutes.digest))
    if minutes.is_unattributed:
        head.append(f"{words('chatham')}. {words('chatham_means')}")
    said = [line if minutes.is_unattributed or not who else f"{who}: {line}" for who, line in minutes.lines]
    return "\n".join([*head, "", *(f"{place}. {line}" for place, line in enumerate(said, 1))]) + "\n"
