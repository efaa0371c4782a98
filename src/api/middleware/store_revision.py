"""Which revision the store is at, asked once for all requests that come together."""

import asyncio
from typing import Protocol

from starlette.concurrency import run_in_threadpool


class HasRevision(Protocol):
    """What has revisions: the store."""

    def revision(self) -> str:
        """A text that is another one after every commit."""
        ...


class StoreRevision:
    """Says at which revision the store is, so that a change shows in the very next answer.

    An answer is shared only by requests that came before it was asked for. One question at a time
    is under way, so many clients at once cost little more than one; where that takes more than
    `patience` seconds, the next one no longer waits for it.
    """

    def __init__(self, store: HasRevision, patience: float = 2) -> None:
        self._store = store
        self._patience = patience
        self._asking: asyncio.Task[str] | None = None
        self._next: asyncio.Task[str] | None = None

    async def current(self) -> str:
        """The store's revision, asked for after this was called."""
        waiting = self._next
        if waiting is None or waiting.get_loop() is not asyncio.get_running_loop():
            waiting = self._next = asyncio.create_task(self._ask())
        return await asyncio.shield(waiting)

    async def _ask(self) -> str:
        before = self._asking
        if before is not None and before.get_loop() is asyncio.get_running_loop():
            await asyncio.wait([before], timeout=self._patience)
        self._asking, self._next = self._next, None
        return await run_in_threadpool(self._store.revision)
