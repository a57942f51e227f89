"""A planner's own roads and layers: read apart, sealed, used for his side alone; what does not fit is said in words."""

import datetime as dt
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from goodoffices.desk.ceasefire import demo, groundservices, page
from goodoffices.desk.ceasefire.groundservices import Sent
from goodoffices.desk.ceasefire.models import Ground, MapLayer, Plan
from goodoffices.desk.ceasefire.records import window_of
from goodoffices.desk.ceasefire.tasks import papers_of
from goodoffices.desk.keeping.retention import erase, purpose_end
from goodoffices.desk.ledger.models import Statement
from goodoffices.domain.errors import InputError
from goodoffices.flow.ceasefire import check
from goodoffices.formats.window import read_window
from tests.desk.ceasefire.making import assured, bare_layer, bare_plan, planned
from tests.desk.conftest import post, viewer

SIDES = [("planner-ua", "planner-ru"), ("planner-ru", "planner-ua")]


def address(found, rest=""):
    return f"/ceasefire/{found.id}{rest}"


def grounded(found, username="planner-ua", **named):
    by = viewer(username)
    row = groundservices.ground_read(
        ceasefire=found, data=page.invented(found, by.party), by=by, at=timezone.now(), **named
    )
    return groundservices.ground_take(row=row, by=by)


def send(client, to, field, file, data, **more):
    return post(client, to, **{field: SimpleUploadedFile(file, data), **more})


def collection(*shapes):
    features = [{"type": "Feature", "geometry": shape, "properties": {"name": name}} for name, shape in shapes]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


WELL = ("Secret well", {"type": "Point", "coordinates": [0.5, 0.02]})


@pytest.mark.parametrize(("mine", "theirs"), SIDES)
def test_a_layer_is_drawn_on_its_own_sides_map_and_nowhere_else(desk, enter, mine, theirs):
    found = assured()
    for username in (mine, theirs):
        grounded(found, username)
    client = enter(mine)
    answer = send(client, address(found, "/layers"), "layer", "wells.geojson", collection(WELL), name="Our wells")
    assert answer.status_code == 302
    for rest in ("/map", "/plan"):
        if rest == "/map":
            assert "Secret well" in client.get(address(found, rest)).content.decode()
        other = enter(theirs).get(address(found, rest)).content.decode()
        assert "Secret well" not in other
        assert "Our wells" not in other
    delegation = mine.replace("planner", "side") + "-1"
    for username in (delegation, "secretariat-1", "humanitarian-1", "observer"):
        shown = enter(username).get(address(found)).content.decode()
        assert "Secret well" not in shown
        assert enter(username).get(address(found, "/map")).status_code == 404
        assert send(enter(username), address(found, "/layers"), "layer", "x", collection(WELL)).status_code == 404
    layer = MapLayer.objects.get()
    assert post(enter(theirs), address(found, f"/layers/{layer.id}/remove")).status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ceasefire_maplayer")
        stored = bytes(cursor.fetchone()[0])
    assert b"well" not in stored
    assert post(client, address(found, f"/layers/{layer.id}/remove")).status_code == 302
    assert not MapLayer.objects.exists()
    assert "Secret well" not in client.get(address(found, "/map")).content.decode()


def test_a_layer_stands_on_the_map_of_a_plan_too_and_one_beside_the_map_is_told(desk, enter):
    found = assured()
    planned(found)
    client = enter("planner-ua")
    far = ("Far", {"type": "LineString", "coordinates": [[48.0, 36.0], [48.1, 36.1]]})
    for shape in (WELL, far):
        assert send(client, address(found, "/layers"), "layer", "l.geojson", collection(shape)).status_code == 302
    assert "Secret well" in client.get(address(found, "/plan")).content.decode()
    for language in ("uk", "ru", "tr", "en"):
        assert client.get(address(found, "/map"), {"lang": language}).status_code == 200
    assert "longitude and latitude swapped" in client.get(address(found, "/map")).content.decode()


def test_what_is_no_layer_is_refused_with_its_place_and_its_limit(desk, enter, monkeypatch):
    found = assured()
    grounded(found)
    client = enter("planner-ua")
    circle = collection(WELL, ("x", {"type": "GeometryCollection", "geometries": []}))
    many = collection(("x", {"type": "LineString", "coordinates": [[0.1, 0.1]] * 20_001}))
    for data, told in (
        (b"no json", "no JSON"), (circle, "features[1]"), (b"[" * 200_000, "GeoJSON"), (b"", "empty"),
        (b"x" * ((4 << 20) + 1), "4194304"), (many, "at most 20000"),
    ):  # fmt: skip
        answer = send(client, address(found, "/layers"), "layer", "l.geojson", data)
        assert answer.status_code == 422, told
        assert told in answer.content.decode()
    monkeypatch.setattr(groundservices, "MOST_LAYERS", 0)
    answer = send(client, address(found, "/layers"), "layer", "l.geojson", collection(WELL))
    assert "at most 0 layers" in answer.content.decode()
    assert not MapLayer.objects.exists()


def test_roads_with_hours_of_closure_plan_a_sides_own_part_and_the_audit_holds(desk, enter):
    found = assured()
    demo.planned(found, "planner-ua", timezone.now(), seconds=0.4, roads=True)
    plan = Plan.objects.get()
    told = plan.ground.travel
    assert (told["kind"], told["nodes"], told["closed"] > 0) == ("roads", 352, True)
    assert check(papers_of(plan.ground), plan.body.encode()).holds
    assert window_of(plan).travel.file == "roads.geojson"
    shown = enter("planner-ua").get(address(found, "/plan")).content.decode()
    assert "352 nodes" in shown
    with connection.cursor() as cursor:
        cursor.execute("SELECT travel FROM ceasefire_ground")
        assert b"roads.geojson" not in bytes(cursor.fetchone()[0])


@pytest.mark.parametrize(("mine", "theirs"), SIDES)
def test_a_road_file_makes_a_new_ground_of_its_own_side_and_can_be_taken_away(desk, enter, mine, theirs):
    found = assured()
    for username in (mine, theirs):
        grounded(found, username)
    party, client = viewer(mine).party, enter(mine)
    graph = page.invented_roads(party).replace(b'"speed_kmh": 70', b'"speed_kmh": 70, "closed": "07:00-08:30"')
    assert send(client, address(found, "/roads"), "graph", "r.geojson", graph).status_code == 302
    latest = Ground.objects.filter(party=party).latest("at")
    closed = read_window(latest.body.encode()).closed
    assert len(closed) == latest.travel["closed"] > 0
    assert {f"{one.start:%H:%M}-{one.end:%H:%M}" for one in closed} == {"07:00-08:30", "06:00-07:00"}
    shown = client.get(address(found, "/plan")).content.decode()
    assert "closures inside the window" in shown
    assert "r.geojson" not in enter(theirs).get(address(found, "/plan")).content.decode()
    data = SimpleUploadedFile("WINDOW.json", page.invented(found, party))
    assert post(client, address(found, "/ground"), file=data).status_code == 302
    assert Ground.objects.filter(party=party).latest("at").travel["name"] == "r.geojson"
    assert post(client, address(found, "/roads/remove")).status_code == 302
    bare = Ground.objects.filter(party=party).latest("at")
    assert bare.travel is None
    assert json.loads(bare.body) == json.loads(page.invented(found, party))
    assert (
        send(enter(mine.replace("planner", "side") + "-1"), address(found, "/roads"), "graph", "r", b"x").status_code
        == 404
    )
    assert post(client, address(assured(), "/roads"), graph="").status_code == 404


def test_a_road_file_that_does_not_serve_is_refused_by_file_row_and_field(desk, enter):
    found = assured()
    grounded(found)
    client = enter("planner-ua")
    far = {"type": "LineString", "coordinates": [[30, 50], [30.1, 50]]}
    unnamed = {"type": "Feature", "geometry": far, "properties": {"closed": "21:00-05:00"}}
    bad = json.dumps({"type": "FeatureCollection", "features": [unnamed, {"geometry": None}]}).encode()
    for name, data, told in (
        ("r.geojson", collection(("x", far)), "km from the nearest road"),
        ("r.geojson", bad, "features[0], id"), ("r.geojson", bad, "features[1], geometry"),
        ("t.csv", b"from,to,minutes\nc1,c2,ten\n", "line 2, minutes"),
        ("t.csv", b"from,to,minutes\nc1,c2,10\n", "travel from and to every place"),
        ("g.graphml", b"<!DOCTYPE x><graphml/>", "a document type"), ("g.txt", b"x", "ending .txt"),
        ("g.graphml", b"<" * 1000, "no XML"),
    ):  # fmt: skip
        answer = send(client, address(found, "/roads"), "graph", name, data)
        assert answer.status_code == 422, told
        assert told in answer.content.decode()
    assert Ground.objects.count() == 1


def test_a_ground_that_names_a_road_file_wants_it_and_one_on_a_plane_takes_none(desk):
    found, by = assured(), viewer("planner-ua")
    document = json.loads(page.invented(found, "UA"))
    graph = Sent("../x/roads.geojson", page.invented_roads("UA"))
    named = json.dumps(document | {"travel": "roads.geojson"}).encode()
    given = {"ceasefire": found, "by": by, "at": timezone.now()}
    with pytest.raises(InputError, match="sent beside it"):
        groundservices.ground_read(data=named, **given)
    assert groundservices.ground_read(data=named, roads=graph, **given).travel["name"] == "roads.geojson"
    plane = json.dumps(document | {"travel": {"metric": "plane", "detour": 1}}).encode()
    with pytest.raises(InputError, match="longitude and latitude"):
        groundservices.ground_read(data=plane, roads=graph, **given)


def test_when_its_purpose_has_ended_a_windows_plans_grounds_and_layers_are_erased_and_the_window_stays(desk):
    found, other = assured(), assured()
    now = timezone.now()
    for one in (found, other):
        bare_plan(one, "UA")
        bare_layer(one, "UA")
    again = Plan.objects.get(ceasefire=found)
    Plan.objects.filter(id=again.id).update(before=again)
    said = Statement.objects.filter(subject=f"ceasefire:{found.id}").count()
    long_ago = now - dt.timedelta(days=400)
    purpose_end(kind="ceasefire_plan", row=found.id, ended_at=long_ago, by=viewer("secretariat-1"), at=now)
    erased = erase(now, say=lambda *_: None)
    assert {name: erased[f"ceasefire.{name}"] for name in ("MapLayer", "Plan", "Ground")} == {
        "MapLayer": 1, "Plan": 1, "Ground": 1,
    }  # fmt: skip
    assert not Plan.objects.filter(ceasefire=found).exists()
    assert [model.objects.get().ceasefire_id for model in (Plan, Ground, MapLayer)] == [other.id] * 3
    found.refresh_from_db()
    assert "contents" not in erased
    assert Statement.objects.filter(subject=f"ceasefire:{found.id}").count() == said > 0
