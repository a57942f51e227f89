"""Co-ancestry in a search: exact on the hits that can matter; one that cannot be computed keeps theta 0 and says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from goodoffices.domain.errors import RangeError
from goodoffices.domain.kin import Finding
from goodoffices.engines.kinship.assess import Answers, Frame, assess, beyond
from goodoffices.engines.kinship.search import Found, Material
from goodoffices.engines.kinship.theta import LARGEST_OF_MANY
from goodoffices.engines.kinship.together import Desk


class Scale:
    """Weighs families with theta, and without it where the exact sum is refused.

    Attributes
    ----------
    refused
        Families for which several remains together could not be weighed with theta, and why.
    """

    def __init__(self, material: Material, theta: float) -> None:
        self.exact = Desk(material, theta=theta, largest=LARGEST_OF_MANY)
        self.plain = Desk(material)
        self.refused: dict[str, str] = {}
        self._known: dict[tuple[str, tuple[tuple[str, str], ...]], float] = {}

    def family_ln(self, family: str, placed: Mapping[str, str]) -> float:
        """Give ln LR of remains placed in a family, with theta if that can be computed."""
        key = (family, tuple(sorted(placed.items())))
        if key not in self._known:
            try:
                self._known[key] = self.exact.family_ln(family, placed)
            except RangeError as error:
                self.refused[family] = str(error)
                self._known[key] = self.plain.family_ln(family, placed)
        return self._known[key]


def assess_exactly(material: Material, found: Found, frame: Frame, *, theta: float) -> tuple[Found, Answers]:
    """Give every hit its posterior, the hits that can matter weighed with exact theta.

    Parameters
    ----------
    material, found
        The search and its outcome at theta 0.
    frame
        Prior, threshold, other evidence.
    theta
        Co-ancestry, 0 to below 1.

    Returns
    -------
    tuple of Found and Answers
        A hit can matter if its posterior, alone or jointly, reaches the threshold. Posteriors are taken again until
        every such hit has been weighed: one that falls may let another rise. A hit for which the exact sum is refused
        keeps its value at theta 0, lacks `exact_theta`, and a finding names its family.
    """
    names = material.remains.names
    if theta == 0:
        return found, assess(found, names, frame, family_ln=Desk(material).family_ln)
    scale = Scale(material, theta)
    found = replace(found, theta=theta)
    why: dict[str, str] = {}
    while True:
        answers = assess(found, names, frame, family_ln=scale.family_ln)
        mattering = _mattering(found, names, answers, frame.threshold)
        new = mattering - found.weighed - found.refused
        late = {place for place in mattering if _family(found, place) in scale.refused} - found.refused
        if not new and not late:
            break
        found = _weighed(found, names, sorted(new), scale.exact, why)
        found = replace(found, refused=found.refused | late)
    why = {**scale.refused, **why}
    return replace(found, findings=(*found.findings, *_told(found, why))), answers


def _family(found: Found, place: int) -> str:
    return found.targets[int(found.hits.target[place])].family


def _mattering(found: Found, names: tuple[str, ...], answers: Answers, threshold: float) -> set[int]:
    """Give the places of the hits that reach the threshold."""
    columns = ("sample", "family", "person", "posterior", "joint_posterior")
    keys = {row[:3] for row in answers.pairs.select(columns).iter_rows() if max(row[3:5]) >= threshold}
    hits = found.hits
    return {
        place
        for place in range(len(hits.ln))
        if (
            names[int(hits.remains[place])],
            _family(found, place),
            found.targets[int(hits.target[place])].person,
        )
        in keys
    }


def _weighed(found: Found, names: tuple[str, ...], places: Iterable[int], desk: Desk, why: dict[str, str]) -> Found:
    """Weigh hits again; whatever is refused is noted in `why` and keeps its value."""
    hits = found.hits
    ln = hits.ln.copy()
    weighed, refused = set(found.weighed), set(found.refused)
    for place in places:
        target = found.targets[int(hits.target[place])]
        try:
            ln[place] = desk.family_ln(target.family, {target.person: names[int(hits.remains[place])]})
            weighed.add(place)
        except RangeError as error:
            why[target.family] = str(error)
            refused.add(place)
    _, outside = beyond(found)
    changed = replace(found, hits=replace(hits, ln=ln), weighed=frozenset(weighed), refused=frozenset(refused))
    return replace(changed, mass=beyond(changed)[0] + outside)


def _told(found: Found, why: Mapping[str, str]) -> list[Finding]:
    """Say of every family for which theta was refused, how many of its pairs this is about."""
    counts = dict.fromkeys(why, 0)
    for place in found.refused:
        counts[_family(found, place)] += 1
    return [
        Finding(
            "theta_refused",
            family,
            "",
            f"{why[family]}; weighed at theta 0; pairs above the threshold and so not reportable: {count}",
        )
        for family, count in counts.items()
    ]
