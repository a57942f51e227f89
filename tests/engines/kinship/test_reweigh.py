"""Co-ancestry in a search: exact where it matters, plain and marked where it is refused."""

from dataclasses import replace

import numpy as np
import pytest

from goodoffices.engines.kinship import reweigh
from goodoffices.engines.kinship import search as engine
from goodoffices.engines.kinship.assess import Frame, assess, beyond
from goodoffices.engines.kinship.reweigh import assess_exactly
from goodoffices.engines.kinship.together import Desk
from tests.engines.kinship.test_search import material

FRAME = Frame(threshold=0.9)


def ln_of(made, found, place, theta):
    who = found.targets[found.hits.target[place]]
    sample = made.remains.names[found.hits.remains[place]]
    return Desk(made, theta=theta).family_ln(who.family, {who.person: sample})


def test_every_hit_that_can_matter_is_exact_and_the_others_are_as_they_were():
    made = material(3)
    plain = engine.search(made, keep=4)
    found, answers = assess_exactly(made, plain, FRAME, theta=0.03)
    assert found.refused == frozenset()
    assert 0 < len(found.weighed) < len(found.hits.ln)
    for place, ln in enumerate(found.hits.ln):
        theta = 0.03 if place in found.weighed else 0.0
        assert ln == pytest.approx(ln_of(made, found, place, theta), rel=1e-9, abs=1e-9)
    high = answers.pairs.filter((answers.pairs["posterior"] >= 0.9) | (answers.pairs["joint_posterior"] >= 0.9))
    assert len(high) > 0
    assert high["theta"].to_list() == [0.03] * len(high)


def test_theta_nought_changes_nothing():
    made = material(3)
    plain = engine.search(made, keep=4)
    found, answers = assess_exactly(made, plain, FRAME, theta=0.0)
    assert found is plain
    assert answers.pairs.equals(assess(plain, made.remains.names, FRAME, family_ln=Desk(made).family_ln).pairs)


def test_a_weight_that_theta_lowers_far_leaves_no_rounding_behind():
    made = material(3)
    found = engine.search(made, keep=1)
    place = int(np.argmax(found.hits.ln))
    row = found.hits.remains[place]
    ln = found.hits.ln.copy()
    ln[place] = np.log(1e14)
    mass = found.mass.copy()
    mass[row] = 1e14 * (1 + 6e-8)  # a sum in single precision
    found = replace(found, hits=replace(found.hits, ln=ln), mass=mass)
    weighed, _ = assess_exactly(made, found, FRAME, theta=0.03)
    assert weighed.mass[row] == pytest.approx(np.exp(weighed.hits.ln[place]), rel=1e-9)
    assert beyond(weighed)[1][row] == 0


def test_a_family_for_which_theta_is_refused_keeps_nought_lacks_it_and_is_named_once(monkeypatch):
    made = material(3)
    plain = engine.search(made, keep=4)
    monkeypatch.setattr(reweigh, "LARGEST_OF_MANY", 300)
    found, answers = assess_exactly(made, plain, Frame(threshold=0.1), theta=0.03)
    assert found.weighed
    assert found.refused
    told = [finding.subject for finding in found.findings if finding.code == "theta_refused"]
    assert len(told) == len(set(told))
    assert {found.targets[found.hits.target[place]].family for place in found.refused} <= set(told)
    for place in found.refused:
        assert found.hits.ln[place] == plain.hits.ln[place]
    lacking = answers.pairs.filter(answers.pairs["lacking"].str.contains("exact_theta"))
    assert len(lacking) == len(found.refused)
    assert lacking["theta"].to_list() == [0.0] * len(lacking)
