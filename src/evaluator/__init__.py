"""Evaluation: pure functions from facts, plan and `now` to results. No I/O and no clock."""
