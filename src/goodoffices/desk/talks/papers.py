"""What the talks print: the notice of a silence procedure, and of a day what its sittings need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from goodoffices.desk.access import Viewer, may
from goodoffices.desk.daypapers import Asked, DayPaper
from goodoffices.desk.frame.templatetags.desk import city, say
from goodoffices.desk.frame.told import told
from goodoffices.desk.parties.models import Party
from goodoffices.desk.parties.selectors import capitals, process
from goodoffices.desk.talks import selectors
from goodoffices.desk.talks.models import Quiet, Sitting, Text
from goodoffices.desk.talks.records import silence_of
from goodoffices.desk.talks.revisions import text_view
from goodoffices.desk.talks.textparts import exported
from goodoffices.formats.pack import Paper
from goodoffices.formats.print.frame import Frame, Mark, Place, Sheet
from goodoffices.formats.print.silence import Received, Silence, silence_sheet

_PART = "desk_talks"


def notice_of(quiet: Quiet, viewer: Viewer, *, at: dt.datetime) -> Silence:
    """Give the notice of a silence procedure: who has it in hand, and from when to when silence lasts."""
    language = viewer.language
    moments = {party: dt.datetime.fromisoformat(moment) for party, moment in quiet.receipts.items()}
    opens = max([quiet.opened_at, *moments.values()])
    names = dict(Party.objects.filter(code__in=quiet.parties).values_list("code", "name"))
    zones = dict.fromkeys([viewer.zone, process().zone, *capitals().values()])
    if quiet.sitting is None:
        paper = say(_PART, language, "the_text")
    else:
        paper = f"{say(_PART, language, 'minutes')} · {say(_PART, language, 'sitting', number=quiet.sitting.number)}"
    return Silence(
        Frame(told(process().title, language), quiet.id, at, tuple(Place(city(z, language), z) for z in zones)),
        f"{told(quiet.forum.title, language)}: {paper}",
        quiet.hash[:16],
        opens,
        opens + dt.timedelta(hours=quiet.hours + quiet.extension_hours),
        tuple(Received(told(names.get(p, p), language), moments.get(p)) for p in quiet.parties),
        Mark(f"silence {quiet.id}", quiet.hash),
    )


def of_day(asked: Asked) -> Iterator[DayPaper]:
    """Give the notices of silence that has not ended, and the text of every forum that sits on the day."""
    viewer = replace(asked.viewer, language=asked.language.value)
    for forum in selectors.forums(viewer):
        if not may(viewer, "accept", selectors.thing_of(forum, viewer)):
            continue
        for quiet in selectors.silences(forum):
            if silence_of(quiet).state(asked.at) in {"opened", "running", "extended"}:
                sheet = silence_sheet(notice_of(quiet, viewer, at=asked.at), asked.language)
                yield DayPaper(f"{sheet.name}: {told(forum.title, asked.language)}", partial(_same, sheet))
        has_text = hasattr(forum, "text") and may(viewer, "read", selectors.text_thing(forum.text, viewer))
        if has_text and any(_sits_on(sitting, asked.date) for sitting in forum.sittings.all()):
            title = f"{told(forum.title, asked.language)}: {say(_PART, asked.language, 'the_text')}"
            yield DayPaper(title, partial(_text, forum.text, viewer, title, asked.at), is_file=True)


def _sits_on(sitting: Sitting, date: dt.date) -> bool:
    is_ahead = sitting.state in {"planned", "open", "adjourned"}
    return is_ahead and sitting.starts_at.astimezone(ZoneInfo(sitting.zone)).date() == date


def _same(sheet: Sheet) -> Sheet:
    return sheet


def _text(text: Text, viewer: Viewer, title: str, at: dt.datetime) -> Paper:
    """Write the text as everybody sees it: a pack goes from hand to hand."""
    return Paper(title, exported(text, text_view(viewer, text, viewer.language), viewer, form="pdf", at=at))
