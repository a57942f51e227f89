"""The example process shipped with the package: the public record of the Istanbul talks of 2025."""

from __future__ import annotations

from importlib.resources import files

EXAMPLE = "istanbul-2025.json"


TEXTS = "istanbul-2025.texts.toml"


def example_texts() -> bytes:
    """Give the bytes of the unofficial translations of its texts."""
    return (files("goodoffices") / "data" / TEXTS).read_bytes()


def example_process() -> bytes:
    """Give the bytes of the example process file."""
    return (files("goodoffices") / "data" / EXAMPLE).read_bytes()
