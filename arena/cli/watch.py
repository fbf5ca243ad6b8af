"""arena watch: follow a run while it is played; only its record is read."""

from __future__ import annotations

import sys
import time
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arena.cli.live import LiveView
from arena.cli.output import console, say
from arena.cli.play import Theme, Window
from arena.watch.pulse import Pulse

if TYPE_CHECKING:
    from rich.console import RenderableType

    from arena.cli.scoreboard import Scoreboard
    from arena.record import MatchRecord
    from arena.run import RunConfig
    from arena.watch.following import Following
    from arena.watch.strip import Standing

EVERY_S = 0.25
"""How often the record is looked at."""


def watch(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a run, under way or to come.")],
    window: Window = None,
    match: Annotated[
        str, typer.Option(metavar="latest|N", help="Which match is shown: the newest, or one by its number.")
    ] = "latest",
    once: Annotated[bool, typer.Option("--once", help="Print how far it is, and end.")] = False,
    theme: Annotated[Theme, typer.Option(help="Colours of the window.")] = Theme.LIGHT,
) -> None:
    """Follow a run while it is played, in a window or in the terminal.

    Only the growing record is read: whoever plays is not disturbed, and may sit at another machine. It ends
    when every scheduled match is there; Ctrl-C ends it before. Where nothing can be rewritten, each finished
    match is a line.

    \b
    Examples:
      arena watch results/RUN
      arena watch results/RUN --terminal
      arena watch results/RUN --once
    """
    from arena.run import MATCHES
    from arena.watch.following import Following
    from arena.watch.tail import Tail

    following = Following(Tail(run / MATCHES), wanted_match(match))
    show = Board(run, following)
    if once:
        _print_once(show)
    elif _in_window(window):
        _follow_in_window(show, theme)
    else:
        _follow(show)


def wanted_match(text: str) -> int | None:
    """The number of a match, None for the latest; RunError for what is neither."""
    from arena.run import RunError

    if text == "latest":
        return None
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise RunError(f"--match is latest or the number of a match, not {text!r}")
    return int(text)


def _in_window(asked: bool | None) -> bool:
    """Whether there is to be a window; unasked only where somebody sits at the terminal."""
    from arena.play.screen import why_no_window
    from renderers.surface import NoWindowError

    if asked is False or (asked is None and not sys.stdout.isatty()):
        return False
    why = why_no_window()
    if why and asked:
        raise NoWindowError(f"no window: {why}; watch with --terminal")
    if why:
        say(f"No window: {why}. You watch in the terminal.")
    return not why


class Board(LiveView):
    """What is shown of the run that is followed."""

    def __init__(self, run: Path, following: Following) -> None:
        super().__init__(console(), 0)
        self.run = run
        self.following = following
        self._score: Scoreboard | None = None
        self.caught_up = False
        """What was there before has been read: what comes now is worth a line, and tells the pace."""
        self._again = 0
        self.pulse = Pulse(run)

    def read(self, at_most_s: float = inf) -> None:
        """Take note of what the record holds by now; a long one is gone on with the next time."""
        if self._score is None and (config := _config(self.run)) is not None:
            self._score = _scoreboard(config)
            self.total = self._score.total
        if self._score is None:  # without a config nobody knows who plays; whatever comes will be new
            self.caught_up = True
            return
        until = time.monotonic() + at_most_s
        for news in self.following.news():
            self.pulse.beat()
            self._begin_again_if_replaced()
            if news.counts:
                self._score.heard(news.record, new=self.caught_up)
                self._line(news.record)
            self.number = self.following.over
            if time.monotonic() > until:
                return
        self.caught_up = True

    def _begin_again_if_replaced(self) -> None:
        """Another file under the same name, judged anew for instance, is counted from its beginning."""
        if self._again != self.following.again:
            self._again, self.caught_up = self.following.again, False
            config = _config(self.run)
            if config is not None:
                self._score = _scoreboard(config)

    @property
    def complete(self) -> bool:
        """Every scheduled match is over."""
        return self._score is not None and self.number >= self.total

    def _line(self, record: MatchRecord) -> None:
        from arena.watch.telling import match_line

        if self.caught_up and self.live is None and not self.silent:
            text = match_line(record, self.following.over)
            self.console.print(text, markup=False, soft_wrap=True)

    def view(self) -> RenderableType:
        from rich.console import Group
        from rich.text import Text

        if self._score is None:
            return Text(f"waiting for a run at {self.run} ...", style="dim")
        told = [*self.told(), *self._shown()]
        parts: list[RenderableType] = [self._score.view(), *map(Text, told)]
        if self.following.blunder is not None:
            parts.append(Text(""))
            parts += [Text(line, style="red") for line in self._blunder(self.following.blunder)]
        if self.following.unread:
            parts.append(Text(f"{self.following.unread} lines are no records", style="yellow"))
        return Group(*parts)

    def told(self) -> list[str]:
        """What is to be said of matches with faults, and of a run that nobody plays."""
        from arena.watch.pulse import still_told

        faults, over = len(self.following.faulted), self.number
        parts = [f"{over} scored", f"{faults} {'fault' if faults == 1 else 'faults'}"]
        parts.append(f"{max(0, self.total - over - faults)} to come")
        still = still_told(self.run, over, self.total) if self.pulse.still and not self.complete else ""
        return [*([", ".join(parts)] if faults else []), *([still] if still else [])]

    def standing(self) -> Standing:
        """The same for a window."""
        from arena.watch.strip import Standing

        if self._score is None:
            return Standing(progress=f"waiting for a run at {self.run} ...")
        rows, told = tuple(self._score.standings()), tuple(self.told())
        words, number = self._score.progress(), self.following.number
        return Standing(self.number, self.total, words, rows, told, number)

    def say_if_still(self) -> None:
        """A line when it is found that nobody plays, where nothing can be rewritten."""
        before = self.pulse.still
        self.pulse.look()
        if self.pulse.still and not before and self.live is None and self._score and not self.complete:
            for line in self.told():
                self.console.print(line, markup=False, soft_wrap=True)

    def _shown(self) -> list[str]:
        """The match that is shown: a line, and its final board."""
        from arena.watch.telling import final_board, match_line

        record = self.following.shown
        if record is None:
            wanted = self.following.wanted
            return ["", f"waiting for {'the first match' if wanted is None else f'match {wanted}'} ..."]
        return ["", match_line(record, self.following.number), final_board(record)]

    def _blunder(self, record: MatchRecord) -> list[str]:
        from arena.watch.telling import blunder_lines

        first, *more = blunder_lines(record)
        return [f"latest blunder: {first}", *more]


def _config(run: Path) -> RunConfig | None:
    """The config of a run; None while there is none."""
    from arena.run import CONFIG, read_config

    return read_config(run) if (run / CONFIG).exists() else None


def _scoreboard(config: RunConfig) -> Scoreboard:
    from arena.cli.output import Telling
    from arena.cli.scoreboard import Scoreboard

    return Scoreboard(console(), config.size, config.players, None, Telling.QUIET)


def _print_once(show: Board) -> None:
    """How far it is now; RunError where no run is."""
    from arena.run import read_config

    read_config(show.run)
    show.read()
    show.pulse.look(at_once=True)
    show.console.print(show.view())


def _follow(show: Board) -> None:
    """Until every match is there, or Ctrl-C."""
    try:
        with show:
            show.read()
            if show.live is None:
                show.console.print(_progress(show), markup=False, soft_wrap=True)
            while not show.complete:
                time.sleep(EVERY_S)
                show.read()
                show.say_if_still()
    except KeyboardInterrupt:
        pass
    show.console.print(show.view())


def _progress(show: Board) -> str:
    return f"{show.number}/{show.total} matches" if show.total else f"waiting for a run at {show.run} ..."


def _follow_in_window(show: Board, theme: Theme) -> None:
    """The terminal stays quiet until the window is closed."""
    from arena.play.screen import Screen
    from arena.replay.view import View
    from arena.watch.window import watch_window

    looked, standing = 0.0, show.standing()

    def newest() -> MatchRecord | None:
        nonlocal looked, standing
        if time.monotonic() - looked >= EVERY_S:
            show.read(at_most_s=EVERY_S / 4)
            show.pulse.look()
            standing = show.standing()
            looked = time.monotonic()
        return show.following.shown

    try:
        with Screen(f"exact-arena: {show.run.name}", theme.value) as screen:
            watch_window(screen, newest, View(theme=theme.value), lambda: standing)
    except KeyboardInterrupt:
        pass
    show.console.print(show.view())
