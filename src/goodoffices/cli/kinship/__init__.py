"""goodoffices kinship: which family a set of remains belongs to, and how sure that is."""

import click

from goodoffices.cli.kinship.cases import lr

_HELP = """Which family a set of remains belongs to, from DNA profiles.

Example: goodoffices kinship lr case.json"""

command = click.Group("kinship", help=_HELP)
for _part in (lr,):
    command.add_command(_part)

__all__ = ["command"]
