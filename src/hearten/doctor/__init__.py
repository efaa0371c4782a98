"""`hearten doctor`: everything that hearten depends on, looked at, each finding with its remedy."""
