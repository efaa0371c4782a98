"""Turns Jira's answers into tickets and sprints."""
