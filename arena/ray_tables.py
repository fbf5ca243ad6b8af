"""Matches on a Ray cluster: workers play and judge, one writer here keeps the records.

A match is told by its spec and comes back as its line, so that it does not matter which worker plays it, or
how often: one whose worker died is played again by another.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from itertools import cycle
from typing import Any, ClassVar

from arena.judging import judge_record
from arena.match import MatchSpec, play_match
from arena.record import MatchRecord, from_line, to_line
from arena.run import RunError
from arena.runner import RunStopped, make_players
from games.extras import install
from games.registry import parse_game

TRIES = 5
"""Workers that may die under one match."""


class _Worker:
    """One process of the cluster, with players of its own."""

    def __init__(self, names: Sequence[str]) -> None:
        self._players = make_players(names)
        self._ready: set[str] = set()
        self._getting_ready = asyncio.Lock()

    async def play(self, spec: MatchSpec) -> str:
        """The judged record of a match, as a line."""
        await self._start(spec.game)
        record = await play_match(spec, [self._players[name] for name in spec.players])
        return to_line(await asyncio.to_thread(judge_record, record))

    async def _start(self, game: str) -> None:
        async with self._getting_ready:
            if game not in self._ready:
                for player in self._players.values():
                    await player.start(parse_game(game))
                self._ready.add(game)

    def process(self) -> int:
        """The id of this process."""
        return os.getpid()


class RayTables:
    """Plays on the workers of a cluster: the one at `address`, or one of this machine made for it."""

    judged: ClassVar[bool] = True

    def __init__(self, names: Sequence[str], workers: int, parallel: int, address: str | None = None) -> None:
        ray = _ray()
        if not ray.is_initialized():
            cpus = {} if address else {"num_cpus": workers}
            ray.init(
                address=address, include_dashboard=False, log_to_driver=False, logging_level="ERROR", **cpus
            )
        each = max(1, -(-parallel // workers))
        kind = ray.remote(max_restarts=-1, max_concurrency=each, num_cpus=1)(_Worker)
        self.workers = [kind.remote(tuple(names)) for _ in range(workers)]
        self._next = cycle(self.workers)

    async def play(self, spec: MatchSpec) -> MatchRecord:
        """Play on the next worker; on another one if it dies. RunStopped if they all do."""
        error: Exception | None = None
        for _ in range(TRIES):
            try:
                return from_line(await next(self._next).play.remote(spec))
            except _ray().exceptions.RayActorError as died:
                error = died
        raise RunStopped(f"match {spec.match_id}: {TRIES} workers of the cluster died: {error}") from error

    async def close(self) -> None:
        _ray().shutdown()


def _ray() -> Any:
    """The package, which is an extra; RunError if it is not installed."""
    try:
        import ray
    except ImportError as error:
        raise RunError(f"--executor ray needs Ray: {install('ray')}") from error
    return ray
