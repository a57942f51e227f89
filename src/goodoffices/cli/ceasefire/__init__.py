"""goodoffices ceasefire: who goes where inside the window, and the chance that all are back."""

from goodoffices.cli.ceasefire.group import command

__all__ = ["command"]
