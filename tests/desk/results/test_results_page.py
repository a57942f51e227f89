"""The public page: small, kept by anyone, without script, the same figures as the command line."""

import datetime as dt
import gzip
import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from goodoffices.desk.results import services, showing
from goodoffices.desk.results.models import Assertion
from goodoffices.desk.results.records import row_of
from goodoffices.domain.assertion import Standing
from goodoffices.flow.result import results
from goodoffices.formats.process import read_process
from goodoffices.store.example import example_process
from tests.desk.results.making import DAY, figure


def test_the_public_page_stands(desk):
    answer = Client().get("/results")
    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) < 60_000
    assert Client().get("/results/C4").status_code == 200


def test_the_page_may_be_kept_by_anyone_and_is_not_sent_twice(desk):
    client = Client()
    answer = client.get("/results")
    assert answer["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers
    assert not answer.cookies
    again = client.get("/results", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/results", headers={"If-Modified-Since": answer["Last-Modified"]}).status_code == 304
    other = client.get("/results", headers={"If-None-Match": answer["ETag"], "Accept-Language": "uk"})
    assert other.status_code == 200
    assert other["ETag"] != answer["ETag"]


def test_a_member_s_page_is_never_kept_by_others(enter):
    answer = enter("side-ua-1").get("/results")
    assert answer["Cache-Control"] == "private, no-cache"
    assert Client().get("/results?lang=uk")["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_every_page_is_small_in_every_language_and_asks_for_no_script(desk, language):
    for address in ("/results", "/results/C1", "/results/C4", "/results/W1", "/results/publications", "/record"):
        answer = Client().get(address, headers={"Accept-Language": language})
        assert answer.status_code == 200
        assert len(gzip.compress(answer.content)) < 60_000
        page = answer.content.decode()
        assert f'lang="{language}"' in page
        assert " style=" not in page
        assert not re.search(r"<script(?! src=| type=\"application/ld\+json\")", page)


def test_the_json_is_that_of_the_command_line(desk):
    told = json.loads(Client().get("/results/results.json").content)
    expected = results(read_process(example_process(), "istanbul-2025.json"))
    assert told["counts"]["agree"] == expected.counts["agree"]
    assert len(told["movements"]) == len(expected.movements)
    by_id = {m["movement"]: m for m in told["movements"]}
    for m in expected.movements:
        assert by_id[m.id]["status"] == m.status


def test_no_commitment_and_no_proof_of_that_name_look_alike(desk):
    pages = {Client().get(f"/results/{name}").content for name in ("C99", "proof/a-1", "proof/ua-1", "C4x")}
    assert len(pages) == 1


def test_a_thousand_statements_stay_in_one_small_page_made_once(desk):
    for number in range(40):
        stated_many(number)
    showing._KEPT.clear()
    for _ in range(2):
        for address in ("/results", "/results/C3", "/results/results.csv"):
            assert len(gzip.compress(Client().get(address).content)) < 60_000
    assert len(showing._KEPT) == 3


def stated_many(number):
    rows = []
    for place in range(25):
        made = figure(100 + place, f"m-{number}-{place}", scope="", date=DAY - dt.timedelta(days=number))
        noun = services._noun(made, party="UA", organ="Ministry", standing=Standing.OFFICIAL, today=DAY)
        rows.append(row_of(noun, at=timezone.now()))
    Assertion.objects.bulk_create(rows)
