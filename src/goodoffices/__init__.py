"""The neutral intermediary's desk: lists, evidence, plans, agreements, assertions, results."""

__version__ = "0.1.0"
