"""Runs the command as `python -m hearten`."""

from hearten.cli import main

main()
