"""Output on a terminal: progress, tables, explanations. Messages go to standard error."""
