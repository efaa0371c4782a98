"""Finds out how a repository reaches production, for `hearten suggest`."""
