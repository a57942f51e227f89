"""A Spark session, opened only when asked for, and work spread over it."""

from __future__ import annotations

import contextlib
import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from goodoffices.domain.errors import Fault, InputError
from goodoffices.engines.linkage import Task

_S = TypeVar("_S")
_T = TypeVar("_T")


class SparkSpread:
    """Does linkage tasks on a Spark cluster; each is told its slice, the lists travel once by broadcast.

    Attributes
    ----------
    slices
        How many tasks the left list is cut into.
    """

    def __init__(self, context: object, slices: int) -> None:
        self._context = context
        self.slices = slices

    def __call__(self, do: Callable[[Task], _T], tasks: Sequence[Task]) -> list[_T]:
        """Give what `do` gives for each task, in the tasks' order."""
        context = self._context
        first = tasks[0]
        shared = context.broadcast(pickle.dumps((do, first.work, first.model, first.judged)))  # type: ignore[attr-defined]
        edges = [(task.start, task.stop) for task in tasks]

        def one(edge: tuple[int, int]) -> bytes:
            what, work, model, judged = pickle.loads(shared.value)  # noqa: S301 (our own bytes)
            return pickle.dumps(what(Task(work, *edge, model, judged)))

        found = context.parallelize(edges, len(edges)).map(one).collect()  # type: ignore[attr-defined]
        shared.unpersist()
        return [pickle.loads(part) for part in found]  # noqa: S301 (made by the line above)

    def each(self, do: Callable[[_S], _T], parts: Sequence[_S]) -> list[_T]:
        """Give what `do` gives for each part, in the parts' order; each part travels by itself."""
        context = self._context
        shared = context.broadcast(pickle.dumps(do))  # type: ignore[attr-defined]

        def one(part: bytes) -> bytes:
            return pickle.dumps(pickle.loads(shared.value)(pickle.loads(part)))  # noqa: S301 (our own bytes)

        packed = [pickle.dumps(part) for part in parts]
        found = context.parallelize(packed, len(packed)).map(one).collect()  # type: ignore[attr-defined]
        shared.unpersist()
        return [pickle.loads(part) for part in found]  # noqa: S301 (made by the line above)


@contextlib.contextmanager
def spark_spread(*, slices: int = 0) -> Iterator[SparkSpread]:
    """Open a Spark session as the environment configures it (local, if nothing is said) and close it again.

    Raises
    ------
    InputError
        If Spark is not installed or does not start.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        fault = Fault(
            "--engine spark", "", "", "no Spark on this machine", "pip install 'goodoffices[spark]' and Java 17"
        )
        raise InputError(fault) from error
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # Whatever Java says, the user must read it in one line.
    try:
        session = SparkSession.builder.appName("goodoffices").config("spark.ui.enabled", "false").getOrCreate()
    except Exception as error:
        fault = Fault("--engine spark", "", "", f"Spark does not start ({error})", "Java 17 and a reachable cluster")
        raise InputError(fault) from error
    try:
        yield SparkSpread(session.sparkContext, slices or 4 * session.sparkContext.defaultParallelism)
    finally:
        session.stop()
