"""Puts it together and runs it: the command, settings, configuration, wiring and jobs."""

__version__ = "0.1.0"  # the one place that says it: the package, the API and the image ask here
