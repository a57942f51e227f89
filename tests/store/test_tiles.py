"""Two writers of one log."""

import threading

import pytest

from goodoffices.domain.errors import InputError
from goodoffices.store.tiles import LogFolder


def test_a_writer_is_refused_while_another_writes(tmp_path):
    with (
        LogFolder(tmp_path).locked(),
        pytest.raises(InputError, match="another writer at work"),
        LogFolder(tmp_path).locked(),
    ):
        pass


def test_a_writer_of_the_desk_waits_for_the_other(tmp_path):
    begun, done = threading.Event(), []

    def wait():
        begun.set()
        with LogFolder(tmp_path, waits=True).locked():
            done.append("second")

    second = threading.Thread(target=wait)
    with LogFolder(tmp_path).locked():
        second.start()
        begun.wait()
        done.append("first")
    second.join()
    assert done == ["first", "second"]
