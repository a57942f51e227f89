"""Lists for tests: invented, sent and taken the way the pages do, and released by two members."""

import datetime as dt

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from goodoffices.desk.ids import new_id
from goodoffices.desk.jobs.work import run_one
from goodoffices.desk.lists import services
from goodoffices.desk.lists.models import List, ListFile, ListVersion
from goodoffices.desk.parties.selectors import neutral
from goodoffices.desk.parties.services import release_approve
from goodoffices.formats.sealed import sealed_csv
from goodoffices.synth.people import side_lists
from tests.desk.conftest import viewer

NAMES = ("ref", "surname", "given_name", "patronymic", "full_name", "birth_date")
SMALL = """ref,surname,given_name,patronymic,birth_date,health,note
A-1,Коваль,Іван,Петрович,1984-07-11,fit,alpha
A-2,Руденко,Олег,Іванович,1990-05-01,wounded,beta
A-3,Шевчук,Марія,Іванівна,1991,fit,
"""


def work_off():
    """Do every job that waits."""
    count = 0
    while run_one():
        count += 1
    return count


def side_of(username):
    """Give the code of a member's party."""
    return viewer(username).party


def listed(username="side-ua-1", data=SMALL, *, kind="held", title="July", list_=None) -> ListVersion:
    """Send a list and take it: a version in draft."""
    by, now = viewer(username), timezone.now()
    list_ = list_ or services.list_start(kind=kind, title=title, by=by, at=now)
    body = data if isinstance(data, bytes) else data.encode()
    file = services.file_take(list_=list_, name="list.csv", data=body, by=by, at=now)
    work_off()
    file = ListFile.objects.get(id=file.id)
    assert file.state == "understood", (file.state, file.report)
    version = services.file_accept(file=file, by=by, at=now)
    work_off()
    return ListVersion.objects.get(id=version.id)


def sealed(username="side-ua-1", data=SMALL, **named) -> ListVersion:
    """Give a sealed version."""
    version = listed(username, data, **named)
    return services.version_seal(version=version, by=viewer(username), at=timezone.now())


def release(version, audience=None, fields=NAMES, *, until=None):
    """Release fields of a sealed version by two members of its owner; to the neutral unless told otherwise."""
    code = version.list.owner_id.lower()
    now = timezone.now()
    asked = services.version_release(
        version=version,
        audience=audience or neutral().code,
        fields=tuple(field for field in fields if field in version.columns),
        starts_at=now,
        ends_at=until or now + dt.timedelta(days=30),
        by=viewer(f"side-{code}-1"),
        at=now,
    )
    return release_approve(release=asked, by=viewer(f"side-{code}-2"), at=timezone.now())


def two_lists(persons=60, *, seed=7):
    """Give two sides' lists of partly the same persons as CSV: held by the first, sought by the second."""
    both = side_lists(persons, seed=seed)
    return sealed_csv(both.left), sealed_csv(both.right), both.truth


def sent(data=SMALL, name="list.csv", **fields):
    """Give the fields of an upload form."""
    body = data if isinstance(data, bytes) else data.encode()
    return {"once": new_id(), "file": SimpleUploadedFile(name, body), **fields}


__all__ = ["List", "listed", "release", "sealed", "sent", "two_lists", "work_off"]
