"""Invented roads and a layer for an invented ground, as GeoJSON in degrees; they lie in the open sea."""

from __future__ import annotations

import json

import numpy as np

_KM_A_DEGREE = 111.195
_EAST, _SOUTH, _NORTH, _STEP = 124, -20, 20, 4
"""Kilometres that the roads cover, and from one crossroads to the next."""


def roads(*, seed: int = 1) -> bytes:
    """Invent a net of roads: every fourth one is a highway, some cross the line only by day.

    Parameters
    ----------
    seed
        The same seed gives the same roads.
    """
    rng = np.random.default_rng(seed)
    columns, rows = _EAST // _STEP + 1, (_NORTH - _SOUTH) // _STEP + 1
    place = rng.uniform(-0.6, 0.6, (columns, rows, 2)) + np.stack(
        np.meshgrid(np.arange(columns) * _STEP, _SOUTH + np.arange(rows) * _STEP, indexing="ij"), axis=2
    )
    features = [_road(f"e{k}", [place[c, k] for c in range(columns)], 70 if k % 4 == 0 else 40) for k in range(rows)]
    for c in range(columns):
        for k in range(rows - 1):
            closed = "21:00-07:00" if k == rows // 2 and rng.random() < 0.5 else ""
            features.append(_road(f"n{c}-{k}", [place[c, k], place[c, k + 1]], 50 if c % 4 == 0 else 30, closed))
    return _collection(features)


def layer(*, seed: int = 1) -> bytes:
    """Invent a river, a wood and two places to draw below a map."""
    rng = np.random.default_rng(seed)
    river = [[x, 6 * np.sin(x / 9) + rng.uniform(-1, 1)] for x in range(0, _EAST, 2)]
    at = rng.uniform(20, 100)
    ring = [[at + 7 * np.cos(a), -9 + 4 * np.sin(a)] for a in np.linspace(0, 2 * np.pi, 24, endpoint=False)]
    shapes = [
        _feature("LineString", river, {"name": "Invented river"}),
        _feature("Polygon", [[*ring, ring[0]]], {"name": "Invented wood"}),
        _feature("Point", [at, -9], {"name": "Invented forester's house"}),
        _feature("Point", [_EAST - at, 8], {"name": "Invented mill"}),
    ]
    return _collection(shapes)


def _road(name: str, line: list[np.ndarray], speed: int, closed: str = "") -> dict[str, object]:
    known: dict[str, object] = {"id": name, "speed_kmh": speed}
    return _feature("LineString", [point.tolist() for point in line], known | ({"closed": closed} if closed else {}))


def _feature(kind: str, coordinates: object, known: dict[str, object]) -> dict[str, object]:
    geometry = {"type": kind, "coordinates": _degrees(coordinates)}
    return {"type": "Feature", "geometry": geometry, "properties": known}


def _degrees(value: object) -> object:
    if isinstance(value, list):
        return [_degrees(one) for one in value]
    return round(float(value) / _KM_A_DEGREE, 6)  # type: ignore[arg-type]


def _collection(features: list[dict[str, object]]) -> bytes:
    return (json.dumps({"type": "FeatureCollection", "features": features}) + "\n").encode()
