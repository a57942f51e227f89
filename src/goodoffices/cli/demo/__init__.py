"""goodoffices demo: the whole way on the example process, one part after another."""

from goodoffices.cli.demo.walk import command

__all__ = ["command"]
