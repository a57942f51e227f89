"""How many statements a page sends to the database: at most so many, and not one more for a longer process."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from goodoffices.desk.ledger.services import sequence
from goodoffices.desk.talks import services as talks
from tests.desk.conftest import viewer
from tests.desk.lists.making import release, sealed, two_lists
from tests.desk.pairs.making import compared, linked

FRAME = 4
"""Of every page of a member: the session; the member, party and mandate; the session's last use; the second factor."""


def asked(client, address):
    """Give the statements one answer sends, without those that begin and end a transaction."""
    assert client.get(address).status_code == 200  # what a member's first page notes is not counted
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    marks = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")
    return [one["sql"] for one in captured.captured_queries if not one["sql"].startswith(marks)]


def lengthen(first, last):
    """Plan one sitting in each of so many more rounds."""
    by, at = viewer("secretariat-1"), timezone.now()
    for number in range(first, last):
        made = talks.forum_open(
            code=f"r{number}", kind="round", title=f"Round {number}", members=["UA", "RU"], online=False,
            order=number, by=by, at=at,
        )  # fmt: skip
        talks.sitting_plan(
            forum=made, starts_at=at + dt.timedelta(days=number), minutes=90, place="Istanbul",
            zone="Europe/Istanbul", agenda=[{"number": 1, "title": "Text"}], by=by, at=at,
        )  # fmt: skip


def test_the_queue_asks_the_same_of_a_short_run_and_of_a_long_one_among_others(enter):
    run = compared(8)
    officer = enter("humanitarian-1")
    short = asked(officer, "/pairs?verdict=any&state=all")
    held, sought = (sealed(f"side-{side}-1", text, kind=kind) for side, text, kind in zip(
        ("ua", "ru"), two_lists(16, seed=3), ("held", "sought"), strict=False
    ))  # fmt: skip
    for version in (held, sought):
        release(version)
    longer = linked(held, sought)
    assert longer.pairs > run.pairs
    long = asked(officer, "/pairs?verdict=any&state=all")
    assert len(long) == len(short) <= FRAME + 10, long
    counts = [sql for sql in long if "COUNT(" in sql and "pairs_pair" in sql]
    assert len(counts) == 1, "the pairs of a run are counted once a page"
    today = asked(officer, "/")
    assert len([sql for sql in today if "lists_answer" in sql]) <= 1, "what waits for answers is counted once"


def test_talks_and_today_ask_the_same_of_few_rounds_and_of_many(enter):
    lengthen(11, 13)
    sequence()
    side = enter("side-ua-1")
    few = {address: asked(side, address) for address in ("/talks", "/", "/calendar.ics")}
    lengthen(13, 20)
    sequence()
    many = {address: asked(side, address) for address in few}
    assert {address: len(sent) for address, sent in many.items()} == {a: len(sent) for a, sent in few.items()}
    assert len(many["/talks"]) <= FRAME + 2, many["/talks"]
    assert len(many["/"]) <= 60, many["/"]
