"""Presenters: pure functions from results to words, dates and tags. Templates hold no logic."""
