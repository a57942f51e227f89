"""Pages of what is refused: what happened, what was kept, what next, and a way back that can be opened."""

import re
from pathlib import Path

import pytest
from django.test import Client

from goodoffices.desk import http
from goodoffices.desk.frame import uploads
from goodoffices.desk.ids import new_id
from goodoffices.formats.words import Language, Words
from tests.desk.conftest import post
from tests.desk.english import english_in

SOURCE = Path(http.__file__).parent
LANGUAGES = ("uk", "ru", "tr")


def refusals(enter):
    """Ask for one refusal of each kind."""
    side, desk = enter("side-ua-1"), enter("secretariat-1")
    here = {"HTTP_REFERER": "http://testserver/results/publish"}
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies
    yield 400, desk.post("/results/publish/send", {}, **here)
    yield 403, strict.post("/results/publish/send", {"once": "x" * 12}, **here)
    yield 404, side.get("/lists/there-is-none", **here)
    yield 405, desk.get("/results/publish/send")
    yield 409, desk.post("/results/publish/send", {"once": "y" * 12}, **here)
    yield 413, desk.post("/results/publish/send", {"once": "x" * 12, "words": "x" * 1_100_000}, **here)
    yield 422, post(side, "/lists/new", title="")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_speaks_the_readers_language_and_leads_on(enter, language):
    words = Words("desk", Language(language))
    for status, answer in refusals(lambda name: spoken(enter(name), language)):
        page = answer.content.decode()
        assert answer.status_code == status
        assert english_in(page, language) == [], status
        assert f'<html lang="{language}"' in page
        if status != 422:  # the form itself, with what was typed
            key = "error_once" if status == 400 else f"error_{status}"
            for part in ("title", "kept", "next"):
                assert words(f"{key}_{part}") in page, (status, part)
            assert ('href="/results/publish"' in page) is (status not in {404, 405}), status


def spoken(client, language):
    client.cookies["language"] = language
    return client


def test_a_page_that_cannot_be_opened_again_or_is_not_ours_is_no_way_back(enter):
    client = enter("secretariat-1")
    for referer in ("http://elsewhere.example/results", "http://testserver/results/publish/send", "http://[", ""):
        answer = client.post("/results/publish/send", {"once": new_id()}, HTTP_REFERER=referer)
        assert answer.status_code == 409
        assert "Back to where you were" not in answer.content.decode(), referer


def test_a_file_too_large_is_said_beside_its_field_in_the_readers_language(enter, monkeypatch):
    from django.core.files.uploadedfile import SimpleUploadedFile

    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    body = {"title": "kept", "kind": "held", "file": SimpleUploadedFile("a.csv", b"x" * 70_000)}
    page = post(spoken(enter("side-ua-1"), "uk"), "/lists/new", **body).content.decode()
    assert page.count("більший за будь-який файл") == 2  # in the summary and at the field
    assert 'value="kept"' in page


def test_without_a_database_the_words_stand_alone(rf, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("no database")

    monkeypatch.setattr(http, "show", fails)
    answer = http.server_error(rf.get("/talks", headers={"accept-language": "tr"}))
    assert (answer.status_code, "Masada bir hata oldu" in answer.content.decode()) == (500, True)


def test_every_stage_of_a_work_has_words():
    words = Words("desk_jobs", Language.EN)
    sources = [*SOURCE.rglob("tasks.py"), *SOURCE.parent.joinpath("engines/linkage").rglob("*.py")]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    stages = set(re.findall(r'(?:progress\.tell|\bsay)\(\s*"([a-z_]+)"', text)) | set(
        re.findall(r'_stage = "(\w+)"', text)
    )
    assert len(stages) > 12
    assert {stage for stage in stages if not words.has(f"stage_{stage}")} == set()


def test_no_attribute_and_no_title_holds_the_mark_of_a_language():
    marked = []
    for path in SOURCE.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        bare = re.sub(r"\{[{%].*?[%}]\}", lambda found: "·" * len(found[0]), text)
        for found in re.finditer(r"\{\{[^}]*\|told\s*\}\}", text):
            before, source = bare[: found.start()], text[: found.start()]
            in_tag = before.rfind("<") > before.rfind(">") or before.rfind("<option") > before.rfind("</option")
            in_title = source.rfind("{% block title %}") > source.rfind("{% endblock")
            marked += [f"{path.name}: {found[0]}"] if in_tag or in_title else []
    assert marked == [], "use |plain"
