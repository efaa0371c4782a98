"""Commands that stand by themselves; `hearten.cli` registers them."""
