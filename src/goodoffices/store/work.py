"""Clocks and threads, which engines are given as arguments."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


def share_of(seconds: float) -> Callable[[], float]:
    """Start a clock; it tells which share of so many seconds is gone."""
    start = time.monotonic()
    return lambda: (time.monotonic() - start) / max(seconds, 1e-9)


@contextmanager
def threads(most: int = 8) -> Iterator[ThreadPoolExecutor]:
    """Open a pool with a thread for each core, at most so many."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ThreadPoolExecutor(max(1, min(most, count))) as pool:
        yield pool
