"""Sends a request, and follows its redirections by hand within the host that was asked."""

import httpx

_MOST = 10  # for one question


def sent(http: httpx.Client, request: httpx.Request) -> httpx.Response:
    """Return the answer with its body still unread: of redirections, whose bodies nobody reads.

    The token goes to no other host, and a stranger's answer may look like an idle team: what leads
    elsewhere is returned as it is.
    """
    response = http.send(request, stream=True)
    for _ in range(_MOST):
        further = response.next_request
        # A POST would be turned into a GET on the way.
        if further is None or request.method != "GET" or not _stays(request.url, further.url):
            break
        response.close()
        response = http.send(further, stream=True)
    return response


def _stays(asked: httpx.URL, further: httpx.URL) -> bool:
    """Whether a redirection stays with the host that was asked, or goes on to its https."""
    secured = (asked.scheme, asked.port) == ("http", None) and (
        (further.scheme, further.port) == ("https", None)
    )
    same = (asked.scheme, asked.port) == (further.scheme, further.port)
    return asked.host == further.host and (same or secured)
