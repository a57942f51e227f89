"""The talks of the demo workspace: the public record's forums, the third round's text, its commitments."""

from __future__ import annotations

import datetime as dt
from importlib.resources import files
from pathlib import Path

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.parties.models import User
from goodoffices.desk.parties.selectors import process, sides
from goodoffices.desk.talks import deciding, drafting, minuting, owing, services, tying
from goodoffices.desk.talks.models import Accord, Commitment, Forum, ReadingOf, Sitting, Text
from goodoffices.domain.canonical import Json, sha256_hex
from goodoffices.domain.dates import PartialDate
from goodoffices.domain.process import Stance
from goodoffices.engines.talks.forum import Courier, Question
from goodoffices.formats.process import read_process
from goodoffices.store.example import example_process

_KINDS = {"round": "round", "working_group": "working_group", "leaders_meeting": "leaders_meeting"}
_SUBJECTS = ("political", "humanitarian", "military")
_STATES = {"agreed": "agreed", "in_force": "agreed", "agreed_ad_referendum": "agreed_ad_referendum"}
"""What the public record says of a commitment; only this desk's own record brings one in force."""
_VERSION = 6


def fill(workspace: Path, at: dt.datetime) -> None:
    """Open the forums and the text; let the sides act on it as members of the demo."""
    del workspace
    chair = viewer_of("secretariat-1")
    forums_open(at)
    round3 = Forum.objects.get(code="r3")
    folder = files("goodoffices") / "data" / "talks"
    source = {
        code: (folder / f"round-3.rev-{_VERSION}.{code}.txt").read_text(encoding="utf-8") for code in ("en", "uk", "ru")
    }
    text = drafting.text_open(
        forum=round3, title="Third round: single negotiating text", source=source, by=chair, at=at
    )
    newer = {code: (folder / f"round-3.rev-7.{code}.txt").read_text(encoding="utf-8") for code in source}
    drafting.text_renew(text=text, source=newer, by=chair, at=at)
    for side in sides():
        member = viewer_of(f"side-{side.code.lower()}-1")
        drafting.position_take(text=text, about="2.1", stance=Stance.ACCEPT, reason="", cure="", by=member, at=at)
    _working_group(at, chair)
    _contact_group(at, chair)
    _package(text, at, chair)


def forums_open(at: dt.datetime) -> None:
    """Make the forums and commitments of the process file, with the sides and the host as members."""
    talks = read_process(example_process(), "process.json")
    members = [side.code for side in sides()]
    host = [process().document["process"].get("host") or ""]
    for order, found in enumerate(talks.forums):
        kind = _KINDS.get(found.kind, "round")
        subject = next((each for each in _SUBJECTS if each in found.id.lower()), "")
        state = {"held": "closed", "closed": "closed", "agreed": "agreed", "at_work": "at_work"}.get(
            found.state, "proposed"
        )
        forum = Forum.objects.create(
            code=found.id.lower(), kind=kind, title=found.title, subject=subject, state=state, order=order,
            published=True, members=[*members, *(host if kind == "round" else [])], online=kind == "working_group",
        )  # fmt: skip
        if found.date is not None and kind == "round":
            begun = dt.datetime.combine(found.date, dt.time(14), tzinfo=dt.UTC)
            Sitting.objects.create(
                forum=forum, number=1, starts_at=begun, ends_at=begun + dt.timedelta(hours=1), place="Istanbul",
                zone="Europe/Istanbul", state="closed",
            )  # fmt: skip
    Forum.objects.filter(code="r3").update(state="at_work")
    for owed in talks.commitments:
        item = Commitment.objects.create(
            code=owed.id,
            title=owed.title,
            state=_STATES.get(str(owed.state), "tabled"),
            due=_last_day(owed.due),
            published=True,
        )
        for party, reading in owed.readings:
            if reading is not None:
                ReadingOf.objects.create(commitment=item, party_id=party, text=reading.text, at=at)


def _last_day(due: PartialDate | None) -> dt.date | None:
    """Give the last day that a due date allows; a month or a year is due at its end."""
    return None if due is None else due.last


def _working_group(at: dt.datetime, chair: Viewer) -> None:
    """Let the humanitarian group meet next week, a shuttle message wait, and a meeting be asked about in private."""
    group = Forum.objects.get(code="wg-humanitarian")
    Forum.objects.filter(id=group.id).update(state="at_work", members=[side.code for side in sides()])
    group.refresh_from_db()
    agenda: list[dict[str, Json]] = [
        {"number": 1, "title": "Lists"},
        {"number": 2, "title": "Bodies"},
        {"number": 3, "title": "Wounded"},
    ]
    _minuted(group, at - dt.timedelta(days=6), chair)
    following = services.sitting_plan(
        forum=group, starts_at=at + dt.timedelta(days=7), minutes=90, place="online", zone="Europe/Istanbul",
        agenda=agenda, by=chair, at=at,
    )  # fmt: skip
    minuting.video_set(sitting=following, address="https://meet.example.org/humanitarian-2", by=chair, at=at)
    left, right = _members()
    services.message_give(
        forum=group, to=right.party, text="We could accept ten days, if bodies come first.",
        gist="There is room in the number of days.", convey=Courier.GIST, by=left, at=at,
    )  # fmt: skip
    services.silence_open(
        forum=group, text_hash=sha256_hex(b"agenda of the humanitarian group"), hours=72, by=chair, at=at
    )
    leaders = Forum.objects.get(code="leaders")
    days = [(at + dt.timedelta(days=number)).date().isoformat() for number in (30, 31, 32)]
    for member, known in ((left, days[:2]), (right, days[1:])):
        for question, value in ((Question.PLACE, "Istanbul"), *((Question.DATE, day) for day in known)):
            services.meeting_answer(
                forum=leaders, question=question, value=value, stance=Stance.ACCEPT, by=member, at=at
            )


def _minuted(group: Forum, at: dt.datetime, chair: Viewer) -> None:
    """Let the group have met, its minutes received by both and objected to by nobody: the record adopts them."""
    held = services.sitting_plan(
        forum=group, starts_at=at, minutes=60, place="online", zone="Europe/Istanbul",
        agenda=[{"number": 1, "title": "Lists"}], by=chair, at=at - dt.timedelta(days=2),
    )  # fmt: skip
    for event in ("open", "close"):
        services.sitting_step(sitting=held, event=event, by=chair, at=at)
    left, right = _members()
    lines = [
        f"{left.party}: lists by Friday.",
        f"{right.party}: agreed, in one format.",
        "Next sitting in a fortnight.",
    ]
    quiet = minuting.minutes_circulate(sitting=held, lines=lines, hours=48, by=chair, at=at + dt.timedelta(hours=2))
    for member in (left, right):
        services.silence_receipt(quiet=quiet, by=member, at=at + dt.timedelta(hours=5))


def _contact_group(at: dt.datetime, chair: Viewer) -> None:
    """Let both sides accept an invented group's terms and the Chatham House rule there; other terms wait for one."""
    terms: dict[str, Json] = {
        "level": "experts",
        "agenda": ["Practical questions between the rounds"],
        "reference": "Prepares, decides nothing. Meets online when either side asks.",
    }
    group = services.forum_open(
        code="contact", kind="working_group", title="Contact group (invented)", online=True, order=90, terms=terms,
        members=[side.code for side in sides()], by=chair, at=at,
    )  # fmt: skip
    _accept(group.accords.get(), at)
    group.refresh_from_db()
    services.forum_step(forum=group, event="begin", by=chair, at=at)
    _accept(minuting.chatham_put(forum=group, sitting=None, holds=True, by=chair, at=at), at)
    wider = services.forum_ask(forum=group, terms={**terms, "level": "deputy ministers"}, by=chair, at=at)
    deciding.accord_answer(accord=wider, accepts=True, reason="", by=_members()[0], at=at)


def _package(text: Text, at: dt.datetime, chair: Viewer) -> None:
    """Tie three clauses: one is agreed and held for the others, one is asked to be released ahead."""
    owed = owing.commitment_ground(
        text=text, clause="2.1", code="T1", title="Demonstration: persons released, tied to what else is open",
        due=None, by=chair, at=at,
    )  # fmt: skip
    for member in _members():
        owing.commitment_answer(item=owed, stance=Stance.ACCEPT, reading="", by=member, at=at)
        owed.refresh_from_db()
    parts = ["clause:2.1", "clause:3.1", "clause:4.1"]
    package = tying.package_open(
        forum=text.forum, code="P1", title="Persons, bodies, pauses", parts=parts, known=parts, by=chair, at=at
    )
    _accept(package.ties.get().accord, at)
    tying.harvest_ask(package=package, part="clause:3.1", by=chair, at=at)


def _accept(accord: Accord, at: dt.datetime) -> None:
    for member in _members():
        deciding.accord_answer(accord=accord, accepts=True, reason="", by=member, at=at)


def _members() -> tuple[Viewer, Viewer]:
    left, right = (viewer_of(f"side-{side.code.lower()}-1") for side in sides())
    return left, right


def viewer_of(username: str) -> Viewer:
    """Give a demo member as a viewer."""
    user = User.objects.get(username=username)
    return Viewer(Role(user.role), user.party_id, user.id, user.language, user.zone)
