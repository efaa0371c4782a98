"""A client of the `jira` package whose requests go through `Transport`.

So its requests are counted, retried, limited and translated like all others, and its own errors,
which carry answers and headers, never come to be.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from jira import JIRA, JIRAError
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter

from collector.json_fields import OddAnswerError
from collector.transport import Transport


class _ThroughTransport(BaseAdapter):
    """Answers a request of the `requests` library with what the transport gets."""

    def __init__(self, transport: Transport, about: str) -> None:
        super().__init__()
        self._transport = transport
        self._about = about

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        """Return the answer to a GET; errors as `Transport.get`."""
        url = str(request.url)
        search = url.partition("?")[0].endswith("/rest/api/2/search")
        answer = self._transport.get(url, about=self._about, always_there=search)
        response = Response()
        response.status_code = 200
        response.encoding = "utf-8"
        response.raw = BytesIO(json.dumps(answer).encode())
        response.request = request
        response.url = str(request.url)
        return response

    def close(self) -> None:
        """Leave the transport open: it belongs to whoever made it."""


class JiraClient(JIRA):
    """A client for one read of one source: cheap to make, and shared by no two threads."""

    def __init__(self, root: str, transport: Transport, *, about: str) -> None:
        # Its log would show whole answers where it cannot read one.
        super().__init__(server=root, get_server_info=False, max_retries=0, logging=False)
        adapter = _ThroughTransport(transport, about)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self.complete_until = transport.complete_until
        self._session.trust_env = False  # signing in and proxies are the transport's business

    def _update_fields_cache(self) -> None:
        """Ask for no list of fields: ours are named by id."""


@contextmanager
def understanding(what: str) -> Iterator[None]:
    """Turn what the package raises over an odd answer into OddAnswerError.

    `what` names the answer. The package's own texts hold the answer itself, and are dropped.
    """
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, JIRAError):
        raise OddAnswerError(f"{what} is of another kind") from None
