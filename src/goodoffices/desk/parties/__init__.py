"""Parties, members, mandates, releases, and who read what."""
