"""Puts it together and runs it: the command, settings, configuration, wiring and jobs."""
