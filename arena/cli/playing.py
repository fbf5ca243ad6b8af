"""Playing a run from the command line: getting ready, going on, stopping when asked to."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from arena.cli.output import inert, progress_console, say

if TYPE_CHECKING:
    from arena.cli.live import LiveView
    from arena.match import MatchSpec
    from arena.record import MatchRecord
    from arena.run import RunConfig
    from arena.runner import Orders, Patience
    from arena.tables import Tables
    from players.base import Player
    from players.purse import Purse

T = TypeVar("T")
SIGHUP = getattr(signal, "SIGHUP", None)
STOPS = [number for number in (signal.SIGINT, signal.SIGTERM, SIGHUP) if number is not None]
"""Signals that end a session as Ctrl-C does."""


@dataclass(frozen=True, slots=True)
class Session:
    """One go at a run."""

    config: RunConfig
    folder: Path
    players: Mapping[str, Player]
    purse: Purse
    parallel: int
    patience: Patience
    grace_s: float
    """How long matches under way may go on after Ctrl-C."""
    fresh: bool
    """The folder is made by this session."""
    again: str
    """The command that goes on with the run."""
    replayed: bool = False
    """Its answers come from a recording, and cost nothing."""
    tables: Callable[[], Tables] | None = None
    """Makes the place where matches are played; None: this process."""
    until: Callable[[Sequence[MatchSpec]], Sequence[MatchSpec]] | None = None
    """Ends the matches when enough is known; each is then played and told one by one."""


def play(session: Session, show: LiveView) -> int:
    """Play what is still to be played; 0, or the exit status of a run that ended early."""
    from arena.runner import Orders, RunStopped

    course, orders = _Course(), Orders()
    status = 0
    try:
        with show:
            asyncio.run(_interruptible(session, show, orders, course))
        if not orders.stop:
            return 0
        why, style = f"{course.by}; what was under way is finished", "yellow"
    except RunStopped as stop:
        why, style = f": {inert(str(stop))}", "red"
        status = 0 if orders.stop else 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        why, style = course.by, "yellow"
    _tell_end(session, f"Stopped{why}", course, style)
    return status or 128 + course.signal


def _tell_end(session: Session, why: str, course: _Course, style: str) -> None:
    """Why the run has stopped, how much is missing, and how to go on."""
    out = progress_console()
    if course.over is not None:
        why += f"; {session.config.size - course.over} of {session.config.size} matches are missing"
    out.print(f"{why}.", style=style, markup=False, soft_wrap=True)
    if not session.folder.exists():
        return
    more = " --max-cost or --max-tokens-total MORE" if session.purse.refused else ""
    told = f"Finished matches are kept. Go on with: {session.again}{more}"
    out.print(told, markup=False, soft_wrap=True)


@dataclass(slots=True)
class _Course:
    """How far a session has come, and what ended it."""

    over: int | None = None
    """Matches that are over, those of earlier sessions included; None while the records are still read."""
    signal: int = signal.SIGINT

    @property
    def by(self) -> str:
        return " by you" if self.signal == signal.SIGINT else f" by {signal.Signals(self.signal).name}"

    def finished(self, record: MatchRecord) -> None:
        self.counted(int(record.ending != "error"))

    def counted(self, matches: int) -> None:
        self.over = (self.over or 0) + matches


async def _interruptible(session: Session, show: LiveView, orders: Orders, course: _Course) -> None:
    """The session, with signals as an order: the first ends it when what is under way is finished."""
    task = asyncio.ensure_future(sit(session, show, orders, course))
    loop = asyncio.get_running_loop()

    def interrupt(number: int) -> None:
        if number == SIGHUP:
            _forget_terminal()
        at_once = orders.stop or session.grace_s <= 0
        orders.stop, course.signal = True, number
        if at_once:
            task.cancel()
            return
        show.console.print(
            f"Finishing the matches under way, {session.grace_s:g} s at most; Ctrl-C again stops at once.",
            style="yellow",
            markup=False,
        )
        loop.call_later(session.grace_s, task.cancel)

    heard = [number for number in STOPS if signal.getsignal(number) is not signal.SIG_IGN]  # nohup: goes on
    with suppress(NotImplementedError, RuntimeError, ValueError):  # no signals here: Ctrl-C stops at once
        for number in heard:
            loop.add_signal_handler(number, interrupt, number)
    try:
        await task
    finally:
        with suppress(NotImplementedError, RuntimeError, ValueError):
            for number in heard:
                loop.remove_signal_handler(number)


def _forget_terminal() -> None:
    """The terminal is gone: what is still told goes nowhere, where it would end the session."""
    with Path(os.devnull).open("w") as nowhere:
        for descriptor in (1, 2):
            if os.isatty(descriptor):
                os.dup2(nowhere.fileno(), descriptor)


async def sit(session: Session, show: LiveView, orders: Orders, course: _Course | None = None) -> None:
    """Play what is still to be played; RunStopped where that could not be."""
    from arena.allowance import Allowance
    from arena.ledger import Ledger, payments
    from arena.match import versions
    from arena.resume import progress
    from arena.run import exclusive, write_config
    from arena.runner import changes, play_run, start_players, with_configs
    from players.purse import Limits

    course = course or _Course()
    config, folder, purse = session.config, session.folder, session.purse
    await start_players(config, session.players)
    if session.fresh:
        write_config(folder, with_configs(config, session.players, versions()))
    else:
        for change in changes(config, session.players):
            say(change)
    with exclusive(folder):
        ledger = Ledger(folder)
        if session.fresh and session.replayed:
            ledger.begin()
        purse.carry(payments(folder))
        purse.note = ledger.note
        allowance = Allowance(purse, _kept(folder) if purse.limits != Limits() else ())
        tell = cache(say)  # once, and not again after each Swiss round
        while (known := progress(folder, config, tell)).todo and not orders.stop:
            show.number = course.over = known.played
            await play_run(
                folder,
                session.until(known.todo) if session.until else known.todo,
                session.players,
                tables=session.tables() if session.tables else None,
                one_by_one=session.until is not None,
                parallel=session.parallel,
                allowance=allowance,
                patience=session.patience,
                orders=orders,
                watch=show.watch,
                finished=_both(course.finished, show.finished),
                counted=_both(course.counted, show.counted),
                judging=show.judging,
            )
            if config.pairing != "swiss":  # whose next round is known only now
                break


def _both(one: Callable[[T], None], other: Callable[[T], None]) -> Callable[[T], None]:
    """Tells both."""

    def tell(what: T) -> None:
        one(what)
        other(what)

    return tell


def _kept(folder: Path) -> Iterable[MatchRecord]:
    """The records of the run so far: what a match costs is asked where there is a limit."""
    from arena.record_stream import stream_file
    from arena.run import MATCHES

    return stream_file(folder).records() if (folder / MATCHES).exists() else ()
