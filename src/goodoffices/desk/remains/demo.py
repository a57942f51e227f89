"""The room's share of the demo: two transfers of invented remains, invented families, one search, a board at work."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
from django.conf import settings

from goodoffices.desk.access import Role, Viewer
from goodoffices.desk.jobs.work import run_one
from goodoffices.desk.parties.models import User
from goodoffices.desk.parties.selectors import sides
from goodoffices.desk.remains.models import Candidate, Case, Container, Family, Grouping, Item, Sample, Search, Transfer
from goodoffices.desk.remains.services.board import Question, vote
from goodoffices.desk.remains.services.chain import (
    Hands,
    case_examine,
    case_step,
    cases_open,
    containers_add,
    custody_note,
    transfer_add,
    transfer_step,
)
from goodoffices.desk.remains.services.kin import families_take, family_name
from goodoffices.desk.remains.services.samples import profiles_add
from goodoffices.desk.remains.services.searching import search_ask
from goodoffices.domain.kin import Locus
from goodoffices.formats.frequencies import read_frequencies
from goodoffices.synth.families import FORMS, Families, invent
from goodoffices.synth.remains import Transfer as Invented
from goodoffices.synth.remains import frequency_table, kit, transfer

SEED = 20250723
CONTAINERS, FAMILIES = 100, 120
SHARES = {
    "parents": 0.2,
    "spouse_child": 0.2,
    "mother_sibling": 0.2,
    "two_siblings": 0.1,
    "grandparents_uncle_mother": 0.1,
    "mother": 0.1,
    "sibling": 0.1,
}
PLACE, ZONE = "Crossing point 2", "Europe/Kyiv"
DAYS = (38, 24)
MOVEMENTS = ("T-10", "T-11")
"""Codes of the transfers at the road in which the containers came: the handover's demo makes them."""


def fill(workspace: Path, at: dt.datetime) -> None:  # noqa: ARG001  every room's demo is called so
    """Make a transfer each way, type what is in it, search once, and let the board begin."""
    rng = np.random.default_rng(SEED)
    loci = kit(read_frequencies(frequency_table(), "frequencies"))
    both = sides()
    for number, (receiver, giver) in enumerate(zip(both, reversed(both), strict=True), 1):
        families = _families(receiver.code, number, loci, at, rng=rng)
        sent = transfer(families, loci, _scaled(CONTAINERS), rng=rng)
        _transfer(number, (giver.code, receiver.code), sent, at)
    members = [_member(f"{Role.FORENSIC}-{number}") for number in (1, 2)]
    for kind in ("reassociation", "kinship"):
        search_ask(kind=kind, by=members[0], at=at - dt.timedelta(days=1))
        while run_one():
            pass
    _board(members, at)


def _member(username: str) -> Viewer:
    user = User.objects.get(username=username)
    return Viewer(Role(user.role), user.party_id, user.id, user.language, user.zone)


def _scaled(count: int) -> int:
    """Give less where the demo is asked to be small; under thirty the board would have nothing to do."""
    return max(30, round(count * settings.DEMO_SCALE))


def _families(
    owner: str, number: int, loci: tuple[Locus, ...], at: dt.datetime, *, rng: np.random.Generator
) -> Families:
    by = _member(f"side-{owner.lower()}-1")
    asked = at - dt.timedelta(days=60)
    forms = rng.choice(list(SHARES), size=_scaled(FAMILIES), p=list(SHARES.values())).tolist()
    families = invent([str(form) for form in forms if form in FORMS], loci, rng=rng, rate=0.002)
    columns = ("family", "person", "father", "mother", "sex", "sample", "role")
    rows = [
        [*row[:2], *(None if one == "0" else one for one in row[2:4]), row[4], row[5] or None, row[6]]
        for row in families.families.select(columns).iter_rows()
    ]
    families_take(rows=rows, owner=owner, by=by, at=asked)
    typed = _by_sample(families.references.with_columns(drop_out=pl.lit(None, pl.Float64)))
    profiles_add(typings=typed, kind="references", owner=owner, by=by, at=asked)
    for place, family in enumerate(Family.objects.filter(owner=owner).order_by("code")[:3], 1):
        family_name(
            family=family, contact=f"Office {number}, file {place}", names={"X": f"Invented person {place}"}, by=by
        )
    return families


def _by_sample(frame: pl.DataFrame) -> dict[str, list[list[str | float | None]]]:
    found: dict[str, list[list[str | float | None]]] = {}
    for sample, locus, one, two, drop_out in frame.select(
        "sample", "locus", "allele_1", "allele_2", "drop_out"
    ).iter_rows():
        found.setdefault(sample, []).append([locus, one, two, None, drop_out])
    return found


def _transfer(number: int, parties: tuple[str, str], sent: Invented, at: dt.datetime) -> None:
    by = _member(f"{Role.FORENSIC}-1")
    day = at - dt.timedelta(days=DAYS[number - 1])
    boxes = sent.truth["container"].unique().sort().to_list()
    one = transfer_add(
        number=f"T-{number}",
        giver=parties[0],
        receiver=parties[1],
        handed_at=day,
        place=PLACE,
        zone=ZONE,
        declared_bodies=len(boxes) if number == 1 else None,
        movement=MOVEMENTS[number - 1],
        by=by,
    )
    containers = containers_add(transfer=one, numbers=boxes, by=by)
    _custody(containers, day, by, at)
    for event in ("receipt", "close"):
        transfer_step(transfer=one, event=event, by=by)
    cases = cases_open(containers=containers, by=by, at=day)
    case_step(cases=cases, event="examine", by=by, at=day + dt.timedelta(days=2))
    _samples(one, sent, day, by)
    first = Case.objects.filter(container__transfer=one).order_by("number").first()
    if first is not None:
        about = {"sex": "m", "age": "25-35", "height": "172-178", "effects": "A watch without strap"}
        case_examine(case=first, about=about, by=by, at=at)


def _custody(containers: list[Container], day: dt.datetime, by: Viewer, at: dt.datetime) -> None:
    """Hand over every container at the crossing, and bring all but one to the morgue with its papers."""
    crossing = Hands(
        "Recovery team", "Transport unit", "Storage, giving side", ZONE, day - dt.timedelta(days=3), "intact"
    )
    over = Hands("Transport unit", "Receiving commission", PLACE, ZONE, day, "intact")
    morgue = Hands("Receiving commission", "Morgue 1", "Morgue 1", ZONE, day + dt.timedelta(hours=9), "intact")
    for hands in (crossing, over):
        custody_note(things=containers, hands=hands, by=by, at=at)
    custody_note(things=containers[1:], hands=morgue, by=by, at=at)
    late = Hands("Driver of convoy 3", "Morgue 1", "Morgue 1", ZONE, day + dt.timedelta(hours=11), "broken")
    custody_note(things=containers[:1], hands=late, by=by, at=at)


def _samples(one: Transfer, sent: Invented, day: dt.datetime, by: Viewer) -> None:
    """Give every case its items and samples; what was typed follows."""
    cases = {
        case.container.number: case for case in Case.objects.filter(container__transfer=one).select_related("container")
    }
    items, samples, count = [], [], dict.fromkeys(cases, 0)
    for sample, box in sent.truth.select("sample", "container").iter_rows():
        count[box] += 1
        case = cases[box]
        item = Item(owner=case.owner, case=case, number=f"{box}.{count[box]}", kind="part")
        items.append(item)
        taken = day + dt.timedelta(days=3)
        samples.append(Sample(owner=case.owner, case=case, item=item, code=sample, tissue="bone", taken_at=taken))
    Item.objects.bulk_create(items)
    Sample.objects.bulk_create(samples)
    typed = day + dt.timedelta(days=12)
    profiles_add(typings=_by_sample(sent.profiles), kind="profiles", owner=one.receiver_id, by=by, at=typed)


def _came(case: Case) -> tuple[str, str]:
    """Order cases by what was invented: keys and numbers of cases are drawn by lot, anew each time."""
    return case.container.transfer.number, case.container.number


def _board(members: list[Viewer], at: dt.datetime) -> None:
    """Let two members agree on some, differ on one, find one not ours, and join two cases that are one person."""
    search = Search.objects.filter(kind="kinship").latest("asked_at")
    rows = Candidate.objects.filter(search=search, lacking="").select_related("case__container__transfer", "search")
    ready = sorted(rows, key=lambda one: (-round(one.posterior, 9), _came(one.case)))
    # Where two cases of the search claim one person the board looks first: these wait.
    voted = min(14, len(ready) - 2)
    for place, candidate in enumerate(ready[:voted]):
        question = Question("identified", candidate=candidate)
        moment = at - dt.timedelta(hours=20 - place)
        vote(case=candidate.case, question=question, agrees=True, reason="", by=members[0], at=moment)
        if place < voted - 2:
            vote(
                case=candidate.case,
                question=question,
                agrees=place != voted - 3,
                reason="The stated height does not fit" if place == voted - 3 else "",
                by=members[1],
                at=moment + dt.timedelta(minutes=5),
            )
    _not_ours(members, ready[0], at)
    _joined(members, at, other_than=_came(ready[0].case)[0])


def _not_ours(members: list[Viewer], found: Candidate, at: dt.datetime) -> None:
    """Find that what lay in one container of the first candidate's transfer is not the receiver's."""
    rows = Case.objects.filter(
        state="profiled", candidates__isnull=True, container__transfer=found.case.container.transfer
    )
    case = min(rows.select_related("container__transfer"), key=_came, default=None)
    if case is not None:
        for member in members:
            reason = "Papers and effects of the giving side's service"
            vote(case=case, question=Question("not_ours"), agrees=True, reason=reason, by=member, at=at)


def _joined(members: list[Viewer], at: dt.datetime, *, other_than: str) -> None:
    """Find that two cases are one person: of the groups over two cases, the first of the other transfer."""
    groups: dict[int, list[Case]] = {}
    rows = Grouping.objects.filter(search__kind="reassociation", sample__case__state="profiled")
    for one in rows.select_related("sample__case__container__transfer"):
        groups.setdefault(one.group, []).append(one.sample.case)
    several = [sorted(cases, key=_came) for cases in groups.values() if len({_came(case) for case in cases}) > 1]
    for cases in sorted(several, key=lambda group: (_came(group[0])[0] == other_than, [_came(one) for one in group])):
        first, other = cases[0], next(case for case in cases if case.id != cases[0].id)
        if first.owner == other.owner:
            for member in members:
                question = Question("reassociated", other=first)
                case = Case.objects.get(id=other.id)
                vote(case=case, question=question, agrees=True, reason="", by=member, at=at)
            return
