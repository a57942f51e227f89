"""What Today is told of lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from goodoffices.desk.access import Role, Thing, Viewer, may
from goodoffices.desk.lists.models import ListFile
from goodoffices.desk.lists.selectors import KIND, answered_counts, versions_seen
from goodoffices.desk.notices import Column, Notice

_PART = "desk_lists"
_FILES = {"faulty": "waits_faulty", "refused": "waits_refused", "understood": "waits_yes"}
_READERS = (Role.SIDE, Role.HUMANITARIAN, Role.FORENSIC)


def tell(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Tell of files that wait for a word, versions that wait for a seal, lists that wait for answers."""
    if viewer.role not in _READERS:
        return
    if viewer.role is Role.SIDE:
        files = ListFile.objects.filter(owner=viewer.party, state__in=list(_FILES)).defer("body")
        for file in files.select_related("list"):
            address = f"/lists/{file.list_id}/check/{file.id}"
            yield Notice(Column.WAITS, _PART, _FILES[file.state], address, file.at, {"n": file.faults})
    versions = versions_seen(viewer, now)
    asked = {
        seen.version.id: seen.version
        for seen in versions
        if may(viewer, "answer", Thing(KIND, seen.version.list.owner_id, seen.facts))
    }
    answered = answered_counts(asked.values(), viewer.party) if asked else {}
    for seen in versions:
        version = seen.version
        address = f"/lists/{version.list_id}"
        if seen.is_own and version.state == "draft":
            yield Notice(Column.WAITS, _PART, "waits_seal", address, version.stored_at, {"n": version.records})
        elif version.id in asked:
            left = version.records - answered.get(version.id, 0)
            if left:
                yield Notice(Column.WAITS, _PART, "waits_answers", address, version.sealed_at, {"n": left})
        elif not seen.is_own:
            yield Notice(Column.CHANGED, _PART, "released_to_you", address, version.sealed_at, {"n": version.records})
