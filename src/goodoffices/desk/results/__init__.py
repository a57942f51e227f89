"""Promised, stated, confirmed, withheld: the public page."""
