"""The record: what is written waits here until the one sequencer has appended it; entries in words."""
