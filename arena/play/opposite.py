"""The player on the other side of the board, who neither freezes the window nor keeps the person there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from games.base import Game
from players.aside import aside
from players.base import Player, Reply, Turn
from players.baselines import PolicyPlayer
from players.human import HasLeft

T = TypeVar("T")


class Opposite(Player):
    """Another player, who is asked until the person leaves. Baselines solve aside: they never wait."""

    def __init__(self, inner: Player, left: asyncio.Event) -> None:
        super().__init__(inner.name)
        self._inner = inner
        self._left = left

    @property
    def config(self) -> Mapping[str, Any]:
        return self._inner.config

    async def start(self, game: Game[Any]) -> None:
        await self._unless_left(self._started(game))

    async def choose(self, turn: Turn) -> Reply:
        try:
            return await self._unless_left(self._chosen(turn))
        except HasLeft:
            self._left.set()
            raise

    async def _unless_left(self, work: Awaitable[T]) -> T:
        """What comes of the work; HasLeft if the person leaves before it is done."""
        working = asyncio.ensure_future(work)
        leaving = asyncio.ensure_future(self._left.wait())
        try:
            await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                raise HasLeft
            return working.result()
        finally:
            working.cancel()
            leaving.cancel()

    async def _started(self, game: Game[Any]) -> None:
        if isinstance(self._inner, PolicyPlayer):
            await aside(lambda: asyncio.run(self._inner.start(game)), "opponent")
        else:
            await self._inner.start(game)

    async def _chosen(self, turn: Turn) -> Reply:
        if isinstance(self._inner, PolicyPlayer):
            return await aside(lambda: asyncio.run(self._inner.choose(turn)), "opponent")
        return await self._inner.choose(turn)

    async def close(self) -> None:
        await self._inner.close()
