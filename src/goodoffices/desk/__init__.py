"""Floor 4, the rooms: people at work in a browser (Django)."""
