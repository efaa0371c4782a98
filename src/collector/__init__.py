"""Reads the world: turns answers of GitHub and Jira into facts and coverage. Stores nothing."""
