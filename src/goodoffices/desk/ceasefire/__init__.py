"""Windows, plans, the frontier, teams, incidents."""
