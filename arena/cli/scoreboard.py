"""What a person sees of a tournament that goes on: how far it is, what it costs, who leads."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from arena.cli.live import LiveView
from arena.cli.money import money_line, money_words
from arena.cli.output import Telling, inert
from arena.labels import labels
from arena.points import points
from arena.record import Ending, MatchRecord
from players.purse import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console, RenderableType

    from players.purse import Purse

LINE_EVERY_S = 10.0
"""How often a line tells how far a run is where it can't be rewritten."""


class Scoreboard(LiveView):
    """Counts what it is told: matches, points, endings. Live on a terminal, else a line now and then.

    With Telling.JSON each finished match is a line of JSON on stdout.
    """

    def __init__(
        self, console: Console, total: int, players: Sequence[str], purse: Purse | None, telling: Telling
    ) -> None:
        """Without a purse nothing is told of money."""
        super().__init__(console, total)
        self._players = labels(players)
        self._purse = purse
        self._telling = telling
        self._points: defaultdict[str, float] = defaultdict(float)
        self._played: Counter[str] = Counter()
        self._endings: Counter[str] = Counter()
        self._fault = ""
        self._began = self._next = time.monotonic()
        self._scored = 0
        """Matches whose points are in the table."""
        self._here = 0
        """Matches finished in this session."""

    @property
    def silent(self) -> bool:
        return self._telling is not Telling.LIVE

    def __enter__(self) -> Scoreboard:
        self._began = time.monotonic()
        super().__enter__()
        return self

    def finished(self, record: MatchRecord) -> None:
        """A match is over, or was lost to the world."""
        self._endings[record.ending] += 1
        if record.ending is Ending.ERROR:
            self._fault = record.reason
        else:
            self.counted(1)
            self._score(record)
        if self._telling is Telling.JSON:
            print(json.dumps(_told(record), ensure_ascii=False), flush=True)
        self._line()

    def heard(self, record: MatchRecord, *, new: bool) -> None:
        """A match is over that somebody else plays; what is not new says nothing of the pace."""
        self._endings[record.ending] += 1
        self.number += 1
        self._here += new
        if not new:
            self._began = time.monotonic()
        self._score(record)

    def _score(self, record: MatchRecord) -> None:
        self._scored += 1
        for seat, name in enumerate(record.players if record.returns else ()):
            self._points[name] += points(record.returns or (), seat)
            self._played[name] += 1

    def counted(self, matches: int) -> None:
        """So many more matches are over."""
        self.number += matches
        self._here += matches
        self._line()

    def _line(self) -> None:
        """A line now and then, where nothing can be rewritten."""
        if self.live is None and not self.silent and time.monotonic() >= self._next:
            self._next = time.monotonic() + LINE_EVERY_S
            self.console.print(self.progress(), markup=False, soft_wrap=True)

    def progress(self) -> str:
        """Matches, pace, time left, money and troubles, in a line."""
        passed = max(1e-9, time.monotonic() - self._began)
        rate = self._here / passed
        left = (self.total - self.number) / rate if rate else None
        told = [f"{self.number}/{self.total} matches"]
        told += [f"{_number(rate)} a second"] if self._here else []
        told += [] if left is None else [f"{_duration(left)} left"]
        return "  ".join([*told, *self._money(), *self._troubles()])

    def _money(self) -> list[str]:
        """What was spent, where there is a limit or anything was."""
        if self._purse is None or (self._purse.limits == Limits() and not money_line(self._purse)):
            return []
        return [money_words(self._purse)]

    def _troubles(self) -> list[str]:
        """Endings that are not the rules', counted."""
        return [f"{ending}: {n}" for ending, n in sorted(self._endings.items()) if ending != Ending.COMPLETED]

    def view(self) -> RenderableType:
        from rich.console import Group
        from rich.padding import Padding
        from rich.progress_bar import ProgressBar
        from rich.text import Text

        bar = ProgressBar(total=max(1, self.total), completed=self.number, width=60)
        line = Padding(bar, 0)  # a bar alone does not end its line
        parts: list[RenderableType] = [Text(self.progress()), line, *self._standings()]
        if self._fault:
            parts.append(Text(f"last fault: {inert(self._fault, 200)}", style="red"))
        return Group(*parts)

    def _standings(self) -> Iterator[RenderableType]:
        """Points as far as matches were told one by one: not those of earlier sessions, nor of baselines."""
        from rich.table import Table
        from rich.text import Text

        if not self._scored:
            return
        table = Table(box=None, pad_edge=False)
        for heading in ("player", "points", "of"):
            table.add_column(heading, justify="left" if heading == "player" else "right")
        for label, scored, played in self.standings():
            table.add_row(Text(label), f"{scored:g}", str(played))
        yield table
        if self._scored < self.number:
            yield Text(
                f"Points of {self._scored} of the {self.number} matches so far; at the end of all.",
                style="dim",
            )

    def standings(self) -> Iterator[tuple[str, float, int]]:
        """Each player with its points and matches, the best first."""
        for name in sorted(self._players, key=self._share, reverse=True):
            yield inert(self._players[name], 60), self._points[name], self._played[name]

    def _share(self, name: str) -> float:
        return self._points[name] / self._played[name] if self._played[name] else -1.0


def _told(record: MatchRecord) -> dict[str, Any]:
    return {
        "match": record.match_id,
        "game": record.game,
        "players": record.players,
        "ending": record.ending,
        "returns": record.returns,
        "reason": record.reason,
        "seconds": record.seconds,
    }


def _number(rate: float) -> str:
    """
    >>> [_number(rate) for rate in (0.034, 7.349, 885.39)]
    ['0.034', '7.3', '885']
    """
    return f"{rate:.2g}" if rate < 10 else f"{rate:.0f}"


def _duration(seconds: float) -> str:
    """
    >>> [_duration(s) for s in (59, 3600, 86400 * 2.5)]
    ['59 s', '60 min', '60.0 h']
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
