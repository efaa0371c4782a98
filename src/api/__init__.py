"""Faces people and programs: REST, metrics and pages. Later work; nothing is served yet."""
