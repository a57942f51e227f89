"""The rehearsal: certain where nothing is uncertain, the same for the same seed, more careful with a rule."""

import dataclasses
from pathlib import Path

import pytest

from goodoffices.domain.visits import TurnBack
from goodoffices.engines.ceasefire.delay import SOURCES, Delays
from goodoffices.engines.ceasefire.frontier import FRESH_RUNS, Wish, fresh_trials, keep_promise
from goodoffices.engines.ceasefire.model import Situation, build
from goodoffices.engines.ceasefire.rehearse import Trials, lower_bound, rehearse
from goodoffices.engines.ceasefire.search import Effort
from goodoffices.flow.ceasefire import Papers, find_times, make_plan, read_papers
from tests.engines.ceasefire.cases import encode, site, team, window

DATA = Path(__file__).parents[2] / "data" / "ceasefire"
CALM = Delays(0, 0, 0, 0, 0, 1e9, 0)


@pytest.fixture(scope="module")
def example():
    papers = Papers((DATA / "window-200.json").read_bytes())
    read = read_papers(papers)
    situation = Situation(read, find_times(read, papers), 60)
    plan = make_plan(situation, papers, effort=Effort(iterations=100), rule=TurnBack(1.6))
    return read, build(situation), plan, situation


def test_without_delays_the_plan_happens_as_written(example):
    read, case, plan, _ = example
    seen = rehearse(read, case, dataclasses.replace(plan, rule=None), delays=CALM, trials=Trials(20))
    assert seen.chance_all_back == 1
    assert seen.wounded == plan.wounded
    assert seen.bodies == pytest.approx(plan.bodies, abs=3)  # work to the minute before dusk may lose one
    last = (plan.latest_return - read.start).total_seconds() / 60
    assert abs(max(one.latest_95 for one in seen.teams) - last) <= 1


def test_the_same_seed_gives_the_same_days_however_they_are_dealt_out(example):
    from concurrent.futures import ThreadPoolExecutor

    read, case, plan, _ = example
    one = rehearse(read, case, plan, delays=Delays(), trials=Trials(500, 3))
    with ThreadPoolExecutor(2) as pool:
        other = rehearse(read, case, plan, delays=Delays(), trials=Trials(500, 3, pool.map))
    assert one == other
    assert one != rehearse(read, case, plan, delays=Delays(), trials=Trials(500, 4))


def test_a_turn_back_rule_makes_a_day_safer_and_brings_less(example):
    read, case, plan, _ = example
    free = rehearse(read, case, dataclasses.replace(plan, rule=None), delays=Delays(), trials=Trials(2000))
    careful = rehearse(read, case, plan, delays=Delays(), trials=Trials(2000))
    assert careful.chance_all_back > free.chance_all_back + 0.2
    assert careful.bodies < free.bodies


def test_teams_share_the_day_so_chances_must_not_be_multiplied(example):
    read, case, plan, _ = example
    seen = rehearse(
        read, case, dataclasses.replace(plan, rule=None), delays=Delays(day_spread=0.4), trials=Trials(4000)
    )
    product = 1.0
    for one in seen.teams:
        product *= one.chance
    assert seen.chance_all_back > product + 0.02


def test_one_leg_by_hand_follows_the_lognormal_distribution():
    """Two legs of 60 min and 20 min of work in 160 min: late if the legs take more than 140 min."""
    import numpy as np

    papers = Papers(encode(window([team()], [site("s1", 60, 0, bodies=2)], minutes=160)))
    read = read_papers(papers)
    situation = Situation(read, find_times(read, papers), 0)
    plan = make_plan(situation, papers, effort=Effort(iterations=10), rule=None)
    seen = rehearse(
        read, build(situation), plan, delays=dataclasses.replace(CALM, leg_spread=0.25), trials=Trials(40_000)
    )
    drawn = np.exp(0.25 * np.random.default_rng(1).normal(size=(400_000, 2))).sum(axis=1) * 60
    assert seen.chance_all_back == pytest.approx(float((drawn <= 140).mean()), abs=0.01)


BOUNDS = [(0, 10, 0.0), (10, 10, 0.05 ** (1 / 10)), (99_100, 100_000, 0.99049)]


@pytest.mark.parametrize(("good", "runs", "bound"), BOUNDS)
def test_the_lower_bound_is_clopper_and_pearsons(good, runs, bound):
    assert lower_bound(good, runs) == pytest.approx(bound, abs=2e-5)


def test_a_promise_is_kept_on_fresh_runs_or_said_to_be_broken():
    papers = Papers(encode(window([team()], [site("s1", 60, 0, bodies=2), site("s2", 20, 0, bodies=2)], minutes=400)))
    read = read_papers(papers)
    situation = Situation(read, find_times(read, papers), 0)
    wish = Wish(0.99, Delays(), Trials(1000))
    kept = keep_promise(situation, wish, efforts=lambda *_: Effort(iterations=20))
    assert kept.holds
    assert kept.verified.runs == 100_000
    assert kept.verified.low >= 0.99
    wild = Wish(0.999, Delays(stop_chance=1.0, stop_minutes=500), Trials(1000))
    broken = keep_promise(situation, wild, efforts=lambda *_: Effort(iterations=20))
    assert broken.holds == (broken.verified.low >= 0.999)


def test_each_candidate_has_fresh_days_of_its_own_and_its_share_of_the_doubt():
    sweep = Trials(10_000, seed=5)
    for tests in range(1, 8):
        dealt = [fresh_trials(sweep, k, tests) for k in range(tests)]
        assert len({sweep.seed, *(one.seed for one in dealt)}) == tests + 1
        assert all(one.runs == FRESH_RUNS for one in dealt)
        assert sum(1 - one.level for one in dealt) == pytest.approx(0.05)


def test_several_candidates_do_not_make_a_broken_promise_look_kept():
    """At a true chance just below the promise, the best of seven shared bounds would pass; the dealt ones rarely do."""
    import numpy as np

    drawn = np.random.default_rng(3).binomial(2000, 0.899, size=(4000, 7))
    dealt = np.array([lower_bound(good, 2000, level=fresh_trials(Trials(), 0, 7).level) for good in range(2001)])
    plain = np.array([lower_bound(good, 2000) for good in range(2001)])
    assert (dealt[drawn] >= 0.9).any(axis=1).mean() <= 0.05
    assert (plain[drawn] >= 0.9).any(axis=1).mean() > 0.1


def test_every_parameter_of_the_delay_model_has_a_source():
    assert set(SOURCES) == {field.name for field in dataclasses.fields(Delays)}
    assert all(SOURCES.values())
