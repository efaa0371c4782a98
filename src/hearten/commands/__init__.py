"""Commands of the command line, by what they are about; `hearten.cli` puts them together."""
