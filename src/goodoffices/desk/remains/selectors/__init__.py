"""Reads of the room; each takes the viewer."""
