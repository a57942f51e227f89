"""Road graphs in GraphML: the same roads however they are written, and what is missing is named."""

import math

import pytest

from goodoffices.domain.errors import InputError
from goodoffices.formats.roads import read_travel

KEYS = """<key id="d0" for="node" attr.name="x"/><key id="d1" for="node" attr.name="y"/>
<key id="d2" for="edge" attr.name="km"/><key id="d3" for="edge" attr.name="speed_kmh"/>
<key id="d4" for="edge" attr.name="length"/><key id="d5" for="edge" attr.name="maxspeed"/>
<key id="d6" for="edge" attr.name="name"/>"""
NODES = """<node id="a"><data key="d0">36</data><data key="d1">48</data></node>
<node id="b"><data key="d0">-0.5</data><data key="d1">-48.25</data></node>"""


def graphml(edges, nodes=NODES, default="undirected"):
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{KEYS}
<graph edgedefault="{default}">{nodes}{edges}</graph></graphml>"""
    return read_travel(text.encode(), file="roads.graphml")


def edge(data, more=""):
    cells = "".join(f'<data key="{key}">{value}</data>' for key, value in data.items())
    return f'<edge source="a" target="b" {more}>{cells}</edge>'


def rows(graph):
    return list(zip(graph.tail, graph.head, graph.km, graph.kmh, strict=True))


def test_an_undirected_edge_can_be_driven_both_ways():
    graph = graphml(edge({"d2": 7.5, "d3": 40}))
    assert (list(graph.lon), list(graph.lat)) == ([36.0, -0.5], [48.0, -48.25])
    assert rows(graph) == [(0, 1, 7.5, 40.0), (1, 0, 7.5, 40.0)]


def test_a_directed_edge_can_be_driven_one_way():
    assert rows(graphml(edge({"d2": 7.5, "d3": 40}), default="directed")) == [(0, 1, 7.5, 40.0)]


def test_a_length_in_metres_and_a_limit_are_km_and_kmh():
    assert rows(graphml(edge({"d4": 1250, "d5": 50}), default="directed")) == [(0, 1, 1.25, 50.0)]


def test_a_road_without_a_limit_leaves_the_speed_to_the_team():
    assert rows(graphml(edge({"d2": 3}), default="directed")) == [(0, 1, 3.0, math.inf)]


def test_a_road_is_named_by_its_id_its_name_and_its_ends():
    names = graphml(edge({"d2": 3, "d6": "H-20"}, 'id="r1"')).names
    assert dict(names) == {"r1": (0, 1), "H-20": (0, 1), "a\nb": (0, 1)}


def test_two_roads_of_one_name_are_closed_together():
    graph = graphml(edge({"d2": 3, "d6": "H-20"}) + edge({"d2": 9, "d6": "H-20"}), default="directed")
    assert graph.names["H-20"] == (0, 1)


def test_nodes_may_say_lon_and_lat():
    keys = '<key id="d8" for="node" attr.name="lon"/><key id="d9" for="node" attr.name="lat"/>'
    nodes = keys + "".join(
        f'<node id="{name}"><data key="d8">{k}</data><data key="d9">{k + 1}</data></node>'
        for k, name in enumerate("ab")
    )
    graph = graphml(edge({"d2": 3}), nodes=nodes)
    assert (list(graph.lon), list(graph.lat)) == ([0.0, 1.0], [1.0, 2.0])


@pytest.mark.parametrize(("edges", "nodes", "said"), [
    (edge({"d3": 40}), NODES, "length"),
    (edge({"d2": -1}), NODES, "at least 0"),
    (edge({"d2": 3, "d3": "fast"}), NODES, "number"),
    (edge({"d2": 3, "d3": 0}), NODES, "speed above 0"),
    (edge({"d2": 3}).replace('"b"', '"z"'), NODES, "nodes of the graph"),
    (edge({"d2": 3}), NODES.replace("d1", "d6"), "longitude and latitude"),
    (edge({"d2": 3}), NODES.replace("-48.25", "-98.25"), "lat -90 to 90"),
    ("", NODES, "at least one edge"),
])  # fmt: skip
def test_a_damaged_graph_is_refused_and_the_fault_is_named(edges, nodes, said):
    with pytest.raises(InputError) as caught:
        graphml(edges, nodes=nodes)
    assert said in str(caught.value)
