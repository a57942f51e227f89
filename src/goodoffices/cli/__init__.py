"""Floor 4, the bench: the same work at a terminal."""
