"""Stage 5, a handover: four conditions, one day's signed statements by every role, and the assertions that follow."""
