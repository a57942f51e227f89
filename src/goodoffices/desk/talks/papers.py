"""What the talks print besides the text: the notice of a silence procedure."""

from __future__ import annotations

import datetime as dt

from goodoffices.desk.access import Viewer
from goodoffices.desk.frame.templatetags.desk import city, say
from goodoffices.desk.frame.told import told
from goodoffices.desk.parties.models import Party
from goodoffices.desk.parties.selectors import capitals, process
from goodoffices.desk.talks.models import Quiet
from goodoffices.formats.print.frame import Frame, Mark, Place
from goodoffices.formats.print.silence import Received, Silence

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
