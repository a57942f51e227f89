"""The four conditions, the day, the count, the act."""
