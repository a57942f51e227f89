"""Small windows for tests, built from a few words."""

import datetime as dt
import json

START = dt.datetime(2025, 9, 1, 6, 0, tzinfo=dt.timezone(dt.timedelta(hours=3)))


def at(minute):
    """Write the instant so many minutes after the start."""
    return (START + dt.timedelta(minutes=minute)).isoformat(timespec="minutes")


def team(name="t1", kind="truck", crossing="c1", speed=60, wounded=0, bodies=2, **more):
    return {
        "id": name, "kind": kind, "crossing": crossing, "speed_kmh": speed,
        "capacity": {"wounded": wounded, "bodies": bodies}, **more,
    }  # fmt: skip


def site(name, lon, lat, wounded=0, bodies=0, fixed=10, each=5, **more):
    return {
        "id": name, "lon": lon, "lat": lat, "wounded": wounded, "bodies": bodies,
        "minutes_fixed": fixed, "minutes_each": each, **more,
    }  # fmt: skip


def window(teams, sites, minutes=600, margin=0, crossings=None, travel=None, **more):
    """Give a window in the plane, one kilometre a minute at 60 km/h."""
    return {
        "start": at(0), "end": at(minutes), "margin_minutes": margin,
        "crossings": crossings or [{"id": "c1", "lon": 0, "lat": 0, "turnaround_minutes": 15}],
        "teams": teams, "sites": sites, "travel": travel or {"metric": "plane", "detour": 1}, **more,
    }  # fmt: skip


def encode(document):
    return json.dumps(document).encode()
