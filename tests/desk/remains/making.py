"""Remains for tests: a transfer, cases, families and profiles, made the way the pages make them."""

import datetime as dt

import numpy as np

from goodoffices.desk.jobs.work import run_one
from goodoffices.desk.parties.models import Party
from goodoffices.desk.remains.models import (
    Candidate,
    Case,
    Container,
    Family,
    Import,
    Item,
    Reference,
    Search,
    Transfer,
)
from goodoffices.desk.remains.services import chain, kin, samples, searching
from goodoffices.formats.frequencies import read_frequencies
from goodoffices.synth.families import invent, long_form
from goodoffices.synth.remains import frequency_table, kit
from tests.desk.conftest import viewer

DAY = dt.datetime(2025, 7, 1, 9, 0, tzinfo=dt.UTC)
ZONE = "Europe/Kyiv"
LATER = DAY + dt.timedelta(days=20)


def transfer_of(receiver="UA", *, number="T-1", boxes=("C1", "C2"), declared=2, movement=""):
    """Give a closed transfer with its containers, and a case in each."""
    giver = next(code for code in ("UA", "RU") if code != receiver)
    by = viewer("forensic-1")
    made = Transfer.objects.create(
        number=number,
        giver=Party.objects.get(code=giver),
        receiver=Party.objects.get(code=receiver),
        handed_at=DAY,
        place="Crossing 2",
        zone=ZONE,
        declared_bodies=declared,
        movement=movement,
        state="closed",
    )
    containers = chain.containers_add(transfer=made, numbers=boxes, by=by)
    cases = chain.cases_open(containers=containers, by=by, at=DAY)
    return made, containers, cases


def hands(gave, took, hour, *, seal="intact", seal_number=""):
    """Give one step of custody, some hours after the handover."""
    return chain.Hands(gave, took, "Morgue 1", ZONE, DAY + dt.timedelta(hours=hour), seal, seal_number)


def examined(case, *, code, by="forensic-1"):
    """Give a case an item and a sample, and have it examined."""
    who = viewer(by)
    item = chain.item_add(case=case, number=f"{code}.1", kind="part", what="Left femur", by=who)
    samples.sample_add(case=case, code=code, tissue="bone", taken_at=DAY, item=item, by=who)
    if case.state == "received":
        chain.case_examine(case=case, about={"sex": "m"}, by=who, at=DAY)
    return item


def loci():
    """Give the loci of the usual kit."""
    return kit(read_frequencies(frequency_table(), "frequencies"))


def rows_of(frame):
    """Give typings by sample as services take them."""
    found = {}
    for sample, locus, one, two in frame.select("sample", "locus", "allele_1", "allele_2").iter_rows():
        found.setdefault(sample, []).append([locus, one, two, None, None])
    return found


def families_of(owner="UA", forms=("parents", "mother"), *, seed=3):
    """Give a side's families with typed relatives, and the truth."""
    families = invent(list(forms), loci(), rng=np.random.default_rng(seed))
    by = viewer(f"side-{owner.lower()}-1")
    columns = ("family", "person", "father", "mother", "sex", "sample", "role")
    rows = [
        [*row[:2], *(None if one == "0" else one for one in row[2:4]), row[4], row[5] or None, row[6]]
        for row in families.families.select(columns).iter_rows()
    ]
    kin.families_take(rows=rows, owner=owner, by=by, at=DAY)
    samples.profiles_add(typings=rows_of(families.references), kind="references", owner=owner, by=by, at=DAY)
    return families


def typed(case, alleles, *, code, by="forensic-1"):
    """Type a sample of a case with these alleles."""
    frame = long_form([code], np.asarray(alleles)[None], loci())
    samples.profiles_add(typings=rows_of(frame), kind="profiles", owner=case.owner, by=viewer(by), at=DAY)


def searched(kind="kinship", *, by="forensic-1", **named):
    """Search, and do the work."""
    made = searching.search_ask(kind=kind, by=viewer(by), at=LATER, **named)
    while run_one():
        pass
    return Search.objects.get(id=made.id)


def world(owner="UA"):
    """Give two cases of one side, its two families, and a finished search: the first case is the first family's."""
    _, _, cases = transfer_of(owner)
    families = families_of(owner)
    for place, (case, code) in enumerate(zip(cases, ("S1", "S2"), strict=True)):
        examined(case, code=code)
        typed(case, families.alleles[place], code=code)
    return [Case.objects.get(id=case.id) for case in cases], families, searched()


def profile_file(code="S1", *, allele=""):
    """Give a laboratory's file as GeneMapper writes it."""
    lines = ["Sample Name\tMarker\tAllele 1\tAllele 2"]
    lines += [
        f"{code}\t{locus.name}\t{locus.alleles[0] if allele == '14' else allele}\t{locus.alleles[0]}"
        for locus in loci()
    ]
    return "\n".join(lines).encode()


# ---------------------------------------------------- one row each, for tests that only need that something is there
def bare_case(owner):
    """Give a case of a party without anything in it."""
    return Case.objects.create(
        owner=owner, container=bare_container(owner), number=f"A-{Case.objects.count():05d}", opened_at=DAY
    )


def bare_transfer(receiver):
    """Give a transfer to a party."""
    giver = Party.objects.exclude(code=receiver).order_by("code").first()
    count = Transfer.objects.count()
    return Transfer.objects.create(
        number=f"B-{count}", giver=giver, receiver_id=receiver, handed_at=DAY, place="Crossing", zone=ZONE
    )


def bare_container(owner):
    """Give a container of a party."""
    return Container.objects.create(owner=owner, transfer=bare_transfer(owner), number="C1")


def bare_item(owner):
    """Give an item of a party."""
    return Item.objects.create(owner=owner, case=bare_case(owner), number="I1", kind="part")


def bare_family(owner):
    """Give a family of a party."""
    count = Family.objects.count()
    return Family.objects.create(
        owner=owner,
        code=f"K-{count:05d}",
        ref_blind=count.to_bytes(16, "big"),
        own={"ref": "F1", "contact": "", "names": {}},
        pedigree=[["F", None, None, "M", False], ["M", None, None, "F", False], ["X", "F", "M", "M", True]],
        at=DAY,
    )


def bare_reference(owner):
    """Give a relative's sample of a party."""
    family = bare_family(owner)
    return Reference.objects.create(owner=owner, family=family, person="M", code=family.code, category="parent", at=DAY)


def bare_search():
    """Give a search that is done and found nothing."""
    by = viewer("forensic-1")
    frame = {
        "prior": "default",
        "threshold": 0.9995,
        "theta": 0.0,
        "drop_out": 0.02,
        "mutation": "equal:0.002",
        "parts": 0,
    }
    return Search.objects.create(
        owner=by.party, kind="kinship", frame=frame, asked_by_id=by.user, asked_at=DAY, done_at=DAY, counts={}, notes=[]
    )


def bare_candidate(owner):
    """Give a candidate of a party's case and family."""
    report = {"loci": [], "next": [], "lines": "", "theta": 0.0, "missing": 2, "typed": []}
    return Candidate.objects.create(
        owner=owner,
        search=bare_search(),
        case=bare_case(owner),
        family=bare_family(owner),
        person="X",
        log10_lr=3.0,
        posterior=0.9,
        joint_posterior=0.9,
        loci=20,
        mismatches=0,
        rule="none",
        lacking="posterior",
        close=1,
        report=report,
    )


def bare_import(owner):
    """Give a file of profiles that waits."""
    by = viewer("forensic-1")
    content = {"rows": [], "findings": []}
    return Import.objects.create(owner=owner, kind="profiles", file="lab.txt", content=content, by_id=by.user, at=DAY)
