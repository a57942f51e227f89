"""Kinship cases as JSON: one comparison of two hypotheses, or several remains against several families."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from goodoffices.domain.errors import Fault, InputError, RangeError
from goodoffices.domain.kin import Case, Genotypes, Household, Locus, Mutation, MutationKind, OpenCase, Person


def read_case(data: bytes, file: str) -> Case | OpenCase:
    """Read a case.

    Parameters
    ----------
    data
        The JSON document.
    file
        Its name, for messages.

    Raises
    ------
    InputError
        If it is not JSON or not a case; names the path and what was expected.
    """
    try:
        whole = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(Fault(file, "", "", f"not JSON ({error})", "a kinship case in JSON")) from error
    reader = _Reader(file)
    try:
        return reader.open_case(whole) if isinstance(whole, dict) and "pm" in whole else reader.case(whole)
    except RangeError as error:
        raise InputError(Fault(file, "", "", str(error), "values within their bounds")) from error


class _Reader:
    """Reads with the path in hand, so that a fault says where."""

    def __init__(self, file: str) -> None:
        self.file = file

    def case(self, whole: object) -> Case:
        top = self.table(whole, "")
        loci = self.loci(top)
        genotypes = self.genotypes(top, loci)
        hypotheses = self.table(top.get("hypotheses"), "hypotheses")
        for name in ("H1", "H2"):
            if name not in hypotheses:
                raise self.fault("hypotheses", name, "missing", "a list of people, or words for a direct match")
        people: tuple[tuple[Person, ...], ...] = ()
        if not isinstance(hypotheses["H1"], str):
            people = tuple(self.people(hypotheses[name], f"hypotheses.{name}") for name in ("H1", "H2"))
        return Case(
            str(top.get("id", "")),
            loci,
            people,
            genotypes,
            self.number(top.get("theta") or 0, "theta", 0, 1),
            self.drop_out(top),
        )

    def open_case(self, top: Mapping[str, object]) -> OpenCase:
        loci = self.loci(top)
        remains = [self.table(entry, f"pm[{n}]") for n, entry in enumerate(self.items(top.get("pm"), "pm"))]
        families = []
        for number, entry in enumerate(self.items(top.get("am"), "am")):
            place = f"am[{number}]"
            family = self.table(entry, place)
            people = self.people(family.get("pedigree"), f"{place}.pedigree")
            missing = tuple(str(name) for name in self.items(family.get("missing"), f"{place}.missing"))
            known = {person.id for person in people}
            for name in missing:
                if name not in known:
                    raise self.fault(place, "missing", name, "a person of the pedigree")
            families.append(Household(str(family.get("family", number)), people, missing, {}))
        genotypes = self.genotypes(top, loci)
        pairs = tuple((str(entry.get("id")), str(entry.get("sex") or "")) for entry in remains)
        return OpenCase(str(top.get("id", "")), loci, pairs, tuple(families), genotypes)

    def fault(self, place: str, field: str, found: object, expected: str) -> InputError:
        return InputError(Fault(self.file, place, field, str(found)[:60], expected))

    def table(self, value: object, place: str) -> Mapping[str, object]:
        if not isinstance(value, dict):
            raise self.fault(place, "", "nothing" if value is None else type(value).__name__, "an object")
        return value

    def items(self, value: object, place: str) -> Sequence[object]:
        if not isinstance(value, list):
            raise self.fault(place, "", "nothing" if value is None else type(value).__name__, "a list")
        return value

    def number(self, value: object, place: str, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.fault(place, "", value, f"a number from {low} to {high}")
        return float(value)

    def loci(self, top: Mapping[str, object]) -> tuple[Locus, ...]:
        found = []
        for number, entry in enumerate(self.items(top.get("markers"), "markers")):
            place = f"markers[{number}]"
            marker = self.table(entry, place)
            alleles = tuple(str(allele) for allele in self.items(marker.get("alleles"), f"{place}.alleles"))
            shares = self.items(marker.get("freqs"), f"{place}.freqs")
            mutation = self.table(marker.get("mutation") or {}, f"{place}.mutation")
            found.append(
                Locus(
                    str(marker.get("name", number)),
                    alleles,
                    tuple(self.number(share, f"{place}.freqs", 0, 1) for share in shares),
                    str(marker.get("chrom", "auto")),
                    self.number(marker.get("silent") or 0, f"{place}.silent", 0, 1),
                    self.mutation(mutation.get("female"), f"{place}.mutation.female"),
                    self.mutation(mutation.get("male"), f"{place}.mutation.male"),
                    str(marker.get("linkage_group", "")),
                )
            )
        return tuple(found)

    def mutation(self, value: object, place: str) -> Mutation:
        if value is None:
            return Mutation()
        model = self.table(value, place)
        kinds = {str(kind) for kind in MutationKind}
        if model.get("model") not in kinds:
            raise self.fault(place, "model", model.get("model"), ", ".join(sorted(kinds)))
        return Mutation(
            MutationKind(str(model["model"])),
            self.number(model.get("rate", 0), f"{place}.rate", 0, 1),
            self.number(model.get("rate2") or 0, f"{place}.rate2", 0, 1),
            self.number(model.get("range") or 0.1, f"{place}.range", 0, 1),
        )

    def people(self, value: object, place: str) -> tuple[Person, ...]:
        people = []
        for number, entry in enumerate(self.items(value, place)):
            person = self.table(entry, f"{place}[{number}]")
            if not person.get("id"):
                raise self.fault(f"{place}[{number}]", "id", "nothing", "an identifier")
            sex = str(person.get("sex") or "")
            if sex not in {"M", "F", ""}:
                raise self.fault(f"{place}[{number}]", "sex", sex, "M or F")
            parents = [None if person.get(key) in {None, "", "0"} else str(person[key]) for key in ("father", "mother")]
            people.append(Person(str(person["id"]), parents[0], parents[1], sex))
        return tuple(people)

    def genotypes(self, top: Mapping[str, object], loci: Sequence[Locus]) -> Genotypes:
        known = {locus.name: set(locus.alleles) for locus in loci}
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for person, entry in self.table(top.get("genotypes"), "genotypes").items():
            found[person] = {}
            for name, value in self.table(entry, f"genotypes.{person}").items():
                place = f"genotypes.{person}"
                if name not in known:
                    raise self.fault(place, name, "an unknown locus", "a locus of markers")
                pair = [str(allele) for allele in self.items(value, f"{place}.{name}")]
                if len(pair) != 2:
                    raise self.fault(place, name, f"{len(pair)} alleles", "two alleles")
                for allele in pair:
                    if allele not in known[name]:
                        raise self.fault(place, name, f"allele {allele}", "an allele of the locus")
                found[person][name] = (pair[0], pair[1])
        return found

    def drop_out(self, top: Mapping[str, object]) -> dict[str, float]:
        if top.get("dropout") is None:
            return {}
        table = self.table(top["dropout"], "dropout")
        return {str(table.get("applies_to", "R")): self.number(table.get("d"), "dropout.d", 0, 1)}
