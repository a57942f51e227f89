"""Transfers of the dead, containers, cases, samples, candidates, the board."""
