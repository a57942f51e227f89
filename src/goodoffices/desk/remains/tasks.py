"""Long work of the room: the blind search and the reassociation, in parts that survive their worker."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from goodoffices.desk.jobs.work import Progress, work
from goodoffices.desk.remains.models import Candidate, Case, Family, Grouping, Profile, Search, SearchPart
from goodoffices.desk.remains.records import agreed, found_of, frame_of, household_of, part_of
from goodoffices.desk.remains.services.searching import part_keep, search_close
from goodoffices.domain.errors import Fault, InputError
from goodoffices.domain.kin import Finding, Household, Mutation, MutationKind
from goodoffices.engines.kinship import lineage, panel, power
from goodoffices.engines.kinship.assess import Frame
from goodoffices.engines.kinship.observe import Noise
from goodoffices.engines.kinship.panel import is_lineage
from goodoffices.engines.kinship.prior import parse
from goodoffices.engines.kinship.reassociate import reassociate
from goodoffices.engines.kinship.reweigh import assess_exactly
from goodoffices.engines.kinship.search import Found, Material, joined, search, split
from goodoffices.engines.kinship.together import Desk
from goodoffices.formats.frequencies import read_frequencies
from goodoffices.synth.remains import frequency_table

LEAST_LOCI = 8
"""Loci from which a profile is compared."""
RARE = 0.001
MUTATION = Mutation(MutationKind.EQUAL, 0.002)
KEEP = 5
PAIRS_A_PART = 50_000_000
SHOWN = 400
"""Candidates kept of a search, those that meet the rule first; of each the whole report."""
ADVISED = 25
"""Candidates, the most probable first, for whom it is said whom to sample next."""
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """Everything typed at the moment of a search.

    Attributes
    ----------
    profiles, references
        Frames; remains under the key of their case, relatives under the key of their reference.
    households
        Under the key of their family.
    """

    profiles: pl.DataFrame
    references: pl.DataFrame
    households: tuple[Household, ...]
    findings: tuple[Finding, ...] = ()


@work("remains_kinship")
def kinship(given: Mapping[str, object], progress: Progress) -> tuple[Mapping[str, object], str]:
    """Compare every case with every missing person; give the search's page."""
    asked = Search.objects.get(id=str(given["search"]))
    address = f"/remains/search/{asked.id}"
    if asked.done_at is not None:
        return {}, address
    progress.tell("reading")
    typed = _typed(asked)
    material, noticed = _material(typed, drop_out=asked.frame["drop_out"])
    found = _searched(asked, material, progress)
    progress.tell("weighing")
    frame = Frame(parse(asked.frame["prior"]), asked.frame["threshold"], {}, _lines(typed, material, found))
    found, answers = assess_exactly(material, found, frame, theta=asked.frame["theta"])
    rows = _chosen(answers.pairs)
    candidates = _candidates(asked, rows, material, found.theta, progress)
    counts = {
        "cases": len(material.remains.names),
        "families": len(material.households),
        "missing": len(material.targets),
        "pairs": len(material.remains.names) * len(material.targets),
        "candidates": len(candidates),
        "ready": sum(not row["lacking"] for row in rows),
    }
    search_close(
        search=asked,
        counts=counts,
        notes=_told((*typed.findings, *noticed, *found.findings, *answers.findings)),
        candidates=candidates,
    )
    return {}, address


@work("remains_reassociation")
def reassociation(given: Mapping[str, object], progress: Progress) -> tuple[Mapping[str, object], str]:
    """Compare every sample with every other; give the page of the groups."""
    asked = Search.objects.get(id=str(given["search"]))
    address = f"/remains/search/{asked.id}"
    if asked.done_at is not None:
        return {}, address
    progress.tell("reading")
    latest = Profile.objects.filter(latest=True, sample__isnull=False, at__lte=asked.asked_at)
    samples = {
        str(profile.sample_id): profile
        for profile in latest.filter(loci__gte=LEAST_LOCI // 2).select_related("sample").order_by("id")
    }
    typed = Typed(frame_of(samples.items()), frame_of(()), ())
    material, noticed = _material(typed, drop_out=asked.frame["drop_out"])
    progress.tell("comparing", 0, len(samples))
    held = {name: profile.sample.case_id for name, profile in samples.items() if profile.sample is not None}
    groups = reassociate(material.remains, material.loci, containers=held)
    groupings = [
        Grouping(
            search=asked,
            sample_id=member.sample,
            group=number,
            log10_lr=member.log10 if member.log10 is None or math.isfinite(member.log10) else None,
            contradicts=len(member.contradicts),
        )
        for number, group in enumerate(groups.groups, 1)
        for member in group
    ]
    counts = {
        "samples": len(samples),
        "groups": len(groups.groups),
        "joined": sum(len({held[one.sample] for one in group}) > 1 for group in groups.groups),
        "commingled": sum(one.code == "commingled" for one in groups.findings),
    }
    progress.tell("writing", len(samples), len(samples))
    search_close(search=asked, counts=counts, notes=_told(noticed), groupings=groupings)
    return {}, address


def _typed(asked: Search) -> Typed:
    """Read what was typed before the search was asked for; a withdrawn sample is not read at all."""
    of_case: dict[str, list[tuple[str, Profile]]] = {}
    before = Profile.objects.filter(latest=True, at__lte=asked.asked_at).order_by("id")
    open_cases = Case.objects.filter(state__in=("profiled", "reassociated", "identified", "family_told", "released"))
    home = {case.id: case.joined_to_id or case.id for case in open_cases}
    for profile in before.filter(sample__case__in=list(home)).select_related("sample"):
        if profile.sample is not None:
            case = home[profile.sample.case_id]
            of_case.setdefault(case, []).append((case, profile))
    good = [pair for pairs in of_case.values() if max(one.loci for _, one in pairs) >= LEAST_LOCI for pair in pairs]
    relatives = list(
        before.filter(reference__withdrawn_at__isnull=True, reference__isnull=False).select_related("reference")
    )
    of_family: dict[str, list[tuple[str, str]]] = {}
    for profile in relatives:
        if profile.reference is not None:
            of_family.setdefault(profile.reference.family_id, []).append(
                (profile.reference.person, profile.reference.id)
            )
    families = Family.objects.filter(at__lte=asked.asked_at).order_by("id")
    profiles, findings = agreed(frame_of(good, replicates=True), drop_out=asked.frame["drop_out"])
    return Typed(
        profiles,
        frame_of((str(profile.reference_id), profile) for profile in relatives),
        tuple(household_of(family, of_family.get(family.id, ())) for family in families),
        findings,
    )


def _material(typed: Typed, *, drop_out: float) -> tuple[Material, tuple[Finding, ...]]:
    """Turn what was typed into numbers.

    Raises
    ------
    InputError
        If nothing was typed at a locus of the frequency table.
    """
    if typed.profiles.is_empty():
        raise InputError(Fault("profiles", "", "", "none", "profiles of at least 8 loci"))
    table = read_frequencies(frequency_table(), "frequencies")
    loci, noticed = panel.panel(table, [typed.profiles, typed.references], mutation=(MUTATION, MUTATION), rare=RARE)
    if not loci:
        raise InputError(Fault("profiles", "", "locus", "none of the frequency table", "typings at its loci"))
    remains = panel.code_remains(typed.profiles, loci, noise=Noise(drop_out))
    references = panel.code_references(typed.references, loci)
    return Material(loci, remains, references, typed.households), noticed


def _searched(asked: Search, material: Material, progress: Progress) -> Found:
    """Search part by part; a part that an earlier worker has finished is taken as it was kept.

    Raises
    ------
    InputError
        If nobody is sought.
    """
    if not material.targets:
        raise InputError(Fault("families", "", "", "none", "families with somebody missing"))
    size = len(material.remains.names) * len(material.targets)
    parts = split(material, asked.frame["parts"] or min(16, 1 + size // PAIRS_A_PART))
    kept = {part.number: part.found for part in SearchPart.objects.filter(search=asked)}
    found = []
    for number, part in enumerate(parts):
        progress.tell("comparing", number, len(parts))
        if number not in kept:
            kept[number] = part_of(search(part, keep=KEEP, run=_telling(progress, number, len(parts))))
            part_keep(search=asked, number=number, found=kept[number])
        found.append(found_of(kept[number], part))
    progress.tell("comparing", len(parts), len(parts))
    return joined(found)


def _telling(
    progress: Progress, done: int, total: int
) -> Callable[[Callable[[tuple[int, int]], object], Iterable[tuple[int, int]]], Iterable[object]]:
    """Run the scan's parts one after another, with a sign of life before each."""

    def run(one: Callable[[tuple[int, int]], object], edges: Iterable[tuple[int, int]]) -> Iterable[object]:
        for edge in edges:
            progress.tell("comparing", done, total)
            yield one(edge)

    return run


def _lines(typed: Typed, material: Material, found: Found) -> dict[Key, tuple[lineage.Line, ...]]:
    """Compare Y-STR and mtDNA where both sides have them."""
    held = tuple(
        lineage.haplotypes(
            row for row in frame.select("sample", "locus", "allele_1", "allele_2").iter_rows() if is_lineage(row[1])
        )
        for frame in (typed.profiles, typed.references)
    )
    if not held[0] or not held[1]:
        return {}
    pairs = [
        (material.remains.names[one], found.targets[target].family, found.targets[target].person)
        for one, target in zip(found.hits.remains.tolist(), found.hits.target.tolist(), strict=True)
    ]
    return lineage.of_hits(pairs, lineage.relatives(material.households), (held[0], held[1]))


def _chosen(pairs: pl.DataFrame) -> list[dict[str, Any]]:
    """Take what the board can use: pairs that speak for a family, those that lack nothing first."""
    ready = pairs.filter(pl.col("lacking") == "")
    worth = pairs.filter((pl.col("lacking") != "") & (pl.col("bits") > 0) & (pl.col("posterior") >= 0.05))
    worth = worth.sort("posterior", descending=True, maintain_order=True)
    return [*ready.iter_rows(named=True), *worth.head(max(0, SHOWN - len(ready))).iter_rows(named=True)]


def _candidates(
    asked: Search, rows: list[dict[str, Any]], material: Material, theta: float, progress: Progress
) -> list[Candidate]:
    """Weigh every candidate locus by locus, and say whom to sample next where something lacks."""
    families = Family.objects.in_bulk([str(row["family"]) for row in rows])
    desks = {one: Desk(material, theta=one) for one in {0.0, theta}}
    place = {(target.family, target.person): number for number, target in enumerate(material.targets)}
    found, advice = [], ADVISED
    for number, row in enumerate(rows):
        if number % 10 == 0:
            progress.tell("reports", number, len(rows))
        family, person, sample = (str(row[name]) for name in ("family", "person", "sample"))
        loci = desks[float(str(row["theta"]))].lines(family, {person: sample})
        asks = bool(row["lacking"]) and advice > 0
        advice -= asks
        following = power.gains(material, place[family, person])[:3] if asks else []
        report = {
            "loci": [[one.locus, one.remains, dict(one.relatives), one.lr] for one in loci],
            "next": [[name, round(bits, 1)] for name, bits in following],
            "lines": str(row["lines"]),
            "theta": row["theta"],
            "missing": len(material.targets),
            "typed": sorted(desks[0.0].households[family].samples),
        }
        found.append(
            Candidate(
                owner=families[family].owner,
                search=asked,
                case_id=sample,
                family=families[family],
                person=person,
                log10_lr=row["log10_lr"],
                posterior=row["posterior"],
                joint_posterior=row["joint_posterior"],
                loci=row["loci"],
                mismatches=row["mismatches"],
                rule=row["rule"],
                lacking=row["lacking"],
                close=row["close_relatives"],
                report=report,
            )
        )
    return found


def _told(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    """Give what was noticed as code, key and locus, at most 200 lines."""
    return list(dict.fromkeys((one.code, one.subject, one.locus) for one in findings))[:200]
