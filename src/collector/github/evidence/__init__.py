"""The kinds of production evidence: what each asks GitHub, and the events it makes of it."""
