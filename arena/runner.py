"""Playing a run: match after match, each on disk before the next begins, judged without holding play up.

A verdict that is quick to reach is written with the match. Where judging takes longer, the match is written
at once and the judged record follows, which counts from then on; `arena judge` does what was left out.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from arena.judging import judge_record
from arena.match import MatchSpec, Watch, ignore, play_match
from arena.record import Ending, MatchRecord
from arena.run import RunConfig, RunError, Writer
from games.registry import parse_game
from games.solvers import Solver, solver_for
from players.base import Player, PlayerError
from players.completers.base import ProviderError
from players.completers.transport import Wrap, as_it_is
from players.specs import make_player

FAULTS_IN_A_ROW = 3
"""So many matches lost to the world in a row end the run; what is finished stays."""
PROMPT_VERDICT_S = 1.0
"""A match waits so long for its verdict before it is written without one."""


class RunStopped(Exception):
    """Matches of the run were not played to an end, or not kept, because of a fault of the world."""


def make_players(names: Sequence[str], wrap: Wrap = as_it_is) -> dict[str, Player]:
    """One player for each name, see make_player; PlayerError for a name that means nothing."""
    return {name: make_player(name, wrap) for name in names}


def with_configs(config: RunConfig, players: Mapping[str, Player], versions: Mapping[str, str]) -> RunConfig:
    """The config with everything resolved that the players and this installation determine."""
    return replace(config, configs=tuple(players[n].config for n in config.players), versions=versions)


async def start_players(config: RunConfig, players: Mapping[str, Player]) -> None:
    """Get every player ready for the game; PlayerError names the one that can't be."""
    game = parse_game(config.game)
    for name, player in players.items():
        try:
            await player.start(game)
        except ProviderError as error:
            raise PlayerError(f"{name}: {error}") from error


async def play_run(
    folder: Path,
    specs: Sequence[MatchSpec],
    players: Mapping[str, Player],
    *,
    watch: Watch = ignore,
    finished: Callable[[MatchRecord], None] = lambda record: None,
    judging: Callable[[int], None] = lambda waiting: None,
) -> None:
    """Play, judge and append every match; `judging` hears how many verdicts are waited for at the end.

    Raises RunStopped after a lasting fault or several in a row, and at the end if any match met a fault.
    """
    writer, bench = Writer(folder), _Bench()
    try:
        fault = await _play_matches(specs, players, writer, bench, watch, finished)
        judging(bench.waiting)
        await bench.empty(writer)
        if fault:
            raise RunStopped(fault)
    except RunError as error:  # the disk is full
        raise RunStopped(str(error)) from error
    finally:
        writer.close()
        for player in players.values():
            await player.close()


async def _play_matches(
    specs: Sequence[MatchSpec],
    players: Mapping[str, Player],
    writer: Writer,
    bench: _Bench,
    watch: Watch,
    finished: Callable[[MatchRecord], None],
) -> str:
    """Play the matches; the reason of the last fault of the world, '' if there was none."""
    in_a_row, fault = 0, ""
    for spec in specs:
        record = await play_match(spec, [players[name] for name in spec.players], watch)
        record = await bench.judge(record, writer)
        finished(record)
        if record.ending is not Ending.ERROR:
            in_a_row = 0
            continue
        in_a_row, fault = in_a_row + 1, record.reason
        if record.lasting or in_a_row >= FAULTS_IN_A_ROW:
            break
    return fault


class _Bench:
    """The judges' bench: one thread that judges matches in turn, with solvers of its own.

    A daemon thread, so that leaving the program never waits for a verdict.
    """

    def __init__(self) -> None:
        self._queue: SimpleQueue[tuple[MatchRecord, asyncio.Future[MatchRecord]]] = SimpleQueue()
        self._late: list[asyncio.Future[MatchRecord]] = []
        threading.Thread(target=self._sit, daemon=True, name="referee").start()

    @property
    def waiting(self) -> int:
        """Matches that are written, but not yet judged."""
        return sum(not verdict.done() for verdict in self._late)

    async def judge(self, record: MatchRecord, writer: Writer) -> MatchRecord:
        """Append the record, judged if that is quick, else as it is; returns it as it was appended."""
        verdict: asyncio.Future[MatchRecord] = asyncio.get_running_loop().create_future()
        self._queue.put((record, verdict))
        await asyncio.wait({verdict}, timeout=PROMPT_VERDICT_S)
        self._write_late(writer)
        if verdict.done() and verdict.exception() is None:
            record = verdict.result()
        else:
            self._late.append(verdict)
        writer.append(record)
        return record

    async def empty(self, writer: Writer) -> None:
        """Wait for the verdicts that are still out, and append them. Our own failures are raised here."""
        while self._late:
            await asyncio.wait(self._late[:1])
            self._write_late(writer)

    def _write_late(self, writer: Writer) -> None:
        while self._late and self._late[0].done():
            writer.append(self._late.pop(0).result())

    def _sit(self) -> None:
        while True:
            record, verdict = self._queue.get()
            try:
                judged: MatchRecord | Exception = judge_record(record, _solver(record.game))
            except Exception as error:
                judged = error
            _deliver(verdict, judged)


def _deliver(verdict: asyncio.Future[MatchRecord], judged: MatchRecord | Exception) -> None:
    def settle() -> None:
        if verdict.cancelled():
            return
        if isinstance(judged, Exception):
            verdict.set_exception(judged)
        else:
            verdict.set_result(judged)

    try:
        verdict.get_loop().call_soon_threadsafe(settle)
    except RuntimeError:  # the run is over and its loop closed: nobody waits for this verdict
        return


@lru_cache(maxsize=4)
def _solver(game: str) -> Solver[Any]:
    """The judge's own solver: solvers keep one question's state and can't be shared with players' threads."""
    return solver_for(parse_game(game))
