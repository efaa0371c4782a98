"""What the store says when it cannot do its work."""


class StoreError(Exception):
    """The database could not be opened, read or written.

    `what` happened, and the `remedy`: what a person can do, empty where nobody needs to be told.
    Each is whole sentences; the text is both, and never carries the database's password.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what} {remedy}" if remedy else what)
        self.what = what
        self.remedy = remedy
