"""The command line as a whole."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from goodoffices.cli.main import COMMANDS, cli, run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_there_and_has_help_with_an_example(name, capsys):
    with pytest.raises(SystemExit) as stop:
        run([name, "--help"])
    assert stop.value.code == 0
    assert "Usage" in capsys.readouterr().out


def commands(group, path=()):
    """Give every command and sub-command with its name in full."""
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield (*path, name), found
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))


def test_help_is_for_who_types_and_ends_where_notes_for_programmers_begin():
    seen = 0
    for name, found in commands(cli):
        told = found.get_help(click.Context(found, info_name=" ".join(name)))
        assert not re.search(r"\\f|\f|Raises|-----|Parameters", told), " ".join(name)
        assert found.get_short_help_str(), " ".join(name)
        seen += 1
    assert seen > 40


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
