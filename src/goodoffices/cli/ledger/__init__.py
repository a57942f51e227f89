"""goodoffices ledger: the transparency log on disk."""

from goodoffices.cli.ledger.group import command

__all__ = ["command"]
