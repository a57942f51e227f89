"""Layers of the user's own: what is read, what is refused, and that what is drawn stays on the sheet and small."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goodoffices.domain.errors import InputError
from goodoffices.formats.layers import Kind, read_layer
from goodoffices.formats.maplayers import MOST_DRAWN, draw_layers, is_on, thin

SHEET = (100.0, 50.0)


def plain(lon, lat):
    return lon, lat


def read(*shapes):
    features = [{"type": "Feature", "geometry": one, "properties": {"name": f"n{k}"}} for k, one in enumerate(shapes)]
    return read_layer(json.dumps({"type": "FeatureCollection", "features": features}).encode(), file="l")


RING = [[10, 10], [20, 10], [20, 20], [10, 10]]


def test_points_lines_and_polygons_of_every_form_are_read_with_their_names():
    layer = read(
        {"type": "Point", "coordinates": [1, 2]}, {"type": "MultiPoint", "coordinates": [[1, 2], [3, 4]]},
        {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        {"type": "MultiLineString", "coordinates": [[[1, 2], [3, 4]]]},
        {"type": "Polygon", "coordinates": [RING]}, {"type": "MultiPolygon", "coordinates": [[RING], [RING]]},
    )  # fmt: skip
    assert [one.kind for one in layer.shapes] == [*[Kind.POINT] * 2, *[Kind.LINE] * 2, *[Kind.AREA] * 2]
    assert layer.shapes[1].parts == (((1.0, 2.0), (3.0, 4.0)),)
    assert len(layer.shapes[5].parts) == 2
    assert layer.shapes[3].name == "n3"
    assert read_layer(json.dumps({"type": "Point", "coordinates": [1, 2]}).encode(), file="l").points == 1


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ({"type": "GeometryCollection", "geometries": []}, r"features\[0\], geometry.type"),
        ({"type": "Circle", "coordinates": [1, 2]}, "Circle"), (None, "no geometry"),
        ({"type": "Point", "coordinates": ["1", 2]}, "longitude, then latitude"),
        ({"type": "Point", "coordinates": [float("nan"), 2]}, "longitude, then latitude"),
        ({"type": "Point", "coordinates": [10**400, 2]}, "longitude, then latitude"),
        ({"type": "Point", "coordinates": [True, 2]}, "longitude, then latitude"),
        ({"type": "LineString", "coordinates": [[1, 2]]}, "at least 2"),
        ({"type": "Polygon", "coordinates": [[*RING[:3], [0, 0]]]}, "ends where it begins"),
        ({"type": "Polygon", "coordinates": []}, "at least one position"),
        ({"type": "Polygon", "coordinates": 3}, "a list"),
        ({"type": ["Point"], "coordinates": [1, 2]}, "geometry.type"),
    ],
)  # fmt: skip
def test_what_is_no_shape_is_refused_with_its_place(shape, told):
    with pytest.raises(InputError, match=told):
        read(shape)


def test_every_fault_is_told_up_to_a_bound_and_an_empty_file_is_one():
    with pytest.raises(InputError) as caught:
        read(*[{"type": "Point", "coordinates": []}] * 60)
    assert len(caught.value.faults) == 50
    with pytest.raises(InputError, match="at least one"):
        read()
    with pytest.raises(InputError, match="at most 2000"):
        read(*[{"type": "Point", "coordinates": [1, 2]}] * 2001)


def test_what_is_drawn_is_cut_to_the_sheet_and_what_lies_beside_it_is_not_drawn():
    layer = read(
        {"type": "LineString", "coordinates": [[-50, 25], [150, 25]]}, {"type": "Point", "coordinates": [200, 10]},
        {"type": "Polygon", "coordinates": [[[90, 40], [190, 40], [190, 140], [90, 140], [90, 40]]]},
        {"type": "LineString", "coordinates": [[-10, -10], [-20, 70]]},
    )  # fmt: skip
    drawn = "".join(draw_layers([layer], plain, SHEET))
    assert 'd="M0.0 25.0L100.0 25.0"' in drawn
    assert "100.0 50.0" in drawn
    assert "190" not in drawn
    assert is_on(layer, plain, SHEET) == 2


def test_names_are_text_never_markup():
    data = json.dumps({"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]},
                       "properties": {"name": "<script>x</script>"}}).encode()  # fmt: skip
    drawn = "".join(draw_layers([read_layer(data, file="l")], plain, SHEET))
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300)), min_size=2, max_size=40), max_size=12))
def test_nothing_drawn_leaves_the_sheet(lines):
    shapes = [{"type": "LineString", "coordinates": line} for line in lines]
    shapes += [{"type": "Polygon", "coordinates": [[*line, line[0], line[0]]]} for line in lines if len(line) > 2]
    if not shapes:
        return
    for drawn in draw_layers([read(*shapes)], plain, SHEET):
        path = drawn.split(' d="')[1].split('"')[0]
        for pair in path.replace("z", "").replace("M", "L").split("L")[1:]:
            x, y = map(float, pair.split())
            assert -0.05 <= x <= 100.05
            assert -0.05 <= y <= 50.05


def test_a_dense_layer_is_thinned_and_keeps_its_ends():
    line = [[k % 100, (k * 7 % 50)] for k in range(19_000)]
    drawn = "".join(draw_layers([read({"type": "LineString", "coordinates": line})], plain, SHEET))
    assert drawn.count("L") <= MOST_DRAWN
    assert thin([(0.0, 0.0), (0.1, 0.0), (5.0, 0.0)], 1) == [(0.0, 0.0), (5.0, 0.0)]
