"""An invented transfer of remains: containers, some with parts of several, samples of every quality, the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import polars as pl

from goodoffices.domain.kin import Locus
from goodoffices.synth.families import Families, degraded, draw, long_form, partial

KIT = (
    "D3S1358",
    "VWA",
    "D16S539",
    "CSF1PO",
    "TPOX",
    "D8S1179",
    "D21S11",
    "D18S51",
    "D2S441",
    "D19S433",
    "TH01",
    "FGA",
    "D22S1045",
    "D5S818",
    "D13S317",
    "D7S820",
    "SE33",
    "D10S1248",
    "D1S1656",
    "D12S391",
    "D2S1338",
    "PENTAD",
    "PENTAE",
    "D6S1043",
)
"""The loci of a usual kit, as far as the frequency table has them."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """An invented transfer.

    Attributes
    ----------
    profiles
        Long form with `container` and `drop_out`.
    truth
        `sample, container, body, family, side`: whose part a sample is; `family` empty where nobody seeks this person,
        `side` own or other.
    """

    profiles: pl.DataFrame
    truth: pl.DataFrame


def frequency_table() -> bytes:
    """Give the European table of norSTR (MIT licence, beside it), long form."""
    return (files("goodoffices.synth") / "data" / "norstr-europe.csv").read_bytes()


def kit(loci: Sequence[Locus]) -> tuple[Locus, ...]:
    """Choose the usual kit's loci from a table."""
    known = {locus.name.upper().replace(" ", ""): locus for locus in loci}
    return tuple(known[name] for name in KIT if name in known)


def transfer(families: Families, loci: Sequence[Locus], containers: int, *, rng: np.random.Generator) -> Transfer:
    """Invent a transfer of containers.

    Parameters
    ----------
    families
        Who seeks; about three in five of the dead belong to one.
    loci
        Of the kit.
    containers
        How many.
    rng
        Source of chance.
    """
    bodies = round(containers * 0.97)
    sought = rng.permutation(len(families.names))[: min(round(bodies * 0.6), len(families.names))]
    strangers = bodies - len(sought)
    alleles = np.concatenate([families.alleles[sought], draw(loci, strangers, rng=rng)])
    sex = [families.sexes[place] for place in sought.tolist()] + ["M"] * strangers
    other_side = rng.random(bodies) < np.where(np.arange(bodies) < len(sought), 0.0, 0.3)
    owner, held = _parts(bodies, containers, rng)
    quality = rng.choice([0.0, 0.05, 0.25], size=len(owner), p=[0.65, 0.25, 0.10])
    typed = degraded(alleles[owner], quality, rng=rng)
    typed = partial(typed, 0.2, rng=rng, least=4, most=max(4, round(len(loci) * 0.7)))
    names = [f"S{number + 1:05d}" for number in range(len(owner))]
    boxes = [f"C{number + 1:04d}" for number in held]
    about = pl.DataFrame({"sample": names, "container": boxes, "drop_out": quality})
    profiles = pl.concat([long_form(names, typed, loci), _amelogenin(names, [sex[body] for body in owner])])
    truth = pl.DataFrame(
        {
            "sample": names,
            "container": boxes,
            "body": [f"B{body + 1:04d}" for body in owner],
            "family": [families.names[sought[body]] if body < len(sought) else "" for body in owner],
            "side": ["other" if other_side[body] else "own" for body in owner],
        }
    )
    return Transfer(profiles.join(about, on="sample", how="left", maintain_order="left"), truth)


def _parts(bodies: int, containers: int, rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Give body and container of every sample: each body lies in one container, some in two, some share one."""
    owner: list[int] = []
    held: list[int] = []
    boxes = rng.permutation(containers)
    for body in range(bodies):
        box = int(boxes[body % containers])
        for _ in range(int(rng.choice([1, 2, 3], p=[0.7, 0.2, 0.1]))):
            owner.append(body)
            held.append(box)
        if rng.random() < 0.06:
            owner.append(body)
            held.append(int(rng.integers(containers)))
    for box in boxes[bodies:].tolist():
        owner.append(int(rng.integers(bodies)))
        held.append(int(box))
    return owner, held


def _amelogenin(names: Sequence[str], sexes: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "sample": list(names),
            "locus": ["AMEL"] * len(names),
            "allele_1": ["X"] * len(names),
            "allele_2": ["Y" if sex == "M" else "X" for sex in sexes],
        }
    )
