"""What a person sees while a match is played: the board, whose turn it is, seconds and tokens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from arena.cli.money import money_words
from arena.cli.output import inert
from arena.match import Event
from arena.record import MatchRecord
from arena.telling import ending_told
from players.purse import Purse
from renderers.scene import scene_of
from renderers.text import boxed

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.live import Live

    from arena.compare import Watcher


class LiveView:
    """What is told of a run while it goes on: on a terminal something that is rewritten, else lines."""

    def __init__(self, console: Console, total: int) -> None:
        self.console = console
        self.total = total
        self.number = 0
        """Matches finished."""
        self.live: Live | None = None

    @property
    def silent(self) -> bool:
        """Nothing is told until the end."""
        return False

    def __enter__(self) -> LiveView:
        from rich.live import Live

        if self.console.is_terminal and not self.silent:
            self.live = Live(
                get_renderable=self.view, console=self.console, transient=True, refresh_per_second=8
            )
            self.live.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.live is not None:
            self.live.stop()

    def watch(self, event: Event) -> None:
        """Take note of what happened in a match."""

    def finished(self, record: MatchRecord) -> None:
        """A match is over."""
        self.counted(1)

    def counted(self, matches: int) -> None:
        """So many more matches are over."""
        self.number += matches

    def judging(self, waiting: int) -> None:
        """Say that the last verdicts are still worked out."""
        if waiting and not self.silent:
            matches = "1 match" if waiting == 1 else f"{waiting} matches"
            self.console.print(f"Judging {matches}; Ctrl-C leaves that to `arena judge`.", markup=False)

    def view(self) -> RenderableType:
        """What stands on the terminal just now."""
        return f"{self.number}/{self.total} matches finished"


class Spectator(LiveView):
    """Shows the matches under way on a terminal, one as a board, several as a count; else it is silent."""

    def __init__(
        self, console: Console, total: int, purse: Purse | None = None, *, beside_a_person: bool = False
    ) -> None:
        super().__init__(console, total)
        self._beside_a_person = beside_a_person
        """The terminal is that of a person who plays: it shows what their seat may see, and nothing else."""
        self._latest: dict[str, Event] = {}
        """Of each match under way."""
        self._since = time.monotonic()
        self._purse = purse or Purse()

    @property
    def silent(self) -> bool:
        return self._beside_a_person

    def finished(self, record: MatchRecord) -> None:
        """A match is over."""
        self.number += 1
        self._latest.pop(record.match_id, None)
        names = inert(" vs ".join(record.players))
        text = f"match {self.number}/{self.total}  {names}  {inert(ending_told(record))}"
        self.console.print(text, markup=False, soft_wrap=True)

    def counted(self, matches: int) -> None:
        """So many matches of baselines are over."""
        self.number += matches
        self.console.print(f"match {self.number}/{self.total}  between baselines", markup=False)

    def watch(self, event: Event) -> None:
        """Take note of what happened in the match."""
        if event.reply is None:
            self._since = time.monotonic()
        self._latest[event.spec.match_id] = event

    def view(self) -> RenderableType:
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


class SprtView(LiveView):
    """Tells after each match how far a comparison has come, and lets its test hear of it."""

    def __init__(self, console: Console, total: int, watcher: Watcher | None) -> None:
        super().__init__(console, total)
        self._watcher = watcher

    def finished(self, record: MatchRecord) -> None:
        super().finished(record)
        text = f"match {self.number} of at most {self.total}"
        if self._watcher is not None:
            self._watcher.finished(record)
            low, high = self._watcher.test.bounds
            state = self._watcher.state
            text += f"  {state.pairs} pairs  LLR {state.llr:.2f} ({low:.2f}, {high:.2f})"
        self.console.print(text, markup=False)
