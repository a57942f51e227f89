"""What waits, what falls due, what changed; the guided walk; the pack for tomorrow."""
