"""What Today is told of lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from goodoffices.desk.access import Role, Thing, Viewer, may
from goodoffices.desk.lists.models import ListFile
from goodoffices.desk.lists.selectors import KIND, answered_count, versions_seen
from goodoffices.desk.notices import Column, Notice

_PART = "desk_lists"
_FILES = {"faulty": "waits_faulty", "refused": "waits_refused", "understood": "waits_yes"}
_READERS = (Role.SIDE, Role.HUMANITARIAN, Role.FORENSIC)


def tell(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Tell of files that wait for a word, versions that wait for a seal, lists that wait for answers."""
    if viewer.role not in _READERS:
        return
    if viewer.role is Role.SIDE:
        for file in ListFile.objects.filter(owner=viewer.party, state__in=list(_FILES)).select_related("list"):
            address = f"/lists/{file.list_id}/check/{file.id}"
            yield Notice(Column.WAITS, _PART, _FILES[file.state], address, file.at, {"n": file.faults})
    for seen in versions_seen(viewer, now):
        version = seen.version
        address = f"/lists/{version.list_id}"
        if seen.is_own and version.state == "draft":
            yield Notice(Column.WAITS, _PART, "waits_seal", address, version.stored_at, {"n": version.records})
        elif may(viewer, "answer", Thing(KIND, version.list.owner_id, seen.facts)):
            left = version.records - answered_count(version, viewer.party)
            if left:
                yield Notice(Column.WAITS, _PART, "waits_answers", address, version.sealed_at, {"n": left})
        elif not seen.is_own:
            yield Notice(Column.CHANGED, _PART, "released_to_you", address, version.sealed_at, {"n": version.records})
