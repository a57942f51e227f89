"""The pack of a day has what every room prints of it: forms for an agreed window, notices, the text of a sitting."""

import datetime as dt
import io
import zipfile
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from django.utils import timezone

from goodoffices.cli.desk_paper import pack
from goodoffices.desk.handover import papers
from goodoffices.desk.talks import demo, drafting, services
from goodoffices.desk.talks.models import Forum
from goodoffices.formats.words import Language
from tests.desk.ceasefire.making import assured
from tests.desk.conftest import AT, viewer
from tests.desk.handover.making import there_is_a_desk

SIDES = ("side-ua-1", "side-ru-1")
SOURCE = {"en": "@title T\n@version 1\n@language en\n@parties RU UA\n1.1 exchange [all]{UA}[some]{RU}\n"}


@pytest.fixture
def tomorrow(desk, monkeypatch):
    """A day on which the third round sits and a window begins, while a silence runs."""
    demo.forums_open(AT)
    chair, at = viewer("secretariat-1"), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: at)  # midnight may come while the test runs
    day = (at.astimezone(ZoneInfo("Europe/Istanbul")) + dt.timedelta(days=1)).replace(hour=10, minute=0)
    round3, group = Forum.objects.get(code="r3"), Forum.objects.get(code="wg-humanitarian")
    drafting.text_open(forum=round3, title="T", source=SOURCE, by=chair, at=at)
    services.sitting_plan(
        forum=round3, starts_at=day, minutes=60, place="", zone="Europe/Istanbul", agenda=[], by=chair, at=at
    )
    services.silence_open(forum=group, text_hash="a" * 64, hours=72, by=chair, at=at)
    assured(starts_at=day)
    return day.date()


def titles(who, date, language=Language.EN):
    return [one.title for one in papers.others_of(viewer(who), date, language=language, at=timezone.now())]


@pytest.mark.parametrize(("who", "count"), [*((side, 3) for side in SIDES), ("secretariat-1", 2)])
def test_who_needs_them_gets_the_notice_the_text_and_whoever_reports_incidents_the_form(tomorrow, enter, who, count):
    assert len(titles(who, tomorrow)) == count
    page = enter(who).get(f"/print?date={tomorrow}").content.decode()
    assert "Also in the pack" in page
    assert page.count("in the ZIP alone") == 1
    packed = zipfile.ZipFile(io.BytesIO(enter(who).get(f"/print/pack.zip?date={tomorrow}").content))
    assert len(packed.namelist()) == count + 1
    assert all(packed.read(name).startswith(b"%PDF-") for name in packed.namelist())
    assert enter(who).get(f"/print/pack.pdf?date={tomorrow}").content.startswith(b"%PDF-")


def test_another_day_has_the_notice_alone_and_who_does_not_sit_there_nothing(tomorrow, enter):
    later = tomorrow + dt.timedelta(days=1)
    assert len(titles("side-ua-1", later)) == 1
    assert not titles("forensic-1", later)
    assert enter("forensic-1").get(f"/print/pack.zip?date={later}").status_code == 404
    assert "Nothing is to be printed" in enter("forensic-1").get(f"/print?date={later}").content.decode()


@pytest.mark.parametrize("language", list(Language))
def test_the_papers_are_named_in_every_language(tomorrow, language):
    named = titles("side-ua-1", tomorrow, language)
    assert len(set(named)) == 3
    assert language is Language.EN or not set(named) & set(titles("side-ua-1", tomorrow))


def test_the_pack_for_tomorrow_is_one_command(tomorrow, tmp_path):
    there_is_a_desk()
    out = tmp_path / "TOMORROW.zip"
    made = CliRunner().invoke(pack, ["--member", "side-ua-1", "--out", str(out)])
    assert made.output.startswith(f"3 papers of {tomorrow}")
    assert len(zipfile.ZipFile(out).namelist()) == 4
