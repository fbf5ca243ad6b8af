"""A person's matches one after the other, in one run: at the window or at the terminal."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from arena.cli.live import LiveView
from arena.cli.output import console, inert
from arena.record import Ending

if TYPE_CHECKING:
    from arena.match import Event, MatchSpec
    from arena.play.desk import Desk
    from arena.play.screen import Screen
    from arena.play.sight import Sight
    from arena.record import MatchRecord
    from arena.run import RunConfig
    from games.base import Seat
    from players.base import Player
    from players.human import HumanPlayer
    from players.purse import Purse

HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a person sat down to."""

    config: RunConfig
    """Of the first match; every further one changes the seats."""
    folder: Path
    players: Mapping[str, Player]
    purse: Purse
    instead: Sitting | None = None
    """With other players, if these can't play."""


class Host(Protocol):
    """Where the person sits."""

    def changed(self, sitting: Sitting, why: str) -> None:
        """Others sit down than were asked for."""

    def begin(self, spec: MatchSpec) -> LiveView:
        """A match is about to begin; gives what is told of it."""

    def over(self, record: MatchRecord, seat: Seat) -> None:
        """A match is over and judged."""

    async def wants_another(self) -> bool:
        """Whether the person plays again."""


async def sit_down(sitting: Sitting, host: Host) -> None:
    """Play until the person has enough. A match that was not scored is played again from the same seats."""
    from players.human import HasLeft, tell

    try:
        await _matches(await ready(sitting, host), host)
    except HasLeft:
        tell("You left before the match began: nothing of it is recorded.")


async def _matches(sitting: Sitting, host: Host) -> None:
    from arena.run import ask_for_more

    config, number, fresh = sitting.config, 1, True
    while True:
        spec = config.schedule()[number - 1]
        record = await _one_match(sitting, config, spec, host.begin(spec), fresh)
        host.over(record, spec.players.index(HUMAN))
        if not await host.wants_another():
            return
        number += record.ending is not Ending.ERROR
        config, fresh = ask_for_more(sitting.folder, number), False


async def ready(sitting: Sitting, host: Host) -> Sitting:
    """The sitting whose players can play: this one, or the one instead of it; HasLeft if the person goes."""
    from arena.runner import start_players
    from players.base import PlayerError

    try:
        await start_players(sitting.config, sitting.players)
        return sitting
    except PlayerError as error:
        if sitting.instead is None:
            raise
        other = next(name for name in sitting.instead.players if name != HUMAN)
        host.changed(sitting.instead, f"{error}. {other} plays instead; --against names another player.")
    return await ready(sitting.instead, host)


async def _one_match(
    sitting: Sitting, config: RunConfig, spec: MatchSpec, show: LiveView, fresh: bool
) -> MatchRecord:
    """The record of a match as it is on the disk: judged, if the solver can; RunError if there is none."""
    from arena.cli.playing import Session, sit
    from arena.record import RecordError
    from arena.record_stream import stream_file
    from arena.run import RunError
    from arena.runner import Orders, Patience, RunStopped

    again = f"arena match --resume {sitting.folder}"
    session = Session(
        config, sitting.folder, sitting.players, sitting.purse, 1, Patience(), 0.0, fresh, again
    )
    fault = "nothing was played"
    try:
        await sit(session, show, Orders())
    except RunStopped as stop:
        fault = str(stop)
    try:
        return stream_file(sitting.folder).find(spec.match_id)
    except RecordError as error:
        raise RunError(fault) from error


@contextmanager
def leaving_by_ctrl_c(leave: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C means that the person leaves: the match is recorded as far as it came."""
    loop = asyncio.get_running_loop()
    handled = False
    with suppress(NotImplementedError, RuntimeError, ValueError):  # no signals here: Ctrl-C stops at once
        loop.add_signal_handler(signal.SIGINT, leave)
        handled = True
    try:
        yield
    finally:
        if handled:
            loop.remove_signal_handler(signal.SIGINT)


class WindowHost:
    """The person sits at a window."""

    def __init__(self, desk: Desk, folder: Path, sight: Callable[[MatchSpec], Sight]) -> None:
        self._desk = desk
        self._folder = folder
        self._sight = sight

    def changed(self, sitting: Sitting, why: str) -> None:
        from players.human import tell

        tell(inert(why, 600))
        self._folder = sitting.folder
        self._desk.notice(why, self._sight(sitting.config.schedule()[0]))

    def begin(self, spec: MatchSpec) -> LiveView:
        self._desk.begin(self._sight(spec))
        return _DeskView(self._desk, self._folder)

    def over(self, record: MatchRecord, seat: Seat) -> None:
        self._desk.over(record, str(self._folder), judging=False)
        tell_end(record, seat, self._folder)

    async def wants_another(self) -> bool:
        return await self._desk.wants_another()

    def leave(self) -> None:
        """Who does not wait for the verdicts is told of the match without them."""
        sight = self._desk.sight
        if sight.record is not None and sight.judging:
            tell_end(sight.record, sight.seat, self._folder)
            console().print(f"Judge it later: arena judge {self._folder}", markup=False, soft_wrap=True)


class _DeskView(LiveView):
    """Passes on what happens in a match to the window."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        super().__init__(console(), 1)
        self._desk = desk
        self._folder = folder

    @property
    def silent(self) -> bool:
        return True

    def watch(self, event: Event) -> None:
        self._desk.watch(event)

    def finished(self, record: MatchRecord) -> None:
        self._desk.over(record, str(self._folder), judging=True)


async def at_window(sitting: Sitting, host: WindowHost, desk: Desk, screen: Screen) -> None:
    """The sitting, with the window alive beside it; who leaves is not kept by what is still to be judged."""
    from arena.play.pump import pump

    playing = asyncio.ensure_future(_told_at_the_window(sit_down(sitting, host), desk))
    pumping = asyncio.ensure_future(pump(screen, desk))
    leaving = asyncio.ensure_future(desk.left.wait())
    tasks = (playing, pumping, leaving)
    try:
        with leaving_by_ctrl_c(desk.leave):
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                await asyncio.wait({playing}, timeout=GOODBYE_S)
                host.leave()
        for task in (playing, pumping):
            if task.done():
                task.result()
    finally:
        for ended in tasks:
            ended.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _told_at_the_window(playing: Coroutine[Any, Any, None], desk: Desk) -> None:
    """Play; why that can't be is shown until the person leaves, and then told at the terminal as ever."""
    from arena.errors import RunError
    from games.solvers import UnsolvedError
    from players.base import PlayerError

    try:
        await playing
    except (PlayerError, RunError, UnsolvedError) as error:
        if not desk.left.is_set():
            desk.fail(str(error))
            await desk.left.wait()
        raise


GOODBYE_S = 2.0
"""A match that is left is judged and written within this time, or written without verdicts."""


class TerminalHost:
    """The person sits at the terminal."""

    def __init__(self, human: HumanPlayer, left: asyncio.Event, folder: Path) -> None:
        self._human = human
        self._left = left
        self._folder = folder
        self._swaps = False

    def changed(self, sitting: Sitting, why: str) -> None:
        from players.human import tell

        tell(inert(why, 600))
        self._folder = sitting.folder

    def begin(self, spec: MatchSpec) -> LiveView:
        from games.registry import parse_game
        from players.human import HELP, tell

        game, seat = parse_game(spec.game), spec.players.index(HUMAN)
        others = [inert(name) for name in spec.players if name != HUMAN]
        against = f" against {others[0]}" if others else ""
        tell(f"\n{game.title}: you are {game.seat_names[seat]}{against}.\n{HELP}")
        return _Quiet(console(), 1)

    def over(self, record: MatchRecord, seat: Seat) -> None:
        from games.registry import parse_game
        from players.human import tell
        from renderers.scene import scene_of
        from renderers.text import boxed

        game = parse_game(record.game)
        self._swaps = len(record.players) > 1 and record.ending is not Ending.ERROR
        tell("\n" + boxed(scene_of(game, game.observe(game.parse_state(record.final_state), seat))))
        tell_end(record, seat, self._folder)

    async def wants_another(self) -> bool:
        from players.base import PlayerError
        from players.completers.base import ProviderError
        from players.human import tell

        if self._left.is_set():
            return False
        tell(f"Again{', with the seats swapped' if self._swaps else ''}? (Enter: yes, q: no)")
        typing = asyncio.ensure_future(self._human.line())
        leaving = asyncio.ensure_future(self._left.wait())
        await asyncio.wait({typing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if not typing.done():
            typing.cancel()
            return False
        try:
            return typing.result().lower() in ("", "y", "yes", "r")
        except (PlayerError, ProviderError):
            return False


class _Quiet(LiveView):
    """The human player tells everything."""

    @property
    def silent(self) -> bool:
        return True


def tell_end(record: MatchRecord, seat: Seat, folder: Path) -> None:
    """The result, what each move of the person gave away, and where the record is."""
    from arena.cli.boards import STYLES
    from arena.play.ending import account, ending_words, moves_heading, moves_told, result_words

    out = console()
    out.print(
        f"{result_words(record, seat)} {inert(ending_words(record))}",
        style="bold",
        markup=False,
        soft_wrap=True,
    )
    out.print(account(record, seat), markup=False, soft_wrap=True)
    if heading := moves_heading(record, seat):
        out.print(heading, markup=False)
    for words, tone in moves_told(record, seat):
        out.print(f"  {inert(words)}", style=STYLES.get(tone, "yellow"), markup=False, soft_wrap=True)
    out.print(f"Record: {folder}   (see it again: arena replay {folder})", markup=False, soft_wrap=True)


async def at_terminal(sitting: Sitting, host: TerminalHost, left: asyncio.Event) -> None:
    """The sitting, at the terminal."""
    with leaving_by_ctrl_c(left.set):
        await sit_down(sitting, host)
