"""Travel times kept by the hash of what they follow from, so that a road graph is searched once."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path

import numpy as np

from goodoffices.domain.errors import InputError
from goodoffices.domain.window import Metric, Window
from goodoffices.engines.ceasefire.travel import TravelTimes
from goodoffices.flow.ceasefire import Papers, find_times
from goodoffices.store.write import write_whole

_FORM = b"travel-times-1"


def cache_folder() -> Path:
    """Give the user's folder for what can be computed again (`GOODOFFICES_CACHE`, `XDG_CACHE_HOME` or ~/.cache)."""
    known = os.environ.get("GOODOFFICES_CACHE")
    if known:
        return Path(known)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "goodoffices"


def cached_times(window: Window, papers: Papers, *, folder: Path) -> TravelTimes:
    """Find travel times, from the cache if the same question was answered before.

    Only files are worth it: the times of a window without one are found in milliseconds. A cache that
    cannot be read or written is passed over.
    """
    if window.travel.metric is not Metric.FILE or papers.travel is None:
        return find_times(window, papers)
    path = folder / "travel" / f"{_key(window, papers.travel)}.npz"
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as kept:
            return TravelTimes(kept["minutes"], kept["cuts"], kept["pace"])
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        times = find_times(window, papers)
    out = io.BytesIO()
    np.savez(out, minutes=times.minutes, cuts=times.cuts, pace=times.pace)
    try:
        write_whole(path, out.getvalue())
    except InputError:
        return times  # a cache that cannot be written only costs time
    return times


def _key(window: Window, travel: bytes) -> str:
    told = hashlib.sha256(_FORM)
    told.update(hashlib.sha256(travel).digest())
    told.update(window.travel.file.encode())
    for point in window.points:
        told.update(f"{point.id}\x1f{point.lon!r}\x1f{point.lat!r}\x1e".encode())
    for team in window.teams:
        told.update(f"{team.speed_kmh!r}\x1e".encode())
    told.update(f"{window.start.isoformat()}\x1f{window.end.isoformat()}\x1e".encode())
    for closure in window.closed:
        told.update(f"{closure.edge!r}\x1f{closure.start.isoformat()}\x1f{closure.end.isoformat()}\x1e".encode())
    return told.hexdigest()
