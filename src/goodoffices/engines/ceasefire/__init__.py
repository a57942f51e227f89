"""Sites, teams and a window -> a plan, and the chance that all are back before it ends."""
