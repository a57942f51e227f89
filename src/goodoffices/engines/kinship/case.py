"""One case: two hypotheses, or several remains against several families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from goodoffices.domain.errors import RangeError
from goodoffices.domain.kin import Case, Finding, Locus, Person
from goodoffices.engines.kinship.likelihood import Ratio, Weights, ratio
from goodoffices.engines.kinship.mutation import Floats
from goodoffices.engines.kinship.network import Model, model_of
from goodoffices.engines.kinship.observe import Noise, weights
from goodoffices.engines.kinship.pedigree import Pedigree, build


@dataclass(frozen=True, slots=True)
class Answer:
    """The ratio of a case and what was noticed on the way.

    Attributes
    ----------
    ratio
        Locus by locus.
    findings
        Linked loci left out, and the like.
    """

    ratio: Ratio
    findings: tuple[Finding, ...]


def evaluate(case: Case, *, prune: bool = False) -> Answer:
    """Compare the two hypotheses of a case.

    Parameters
    ----------
    case
        As read.
    prune
        Familias' convention for untyped founders.

    Raises
    ------
    RangeError
        If a pedigree cannot stand, or theta is out of bounds.
    """
    loci, findings = unlinked(case.loci)
    if not case.hypotheses:
        return _direct(case, loci, findings)
    first, second = (build(people, single_parents=False) for people in case.hypotheses)
    models = {locus.name: model_of(locus) for locus in loci}
    sexes = _sexes(case.hypotheses)
    seen = [_weights(case, locus, models[locus.name], sexes) for locus in loci]
    pairs = [
        ({k: v for k, v in w.items() if k in first.ids}, {k: v for k, v in w.items() if k in second.ids}) for w in seen
    ]
    stray = sorted(set(case.genotypes) - set(first.ids) - set(second.ids))
    notes = (*findings, *(Finding("stray", person, "", "typed, but in no hypothesis; not used") for person in stray))
    return Answer(ratio((first, second), models, pairs, theta=case.theta, prune=prune), notes)


def _direct(case: Case, loci: Sequence[Locus], findings: tuple[Finding, ...]) -> Answer:
    people = list(case.genotypes)
    if len(people) != 2:
        raise RangeError(f"a direct match compares two profiles, found {len(people)}")
    loci = [locus for locus in loci if all(locus.name in case.genotypes[person] for person in people)]
    models = {locus.name: model_of(locus) for locus in loci}
    one, two = Pedigree((people[0],), (-1,), (-1,), ("",)), Pedigree(tuple(people), (-1, -1), (-1, -1), ("", ""))
    pairs = []
    for locus in loci:
        seen = _weights(case, locus, models[locus.name], {})
        joint = seen[people[0]] * seen[people[1]]
        pairs.append(({people[0]: joint}, seen))
    return Answer(ratio((one, two), models, pairs, theta=case.theta), findings)


def _weights(case: Case, locus: Locus, model: Model, sexes: Mapping[str, str]) -> Weights:
    place = {allele: number for number, allele in enumerate(locus.alleles)}
    found: dict[str, Floats] = {}
    for person, typed in case.genotypes.items():
        if locus.name in typed:
            found[person] = weights(
                {place[allele] for allele in typed[locus.name]},
                model.share,
                noise=Noise(case.drop_out.get(person, 0.0)),
                silent=locus.silent > 0,
                single=model.is_x and sexes.get(person) == "M",
            )
    return found


def _sexes(hypotheses: Sequence[Sequence[Person]]) -> dict[str, str]:
    return {person.id: person.sex for people in hypotheses for person in people if person.sex}


GROUPS_X = {
    "1": ("DXS10148", "DXS10135", "DXS8378"),
    "2": ("DXS7132", "DXS10079", "DXS10074"),
    "3": ("DXS10103", "HPRTB", "DXS10101"),
    "4": ("DXS10146", "DXS10134", "DXS7423"),
}
"""The four linkage groups of the twelve usual X loci (Szibor 2007, doi:10.1016/j.fsigen.2007.03.001; Argus X-12)."""


def unlinked(loci: Sequence[Locus]) -> tuple[tuple[Locus, ...], tuple[Finding, ...]]:
    """Keep one X locus per linkage group, the one with most different alleles; say which were left out."""
    known = {name: group for group, names in GROUPS_X.items() for name in names}
    best: dict[str, Locus] = {}
    for locus in loci:
        group = locus.linkage or known.get(locus.name.upper(), "")
        if locus.chromosome == "X" and group and (group not in best or _variety(locus) > _variety(best[group])):
            best[group] = locus
    kept, findings = [], []
    for locus in loci:
        group = locus.linkage or known.get(locus.name.upper(), "")
        if locus.chromosome != "X" or not group or best[group] is locus:
            kept.append(locus)
        else:
            text = f"linked to {best[group].name} on the X chromosome (group {group}); left out"
            findings.append(Finding("linked", "loci", locus.name, text))
    return tuple(kept), tuple(findings)


def _variety(locus: Locus) -> float:
    return 1 - sum(share * share for share in locus.frequencies)
