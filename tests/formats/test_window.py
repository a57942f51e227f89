"""Windows, plans and states: what is read, and every fault by its place."""

import datetime as dt
import json

import pytest

from goodoffices.domain.errors import InputError
from goodoffices.formats.roads import read_travel
from goodoffices.formats.visits import local_time, read_plan, read_state
from goodoffices.formats.window import read_window
from tests.engines.ceasefire.cases import at, encode, site, team, window

GOOD = window([team()], [site("s1", 10, 0, bodies=2), site("s2", 5, 5, bodies=1, after="s1")])


def changed(path, value):
    document = json.loads(json.dumps(GOOD))
    *way, last = path
    place = document
    for key in way:
        place = place[key]
    place[last] = value
    return document


FAULTS = [
    (("start",), "2025-09-01T06:00", "start", "zone"),
    (("start",), "soon", "start", "zone"),
    (("start",), None, "start", "zone"),
    (("end",), at(-5), "end", "after the start"),
    (("end",), at(0), "end", "after the start"),
    (("margin_minutes",), 600, "margin_minutes", "less than"),
    (("margin_minutes",), -1, "margin_minutes", "number"),
    (("crossings",), [], "crossings", "at least 1"),
    (("teams",), "none", "teams", "at least 1"),
    (("sites", 0, "id"), "s2", "sites[1]", "no other"),
    (("sites", 0, "id"), "c1", "sites[0]", "no other"),
    (("teams", 0, "crossing"), "c9", "crossing", "c1"),
    (("teams", 0, "speed_kmh"), 0, "speed_kmh", "1 to 200"),
    (("teams", 0, "speed_kmh"), float("nan"), "speed_kmh", "1 to 200"),
    (("teams", 0, "capacity"), {"wonded": 4}, "wonded", "wounded"),
    (("sites", 0, "bodies"), -1, "bodies", "whole number"),
    (("sites", 0, "bodies"), 1.5, "bodies", "whole number"),
    (("sites", 0, "bodies"), True, "bodies", "whole number"),
    (("sites", 0, "needs"), ["diver"], "needs", "truck"),
    (("sites", 0, "after"), "s9", "after", "identifier of a site"),
    (("sites", 0, "after"), "s2", "after", "come before itself"),
    (("sites", 0, "after"), "s1", "after", "come before itself"),
    (("sites", 0, "open"), [[at(10), at(5)]], "open[0]", "after"),
    (("sites", 0, "open"), [["2025-09-01T06:00", at(5)]], "open[0]", "zone"),
    (("sites", 0, "open"), "always", "open", "pairs"),
    (("sites", 0, "opne"), [], "opne", "open"),
    (("closed",), [{"edge": ["c1", "s9"], "from": at(0), "to": at(9)}], "closed[0]", "identifiers"),
    (("closed",), [{"edge": ["c1", "s1"], "from": at(9), "to": at(9)}], "closed[0]", "after"),
    (("travel",), {"metric": "teleport"}, "metric", "crow or plane"),
    (("zone",), "Europe/Nowhere", "zone", "IANA"),
    (("zone",), "America/New_York", "start", "offset of America/New_York"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "where", "expected"), FAULTS, ids=[f"{row[0]}={row[1]}" for row in FAULTS])
def test_a_fault_is_named_with_its_place_and_what_is_expected(path, value, where, expected):
    with pytest.raises(InputError) as caught:
        read_window(encode(changed(path, value)))
    text = str(caught.value)
    assert where in text
    assert expected in text


def test_all_faults_are_told_at_once():
    document = changed(("sites", 0, "bodies"), -1)
    document["end"] = "later"
    with pytest.raises(InputError) as caught:
        read_window(encode(document))
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize("data", [b"", b"[", b"[1]", b"\xff\xfe", b"null", b"[" * 100_000])
def test_what_is_no_window_is_refused(data):
    with pytest.raises(InputError):
        read_window(data)


def degrees(lon, lat):
    crossings = [{"id": "c1", "lon": 36.1, "lat": 48.2}]
    return window(
        [team()], [site("s1", lon, lat, bodies=1)], crossings=crossings, travel={"metric": "crow", "detour": 1.3}
    )


@pytest.mark.parametrize(("lon", "lat"), [(48.3, 36.3), (36.3, 148.3), (200, 48)])
def test_swapped_and_impossible_coordinates_are_refused(lon, lat):
    with pytest.raises(InputError, match="swapped"):
        read_window(encode(degrees(lon, lat)))


def test_a_time_without_zone_is_told_once_and_a_key_twice_is_refused():
    with pytest.raises(InputError) as caught:
        read_window(encode({**GOOD, "start": "2025-09-01T06:00", "zone": "Europe/Istanbul"}))
    assert [fault.field for fault in caught.value.faults] == ["start"]
    twice = encode(GOOD).replace(b'{"start"', b'{"start": "2025-09-01T07:00+03:00", "start"', 1)
    with pytest.raises(InputError, match="the same key twice"):
        read_window(twice)
    with pytest.raises(InputError, match="too long"):
        read_window(b'{"start": ' + b"9" * 5000 + b"}")


def test_a_text_and_a_list_mean_the_same_in_after_and_needs():
    one = read_window(encode(changed(("sites", 1, "after"), "s1")))
    other = read_window(encode(changed(("sites", 1, "after"), ["s1"])))
    assert one == other


CLOCKS = [
    ("autumn: an hour more", "2025-10-26T00:00+03:00", "2025-10-26T12:00+02:00", "Europe/Kyiv", 780),
    ("spring: an hour less", "2025-03-30T00:00+02:00", "2025-03-30T12:00+03:00", "Europe/Kyiv", 660),
    ("no change", "2025-10-26T00:00+03:00", "2025-10-26T12:00+03:00", "Europe/Istanbul", 720),
    ("offsets alone", "2025-10-26T00:00+03:00", "2025-10-26T09:00Z", "", 720),
]


@pytest.mark.parametrize(
    ("start", "end", "zone", "minutes"), [row[1:] for row in CLOCKS], ids=[row[0] for row in CLOCKS]
)
def test_a_window_across_a_change_of_clocks_counts_true_minutes(start, end, zone, minutes):
    document = {**GOOD, "start": start, "end": end}
    if zone:
        document["zone"] = zone
    assert read_window(encode(document)).minutes == minutes


def test_times_are_written_in_the_places_own_zone_on_both_sides_of_the_change():
    document = {**GOOD, "start": "2025-10-26T00:00+03:00", "end": "2025-10-26T12:00+02:00", "zone": "Europe/Kyiv"}
    read = read_window(encode(document))
    before, after = (local_time(read, read.start + dt.timedelta(hours=hours)) for hours in (3, 5))
    assert before.isoformat() == "2025-10-26T03:00:00+03:00"
    assert after.isoformat() == "2025-10-26T04:00:00+02:00"


def test_a_plan_that_names_what_the_window_has_not_is_refused():
    read = read_window(encode(GOOD))
    plan = {"visits": [{"team": "t9", "trip": 0, "site": "s9"}], "returns": [], "left": []}
    with pytest.raises(InputError) as caught:
        read_plan(encode(plan), read)
    assert {fault.field for fault in caught.value.faults} >= {"team", "trip", "site", "arrive", "leave"}
    with pytest.raises(InputError, match="visits"):
        read_plan(b"{}", read)


STATES = [
    ({"at": at(-1)}, "inside the window"),
    ({"at": at(10), "teams": [{"team": "t9"}]}, "team of the window"),
    ({"at": at(10), "teams": [{"team": "t1", "at": "x"}]}, "crossing or a site"),
    ({"at": at(10), "teams": [{"team": "t1", "aboard": {"bodies": 9}}]}, "at most 0 wounded and 2 bodies"),
    ({"at": at(10), "teams": [{"team": "t1"}, {"team": "t1"}]}, "only once"),
    ({"at": at(10), "sites": [{"site": "s9"}]}, "site of the window"),
    ({"at": at(10), "sits": []}, "sites"),
]


@pytest.mark.parametrize(("state", "expected"), STATES, ids=[row[1] for row in STATES])
def test_a_state_that_cannot_be_is_refused(state, expected):
    with pytest.raises(InputError, match=expected):
        read_state(encode(state), read_window(encode(GOOD)))


MATRICES = [
    (b"from,to,minutes\na,b,12\n", {("a", "b"): 12.0}, False),
    (b"km,a,b\na,0,7.5\nb,7.5,\n", {("a", "a"): 0.0, ("a", "b"): 7.5, ("b", "a"): 7.5}, True),
]


@pytest.mark.parametrize(("data", "values", "is_km"), MATRICES)
def test_both_forms_of_a_matrix_are_read(data, values, is_km):
    table = read_travel(data, file="m.csv")
    assert (dict(table.values), table.is_km) == (values, is_km)


BROKEN = [
    (b"a,b,c\n", "m.csv"), (b"", "m.csv"), (b"from,to,minutes\na,b,soon\n", "m.csv"),
    (b"from,to,km\na,b,-1\n", "m.csv"),
    (b"from,to,km\na,b\n", "m.csv"), (b"<graphml", "m.graphml"), (b"<!DOCTYPE x><graphml/>", "m.graphml"),
    (b"<graphml/>", "m.graphml"), (b"{}", "m.geojson"),
    (b'{"features": [3]}', "m.geojson"), (b"", "m.pdf"), (b"\xff", "m.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "file"), BROKEN)
def test_a_broken_travel_file_is_refused(data, file):
    with pytest.raises(InputError):
        read_travel(data, file=file)
