"""Connections: rows handed out page by page under GitHub's rules."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any

MOST = 100


class RefusalError(Exception):
    """Something that GitHub answers with an error of a type of its own, beside the other data."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def _same(row: Any) -> Any:
    return row


class GraphQLConnection:
    """The rows of one connection, from after a cursor, at most `first` of them.

    `name` is the field's, for messages; `show` turns a row into what GraphQL shows of it. With
    `head`, cursors look as those of a history.
    Errors: RefusalError where GitHub refuses: more than 100, no `first`, a cursor not its own.
    """

    def __init__(
        self,
        name: str,
        rows: Sequence[Any],
        first: int | None,
        after: str | None,
        show: Callable[[Any], Any] = _same,
        *,
        head: str = "",
    ) -> None:
        if first is not None and first > MOST:
            raise RefusalError(
                "EXCESSIVE_PAGINATION",
                f"Requesting {first} records on the `{name}` connection exceeds the `first` limit "
                f"of {MOST} records.",
            )
        self._name = name
        self._rows = rows
        self._first = first
        self._show = show
        self._head = head
        self._start = self._position(after) + 1 if after else 0

    def shape(self) -> dict[str, Any]:
        """Return the connection as GraphQL shows it."""
        return {
            "totalCount": len(self._rows),
            "nodes": lambda _: [self._show(row) for row in self._page()],
            "edges": lambda _: [
                {"cursor": self._cursor(index), "node": self._show(row)}
                for index, row in enumerate(self._page(), start=self._start)
            ],
            "pageInfo": lambda _: self._page_info(),
        }

    def _page(self) -> Sequence[Any]:
        if self._first is None:
            raise RefusalError(
                "MISSING_PAGINATION_BOUNDARIES",
                "You must provide a `first` or `last` value to properly paginate the "
                f"`{self._name}` connection.",
            )
        return self._rows[self._start : self._start + self._first]

    def _page_info(self) -> dict[str, Any]:
        end = self._start + len(self._page())
        empty = end == self._start
        return {
            "startCursor": None if empty else self._cursor(self._start),
            "endCursor": None if empty else self._cursor(end - 1),
            "hasPreviousPage": self._start > 0,
            "hasNextPage": end < len(self._rows),
        }

    def _cursor(self, index: int) -> str:
        if self._head:
            return f"{self._head} {index}"
        return base64.b64encode(f"cursor:v2:{index}".encode()).decode()

    def _position(self, cursor: str) -> int:
        try:
            if self._head:
                mark, _, index = cursor.partition(" ")
                known = mark == self._head
            else:
                mark, _, index = base64.b64decode(cursor).decode().rpartition(":")
                known = mark == "cursor:v2"
            position = int(index) if known else -1
        except (binascii.Error, ValueError):
            position = -1
        if position < 0:
            raise RefusalError(
                "INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor."
            )
        return position
