"""The HTTP client: connections, certificates, proxies, time-outs and retries."""

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import httpx

from collector.errors import SourceRefusedError
from evaluator.model.facts import Reason

CONNECTIONS_PER_HOST = 8


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often to ask again, and for how long to wait, in seconds.

    `longest_wait` is the longest single wait that a limit may ask for, `patience` for how long
    an answer may be silent.
    """

    attempts: int = 4
    longest_wait: float = 120.0
    back_off: float = 0.5
    patience: float = 60.0
    sleep: Callable[[float], None] = time.sleep


def client(
    *,
    auth: httpx.Auth | None = None,
    headers: Mapping[str, str] | None = None,
    retry: RetryPolicy | None = None,
) -> httpx.Client:
    """Return an HTTP client with time-outs and at most 8 connections; threads may share it.

    The environment may name a proxy on the way out (HTTPS_PROXY, NO_PROXY) and, in place of the
    usual ones, the authorities to trust (SSL_CERT_FILE).
    Errors: SourceRefusedError where their certificates cannot be read.
    """
    patience = (retry or RetryPolicy()).patience
    return httpx.Client(
        auth=auth,
        headers={"User-Agent": "hearten", "Accept": "application/json", **(headers or {})},
        timeout=httpx.Timeout(patience, connect=min(patience, 10.0)),
        verify=_trusted(),
        limits=httpx.Limits(max_connections=CONNECTIONS_PER_HOST),
        follow_redirects=True,
    )


@cache  # reading all certificates takes as long as several answers
def _trusted() -> ssl.SSLContext:
    try:
        return httpx.create_ssl_context()
    except OSError:
        raise SourceRefusedError(
            Reason.NOT_SET_UP,
            "SSL_CERT_FILE, or SSL_CERT_DIR, names no certificates that can be read.",
            "Set it to a file of PEM certificates, or unset it.",
        ) from None
