"""Invariant 8: a side that submits invented names learns nothing of whom the other side holds.

Two worlds differ only in whether the hundred names that one side seeks stand on the other's list. Every page that the
seeker can reach, found from the resolver and by following every link, is the same in both: its content, its counts, its
order, its status and headers, and how much work it took (queries of the database: its timing class).
"""

import datetime as dt
import re
from dataclasses import dataclass

import polars as pl
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goodoffices.desk.demo import open_process
from goodoffices.desk.keys import ring
from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.lists.models import Record
from goodoffices.desk.pairs import services
from goodoffices.desk.pairs.models import Pair, Run
from goodoffices.desk.parties.models import User
from goodoffices.formats.sealed import sealed_csv
from goodoffices.synth.people import side_lists
from tests.desk.conftest import AT, viewer, with_factor
from tests.desk.lists.making import release, sealed, sent, work_off
from tests.desk.pairs.making import FIELDS, decide, linked

SOUGHT = 100
EACH = 4
"""Pages looked at of one kind of address, such as one line of a list."""
_KEY = re.compile(r"\b[0-9a-hjkmnp-tv-z]{12}\b")
_NOISE = (
    (re.compile(r'name="(once|csrfmiddlewaretoken)" value="[^"]*"'), ""),
    (_KEY, "KEY"),
    (re.compile(r'<time datetime="[^"]*">[^<]*</time>'), "TIME"),
    (re.compile(r"\d+ (second|minute)s? ago|in \d+ (second|minute)s?"), "AGO"),
    (re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00"), "TIME"),
    (re.compile(r' d="[^"]*"'), ""),  # the QR code of a head: salted, so another each time
    (re.compile(r"[A-Za-z0-9+/]{24,}=*"), "SALTED"),
    (re.compile(r"<code>(?:[0-9a-f]{4} ){3}[0-9a-f]{4}</code>"), "ROOT"),
    (re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{12}…"), "HASH"),
)
_LINK = re.compile(r'(?:href|hx-get|action)="(/[^"#]*|\?[^"#]*)')


@dataclass(frozen=True)
class Seen:
    status: int
    headers: tuple[tuple[str, str], ...]
    text: str
    queries: int


def _world(tmp_path, where, *, are_held):
    """Build a desk in which the names sought are held by the other side, or are not; the same in all else."""
    where.WORKSPACE, where.KEYS = tmp_path / "desk", tmp_path / "keys"
    where.WORKSPACE.mkdir()
    ring.cache_clear()
    open_process(AT)
    sought = side_lists(SOUGHT, seed=5).right
    strangers = side_lists(SOUGHT, seed=7).right
    held = pl.concat([sought if are_held else strangers, side_lists(50, seed=6).left])
    held = held.with_columns(ref=pl.Series([f"H-{n}" for n in range(held.height)]))
    holder = sealed("side-ua-1", sealed_csv(held), kind="held")
    seeker = sealed("side-ru-1", sealed_csv(sought), kind="sought")
    release(holder, fields=FIELDS)
    release(seeker, fields=FIELDS)
    linked(holder, seeker)
    return seeker


def _pages(version):
    """Give every page the seeker reaches, by its address without keys."""
    client, user = Client(), User.objects.get(username="side-ru-1")
    with_factor(user)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    name = Record.objects.filter(version=version).order_by("position").first().fields["surname"]
    run = Run.objects.select_related("left", "right").get()
    foreign = run.left if run.left_id != version.id else run.right
    pair = Pair.objects.order_by("id").values_list("id", flat=True).first() or "0" * 12
    waiting = [
        "/", "/lists", "/pairs", "/lists/counts", "/pairs/counts", "/pairs/link", "/pairs/found?q=" + name,
        f"/pairs/found?run={run.id}", f"/pairs?run={run.id}", f"/pairs/{pair}", f"/lists/{foreign.list_id}",
        f"/lists/{version.list_id}/found?q={name}", "/lists?q=" + name, "/talks", "/transfers", "/record", "/results",
    ]  # fmt: skip
    seen, done = {}, set()
    client.get("/pairs")  # what is cached once is cached in both worlds
    while waiting:
        address = waiting.pop(0)
        kind = _KEY.sub("KEY", address)
        if address in done or len(seen.get(kind, ())) >= EACH or address.startswith(("/static", "/account", "/enter")):
            continue
        done.add(address)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        text = answer.content.decode(errors="replace") if "html" in answer.get("Content-Type", "") else ""
        for found in _LINK.findall(text):
            link = found.replace("&amp;", "&")
            if "lang=" in link:
                continue
            waiting.append(address.split("?")[0] + link if link.startswith("?") else link)
        for pattern, by in _NOISE:
            text = pattern.sub(by, text)
        kept = [(k, v) for k, v in answer.headers.items() if k != "Content-Length"]
        headers = tuple(sorted((name, _KEY.sub("KEY", value)) for name, value in kept))
        seen.setdefault(kind, []).append(Seen(answer.status_code, headers, text, len(captured)))
    return seen


@pytest.mark.django_db(transaction=False)
def test_a_hundred_invented_names_reveal_nothing(db, tmp_path, settings):
    from django.db import transaction

    worlds = []
    for number, are_held in enumerate((False, True)):
        mark = transaction.savepoint()
        (tmp_path / str(number)).mkdir()
        version = _world(tmp_path / str(number), settings, are_held=are_held)
        found = Pair.objects.filter(verdict="link").count()
        for pair in Pair.objects.filter(verdict="link"):
            decide(pair)  # the holder is asked; the seeker still learns nothing
        services.days_record(timezone.now() + dt.timedelta(days=1))
        sequence()
        worlds.append((found, _pages(version)))
        transaction.savepoint_rollback(mark)
        ring.cache_clear()
    (none, one), (many, two) = worlds
    assert none == 0
    assert many >= SOUGHT * 0.9, "the worlds do differ, for the neutral"
    assert set(one) == set(two)
    assert len(one) > 25
    for address in one:
        assert len(one[address]) == len(two[address]), address
        for left, right in zip(one[address], two[address], strict=True):
            assert (left.status, left.headers, left.queries) == (right.status, right.headers, right.queries), address
            assert left.text == right.text, address


def test_sending_sought_names_says_the_same_whoever_is_held(desk, enter):
    """The upload itself answers before anything is compared, and nothing is compared with another side's list."""
    holder = sealed("side-ua-1", sealed_csv(side_lists(50, seed=5).left), kind="held")
    release(holder, fields=FIELDS)
    client = enter("side-ru-1")
    client.get("/lists/new")
    answers = []
    for seed in (5, 6):
        data = sealed_csv(side_lists(50, seed=seed).right)
        with CaptureQueriesContext(connection) as captured:
            answer = client.post("/lists/new", sent(data, kind="sought", title="x"))
        worked = work_off()
        answers.append((answer.status_code, len(captured), worked))
    assert answers[0] == answers[1]
    assert Pair.objects.count() == 0
    assert viewer("side-ru-1").party == "RU"
    assert timezone.now() is not None
