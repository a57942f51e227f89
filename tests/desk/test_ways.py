"""Every role finds the pages its words do not name; a job is its asker's role's; a waiting recovery is told."""

import re

import pytest
from django.utils import timezone

from goodoffices.desk.jobs.models import Job
from goodoffices.desk.notices import Column, gather
from goodoffices.desk.parties import members
from goodoffices.desk.parties.models import User
from tests.desk.conftest import viewer

WAYS = {
    "side-ua-1": {"/people", "/remains", "/releases", "/reads", "/recipients", "/unlocks", "/canaries"},
    "humanitarian-1": {"/remains", "/releases", "/reads", "/recipients"},
    "forensic-1": {"/remains", "/releases", "/reads", "/recipients"},
    "secretariat-1": {"/remains", "/reads", "/recoveries", "/retention"},
    "operator": {"/recoveries", "/retention"},
}


@pytest.mark.parametrize("username", WAYS)
def test_the_account_leads_to_what_the_role_may_open(username, enter):
    client = enter(username)
    found = set(re.findall(r'<a href="(/[a-z]+)">', client.get("/account").content.decode()))
    assert WAYS[username] <= found
    for address in found:
        assert client.get(address).status_code == 200, address


def test_a_job_is_open_to_the_role_that_asked_for_it_and_to_no_other_of_its_party(enter):
    asker = User.objects.get(username="humanitarian-1")
    job = Job.objects.create(kind="test", owner="DESK", asked_by=asker, asked_at=timezone.now(), given={})
    assert enter("humanitarian-1").get(f"/jobs/{job.id}").status_code == 200
    for other in ("operator", "secretariat-1", "forensic-1", "auditor", "side-ua-1"):
        assert enter(other).get(f"/jobs/{job.id}").status_code == 404, other


def test_a_recovery_that_waits_is_told_to_who_may_confirm_it_and_not_to_who_asked(desk):
    now = timezone.now()
    assert not recoveries_of("secretariat-1", now)
    members.recovery_ask(user=User.objects.get(username="side-ua-1"), by=viewer("side-ua-2"), at=now)
    assert recoveries_of("secretariat-1", now)
    assert recoveries_of("operator", now)
    for other in ("side-ua-2", "side-ru-1", "humanitarian-1"):
        assert not recoveries_of(other, now), other


def recoveries_of(username, now):
    """Give what Today tells a member of ways back in."""
    return [one for one in gather(viewer(username), now)[Column.WAITS] if one.address == "/recoveries"]
