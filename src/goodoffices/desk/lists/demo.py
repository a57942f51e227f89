"""The demo's lists: persons held and sought at the public record's scale, invented, released by two members each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.conf import settings

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.jobs.models import Job, State
from goodoffices.desk.jobs.work import run_one
from goodoffices.desk.lists import services
from goodoffices.desk.lists.models import ListFile, ListVersion
from goodoffices.desk.parties.models import User
from goodoffices.desk.parties.selectors import neutral, sides
from goodoffices.desk.parties.services import release_approve
from goodoffices.formats.sealed import sealed_csv
from goodoffices.synth.held import held_list
from goodoffices.synth.sought import Held, sought_list

SEED = 20250723
HELD = ((6_000, "uk"), (6_500, "ru"))
"""Rows and letters of whom each side holds, in the order of the sides' codes reversed."""
SOUGHT = ((7_500, "uk"), (7_000, "ru"))
"""The same of whom it seeks; most stand on the other's list of persons held."""
FIELDS = (
    "ref", "surname", "given_name", "patronymic", "full_name", "sex", "birth_date", "birth_place", "service_number",
    "rank", "unit", "category", "captured_on",
)  # fmt: skip
_FAULTY = """Список осіб, які утримуються;;;;
№ з/п;Прізвище, ім’я, по батькові;Дата народження;Стан здоров’я;Взуття
1;Коваль Іван Петрович;11.07.1984;здоровий;42
2;Рудeнко Олег;05/01/1990;тяжкопоранений;
2;Шевчук Марія Іванівна;12.12.2091;;38
"""


def member(username: str) -> Viewer:
    """Give a demo member as a viewer."""
    user = User.objects.get(username=username)
    return Viewer(Role(user.role), user.party_id, user.id, user.language, user.zone)


def fill(workspace: Path, at: dt.datetime) -> None:  # noqa: ARG001  every room's share has this form
    """Send, take, seal and release both sides' lists, and send one with faults."""
    codes = [side.code for side in sides()][::-1][:2]
    frames = [held_list(_scaled(rows), seed=SEED + n, script=script) for n, (rows, script) in enumerate(HELD)]
    sought = []
    for number, (rows, script) in enumerate(SOUGHT):
        other = 1 - number
        held = Held(frames[other], SEED + other, HELD[other][1])
        sought.append(sought_list(held, persons=_scaled(rows), seed=SEED + 10 + number, script=script).records)
    for number, code in enumerate(codes):
        _take(code, "held", sealed_csv(frames[number]), at)
        _take(code, "sought", sealed_csv(sought[number]), at)
        _send(code, "held", _FAULTY.encode("cp1251"), at)
    work_off()


def _scaled(rows: int) -> int:
    """Give fewer rows where the demo is asked to be small."""
    return max(60, round(rows * settings.DEMO_SCALE))


def work_off() -> None:
    """Do the jobs that wait; the demo is built before any worker runs."""
    while Job.objects.filter(state=State.WAITING).exists() and run_one():
        pass


def _send(code: str, kind: str, data: bytes, at: dt.datetime) -> ListFile:
    by = member(f"side-{code.lower()}-1")
    title = {"held": "Held, July (draft)", "sought": "Sought, July"}[kind]
    made = services.list_start(kind=kind, title=title, by=by, at=at)
    return services.file_take(list_=made, name=f"{kind}.csv", data=data, by=by, at=at)


def _take(code: str, kind: str, data: bytes, at: dt.datetime) -> None:
    file = _send(code, kind, data, at)
    file.list.title = {"held": "Held, July", "sought": "Sought, July"}[kind]
    file.list.save(update_fields=["title"])
    work_off()
    by, second = member(f"side-{code.lower()}-1"), member(f"side-{code.lower()}-2")
    accepted = services.file_accept(file=ListFile.objects.get(id=file.id), by=by, at=at)
    work_off()
    version = services.version_seal(
        version=ListVersion.objects.select_related("list").get(id=accepted.id), by=by, at=at
    )
    asked = services.version_release(
        version=version,
        audience=neutral().code,
        fields=tuple(field for field in FIELDS if field in version.columns),
        starts_at=at,
        ends_at=at + dt.timedelta(days=180),
        by=by,
        at=at,
    )
    release_approve(release=asked, by=second, at=at)
