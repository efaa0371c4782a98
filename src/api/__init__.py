"""Faces people and programs: REST, metrics and pages, all read from what the jobs stored."""
