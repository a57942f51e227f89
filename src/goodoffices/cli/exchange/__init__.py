"""goodoffices exchange: compose, options, verify, repair."""

from goodoffices.cli.exchange.commands import command

__all__ = ["command"]
