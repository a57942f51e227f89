"""The same linkage on Spark, in local mode: equal output to the last bit."""

import importlib.util
import shutil

import numpy as np
import pytest

from goodoffices.domain.errors import InputError
from goodoffices.engines.linkage import link
from goodoffices.engines.linkage.work import Task
from goodoffices.store.spark import spark_spread
from goodoffices.synth.people import side_lists

SPARK = importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None


class Slices:
    """Cuts the work as a cluster would, and does it here."""

    slices = 7

    def __call__(self, do, tasks):
        return [do(Task(task.work, task.start, task.stop, task.model, task.judged)) for task in reversed(tasks)][::-1]


def equal(one, other):
    return all(np.array_equal(getattr(one.pairs, name), getattr(other.pairs, name)) for name in one.pairs.__slots__)


def test_work_cut_into_slices_gives_the_same_to_the_last_bit():
    lists = side_lists(700, seed=4)
    here = link(lists.left, lists.right, rng=np.random.default_rng(0))
    assert equal(here, link(lists.left, lists.right, rng=np.random.default_rng(0), spread=Slices()))


@pytest.mark.slow
@pytest.mark.skipif(not SPARK, reason="no Spark (pyspark and Java) on this machine")
def test_spark_gives_the_same_to_the_last_bit():
    lists = side_lists(700, seed=4)
    here = link(lists.left, lists.right, rng=np.random.default_rng(0))
    with spark_spread(slices=3) as spread:
        there = link(lists.left, lists.right, rng=np.random.default_rng(0), spread=spread)
    assert equal(here, there)


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is not None, reason="Spark is installed")
def test_without_spark_the_user_is_told_what_to_install():
    with pytest.raises(InputError, match="no Spark on this machine"), spark_spread():
        pass
