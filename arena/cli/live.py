"""What a person sees while a match is played: the board, whose turn it is, seconds and tokens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from arena.cli.money import money_words
from arena.cli.output import inert
from arena.match import Event
from players.purse import Purse
from renderers.scene import scene_of
from renderers.text import boxed

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.live import Live


class Spectator:
    """Shows the matches under way on a terminal, one as a board, several as a count; else it is silent."""

    def __init__(self, console: Console, total: int, purse: Purse | None = None) -> None:
        self.console = console
        self.total = total
        self.number = 0
        """Matches finished."""
        self._latest: dict[str, Event] = {}
        """Of each match under way."""
        self._since = time.monotonic()
        self._purse = purse or Purse()
        self._live: Live | None = None

    def __enter__(self) -> Spectator:
        from rich.live import Live

        if self.console.is_terminal:
            self._live = Live(
                get_renderable=self._view, console=self.console, transient=True, refresh_per_second=8
            )
            self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._live is not None:
            self._live.stop()

    def finished(self, match_id: str) -> None:
        """A match is over."""
        self.number += 1
        self._latest.pop(match_id, None)

    def judging(self, waiting: int) -> None:
        """Say that the last verdicts are still worked out."""
        if waiting:
            matches = "1 match" if waiting == 1 else f"{waiting} matches"
            self.console.print(f"Judging {matches}; Ctrl-C leaves that to `arena judge`.", markup=False)

    def watch(self, event: Event) -> None:
        """Take note of what happened in the match."""
        if event.reply is None:
            self._since = time.monotonic()
        self._latest[event.spec.match_id] = event

    def _view(self) -> RenderableType:
        from rich.text import Text

        spent = money_words(self._purse)
        if len(self._latest) == 1:
            return Text(self._board(next(iter(self._latest.values())), spent))
        under_way = f"{len(self._latest)} matches under way" if self._latest else "getting ready ..."
        return Text(f"{self.number}/{self.total} matches finished  {under_way}  {spent}")

    def _board(self, event: Event, spent: str) -> str:
        names = [
            f"{inert(name)} ({mark})"
            for name, mark in zip(event.spec.players, event.game.seat_names, strict=True)
        ]
        line = (
            f"match {min(self.number + 1, self.total)}/{self.total}  {' vs '.join(names)}  "
            f"{event.game.seat_names[event.seat]} to move  {time.monotonic() - self._since:.1f} s  {spent}"
        )
        return f"{line}\n{boxed(scene_of(event.game, event.state))}"
