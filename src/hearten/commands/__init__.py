"""The commands, each or each group in a module of its own; `registry` has their names."""
