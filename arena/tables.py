"""Where a match is played: here, or wherever else there is room. The records are the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol

from arena.match import MatchSpec, Watch, ignore, play_match
from arena.record import MatchRecord
from players.base import Player


class Tables(Protocol):
    """Plays matches, many at once."""

    @property
    def judged(self) -> bool:
        """Whether records come back with their verdicts."""

    async def play(self, spec: MatchSpec) -> MatchRecord:
        """Play a match; playing it again after a failure of the machine is harmless."""

    async def close(self) -> None:
        """Give back what playing took."""


class LocalTables:
    """Plays in this process."""

    judged: ClassVar[bool] = False

    def __init__(self, players: Mapping[str, Player], watch: Watch = ignore) -> None:
        self._players = players
        self._watch = watch

    async def play(self, spec: MatchSpec) -> MatchRecord:
        return await play_match(spec, [self._players[name] for name in spec.players], self._watch)

    async def close(self) -> None:
        for player in self._players.values():
            await player.close()
