"""Proposals to agreement: the single negotiating text, its views and differences, consent, and the states of talks."""
