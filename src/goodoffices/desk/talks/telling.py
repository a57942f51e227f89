"""What the talks have to tell on Today: receipts, deadlines, sittings, open places, signatures, messages to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from goodoffices.desk.access import Viewer, may, may_ever
from goodoffices.desk.notices import Column, Notice
from goodoffices.desk.talks import accords, revisions, selectors
from goodoffices.desk.talks.force import moves_since
from goodoffices.desk.talks.models import Commitment, Forum, ReadingOf
from goodoffices.desk.talks.packages import BEFORE_FORCE
from goodoffices.desk.talks.records import holder_of, silence_of
from goodoffices.domain.process import Stance
from goodoffices.engines.talks.kept import Standing

_PART = "desk_talks"
_AHEAD = dt.timedelta(days=30)


def notices(viewer: Viewer, now: dt.datetime) -> Iterator[Notice]:
    """Tell a viewer what waits, falls due and changed in the talks."""
    if not may_ever(viewer, "read", "forum") or not viewer.user:
        return
    for forum in selectors.forums(viewer, "sittings", "silences", "messages", "accords__answers"):
        yield from _of_forum(viewer, forum, now)
        yield from _of_accords(viewer, forum, now)
        if hasattr(forum, "text") and may(viewer, "read", selectors.text_thing(forum.text, viewer)):
            yield from _of_text(viewer, forum)
    items = selectors.commitments(viewer)
    said = selectors.last_words(viewer) if may_ever(viewer, "accept", "commitment") else {}
    for item in items:
        yield from _of_commitment(item, said.get(item.id), now)
    for code, event, at in moves_since(items, now - _AHEAD):
        yield Notice(Column.CHANGED, _PART, f"notice_{event}", f"/commitments/{code}", at, {"code": code})


def _of_commitment(item: Commitment, said: ReadingOf | None, now: dt.datetime) -> Iterator[Notice]:
    page, code = f"/commitments/{item.code}", {"code": item.code}
    if item.due is not None and now.date() <= item.due <= (now + _AHEAD).date():
        at = dt.datetime.combine(item.due, dt.time(23, 59), tzinfo=dt.UTC)
        yield Notice(Column.DUE, _PART, "notice_due", page, at, dict(code))
    if item.in_force_at is not None and item.in_force_at > now - _AHEAD and item.state == "in_force":
        yield Notice(Column.CHANGED, _PART, "notice_in_force", page, item.in_force_at, dict(code))
    if item.state in BEFORE_FORCE and said is not None and said.stance == Stance.ACCEPT_AD_REFERENDUM:
        yield Notice(Column.WAITS, _PART, "notice_referendum", page, said.at, dict(code))


def _of_forum(viewer: Viewer, forum: Forum, now: dt.datetime) -> Iterator[Notice]:
    address, title = f"/talks/{forum.code}", {"forum": forum.title}
    yield from _of_sittings(viewer, forum, now)
    for quiet in selectors.silences(forum):
        told = selectors.silence_told(quiet, now, zones={})
        if told["state"] == "opened" and viewer.party in quiet.parties and viewer.party not in quiet.receipts:
            yield Notice(Column.WAITS, _PART, "notice_receipt", address, quiet.opened_at, dict(title))
        if told["state"] in {"running", "extended"} and isinstance(told["deadline"], dt.datetime):
            yield Notice(Column.DUE, _PART, "notice_deadline", address, told["deadline"], dict(title))
    if may_ever(viewer, "convey", "message"):
        for message in forum.messages.all():
            if message.conveyed_at is not None or message.convey == "nothing":
                continue
            yield Notice(Column.WAITS, _PART, "notice_convey", address, message.at, dict(title))


def _of_sittings(viewer: Viewer, forum: Forum, now: dt.datetime) -> Iterator[Notice]:
    adopted = {quiet.sitting_id: silence_of(quiet).deadline for quiet in reversed(selectors.silences(forum))}
    for sitting in forum.sittings.all():
        page = f"/talks/{forum.code}/sittings/{sitting.number}"
        values: dict[str, object] = {"forum": forum.title, "number": sitting.number}
        ended = adopted.get(sitting.id) if sitting.state == "minuted" else None
        if ended is not None and ended > now - _AHEAD:
            yield Notice(Column.CHANGED, _PART, "notice_minuted", page, ended, values)
        if sitting.ends_at <= now or sitting.state not in {"planned", "open", "adjourned"}:
            continue
        yield Notice(Column.DUE, _PART, "notice_sitting", page, sitting.starts_at, values, sitting.zone)
        if sitting.video_at is None:
            continue
        is_mandated = accords.is_mandated(viewer, forum, now)
        if may(viewer, "read", selectors.seated_thing("video", forum, viewer, is_mandated=is_mandated)):
            yield Notice(Column.CHANGED, _PART, "notice_video", page, sitting.video_at, values)


def _of_accords(viewer: Viewer, forum: Forum, now: dt.datetime) -> Iterator[Notice]:
    for told in accords.accords(viewer, forum, now):
        row, values = told.row, {"forum": forum.title}
        page = f"/talks/{forum.code}/accords/{row.id}"
        if told.may_answer and told.mine is None:
            yield Notice(Column.WAITS, _PART, f"notice_asked_{row.kind}", page, row.at, dict(values))
        elif row.ended_at is not None and row.ended_at > now - _AHEAD:
            yield Notice(Column.CHANGED, _PART, f"notice_{row.state}_{row.kind}", page, row.ended_at, dict(values))


def _of_text(viewer: Viewer, forum: Forum) -> Iterator[Notice]:
    text, address = forum.text, f"/talks/{forum.code}/text"
    shown = revisions.glance(viewer, text, viewer.language)
    if shown is None:
        return
    values: dict[str, object] = {"forum": forum.title, "n": shown.revision}
    yield Notice(Column.CHANGED, _PART, "notice_revision", f"{address}?view=changes", shown.at, values)
    holder = holder_of(viewer)
    waiting = sum(holder in place.waits_for for place in shown.places)
    if waiting and revisions.is_open(text):
        yield Notice(Column.WAITS, _PART, "notice_text", address, shown.at, {"forum": forum.title, "n": waiting})
    moved = [draft for draft in shown.drafts if draft.standing is not Standing.SAME]
    key = (
        ""
        if not shown.drafts
        else "notice_left_out"
        if not revisions.is_open(text)
        else "notice_drafts_clean"
        if not shown.places
        else "notice_drafts_moved"
        if moved
        else ""
    )
    if key:
        count = len(moved) if key == "notice_drafts_moved" else len(shown.drafts)
        yield Notice(Column.WAITS, _PART, key, address, shown.at, {"forum": forum.title, "n": count})
    if text.state not in {"frozen", "initialled"} or not may_ever(viewer, "sign", "text"):
        return
    if not text.signings.filter(hash=text.frozen_hash, party=viewer.party, act="sign").exists():
        yield Notice(Column.WAITS, _PART, "notice_sign", address, shown.at, {"forum": forum.title})
