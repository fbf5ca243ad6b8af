"""Playing a run from the command line: getting ready, going on, stopping when asked to."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

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

    progress = progress_console()
    orders = Orders()
    status = 130
    try:
        with show:
            asyncio.run(_interruptible(session, show, orders))
        if not orders.stop:
            return 0
        progress.print("Stopped by you; what was under way is finished.", style="yellow", markup=False)
    except RunStopped as stop:
        progress.print(f"Stopped: {inert(str(stop))}", style="red", markup=False, soft_wrap=True)
        status = 130 if orders.stop else 1
    except (KeyboardInterrupt, asyncio.CancelledError):
        progress.print("Stopped by you.", style="yellow")
    if session.folder.exists():
        more = " --max-cost or --max-tokens-total MORE" if session.purse.refused else ""
        told = f"Finished matches are kept. Go on with: {session.again}{more}"
        progress.print(told, markup=False, soft_wrap=True)
    return status


async def _interruptible(session: Session, show: LiveView, orders: Orders) -> None:
    """The session, with Ctrl-C as an order: the first ends it when what is under way is finished."""
    task = asyncio.ensure_future(_play(session, show, orders))
    loop = asyncio.get_running_loop()

    def interrupt() -> None:
        if orders.stop or session.grace_s <= 0:
            orders.stop = True
            task.cancel()
            return
        orders.stop = True
        show.console.print(
            f"Finishing the matches under way, {session.grace_s:g} s at most; Ctrl-C again stops at once.",
            style="yellow",
            markup=False,
        )
        loop.call_later(session.grace_s, task.cancel)

    with suppress(NotImplementedError, RuntimeError, ValueError):  # no signals here: Ctrl-C stops at once
        loop.add_signal_handler(signal.SIGINT, interrupt)
    try:
        await task
    finally:
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.remove_signal_handler(signal.SIGINT)


async def _play(session: Session, show: LiveView, orders: Orders) -> None:
    from arena.allowance import Allowance
    from arena.ledger import Ledger, payments
    from arena.match import versions
    from arena.resume import progress
    from arena.run import exclusive, write_config
    from arena.runner import play_run, start_players, with_configs
    from players.purse import Limits

    config, folder, purse = session.config, session.folder, session.purse
    await start_players(config, session.players)
    if session.fresh:
        write_config(folder, with_configs(config, session.players, versions()))
    with exclusive(folder):
        ledger = Ledger(folder)
        if session.fresh and session.replayed:
            ledger.begin()
        purse.carry(payments(folder))
        purse.note = ledger.note
        allowance = Allowance(purse, _kept(folder) if purse.limits != Limits() else ())
        tell = cache(say)  # once, and not again after each Swiss round
        while (known := progress(folder, config, tell)).todo and not orders.stop:
            show.number = known.played
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
                finished=show.finished,
                counted=show.counted,
                judging=show.judging,
            )
            if config.pairing != "swiss":  # whose next round is known only now
                break


def _kept(folder: Path) -> Iterable[MatchRecord]:
    """The records of the run so far: what a match costs is asked where there is a limit."""
    from arena.record_stream import stream_file
    from arena.run import MATCHES

    return stream_file(folder).records() if (folder / MATCHES).exists() else ()
