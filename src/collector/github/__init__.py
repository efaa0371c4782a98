"""Turns GitHub's answers into commits and production events."""
