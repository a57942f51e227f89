"""Candidate pairs and what reviewers decide of them."""
