"""An invented ground: sites along a front, crossings behind it, teams, a window of 36 hours. No place is real."""

from __future__ import annotations

import datetime as dt

import numpy as np

_START = dt.datetime(2025, 9, 1, 6, 0, tzinfo=dt.timezone(dt.timedelta(hours=3)))
_LENGTH_KM, _DEPTH_KM = 120.0, 12.0


def ground(*, sites: int = 120, teams: int = 20, hours: int = 36, seed: int = 1) -> dict[str, object]:
    """Invent a window: every fifth site is mined, wounded are where bodies are not, bodies are collected by daylight.

    Parameters
    ----------
    sites
        Places with wounded or bodies; demining work comes on top.
    teams
        Ambulances, trucks and demining teams together, at least 5.
    hours
        Length of the ceasefire, from 06:00.
    seed
        The same seed gives the same ground.

    Returns
    -------
    dict
        A window in the form of WINDOW.json, in kilometres on a plane that lies nowhere.
    """
    rng = np.random.default_rng(seed)
    end = _START + dt.timedelta(hours=hours)
    crossings = [
        {"id": f"c{k + 1}", "lon": round(_LENGTH_KM * (k + 0.5) / 4, 1), "lat": -16.0, "turnaround_minutes": 15}
        for k in range(4)
    ]
    days = _daylight(end)
    rows: list[dict[str, object]] = []
    for k in range(sites):
        wounded = int(rng.integers(1, 4)) if rng.random() < 0.25 else 0
        lon, lat = round(float(rng.uniform(0, _LENGTH_KM)), 2), round(float(rng.normal(0, _DEPTH_KM / 2)), 2)
        row: dict[str, object] = {
            "id": f"s{k + 1}",
            "lon": lon,
            "lat": lat,
            "wounded": wounded,
            "bodies": 0 if wounded else 1 + int(rng.negative_binomial(2, 0.25)),
            "minutes_fixed": 10 if wounded else 12,
            "minutes_each": 6 if wounded else 7,
            "side": "A" if lat < 0 else "B",
        }
        if not wounded:
            row["open"] = days
        if rng.random() < 0.2:
            row["after"] = f"m{k + 1}"
            work = {"id": f"m{k + 1}", "lon": lon, "lat": lat, "minutes_fixed": int(rng.integers(20, 60))}
            rows.append(
                {**work, "minutes_each": 0, "wounded": 0, "bodies": 0, "needs": ["demining"], "side": row["side"]}
            )
        rows.append(row)
    return {
        "note": "invented; kilometres on a plane that lies nowhere",
        "start": _START.isoformat(timespec="minutes"),
        "end": end.isoformat(timespec="minutes"),
        "margin_minutes": 60,
        "crossings": crossings,
        "teams": _teams(teams),
        "sites": rows,
        "travel": {"metric": "plane", "detour": 1.35},
    }


def _daylight(end: dt.datetime) -> list[list[str]]:
    spans, dawn = [], _START
    while dawn < end:
        dusk = min(dawn + dt.timedelta(hours=14), end)
        spans.append([dawn.isoformat(timespec="minutes"), dusk.isoformat(timespec="minutes")])
        dawn += dt.timedelta(days=1)
    return spans


def _teams(count: int) -> list[dict[str, object]]:
    """Give two in five ambulances, two in five trucks, one in five demining teams, spread over the crossings."""
    kinds = {
        "ambulance": ("a", 35, {"wounded": 4, "bodies": 0}),
        "truck": ("t", 22, {"wounded": 0, "bodies": 25}),
        "demining": ("d", 30, {"wounded": 0, "bodies": 0}),
    }
    order = ("ambulance", "truck", "ambulance", "truck", "demining")
    found: list[dict[str, object]] = []
    for k in range(count):
        kind = order[k % 5]
        letter, speed, capacity = kinds[kind]
        crossing = f"c{(k // 5 + k % 5) % 4 + 1}"
        name = f"{letter}{sum(one['kind'] == kind for one in found) + 1}"
        found.append(
            {
                "id": name,
                "kind": kind,
                "crossing": crossing,
                "speed_kmh": speed,
                "capacity": capacity,
                "shift_hours": 36,
            }
        )
    return found
