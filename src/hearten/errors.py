"""The errors that end a command with a plain sentence, as far as they are hearten's own."""


class CommandError(Exception):
    """Something that whoever typed the command can put right; the text says what, and how."""


class UseError(CommandError):
    """The command was asked for something that is not there; the text says what is."""
