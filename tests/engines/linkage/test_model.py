"""The weights add, agree with the plain product, and say nothing of what is not stated."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.engines.linkage.compare import Compared
from goodoffices.engines.linkage.fields import FIELDS, TIES
from goodoffices.engines.linkage.model import Model, field_weights, weigh
from goodoffices.engines.linkage.train import train
from tests.engines.linkage import reference

MODEL = Model(
    tuple(np.array([0.0, *(level.same for level in field.levels)]) for field in FIELDS),
    tuple(np.array([0.0, *(level.unrelated for level in field.levels)]) for field in FIELDS),
    1e-4,
    tuple(1e-4 * tie.weight for tie in TIES),
    100.0,
)
LEVELS = st.tuples(*(st.integers(0, len(field.levels)) for field in FIELDS))
RARITY = st.lists(st.floats(-4, 8, width=32), min_size=len(FIELDS), max_size=len(FIELDS))


def pair(levels, rarity=None):
    bits = np.zeros(len(FIELDS)) if rarity is None else rarity
    return Compared(np.array([levels], np.uint8), np.array([bits], np.float32))


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_prior_shares_of_each_field_sum_to_one(field):
    assert sum(level.same for level in field.levels) == pytest.approx(1, abs=0.02)
    assert sum(level.unrelated for level in field.levels) == pytest.approx(1, abs=0.05)


@given(LEVELS, RARITY)
@settings(deadline=None, max_examples=200)
def test_the_slow_twin_agrees(levels, rarity):
    compared = pair(levels, [value if levels[k] else 0.0 for k, value in enumerate(rarity)])
    weighed = weigh(MODEL, compared)
    same, tied, _ = reference.posterior(MODEL, levels, compared.rarity[0].astype(float))
    assert weighed.probability()[0] == pytest.approx(same, rel=1e-5, abs=1e-12)
    assert weighed.tied_probability()[0] == pytest.approx(tied, rel=1e-5, abs=1e-12)


@given(LEVELS)
@settings(deadline=None, max_examples=100)
def test_a_field_not_stated_weighs_nothing(levels):
    bits = field_weights(MODEL, pair(levels, [3.0] * len(FIELDS)))[0]
    assert all(bits[k] == 0 for k, level in enumerate(levels) if level == 0)


def test_a_brother_is_told_from_the_same_person():
    names = {field.name: field for field in FIELDS}
    said = {
        "surname": "same_sound", "given_name": "other_name", "patronymic": "same_sound", "birth_date": "near_years",
        "birth_place": "same", "sex": "same",
    }  # fmt: skip
    levels = [names[field.name].level(said[field.name]) if field.name in said else 0 for field in FIELDS]
    weighed = weigh(MODEL, pair(levels))
    assert TIES[weighed.tie[0]].code == "sibling"
    assert weighed.tied_probability()[0] > 100 * weighed.probability()[0]


def test_training_finds_shares_that_made_the_data():
    rng = np.random.default_rng(1)
    pairs, people = 4_000_000, 2000
    true_same = [np.array([level.same for level in field.levels]) ** 0.8 for field in FIELDS]
    shares = [share / share.sum() for share in true_same]
    strangers = [np.array([level.unrelated for level in field.levels]) for field in FIELDS]
    strangers = [share / share.sum() for share in strangers]

    def draw(columns, count):
        levels = np.stack([1 + rng.choice(share.size, count, p=share) for share in columns], 1)
        return np.where(rng.random(levels.shape) < 0.2, 0, levels).astype(np.uint8)

    sample = np.concatenate([draw(shares, people), draw(strangers, 60_000)])
    chance = draw(strangers, 400_000)
    model = train(
        Compared(sample, np.zeros(sample.shape, np.float32)), 1.0, Compared(chance, np.zeros(chance.shape, np.float32)),
        pairs=float(pairs), smaller=2500,
    )  # fmt: skip
    assert model.matches == pytest.approx(people, rel=0.05)
    for found, share in zip(model.same, shares, strict=True):
        assert np.abs(found[1:] - share).max() < 0.04


def test_with_nothing_to_learn_from_the_priors_stand():
    nothing = Compared(np.zeros((0, len(FIELDS)), np.uint8), np.zeros((0, len(FIELDS)), np.float32))
    model = train(nothing, 1.0, nothing, pairs=2500.0, smaller=50)
    for found, field in zip(model.same, FIELDS, strict=True):
        prior = np.array([level.same for level in field.levels])
        assert found[1:] == pytest.approx(prior / prior.sum())
