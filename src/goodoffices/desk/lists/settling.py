"""What becomes of the lines of a list after it was sealed: agreed, executed, moved back; only added to.

Called by the rooms that know: the exchange when a plan is signed by both, the handover when it is closed or reopened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from goodoffices.desk.access import Viewer
from goodoffices.desk.ids import new_id
from goodoffices.desk.keys import ring
from goodoffices.desk.ledger.services import statement_record
from goodoffices.desk.lists.models import ListVersion, Record, Settling
from goodoffices.desk.lists.selectors import settled
from goodoffices.desk.lists.states import LINE, VERSION, step

_CHUNK = 500


def lines_agree(*, version: ListVersion, refs: Iterable[str], about: str, by: Viewer, at: dt.datetime) -> int:
    """Let the lines of a signed plan be agreed, and those that an earlier plan of the same exchange named no longer.

    Parameters
    ----------
    version
        The sealed version that the plan rests on.
    refs
        The owner's references of who goes.
    about
        The exchange; lines that another exchange agreed stay as they are.
    by, at
        Who signed last, when.
    """
    wanted, now = set(_records(version, refs)), settled(version)
    events = {key: "agree" for key in wanted if "agree" in LINE[_state(now.get(key))]}
    events |= {
        key: "withdraw"
        for key, last in now.items()
        if key not in wanted and last.about == about and "withdraw" in LINE[last.state]
    }
    return _settle(version, events, now, about=about, kind="list_agreed", by=by, at=at)


def lines_execute(*, version: ListVersion, refs: Iterable[str], about: str, by: Viewer, at: dt.datetime) -> int:
    """Let the agreed lines that a closed handover carried out be executed."""
    return _follow(version, refs, "execute", about=about, kind="list_executed", by=by, at=at)


def lines_reopen(*, version: ListVersion, refs: Iterable[str], about: str, by: Viewer, at: dt.datetime) -> int:
    """Move executed lines back because a later finding touches them."""
    return _follow(version, refs, "reopen", about=about, kind="list_reopened", by=by, at=at)


def _follow(
    version: ListVersion, refs: Iterable[str], event: str, *, about: str, kind: str, by: Viewer, at: dt.datetime
) -> int:
    now = settled(version)
    events = {key: event for key in _records(version, refs) if event in LINE[_state(now.get(key))]}
    return _settle(version, events, now, about=about, kind=kind, by=by, at=at)


def _state(last: Settling | None) -> str:
    return "listed" if last is None else last.state


def _records(version: ListVersion, refs: Iterable[str]) -> list[str]:
    blind, owner = ring().blind, version.list.owner_id
    marks = [blind(owner, ref, purpose="ref") for ref in refs]
    found: list[str] = []
    for start in range(0, len(marks), _CHUNK):
        chosen = Record.objects.filter(version=version, blind_ref__in=marks[start : start + _CHUNK])
        found.extend(chosen.values_list("id", flat=True))
    return found


def _settle(
    version: ListVersion, events: dict[str, str], now: dict[str, Settling], *, about: str, kind: str, by: Viewer,
    at: dt.datetime,
) -> int:  # fmt: skip
    """Add the words, move the version on, note it in the record with counts; nothing to say is nothing written."""
    if not events:
        return 0
    made = [
        Settling(
            id=new_id(), record_id=key, version=version, about=about, by_id=by.user, at=at,
            state=step(LINE, _state(now.get(key)), event), number=now[key].number + 1 if key in now else 1,
        )
        for key, event in events.items()
    ]  # fmt: skip
    Settling.objects.bulk_create(made, batch_size=_CHUNK)
    states = [one.state for one in (now | {one.record_id: one for one in made}).values()]
    _advance(version, states)
    counts = {name: states.count(name) for name in ("agreed", "executed", "reopened")}
    statement_record(
        kind=kind,
        content={
            "list": version.list_id, "version": version.number, "sha256": version.sha256, "about": about,
            "lines": len(made), **counts, "state": version.state,
        },
        owner=version.list.owner_id,
        by=by,
        at=at,
        subject=f"list:{version.list_id}",
    )  # fmt: skip
    return len(made)


def _advance(version: ListVersion, states: list[str]) -> None:
    """Move the version: agreed while a line is agreed or moved back, executed when none waits, else sealed again."""
    if {"agreed", "reopened"} & set(states):
        wanted, events = "agreed", {"sealed": "agree", "answered": "agree", "executed": "reopen"}
    elif "executed" in states:
        wanted, events = "executed", {"agreed": "execute"}
    else:
        wanted, events = "sealed", {"agreed": "reopen"}
    if version.state != wanted:
        version.state = step(VERSION, version.state, events[version.state])
        version.save(update_fields=["state"])
