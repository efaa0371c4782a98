"""A deadline for the beginning of every answer, whatever the database does."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.errors import StoreError


class DeadlineMiddleware:
    """Gives up a request whose answer has not begun after `seconds`: StoreError.

    What has begun may go on for as long as it takes: an export is long.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def begun(message: Message) -> None:
            limit.reschedule(None)
            await send(message)

        limit = asyncio.timeout(self._seconds)
        try:
            async with limit:
                await self._app(scope, receive, begun)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise StoreError(f"There was no answer within {self._seconds:g} seconds.") from error
