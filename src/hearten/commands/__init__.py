"""Groups of commands, each in a file of its own; `hearten.cli` registers them."""
