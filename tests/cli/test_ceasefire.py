"""goodoffices ceasefire, as an officer would use it."""

import datetime as dt
import json
from pathlib import Path

import pytest

from goodoffices.cli.main import run
from goodoffices.synth.ground import ground
from tests.engines.ceasefire.cases import at, encode, site, team, window

SMALL = window(
    [team("t1"), team("t2", wounded=2, bodies=0)],
    [
        site("s1", 20, 5, bodies=3, side="A"),
        site("s2", -10, 5, wounded=2, side="B"),
        site("s3", 900, 0, bodies=1, side="A"),
    ],  # noqa: E501, RUF100
    margin=60,
)


def go(*arguments):
    with pytest.raises(SystemExit) as stop:
        run(["ceasefire", *map(str, arguments)])
    return stop.value.code


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GOODOFFICES_CACHE", str(tmp_path / "cache"))
    (tmp_path / "w.json").write_bytes(encode(SMALL))
    return tmp_path


def plan(folder, *more):
    return go("plan", folder / "w.json", "--out", folder / "p.json", "--iterations", 40, *more)


def test_plan_verify_rehearse_in_turn(folder, capsys):
    assert plan(folder) == 0
    assert go("verify", folder / "w.json", folder / "p.json") == 0
    capsys.readouterr()
    assert go("rehearse", folder / "w.json", folder / "p.json", "--runs", 500, "--json") == 0
    seen = json.loads(capsys.readouterr().out)
    assert {"chance_all_back", "teams", "expected", "margin_for_99", "seed", "runs", "delays"} <= set(seen)
    assert all(one["source"] for one in seen["delays"].values())
    written = json.loads((folder / "p.json").read_text())
    assert written["totals"] == {"wounded": 2, "bodies": 3}
    assert written["left"] == [{"site": "s3", "wounded": 0, "bodies": 1, "reason": "too_far"}]


def test_two_equal_runs_write_equal_bytes(folder):
    plan(folder)
    first = (folder / "p.json").read_bytes()
    plan(folder)
    assert (folder / "p.json").read_bytes() == first


def test_a_forged_plan_is_exit_1_and_says_why(folder, capsys):
    plan(folder)
    text = (folder / "p.json").read_text().replace('"bodies": 2', '"bodies": 9', 1)
    (folder / "p.json").write_text(text)
    assert go("verify", folder / "w.json", folder / "p.json") == 1
    assert "capacity" in capsys.readouterr().out


def test_a_promise_that_cannot_be_kept_is_exit_1_and_a_kept_one_exit_0(folder, capsys):
    assert plan(folder, "--chance", "0.9", "--html", folder / "p.html") == 0
    assert "kept" in capsys.readouterr().out
    (folder / "d.toml").write_text("stop_chance = {value = 1.0, source = 'a test'}\nstop_minutes = 900\n")
    assert plan(folder, "--chance", "0.99", "--delays", folder / "d.toml") == 1
    assert "NOT kept" in capsys.readouterr().out


def test_a_sides_view_names_nothing_of_the_other_side(folder):
    plan(folder, "--side", "A", "--html", folder / "p.html", "--geojson", folder / "g.json", "--ics", folder / "p.ics")
    for name in ("p.json", "p.html", "g.json", "p.ics"):
        text = (folder / name).read_text()
        assert "s1" in text, name
        assert "s2" not in text, name
    assert plan(folder, "--side", "C") == 2


@pytest.mark.parametrize("language", ["en", "uk", "ru", "tr"])
def test_page_and_cards_are_made_in_every_language(folder, language):
    plan(folder, "--html", folder / "p.html", "--cards", folder / "c.pdf", "--language", language)
    page = (folder / "p.html").read_text()
    assert f'lang="{language}"' in page
    assert "<script" not in page
    assert "http://" not in page
    assert "https://" not in page
    assert (folder / "c.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(("language", "assumed", "spread"), [
    ("en", "Assumption: no public record", "Spread of one leg"), ("uk", "Припущення: відкритих", "Розкид часу"),
    ("ru", "Допущение: открытых", "Разброс времени"), ("tr", "Varsayım: böyle", "yolculuk süresinin"),
])  # fmt: skip
def test_the_delay_model_is_told_in_the_readers_language_but_a_desks_own_source_in_its_words(
    folder, language, assumed, spread
):
    (folder / "d.toml").write_text('stop_chance = {value = 0.05, source = "Bericht 12"}\n')
    plan(folder, "--html", folder / "p.html", "--delays", folder / "d.toml", "--language", language)
    page = (folder / "p.html").read_text()
    assert page.count(assumed) == 6
    assert "Bericht 12" in page
    assert spread in page
    assert language == "en" or "ssumption" not in page


def test_the_frontier_is_lettered_in_the_readers_language(folder):
    plan(folder, "--chance", "0.9", "--html", folder / "p.html", "--language", "uk")
    page = (folder / "p.html").read_text()
    assert "60 хв, × 1.6 + 0 хв" in page
    assert all(f">{mark}</text>" in page for mark in ("90", "99"))


def test_the_page_of_a_view_says_that_it_cannot_be_audited_alone(folder):
    plan(folder, "--html", folder / "p.html")
    assert "cannot be audited alone" not in (folder / "p.html").read_text()
    plan(folder, "--side", "A", "--html", folder / "p.html")
    assert "cannot be audited alone" in (folder / "p.html").read_text()


def test_a_calendar_can_be_read_back(folder):
    from icalendar import Calendar

    plan(folder, "--ics", folder / "p.ics")
    events = Calendar.from_ical((folder / "p.ics").read_bytes()).walk("VEVENT")
    assert len(events) == len(json.loads((folder / "p.json").read_text())["visits"]) + 3


def test_replan_shows_both_ways_and_writes_one(folder, capsys):
    plan(folder)
    (folder / "s.json").write_bytes(encode({"at": at(0), "teams": [{"team": "t1", "lost": True}]}))
    arguments = (
        folder / "w.json",
        folder / "p.json",
        folder / "s.json",
        "--out",
        folder / "p2.json",
        "--iterations",
        20,
    )  # noqa: E501, RUF100
    capsys.readouterr()
    assert go("replan", *arguments) == 0
    out = capsys.readouterr().out
    assert "smallest" in out
    assert "best" in out
    assert go("verify", folder / "w.json", folder / "p2.json", "--state", folder / "s.json") == 0


GRAPH = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "id": "r1", "properties": {"speed_kmh": 50}, "geometry": {"type": "LineString", "coordinates": [[36, 48], [36.1, 48], [36.2, 48]]}},  # noqa: E501
        {"type": "Feature", "id": "r2", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[36, 48], [36.1, 48.1], [36.2, 48]]}},  # noqa: E501
    ],
}  # fmt: skip


def on_roads(closed=()):
    crossings = [{"id": "c1", "lon": 36, "lat": 48, "turnaround_minutes": 15}]
    sites = [site("s1", 36.2, 48, bodies=3)]
    return window([team(speed=40)], sites, crossings=crossings, travel={"file": "roads.geojson"}, closed=list(closed))


def test_a_road_graph_is_used_cached_and_audited(folder):
    (folder / "roads.geojson").write_text(json.dumps(GRAPH))
    (folder / "w.json").write_bytes(encode(on_roads()))
    assert plan(folder) == 0
    assert list((folder / "cache" / "travel").iterdir())
    first = (folder / "p.json").read_bytes()
    assert plan(folder) == 0
    assert (folder / "p.json").read_bytes() == first
    (folder / "w.json").write_bytes(encode(on_roads([{"edge": "r1", "from": at(0), "to": at(300)}])))
    assert plan(folder) == 0
    later = json.loads((folder / "p.json").read_text())["visits"][0]["arrive"]
    assert later > json.loads(first)["visits"][0]["arrive"]


GRAPHML = """<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="x" attr.name="x"/><key id="y" attr.name="y"/>
<key id="l" attr.name="length"/><key id="m" attr.name="maxspeed"/><graph edgedefault="undirected">
<node id="a"><data key="x">36</data><data key="y">48</data></node>
<node id="b"><data key="x">36.2</data><data key="y">48</data></node>
<node id="c"><data key="x">36.1</data><data key="y">48.1</data></node>
<edge id="r1" source="a" target="b"><data key="l">20000</data><data key="m">30</data></edge>
<edge id="r2" source="a" target="c"><data key="l">15000</data></edge>
<edge id="r3" source="b" target="c"><data key="l">15000</data></edge></graph></graphml>"""


def test_a_graphml_graph_is_driven_by_its_lengths_limits_and_closures(folder):
    (folder / "roads.graphml").write_text(GRAPHML)

    def way(closed=()):
        document = on_roads(closed)
        document["travel"] = {"file": "roads.graphml"}
        (folder / "w.json").write_bytes(encode(document))
        assert plan(folder) == 0
        assert go("verify", folder / "w.json", folder / "p.json") == 0
        made = json.loads((folder / "p.json").read_text())
        start, end = made["departures"][0]["at"], made["visits"][0]["arrive"]
        return (dt.datetime.fromisoformat(end) - dt.datetime.fromisoformat(start)).total_seconds() / 60

    assert way() == 40
    assert way([{"edge": "r1", "from": at(0), "to": at(600)}]) == 45
    assert way([{"edge": ["b", "c"], "from": at(0), "to": at(600)}]) == 40


def test_a_closed_road_that_is_not_there_is_exit_2(folder, capsys):
    (folder / "roads.geojson").write_text(json.dumps(GRAPH))
    (folder / "w.json").write_bytes(encode(on_roads([{"edge": "r9", "from": at(0), "to": at(300)}])))
    assert plan(folder) == 2
    assert "no such road" in capsys.readouterr().err


def test_what_is_left_is_named_with_its_reason_in_words(folder, capsys):
    plan(folder)
    assert "Left, too far to come and go in time: s3 (1 bodies)." in capsys.readouterr().out
    (folder / "s.json").write_bytes(encode({"at": at(0), "teams": [{"team": "t1", "lost": True}]}))
    arguments = (folder / "w.json", folder / "p.json", folder / "s.json", "--out", folder / "p2.json")
    assert go("replan", *arguments, "--iterations", 20) == 0
    assert "Left, no team can serve it: s1 (3 bodies), s3 (1 bodies)." in capsys.readouterr().out


def test_nothing_that_was_read_is_written_over(folder, capsys):
    before = (folder / "w.json").read_bytes()
    assert go("plan", folder / "w.json", "--out", folder / "w.json", "--iterations", 5) == 2
    assert "written over" in capsys.readouterr().err
    assert plan(folder, "--html", folder / "p.json") == 2
    assert plan(folder, "--ics", folder / "w.json") == 2
    assert plan(folder) == 0
    (folder / "s.json").write_bytes(encode({"at": at(0)}))
    made = (folder / "p.json").read_bytes()
    arguments = (folder / "w.json", folder / "p.json", folder / "s.json", "--out", folder / "p.json")
    assert go("replan", *arguments, "--iterations", 5) == 2
    assert ((folder / "w.json").read_bytes(), (folder / "p.json").read_bytes()) == (before, made)


def test_a_missing_file_and_bad_options_are_exit_2(folder):
    assert go("plan", folder / "none.json", "--out", folder / "p.json") == 2
    assert plan(folder, "--seconds", 3) == 2
    (folder / "d.toml").write_text("typo = 1\n")
    assert plan(folder, "--delays", folder / "d.toml") == 2


def test_the_invented_ground_is_a_window_and_the_same_for_the_same_seed():
    from goodoffices.formats.window import read_window

    read = read_window(encode(ground(sites=120, teams=20, seed=3)))
    assert len([one for one in read.sites if not one.is_work]) == 120
    assert (len(read.teams), read.minutes) == (20, 36 * 60)
    assert ground(seed=3) == ground(seed=3) != ground(seed=4)


def test_the_documented_examples_are_read():
    from goodoffices.formats.visits import read_state
    from goodoffices.formats.window import read_window

    text = (Path(__file__).parents[2] / "docs" / "ceasefire.md").read_text(encoding="utf-8")
    blocks = [block.split("```")[0] for block in text.split("```json\n")[1:]]
    read = read_window(blocks[0].encode())
    assert read_state(blocks[1].encode(), read).teams
