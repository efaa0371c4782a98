"""Thinks: pure functions from facts, plan and `now` to results. No I/O, no clock, no randomness."""
