"""Writes of the room; other rooms read what a finding has reopened by `reopenings`."""

from goodoffices.desk.remains.selectors.standing import reopenings

__all__ = ["reopenings"]
