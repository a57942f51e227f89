"""Files of laboratories and of families: read apart, shown first, sealed at rest, refused where they are hostile."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from goodoffices.desk.ledger.models import Statement
from goodoffices.desk.remains.models import Family, Import, Profile, Reference
from goodoffices.desk.remains.services import kin, samples
from goodoffices.domain.errors import InputError, NotYoursError, TransitionError
from tests.desk.conftest import post, viewer
from tests.desk.remains import making

FAMILIES = b"""family,person,father,mother,sex,sample,role
Fam-1,F,0,0,M,R-1,
Fam-1,M,0,0,F,R-2,
Fam-1,X,F,M,M,,missing
"""


def read(data, *, kind="profiles", owner="UA", by="forensic-1"):
    return samples.import_read(kind=kind, data=data, file="lab.txt", owner=owner, by=viewer(by), at=making.DAY)


def dump():
    """Give every byte of the room's tables and of the record's."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("remains_", "ledger_", "jobs_")):
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  a table's own name
                found += [repr(bytes(v) if isinstance(v, memoryview) else v) for row in cursor.fetchall() for v in row]
    return "\n".join(found)


def test_a_file_counts_only_after_a_yes_and_its_case_is_profiled_then(desk):
    _, _, (case, _) = making.transfer_of()
    making.examined(case, code="S1")
    waiting = read(making.profile_file())
    assert Profile.objects.count() == 0
    assert samples.import_take(waiting=waiting, by=viewer("forensic-1"), at=making.DAY) == 1
    case.refresh_from_db()
    assert case.state == "profiled"
    assert Profile.objects.get().loci == len(making.loci())
    with pytest.raises(TransitionError, match="taken_before"):
        samples.import_take(waiting=Import.objects.get(), by=viewer("forensic-1"), at=making.DAY)


def test_a_later_profile_supersedes_and_the_old_one_stays(desk):
    _, _, (case, _) = making.transfer_of()
    making.examined(case, code="S1")
    for _ in range(2):
        samples.import_take(waiting=read(making.profile_file()), by=viewer("forensic-1"), at=making.DAY)
    assert sorted(Profile.objects.values_list("latest", flat=True)) == [False, True]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (making.profile_file, "code_known"),
        (lambda: making.profile_file(allele="Ivan Vyhadanyi"), "allele"),
        (lambda: making.profile_file(allele="=1+1"), "allele"),
        (lambda: b"Sample Name\tMarker\tAllele 1\tAllele 2\n", ""),
        (lambda: b"PK\x03\x04" + bytes(200), ""),
        (lambda: b"\x00" * 5000, ""),
        (lambda: b"", ""),
        (lambda: b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", ""),
        (lambda: b"sample,locus\n" + b"x," * 200_000, ""),
    ],
)
def test_a_hostile_or_broken_file_is_refused_in_words_and_nothing_is_kept(desk, data, code):
    _, _, (case, other) = making.transfer_of()
    making.examined(case if code != "code_known" else other, code="S1" if code != "code_known" else "S9")
    with pytest.raises(InputError) as error:
        read(data())
    assert not code or code in {fault.expected for fault in error.value.faults}
    assert Import.objects.count() == 0


def test_a_file_on_the_page_is_read_shown_and_taken(enter):
    _, _, (case, _) = making.transfer_of()
    making.examined(case, code="S1")
    client = enter("forensic-1")
    file = SimpleUploadedFile("lab\u202egnp.txt", making.profile_file())
    answer = post(client, "/remains/imports/profiles", owner="UA", file=file)
    assert answer.status_code == 302
    assert "\u202e" not in client.get(answer["Location"]).content.decode()
    wrong = SimpleUploadedFile("lab.txt", making.profile_file("S7"))
    refused = post(client, "/remains/imports/profiles", owner="UA", file=wrong)
    assert refused.status_code == 422
    assert b"a code that was noted before" in refused.content
    assert post(client, f"{answer['Location']}/take").status_code == 302
    assert enter("side-ru-1").get(answer["Location"]).status_code == 404


def test_genotypes_names_and_references_lie_sealed_and_reach_no_record(desk):
    _, _, (case, _) = making.transfer_of()
    making.examined(case, code="S1")
    samples.import_take(waiting=read(making.profile_file()), by=viewer("forensic-1"), at=making.DAY)
    by = viewer("side-ua-1")
    samples.import_take(waiting=read(FAMILIES, kind="families", by="side-ua-1"), by=by, at=making.DAY)
    family = Family.objects.get()
    kin.family_name(family=family, contact="Vulytsia 5", names={"X": "Petro Vyhadanyi"}, by=by)
    text = dump()
    for secret in ("Petro", "Vulytsia", "Fam-1", "D3S1358", "D21S11", "Left femur"):
        assert secret not in text
    family.refresh_from_db()
    assert family.own["names"] == {"X": "Petro Vyhadanyi"}
    assert {one.kind for one in Statement.objects.all()} >= {"profiles_taken", "families_taken"}


def test_the_neutral_sees_families_by_pseudonym_the_other_side_not_at_all_and_the_humanitarian_yes_or_no(enter):
    by = viewer("side-ua-1")
    samples.import_take(waiting=read(FAMILIES, kind="families", by="side-ua-1"), by=by, at=timezone.now())
    family = Family.objects.get()
    kin.family_name(family=family, contact="Vulytsia 5", names={"X": "Petro Vyhadanyi"}, by=by)
    address = f"/remains/family/{family.id}"
    own, neutral = enter("side-ua-1").get(address), enter("forensic-1").get(address)
    assert b"Petro" in own.content
    assert b"Fam-1" in own.content
    assert b"Petro" not in neutral.content
    assert b"Fam-1" not in neutral.content
    assert family.code.encode() in neutral.content
    assert enter("side-ru-1").get(address).status_code == 404
    assert family.code.encode() not in enter("side-ru-1").get("/remains/families").content
    assert enter("humanitarian-1").get(address).status_code == 404
    shown = enter("humanitarian-1").get("/remains/kin").content
    assert family.code.encode() in shown
    assert b"R-1" not in shown
    with pytest.raises(NotYoursError):
        read(FAMILIES, kind="families", by="forensic-1")


def test_relatives_are_named_by_what_they_are_to_the_missing(desk):
    families = making.families_of(forms=("spouse_child", "mother_sibling", "grandparents_uncle_mother"))
    assert len(families.names) == 3
    found = sorted(set(Reference.objects.values_list("person", "category")))
    assert found == [
        ("C", "child"), ("GF", "other"), ("GM", "other"), ("M", "parent"), ("S", "sibling"), ("U", "other"),
        ("W", "other"),
    ]  # fmt: skip


def test_a_name_in_the_place_of_a_letter_and_a_broken_pedigree_are_refused(desk):
    by = viewer("side-ua-1")
    with pytest.raises(InputError, match="code"):
        read(FAMILIES.replace(b"Fam-1,F", "Fam-1,Іван Петрович".encode()), kind="families", by="side-ua-1")
    looped = FAMILIES.replace(b"Fam-1,F,0,0", b"Fam-1,F,X,M")
    with pytest.raises(InputError, match="pedigree"):
        samples.import_take(waiting=read(looped, kind="families", by="side-ua-1"), by=by, at=making.DAY)
    assert Family.objects.count() == 0
