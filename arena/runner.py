"""Playing a run: many matches at once, each on disk before it counts, judged without holding play up.

A verdict that is quick to reach is written with the match. Where judging takes longer, the match is written
at once and the judged record follows, which counts from then on; `arena judge` does what was left out.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from arena.allowance import Allowance
from arena.judging import judge_record
from arena.match import MatchSpec, Watch, ignore, play_match
from arena.record import Ending, MatchRecord
from arena.run import RunConfig, RunError, Writer
from games.registry import parse_game
from games.solvers import Solver, solver_for
from players.base import Player, PlayerError
from players.completers.base import ProviderError
from players.completers.transport import Wrap, as_it_is
from players.purse import Purse
from players.specs import make_player

FAULTS_IN_A_ROW = 3
"""So many matches lost to the world in a row end the run; what is finished stays."""
PROMPT_VERDICT_S = 1.0
"""A match waits so long for its verdict before it is written without one."""


class RunStopped(Exception):
    """Matches of the run were not played to an end, or not kept, because of a fault of the world."""


def make_players(
    names: Sequence[str], wrap: Wrap = as_it_is, purse: Purse | None = None
) -> dict[str, Player]:
    """One player for each name, see make_player; PlayerError for a name that means nothing."""
    return {name: make_player(name, wrap, purse) for name in names}


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
    parallel: int = 1,
    allowance: Allowance | None = None,
    watch: Watch = ignore,
    finished: Callable[[MatchRecord], None] = lambda record: None,
    judging: Callable[[int], None] = lambda waiting: None,
) -> None:
    """Play, judge and append every match, so many at once; what a match does never depends on the others.

    `judging` hears how many verdicts are waited for at the end. Raises RunStopped after a lasting fault or
    several in a row, where the allowance is for no further match, and at the end if any match met a fault.
    """
    writer = Writer(folder)
    scribe = _Scribe(writer)
    bench = _Bench(scribe)
    try:
        fault = await _Floor(players, bench, allowance or Allowance(Purse()), watch, finished).play(
            specs, parallel
        )
        judging(bench.waiting)
        await bench.empty()
        if fault:
            raise RunStopped(fault)
    except RunError as error:  # the disk is full
        raise RunStopped(str(error)) from error
    finally:
        writer.close()
        for player in players.values():
            await player.close()


class _Floor:
    """Where the matches of a run are played; stops when the world's faults leave no sense in going on."""

    def __init__(
        self,
        players: Mapping[str, Player],
        bench: _Bench,
        allowance: Allowance,
        watch: Watch,
        finished: Callable[[MatchRecord], None],
    ) -> None:
        self._players = players
        self._bench = bench
        self._allowance = allowance
        self._watch = watch
        self._finished = finished
        self._in_a_row = 0
        self._fault = ""
        self._stopped = False

    async def play(self, specs: Sequence[MatchSpec], parallel: int) -> str:
        """Play the matches, so many at once; why not all were, or the last fault of the world, '' if none."""
        waiting = deque(specs)
        await first_failure(self._table(waiting) for _ in range(min(parallel, len(specs))))
        return self._allowance.refusal() if waiting and not self._stopped else self._fault

    async def _table(self, waiting: deque[MatchSpec]) -> None:
        """Play one match after the other, until none waits or may begin; another table's may end cheaper."""
        while waiting and not self._stopped and self._allowance.begin():
            spec = waiting.popleft()
            record = await play_match(spec, [self._players[name] for name in spec.players], self._watch)
            record = await self._bench.judge(record)
            self._finished(record)
            self._note(record)

    def _note(self, record: MatchRecord) -> None:
        self._allowance.end(record)
        if record.ending is not Ending.ERROR:
            self._in_a_row = 0
            return
        self._in_a_row, self._fault = self._in_a_row + 1, record.reason
        self._stopped = record.lasting or self._in_a_row >= FAULTS_IN_A_ROW


async def first_failure(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all the work at once; the first exception ends the rest of it and is raised."""
    tasks = [asyncio.create_task(part) for part in work]
    try:
        for done in asyncio.as_completed(tasks):
            await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Scribe:
    """Appends records without holding play up: those that come while the disk is busy go together."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waiting: list[MatchRecord] = []
        self._at_work = asyncio.Lock()
        self._failure: RunError | None = None

    async def append(self, record: MatchRecord) -> None:
        """Back when the record is on the disk; RunError if it can't be written."""
        self._waiting.append(record)
        async with self._at_work:
            if self._failure is not None:
                raise self._failure
            if any(waiting is record for waiting in self._waiting):
                batch, self._waiting = self._waiting, []
                await self._write(batch)

    async def _write(self, batch: list[MatchRecord]) -> None:
        try:
            await asyncio.to_thread(self._writer.append, *batch)
        except RunError as error:
            self._failure = error  # for everybody whose record was in the batch
            raise


class _Bench:
    """The judges' bench: one thread that judges matches in turn, with solvers of its own.

    A daemon thread, so that leaving the program never waits for a verdict.
    """

    def __init__(self, scribe: _Scribe) -> None:
        self._scribe = scribe
        self._queue: SimpleQueue[tuple[MatchRecord, asyncio.Future[MatchRecord]]] = SimpleQueue()
        self._late: list[asyncio.Future[MatchRecord]] = []
        threading.Thread(target=self._sit, daemon=True, name="referee").start()

    @property
    def waiting(self) -> int:
        """Matches that are written, but not yet judged."""
        return sum(not verdict.done() for verdict in self._late)

    async def judge(self, record: MatchRecord) -> MatchRecord:
        """Append the record, judged if that is quick, else as it is; returns it as it was appended."""
        verdict: asyncio.Future[MatchRecord] = asyncio.get_running_loop().create_future()
        self._queue.put((record, verdict))
        await asyncio.wait({verdict}, timeout=PROMPT_VERDICT_S)
        await self._write_late()
        if verdict.done() and verdict.exception() is None:
            record = verdict.result()
            await self._scribe.append(record)
        else:
            await self._scribe.append(record)
            self._late.append(verdict)  # only now: of two records of a match the later one counts
        return record

    async def empty(self) -> None:
        """Wait for the verdicts that are still out, and append them. Our own failures are raised here."""
        while self._late:
            await asyncio.wait(self._late[:1])
            await self._write_late()

    async def _write_late(self) -> None:
        while self._late and self._late[0].done():
            await self._scribe.append(self._late.pop(0).result())

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
