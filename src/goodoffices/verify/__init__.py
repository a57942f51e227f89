"""A published bundle to a verdict: the smallest trusted base, standard library and `cryptography` only."""
