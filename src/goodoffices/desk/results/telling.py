"""What results have to tell on Today: figures whose embargo waits, figures that may be published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from goodoffices.desk.access import Thing, Viewer, may
from goodoffices.desk.notices import Column, Notice
from goodoffices.desk.results import selectors

PART = "desk_results"


def tell(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Give the notices of one viewer."""
    if may(viewer, "lift", Thing("result", viewer.party)):
        count = sum(not row.lifted for row in selectors.embargo_rows(viewer))
        if count:
            yield Notice(Column.WAITS, PART, "waits_embargo", "/results/embargo", values={"n": count})
    if may(viewer, "publish", Thing("result")):
        count = selectors.lifted_since_publication()
        if count:
            yield Notice(Column.WAITS, PART, "waits_publish", "/results/publish", values={"n": count})
    last = selectors.last_publication()
    if last is not None and now - last.at < dt.timedelta(days=7):
        yield Notice(
            Column.CHANGED, PART, "change_publication", "/results/publications", at=last.at, values={"n": last.number}
        )
