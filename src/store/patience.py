"""For how long a database is waited for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for a connection (whole ones), for the answer to a statement, for another's lock.

    A connection that is taken up again has `ping` seconds to say that it lives.
    """

    connect: int = 10
    answer: float = 120
    lock: float = 30
    ping: float = 2


LONG = "hearten_long"  # the execution option of an engine whose statements may take long
OF_A_COMMAND = Patience()
# Somebody waits for a page: what is silent is to be said within ten seconds.
OF_A_REQUEST = Patience(connect=3, answer=5, lock=4)
