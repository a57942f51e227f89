"""1,000 seeded names are found nowhere: not in a dump of the database, the record, a log file or a public page."""

import logging
import random
from functools import cache
from pathlib import Path

import pyrage
import pytest
from django.conf import settings as conf
from django.db import connection
from django.utils import timezone

from goodoffices.desk.jobs import work
from goodoffices.desk.keeping.services import canary_plant, unlock_ask
from goodoffices.desk.ledger.services import sequence
from goodoffices.domain.errors import InputError
from tests.desk.conftest import post, viewer
from tests.desk.leaks import Seeker, files, forms, leaks, public_pages, rows
from tests.desk.lists.making import release, sealed

_LETTERS = "абвгґдежзиіїйклмнопрстуфхцчшщьюя"


def seeded(count=1000, seed=7):
    """Names that no word and no real person has, as likely to lie across a page's end as any."""
    chance = random.Random(seed)
    return ["".join(chance.choice(_LETTERS) for _ in range(chance.randrange(9, 15))).title() for _ in range(count)]


def lists_of(names, enter):
    """The names come in as a list, are sealed, released, read, searched and exported by their pages."""
    lines = [f"A-{number};{name};{names[-number]};1990-01-02" for number, name in enumerate(names, 1)]
    version = sealed(data="\n".join(["ref;surname;given_name;birth_date", *lines]))
    release(version)
    owner, reader = enter("side-ua-1"), enter("humanitarian-1")
    post(owner, "/recipients/add", name="laptop", key=str(pyrage.x25519.Identity.generate().to_public()))
    for address in (f"/lists/{version.list_id}", f"/lists/{version.list_id}/found?q={names[5]}"):
        assert names[5] in reader.get(address).content.decode()
    assert owner.get(f"/lists/{version.list_id}/export").status_code == 200
    assert enter("side-ru-1").get(f"/lists/{version.list_id}/found?q={names[5]}").status_code == 404


@cache
def haystack():
    """One seeker for every form, and bytes in which it finds nothing."""
    seeker, noise = Seeker([*seeded(), "Вигаданенко"]), random.Random(1).randbytes(4_300_000)
    assert not seeker.find(noise)
    return seeker, noise


@pytest.mark.parametrize("form", sorted(forms("Вигаданенко"))[::11])
def test_the_seeker_finds_a_name_however_it_is_written(form):
    seeker, noise = haystack()
    for place in (0, 4_194_300, 4_299_999):
        assert [seeker.names[n] for n in seeker.find(noise[:place] + form + noise[place:])] == ["Вигаданенко"]


def test_seeded_names_are_found_nowhere(enter, caplog):
    names, at = seeded(), timezone.now()
    lists_of(names[:300], enter)
    side, officer = viewer("side-ua-1"), viewer("humanitarian-1")
    for name in names[:400]:
        canary_plant(ref=name, by=side, at=at)
    for name in names[400:600]:
        unlock_ask(owner="UA", reason=f"to find {name}", by=officer, at=at)

    @work.work("names")
    def _names(given, progress):
        progress.tell("reading", 1, 1)
        if given["n"] % 3 == 0:
            raise InputError
        if given["n"] % 3 == 1:
            raise ValueError(given["name"])  # a defect: its message must not reach the log
        return {"found": given["name"]}, "/"

    for number in range(20):
        some = names[600 + 20 * number : 620 + 20 * number]
        work.ask(kind="names", owner="UA", given={"n": number, "name": some}, by=officer, at=at)
    with caplog.at_level(logging.DEBUG):
        while work.run_one():
            pass
    sequence()
    folders = [conf.WORKSPACE, conf.KEYS]
    if connection.vendor == "sqlite":
        folders.append(Path(connection.settings_dict["NAME"]).parent)  # freed pages and the write-ahead log too
    assert leaks(names, rows(), files(*folders), public_pages()) == {}
    assert leaks(names, [("log", caplog.text.encode())]) == {}
    assert leaks(names, [("control", f"x{names[0]}".encode())]) == {"control": 1}
