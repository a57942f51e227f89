"""Floor 2, invented people, families and ground; nobody here exists."""
