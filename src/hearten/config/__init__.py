"""Reads the YAML in the configuration folder into a plan, or says everything that is wrong."""
