"""goodoffices kinship: which family a set of remains belongs to, and how sure that is."""

import click

from goodoffices.cli.kinship.cases import lr
from goodoffices.cli.kinship.conclusions import conclusions
from goodoffices.cli.kinship.joining import joint
from goodoffices.cli.kinship.samples import power, reassociate
from goodoffices.cli.kinship.search import search

_HELP = """Which family a set of remains belongs to, from DNA profiles.

Example: goodoffices kinship lr case.json"""

command = click.Group("kinship", help=_HELP)
for _part in (lr, search, joint, reassociate, power, conclusions):
    command.add_command(_part)

__all__ = ["command"]
