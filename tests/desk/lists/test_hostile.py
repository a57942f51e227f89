"""Files that mean harm: a friendly page, nothing stored, the desk alive; and names that mean harm are never a path."""

import resource

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from goodoffices.desk.frame import uploads
from goodoffices.desk.ids import new_id
from goodoffices.desk.lists.models import ListFile, ListVersion, Record
from tests.desk.lists.making import SMALL, sent, work_off
from tests.store.making import HEADER, PERSON, xlsx
from tests.store.test_read import BOMBS

ROW = "A-{},Коваль,Іван\n"


def _long_line():
    return ("ref,surname\nA-1," + "x" * 10_000_000 + "\n").encode()


def _wide():
    return (",".join(["ref", "surname", *(f"c{n}" for n in range(16_382))]) + "\n" + "x," * 16_383 + "x\n").encode()


HOSTILE = [
    *((name, make) for name, make, _ in BOMBS),
    ("a line of ten megabytes", _long_line),
    ("16,384 columns", _wide),
    ("a program", lambda: b"\x7fELF" + bytes(1000)),
    ("a PDF", lambda: b"%PDF-1.7 " + bytes(100)),
    ("nothing but zeros", lambda: bytes(5000)),
    ("an open quotation mark", lambda: b'ref,surname\nA-1,"' + b"x,\n" * 100_000),
]


@pytest.mark.parametrize("make", [case[1] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_what_means_harm_gets_a_friendly_page_and_nothing_is_stored(enter, make):
    client = enter("side-ua-1")
    before = {whose: resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)}
    answer = client.post("/lists/new", sent(make(), kind="held", title="x"))
    assert answer.status_code == 302
    work_off()
    page = client.get(answer.headers["Location"], follow=True)
    assert page.status_code == 200
    file = ListFile.objects.get()
    assert file.state == "refused"
    assert "cannot be read as a list" in page.content.decode()
    assert "Traceback" not in page.content.decode()
    assert not ListVersion.objects.exists()
    for whose, peak in before.items():  # what this run's earlier tests took is not this file's
        assert resource.getrusage(whose).ru_maxrss <= max(peak + (1 << 18), 1 << 20)  # a bomb unpacks to gigabytes
    client.post("/lists/new", sent(kind="held", title="after"))
    work_off()
    assert ListFile.objects.filter(state="understood").count() == 1, "the desk is alive"


NAMES = [
    "../../../../etc/passwd",
    "..\\..\\boot.ini",
    "a\x00b.csv",
    "list\u202evsc.exe",
    "x" * 3000 + ".csv",
    "<script>alert(1)</script>.csv",
    "CON.csv",
    "список\n\r\t.csv",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_hostile_name_is_never_a_path_and_never_a_control(desk, enter, name):
    client = enter("side-ua-1")
    before = {path for path in desk.parent.rglob("*") if path.is_file()}
    answer = client.post("/lists/new", sent(name=name, kind="held", title="x"))
    assert answer.status_code in {302, 422}
    work_off()
    fresh = {path for path in desk.parent.rglob("*") if path.is_file()} - before
    assert not {path for path in fresh if path.suffix in {".csv", ".exe", ".ini"} or "passwd" in path.name}
    file = ListFile.objects.first()
    if file is not None:
        assert file.name.isprintable()
        assert "/" not in file.name.replace("</script>", "")
        assert "\\.." not in file.name
        assert len(file.name) <= 120
        page = client.get(f"/lists/{file.list_id}/check").content.decode()
        assert "<script>alert" not in page
        assert "\u202e" not in page


def test_a_packed_file_that_climbs_out_writes_nowhere(desk, enter):
    data = xlsx(HEADER + PERSON, more=[("../../../climbed.xml", "x"), ("/climbed.xml", "x")])
    enter("side-ua-1").post("/lists/new", sent(data, name="list.xlsx", kind="held", title="x"))
    work_off()
    assert not list(desk.parent.rglob("climbed*"))
    assert ListFile.objects.get().state in {"understood", "refused"}


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "koi8-u", "utf-8-sig"])
def test_what_is_only_unusual_is_read(enter, encoding):
    names = "".join(f"A-{n};Коваль{n};Іван;Петрович;11.07.1984\n" for n in range(40))
    data = ("ref;Прізвище;Ім’я;По батькові;Дата народження\n" + names).replace("’", "'").encode(encoding)
    client = enter("side-ua-1")
    client.post("/lists/new", sent(data, kind="held", title="x"))
    work_off()
    file = ListFile.objects.get()
    assert (file.state, file.records) == ("understood", 40)
    assert "Коваль" in client.get(f"/lists/{file.list_id}/check").content.decode()


def test_what_is_empty_or_too_large_is_said_at_the_field(enter, monkeypatch):
    client = enter("side-ua-1")
    assert "at most 32 MB" in client.post("/lists/new", sent(b"", kind="held", title="x")).content.decode()
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    answer = client.post("/lists/new", sent(b"x" * 200_000, kind="held", title="kept"))
    assert answer.status_code == 422
    assert "kept" in answer.content.decode(), "what was typed is kept"
    assert not ListFile.objects.exists()


def test_a_file_on_its_way_never_lies_on_the_disk(enter, tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    big = SMALL + "".join(ROW.format(n).strip() + "\n" for n in range(10, 200_000))
    body = {"once": new_id(), "kind": "held", "title": "x", "file": SimpleUploadedFile("a.csv", big.encode())}
    seen = []
    real = ListFile.save

    def save(self, *args, **named):
        seen.append([path for path in tmp_path.rglob("*") if path.is_file() and path.suffix == ".upload"])
        return real(self, *args, **named)

    monkeypatch.setattr(ListFile, "save", save)
    assert enter("side-ua-1").post("/lists/new", body).status_code == 302
    assert seen == [[]]


@pytest.mark.slow
def test_a_list_of_100000_rows_is_taken_and_searched(enter):
    from goodoffices.formats.sealed import sealed_csv
    from goodoffices.synth.people import side_lists

    data = sealed_csv(side_lists(100_000, seed=3).left)
    client = enter("side-ua-1")
    client.post("/lists/new", sent(data, kind="held", title="x"))
    work_off()
    file = ListFile.objects.get()
    client.post(f"/lists/{file.list_id}/check/{file.id}/accept", {"once": new_id()})
    work_off()
    assert Record.objects.count() == 100_000
    found = client.get(f"/lists/{file.list_id}/found?q=Ivan").content.decode()
    assert found.count("<tr>") == 51
    assert client.get(f"/lists/{file.list_id}?page=2000").status_code == 200
