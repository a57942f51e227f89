"""A desk full of everything whose process is over: all that is sealed goes, and every page still answers."""

import pytest

from tests.desk.serving import python

BUILD = "import django; django.setup()\nfrom goodoffices.desk.demo import build\nbuild()"
ERASE = """
import datetime as dt
import django; django.setup()
from django.db import connection
from django.utils import timezone
from goodoffices.desk.keeping import retention
from goodoffices.desk.keeping.rotation import is_cut_off, rotate, sealed_fields, sealed_models
from goodoffices.desk.keys import ring
from goodoffices.desk.parties.selectors import process
from tests.desk.conftest import viewer
now, by = timezone.now(), viewer("secretariat-1")
retention.purpose_end(kind="process", row=process().id, ended_at=now - dt.timedelta(days=31), by=by, at=now)
due = retention.counts(retention.due(now))
assert len(due) > 25, due
retention.erase(timezone.now(), say=lambda *_: None)
assert not is_cut_off()
rotate(ring().parties(), say=lambda *_: None, grace=lambda: None)
kept = {"jobs.Job", "ledger.Statement"}
for model in sealed_models():
    if model._meta.label not in kept:
        for row in model._default_manager.all():
            said = [field.attname for field in sealed_fields(model) if getattr(row, field.attname) is not None]
            assert not said, (model._meta.label, said)
"""
LOOK = r"""
import re
import django; django.setup()
from django.test import Client
from goodoffices.desk.parties.models import User
START = ("/", "/digest", "/lists", "/pairs", "/remains", "/remains/families", "/exchange", "/ceasefire", "/transfers",
    "/talks", "/commitments", "/record", "/results", "/results/all", "/reads", "/releases", "/history", "/print",
    "/calendar.ics")
looked = 0
for user in User.objects.order_by("username"):
    client, seen, todo = Client(raise_request_exception=False, SERVER_NAME="localhost"), set(), list(START)
    client.post(f"/enter/{user.username}")
    while todo and len(seen) < 60:
        page = todo.pop(0)
        if page in seen or page.startswith(("/static", "/enter", "/walk", "/record/log")):
            continue
        seen.add(page)
        answer = client.get(page)
        if answer.status_code >= 500:
            print(user.username, page, answer.status_code)
        if "text/html" in answer.headers.get("Content-Type", ""):
            todo += [link.partition("?")[0] for link in re.findall(r'href="(/[^"#]*)"', answer.content.decode())]
    looked += len(seen)
assert looked > 500, looked
"""


@pytest.mark.slow
def test_a_desk_whose_purpose_has_ended_holds_nothing_sealed_and_still_answers(tmp_path):
    folder, small = tmp_path / "desk", {"GOODOFFICES_DEMO_SCALE": "0.02"}
    python(BUILD, folder, **small)
    python(ERASE, folder, **small)
    assert not python(LOOK, folder, **small)
