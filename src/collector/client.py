"""The HTTP client: connections, certificates, proxies, time-outs and retries."""

import math
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import httpx

from collector.answer_body import ENCODING
from collector.errors import SourceRefusedError
from collector.timed_network import Resolve, addresses, keep_deadlines
from evaluator.model.facts import Reason

CONNECTIONS_PER_HOST = 8
_CONNECT_PATIENCE = 10.0  # seconds
_SHORTEST = 0.001  # seconds: sockets take none below zero


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often to ask again, and for how long to wait, in seconds.

    `longest_wait` is the longest single wait that a limit may ask for, `patience` for how long
    an answer may be silent. `exchange` is the time for one question with all its tries and
    redirections, without the waits between. At `ends`, on the monotonic clock, nothing is asked or
    waited for any more: it is the end of a run.
    """

    attempts: int = 4
    longest_wait: float = 120.0
    back_off: float = 0.5
    patience: float = 60.0
    exchange: float = 120.0
    ends: float = math.inf
    sleep: Callable[[float], None] = time.sleep


def client(
    *,
    auth: httpx.Auth | None = None,
    headers: Mapping[str, str] | None = None,
    retry: RetryPolicy | None = None,
    resolve: Resolve = addresses,
) -> httpx.Client:
    """Return an HTTP client with time-outs and at most 8 connections; threads may share it.

    It follows no redirection, and keeps the deadline of `timed_network.within`. `resolve` looks
    names up.
    The environment may name a proxy on the way out (HTTPS_PROXY, NO_PROXY) and, in place of the
    usual ones, the authorities to trust (SSL_CERT_FILE).
    Errors: SourceRefusedError where their certificates cannot be read.
    """
    patience = (retry or RetryPolicy()).patience
    http = httpx.Client(
        auth=auth,
        headers={
            "User-Agent": "hearten",
            "Accept": "application/json",
            "Accept-Encoding": ENCODING,
            **(headers or {}),
        },
        timeout=time_outs(patience),
        verify=_trusted(),
        limits=httpx.Limits(max_connections=CONNECTIONS_PER_HOST),
        follow_redirects=False,
    )
    keep_deadlines(http, resolve)
    return http


def time_outs(patience: float) -> httpx.Timeout:
    """Return how long each part of a request may be silent, in seconds."""
    patience = max(patience, _SHORTEST)
    return httpx.Timeout(patience, connect=min(patience, _CONNECT_PATIENCE))


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
