"""REST: one file for each kind of thing that programs ask for."""
