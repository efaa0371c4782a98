"""The types of the domain: facts (read), plan (agreed) and results (what follows)."""
