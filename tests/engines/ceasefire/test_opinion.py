"""The second opinion: what PyVRP can model, and that its plans pass the same audit."""

import importlib.machinery
import json

import pytest

from goodoffices.cli.ceasefire import opinion as command
from goodoffices.engines.ceasefire.decode import plan_of
from goodoffices.engines.ceasefire.model import Situation, build
from goodoffices.engines.ceasefire.opinion import Obstacle, obstacles, second_opinion
from goodoffices.flow.ceasefire import Papers, check, find_times, read_papers
from goodoffices.formats.visits import write_plan
from tests.cli.test_ceasefire import folder, go, plan
from tests.engines.ceasefire.cases import at, encode, site, team, window

__all__ = ["folder"]


def read(document):
    papers = Papers(encode(document))
    found = read_papers(papers)
    situation = Situation(found, find_times(found, papers), found.margin_minutes)
    return papers, situation, build(situation)


def opinion(document, iterations=30):
    pytest.importorskip("pyvrp")
    papers, situation, case = read(document)
    left = iter(range(iterations))
    routes = second_opinion(case, stop=lambda: next(left, None) is None, seed=1)
    made = plan_of(situation, case, routes, rule=None)
    assert check(papers, write_plan(situation.window, made)).violations == ()
    return made


def test_precedence_and_closures_are_named_as_obstacles():
    mines = site("m", 30, 0, fixed=60, needs="demining")
    teams = [team("d1", kind="demining", bodies=0), team()]
    plain = site("s1", 30, 1, bodies=2)
    assert obstacles(read(window([team()], [plain]))[2]) == ()
    after = window(teams, [mines, site("s1", 30, 1, bodies=2, after="m")])
    assert obstacles(read(after)[2]) == (Obstacle.ORDER,)
    closed = [{"edge": ["c1", "s1"], "from": at(0), "to": at(60)}]
    assert obstacles(read(window([team()], [plain], closed=closed))[2]) == (Obstacle.CLOSURES,)


def test_several_trips_are_made_where_one_holds_too_little():
    sites = [site(f"s{k}", 10 + k, 5 * (-1) ** k, bodies=2) for k in range(8)]
    made = opinion(window([team(), team("t2")], sites), iterations=200)
    assert made.bodies > 4
    assert max(visit.trip for visit in made.visits) > 1


def test_nobody_unloads_before_the_first_trip():
    way = [site("s1", 10, 0, bodies=2)]
    assert opinion(window([team()], way, minutes=10 + 20 + 10)).bodies == 2
    assert opinion(window([team()], way, minutes=10 + 20 + 9)).bodies == 0


def test_the_living_come_before_the_dead():
    mixed = team(wounded=1, bodies=1)
    made = opinion(window([mixed], [site("s1", 30, 0, wounded=1), site("s2", -30, 0, bodies=1)], minutes=80))
    assert (made.wounded, made.bodies) == (1, 0)


def test_a_visit_lies_inside_one_of_several_intervals():
    spans = [[at(0), at(30)], [at(200), at(260)]]
    made = opinion(window([team()], [site("s1", 40, 0, bodies=2, open=spans)]))
    assert made.bodies == 2


def test_a_site_is_visited_by_the_kind_of_team_it_needs():
    teams = [team("t1"), team("t2", kind="lorry")]
    made = opinion(window(teams, [site("s1", 20, 0, bodies=2, needs="lorry")]))
    assert [visit.team for visit in made.visits] == ["t2"]


def test_more_stops_than_a_route_has_room_for_are_cut_and_the_rest_is_left():
    made = opinion(window([team(bodies=2)], [site("s1", 1, 0, bodies=80, each=1)], minutes=6000), iterations=100)
    assert made.bodies + sum(one.bodies for one in made.left) == 80


def test_a_shift_is_kept():
    document = window([team(shift_hours=2)], [site("s1", 50, 0, bodies=1), site("s2", -50, 0, bodies=1)])
    assert opinion(document).bodies == 1


def test_a_window_with_nothing_to_fetch_is_an_empty_plan():
    assert opinion(window([team(bodies=0, wounded=1)], [site("s1", 20, 0, bodies=2)])).visits == ()


def test_the_command_writes_an_audited_plan_and_compares(folder, capsys):
    pytest.importorskip("pyvrp")
    assert plan(folder, "--second-opinion", folder / "o.json") == 0
    other = json.loads((folder / "o.json").read_text())
    assert other["made_by"] == "PyVRP"
    word = "the same as" if other["totals"] == {"wounded": 2, "bodies": 3} else "LESS than"
    told = "Second opinion by PyVRP: {wounded} wounded, {bodies} bodies, ".format(**other["totals"]) + word
    assert told in capsys.readouterr().out
    assert go("verify", folder / "w.json", folder / "o.json") == 0
    capsys.readouterr()
    assert plan(folder, "--second-opinion", folder / "o.json", "--json") == 0
    assert json.loads(capsys.readouterr().out)["second_opinion"]["bodies"] == other["totals"]["bodies"]


def test_without_pyvrp_the_command_says_what_to_install_and_searches_nothing(folder, capsys, monkeypatch):
    monkeypatch.setattr(command.importlib.util, "find_spec", lambda _name: None)
    assert plan(folder, "--second-opinion", folder / "o.json") == 2
    assert "goodoffices[vrp]" in capsys.readouterr().err
    assert not (folder / "p.json").exists()


def test_a_window_beyond_pyvrp_is_refused_before_the_search(folder, capsys, monkeypatch):
    monkeypatch.setattr(command.importlib.util, "find_spec", lambda _name: importlib.machinery.ModuleSpec("x", None))
    closed = [{"edge": ["c1", "s1"], "from": at(0), "to": at(60)}]
    document = window([team()], [site("s1", 30, 1, bodies=2, side="A")], closed=closed)
    (folder / "w.json").write_bytes(encode(document))
    assert plan(folder, "--second-opinion", folder / "o.json") == 2
    assert "closed" in capsys.readouterr().err
    assert plan(folder, "--second-opinion", folder / "o.json", "--side", "A") == 2
    assert not (folder / "p.json").exists()
