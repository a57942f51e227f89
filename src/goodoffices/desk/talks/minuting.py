"""Minutes under silence and their adoption, the Chatham House rule, the address of the sides' own video."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.db import transaction

from goodoffices.desk.access import Viewer, require
from goodoffices.desk.frame.told import told
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.parties.models import Party
from goodoffices.desk.parties.selectors import neutral
from goodoffices.desk.talks.accords import is_mandated
from goodoffices.desk.talks.deciding import accord_put, once_accepted
from goodoffices.desk.talks.models import Accord, Forum, Quiet, Sitting
from goodoffices.desk.talks.records import is_unattributed, silence_of
from goodoffices.desk.talks.selectors import last_silence, seated_thing, thing_of
from goodoffices.desk.talks.services import silence_open
from goodoffices.domain.canonical import Json, canonical_bytes, sha256_hex
from goodoffices.domain.errors import Fault, InputError, TransitionError
from goodoffices.engines.talks import forum as nouns
from goodoffices.engines.talks.states import Noun, step
from goodoffices.formats.words import Language

LONGEST = 500
"""Characters of a video's address."""

_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])")
_PLAIN = re.compile(r"[!-~]+")
_OVER = ("adopted", "running", "extended", "opened")


def minutes_circulate(*, sitting: Sitting, lines: Sequence[str], hours: int, by: Viewer, at: dt.datetime) -> Quiet:
    """Circulate the minutes of a closed sitting under silence: what nobody objects to in time is adopted.

    Raises
    ------
    InputError
        If a line names a speaker and the Chatham House rule holds, or there is no line.
    TransitionError
        If the sitting has not closed, or minutes are under silence or adopted.
    """
    require(by, "write", thing_of(sitting.forum, by))
    if sitting.state != "closed":
        raise TransitionError(f"the sitting is {sitting.state}, expected closed")
    last = last_silence(sitting)
    if last is not None and silence_of(last).state(at) in _OVER:
        raise TransitionError(f"its minutes are {silence_of(last).state(at)}, expected none, or broken or lapsed ones")
    sitting.minutes = read_lines(sitting, lines)
    sitting.save(update_fields=["minutes"])
    digest = sha256_hex(canonical_bytes(sitting.minutes))
    return silence_open(forum=sitting.forum, sitting=sitting, text_hash=digest, hours=hours, by=by, at=at)


def read_lines(sitting: Sitting, lines: Sequence[str]) -> list[Json]:
    """Read minutes: a line an item, who spoke before a colon; under the Chatham House rule nobody may be named.

    Raises
    ------
    InputError
        With every line that names a speaker where the rule holds, or if there is no line.
    """
    row = sitting.forum
    parties = Party.objects.filter(code__in=[*row.members, neutral().code])
    names = {party.code.casefold(): party.code for party in parties}
    names |= {told(party.name, language).casefold(): party.code for party in parties for language in Language}
    is_quiet = is_unattributed(sitting)
    forum = nouns.Forum(row.code, nouns.ForumKind(row.kind), row.title, tuple(row.members), chatham_house=is_quiet)
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    speaks = re.compile(rf"({known})\s*[:\u2013\u2014]\s*(.*)", re.IGNORECASE)
    kept: list[Json] = []
    faults = []
    for number, raw in enumerate((line.strip() for line in lines if line.strip()), 1):
        found = speaks.fullmatch(raw)
        if found and is_quiet:
            faults.append(Fault("", f"line {number}", "lines", found[1], "the words without who spoke them"))
        speaker, words = (names[found[1].casefold()], found[2]) if found else ("", raw)
        said = nouns.minute(forum, item=number, speaker=speaker, text=words)
        line: dict[str, Json] = {"item": said.item, "text": said.text}
        if isinstance(said, nouns.Minute) and said.speaker:
            line["speaker"] = said.speaker
        kept.append(line)
    if faults or not kept:
        raise InputError(*(faults or [Fault("", "", "lines", "nothing", "a line an item")]))
    return kept


def minutes_adopt(at: dt.datetime) -> None:
    """Move the sittings whose minutes nobody objected to in time; asked for at the sequencer's beat, once each."""
    for sitting in Sitting.objects.filter(state="closed", silences__isnull=False).distinct():
        last = last_silence(sitting)
        if last is None or silence_of(last).state(at) != "adopted":
            continue
        with transaction.atomic():
            state = step(Noun.SITTING, sitting.state, "minute")
            if Sitting.objects.filter(id=sitting.id, state="closed").update(state=state):
                _note("sitting_minute", sitting, {"hash": last.hash}, Viewer(), at)


def chatham_put(*, forum: Forum, sitting: Sitting | None, holds: bool, by: Viewer, at: dt.datetime) -> Accord:
    """Ask the sides whether the Chatham House rule shall hold, or be lifted, in a forum or in one sitting.

    Raises
    ------
    TransitionError
        If that is so already, or the sitting's minutes were circulated.
    """
    found = forum if sitting is None else sitting
    if found.chatham_house == holds:
        raise TransitionError(f"the Chatham House rule {'holds' if holds else 'does not hold'} already")
    if sitting is not None and sitting.minutes:
        raise TransitionError("the minutes were circulated, expected a sitting without minutes")
    asks: dict[str, Json] = {"forum": forum.code, "sitting": sitting.number if sitting else None, "holds": holds}
    about = "" if sitting is None else f"sitting {sitting.number}"
    return accord_put(forum=forum, kind="chatham", about=about, asks=asks, by=by, at=at)


@once_accepted("chatham")
def _chatham(accord: Accord, at: dt.datetime) -> None:  # noqa: ARG001  the moment stands with the accord
    holds, number = bool(accord.asks["holds"]), accord.asks["sitting"]
    if number is None:
        Forum.objects.filter(id=accord.forum_id).update(chatham_house=holds)
    else:
        Sitting.objects.filter(forum=accord.forum_id, number=number).update(chatham_house=holds)


def video_set(*, sitting: Sitting, address: str, by: Viewer, at: dt.datetime) -> Sitting:
    """Note where the sides' own video of a sitting is; an empty address takes it away.

    The address lies sealed, is shown to those who sit there and goes when the sitting is over. The record says that it
    was set, never what it is.

    Raises
    ------
    InputError
        If it is no plain https address, or carries a name or password.
    TransitionError
        If the sitting is over.
    """
    require(by, "write", seated_thing("video", sitting.forum, by, is_mandated=is_mandated(by, sitting.forum, at)))
    if sitting.state not in {"planned", "open", "adjourned"}:
        raise TransitionError(f"the sitting is {sitting.state}, expected one that is not over")
    sitting.video = check_address(address) if address.strip() else None
    sitting.video_at = at if sitting.video else None
    sitting.save(update_fields=["video", "video_at"])
    _note("sitting_video" if sitting.video else "sitting_video_gone", sitting, {}, by, at)
    return sitting


def check_address(address: str) -> str:
    """Give an address that may be shown: https, a host with a dot, no name or password, no blank or odd letter.

    Raises
    ------
    InputError
        If it is another; what was typed is not repeated.
    """
    found = address.strip()
    try:
        wrong = _wrong(found)
    except ValueError:
        wrong = "no address"
    if wrong:
        expected = f"an https address of at most {LONGEST} characters, without a name or password"
        raise InputError(Fault("", "", "video_address", wrong, expected))
    return found


def _wrong(address: str) -> str:
    """Say what is wrong with an address without repeating it; nothing if it may be shown."""
    parts = urlsplit(address)
    checks = (
        (len(address) > LONGEST, f"{len(address)} characters"),
        (not _PLAIN.fullmatch(address) or "\\" in address, "a blank, or a letter that is not plain"),
        (parts.scheme != "https", "no https"),
        ("@" in parts.netloc, "a name or a password before the host"),
        (parts.port is not None and parts.port <= 0, "no port"),
        (not _HOST.fullmatch(parts.hostname or ""), "no host"),
    )
    return next((said for is_wrong, said in checks if is_wrong), "")


def _note(kind: str, sitting: Sitting, content: dict[str, Json], by: Viewer, at: dt.datetime) -> None:
    said: dict[str, Json] = {"forum": sitting.forum.code, "sitting": sitting.number}
    statement_record(
        kind=kind, content=said | content | {"at": at.isoformat()}, owner=neutral().code, by=by, at=at,
        subject=f"sitting:{sitting.id}",
    )  # fmt: skip
