"""Reads GitHub and Jira: turns their answers into facts and coverage. Stores nothing."""
