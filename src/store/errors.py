"""What the store says when it cannot do its work."""


class StoreError(Exception):
    """The database could not be opened, read or written. The text says what a person can do.

    It never carries the database's password.
    """
