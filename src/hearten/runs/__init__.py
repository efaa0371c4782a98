"""Runs of jobs: what is due, who holds it, what it reads, and how it went."""
