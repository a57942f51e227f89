"""The scanner's client: yes, no, and everything that is neither, within its time."""

import socket
import tempfile
from pathlib import Path

import pytest

from goodoffices.domain.errors import InputError, UnexaminedError
from goodoffices.store.scanner import PIECE, Scanner, examine, scanner_at, version
from tests.fakes import EICAR, Clamd


@pytest.fixture(params=["port", "path"])
def clamd(request):
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as near,  # a socket's path is short, and a test's folder is not
        Clamd(path=Path(near) / "ctl" if request.param == "path" else None) as one,
    ):
        yield one


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, 3 * PIECE + 7])
def test_what_is_clean_arrives_whole_and_is_called_clean(clamd, size):
    data = bytes(n % 251 for n in range(size))
    assert examine(scanner_at(clamd.address), data, seconds=20) == ""
    assert clamd.seen == [data]


@pytest.mark.parametrize("before", [0, PIECE - 30])
def test_what_is_found_is_named_even_across_two_pieces(clamd, before):
    assert examine(scanner_at(clamd.address), b" " * before + EICAR, seconds=20) == "Eicar-Signature"


def test_it_says_what_it_is(clamd):
    assert version(scanner_at(clamd.address), seconds=20).startswith("ClamAV 1.4.3/27600")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"stream: OK",
        b"stream: OK\0stream: OK\0",
        b"OK\0",
        b"stream: FOUND\0",
        b"stream: OK FOUND OK\0",
        b"stream: \x1b[2J FOUND\0",
        b"stream: two words FOUND\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK ERROR\0",
        b"\0",
        b"x" * 9_000,
        b"x" * 9_000 + b"\0",
        b"HTTP/1.1 200 OK\r\n\r\n\0",
    ],
)
def test_whatever_is_not_a_plain_verdict_counts_as_none(said):
    with Clamd(says=said) as clamd, pytest.raises(UnexaminedError):
        examine(scanner_at(clamd.address), b"abc", seconds=20)


def test_what_is_too_large_for_it_counts_as_unexamined():
    with Clamd(most=PIECE) as clamd, pytest.raises(UnexaminedError):
        examine(scanner_at(clamd.address), bytes(50 * PIECE), seconds=20)


def test_nobody_there_and_somebody_else_there_are_both_said(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    for scanner in (Scanner(host="127.0.0.1", port=port), Scanner(path=str(tmp_path / "none"))):
        with pytest.raises(UnexaminedError, match="did not answer"):
            examine(scanner, b"abc", seconds=20)
    with Clamd(says=b"SSH-2.0-OpenSSH\0") as clamd, pytest.raises(UnexaminedError):
        version(scanner_at(clamd.address), seconds=20)


def test_who_listens_and_says_nothing_is_not_waited_for_longer_than_allowed():
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(1)
        with pytest.raises(UnexaminedError, match="TimeoutError"):
            examine(Scanner(host="127.0.0.1", port=mute.getsockname()[1]), bytes(20 << 20), seconds=0.2)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "clamd",
        "/run/clamd.ctl",
        "unix:clamd.ctl",
        "unix://host/clamd.ctl",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:0",
        "tcp://127.0.0.1:99999",
        "tcp://192.0.2.7:3310",
        "tcp://scanner.example:3310",
        "http://127.0.0.1:3310",
    ],
)
def test_files_go_to_no_other_machine(address):
    with pytest.raises(InputError):
        scanner_at(address)


def test_both_kinds_of_address_are_read():
    assert scanner_at("unix:/run/clamav/clamd.ctl") == Scanner(path="/run/clamav/clamd.ctl")
    assert scanner_at("tcp://127.0.0.1:3310") == Scanner(host="127.0.0.1", port=3310)
    assert scanner_at("tcp://[::1]:3310") == Scanner(host="::1", port=3310)
