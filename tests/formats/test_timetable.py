"""What a team's card says where the plan leaves later than the turn-back rule allows."""

import dataclasses
import datetime as dt

import pytest

from goodoffices.domain.visits import Departure, Return, TurnBack, Visit, VisitPlan
from goodoffices.formats.ceasefirepage import timetable
from goodoffices.formats.window import read_window
from goodoffices.formats.words import Language, Words
from tests.engines.ceasefire.cases import START, encode, site, team, window

WINDOW = read_window(encode(window([team()], [site(f"s{n}", n, 0, bodies=1) for n in (1, 2, 3, 4)])))


def at(minute):
    return START + dt.timedelta(minutes=minute)


def visit(number, trip=1, turn_back=None):
    back = None if turn_back is None else at(turn_back)
    return Visit("t1", trip, f"s{number}", 0, 1, at(60 * number), at(60 * number + 20), back)


def plan(*visits):
    return VisitPlan(
        visits, (Departure("t1", 1, "c1", at(0)),), (Return("t1", 1, "c1", at(500)),), (), 0, TurnBack(1.6)
    )


def tasks(made, language=Language.EN):
    return {row[1]: row[2] for row in timetable(WINDOW, made, "t1", Words("ceasefire", language))}


def test_a_stop_behind_a_turn_back_time_that_passes_by_plan_is_taken_only_ahead_of_plan():
    made = tasks(plan(visit(1, turn_back=80), visit(2, turn_back=139), visit(3), visit(4, trip=2)))
    assert made["s2"] == "take 0 wounded, 1 bodies", "left at the last minute that the rule allows"
    assert made["s3"] == "only if ahead of plan: take 0 wounded, 1 bodies"
    assert made["s4"] == "take 0 wounded, 1 bodies", "another trip begins anew"


def test_all_that_follows_on_the_same_trip_hangs_on_it_and_without_a_rule_nothing_does():
    visits = (visit(1, turn_back=79), visit(2, turn_back=300), visit(3))
    made = tasks(plan(*visits))
    assert ["only if" in made[f"s{number}"] for number in (1, 2, 3)] == [False, True, True]
    free = tasks(plan(*(dataclasses.replace(one, turn_back=None) for one in visits)))
    assert not any("only if" in task for task in free.values())


@pytest.mark.parametrize("language", list(Language))
def test_it_is_said_in_every_language(language):
    made = tasks(plan(visit(1, turn_back=70), visit(2)), language)
    assert made["s2"] != made["s1"]
    assert made["s2"].endswith(made["s1"])
