"""The command line as a whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from goodoffices.cli.main import COMMANDS, cli, run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_has_help_with_an_example(name, capsys):
    with pytest.raises(SystemExit) as stop:
        run([name, "--help"])
    assert stop.value.code == 0
    assert "Usage" in capsys.readouterr().out


def test_bad_usage_is_exit_2_without_a_traceback(capsys):
    with pytest.raises(SystemExit) as stop:
        run(["no-such-command"])
    assert stop.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from goodoffices.cli.main import cli; cli(['--help'], standalone_mode=False); "
        "print(sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    for heavy in ("numpy", "polars", "duckdb", "numba", "scipy", "cryptography", "babel"):
        assert f"'{heavy}'" not in done.stderr, heavy
    assert cli.name in {None, "cli"}
