"""Servers that are dear to start, shared by all in this process who ask for the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, TypeVar


class Server(Protocol):
    """What a pool can hold."""

    @property
    def running(self) -> bool:
        """Whether it can be asked, from the event loop that runs now."""

    async def start(self) -> None:
        """Return when it can be asked; PlayerError, and nothing left running, if it can't."""

    def stop(self) -> None:
        """End it; does nothing if it has ended."""


S = TypeVar("S", bound=Server)


class _Shared:
    """A server and how many use it now."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.users = 0
        self.started: asyncio.Task[None] | None = None

    @property
    def starting(self) -> bool:
        return self.started is not None and not self.started.done()


_shared: dict[tuple[Any, Any], _Shared] = {}


async def acquire(make: Callable[[Any], S], config: Any) -> S:
    """A running server make(config), started if there is none yet; to be given back with release().

    One is kept when nobody uses it any more, until another is to be started or this process ends: the next
    match of the same model does not wait again, and a different model finds the memory free.
    """
    shared = old = _shared.get((make, config))
    if shared is None or not (shared.starting or shared.server.running):
        shared = _shared[make, config] = _Shared(make(config))
        shared.started = asyncio.create_task(_start(shared, old))
    shared.users += 1
    try:
        assert shared.started is not None
        await asyncio.shield(shared.started)  # who gives up does not take it from the others
    except BaseException:
        shared.users -= 1
        if not shared.users and shared.started is not None:
            shared.started.cancel()
        raise
    return shared.server  # type: ignore[return-value]


def release(server: Server) -> None:
    """Give back what acquire() gave."""
    for shared in _shared.values():
        if shared.server is server:
            shared.users -= 1


def stop_all() -> None:
    """End every server, used or not."""
    while _shared:
        _shared.popitem()[1].server.stop()


async def _start(shared: _Shared, old: _Shared | None) -> None:
    """One after the other: two that measure the free memory at the same time both take it."""
    if old is not None:  # it died, or belongs to an event loop that has ended
        await asyncio.to_thread(old.server.stop)
    others = [other for other in _shared.values() if other is not shared]
    if starting := [other.started for other in others if other.started and other.starting]:
        await asyncio.wait(starting)
    for key, other in list(_shared.items()):
        if other is not shared and not other.users and not other.starting:
            del _shared[key]
            await asyncio.to_thread(other.server.stop)
    await shared.server.start()
