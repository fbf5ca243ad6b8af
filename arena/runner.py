"""Playing a run: many matches at once, each on disk before it counts, judged without holding play up."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, deque
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from arena.allowance import Allowance
from arena.baseline_play import BaselineHall, is_for
from arena.bench import Bench, Scribe
from arena.match import MatchSpec, Watch, ignore
from arena.record import Ending, MatchRecord
from arena.run import RunConfig, RunError, Writer
from arena.tables import LocalTables, Tables
from games.registry import parse_game
from players.base import Player, PlayerError
from players.completers.base import NotRecorded, ProviderError
from players.completers.transport import Wrap, as_it_is
from players.human import HasLeft
from players.purse import Purse
from players.specs import make_player

AT_ONCE = 500
"""Matches of baselines that are played between two looks at everything else."""


class RunStopped(Exception):
    """Matches of the run were not played to an end, or not kept, because of a fault of the world."""


@dataclass(frozen=True, slots=True)
class Patience:
    """What a run does about the faults of the world."""

    tries: int = 1
    """How often a match is begun before it is left for a resume."""
    in_a_row: int = 3
    """So many faults one after the other, without a match that ended well, end the run."""
    pause_s: float = 0.0
    """Wait after a fault; twice as long after each further one in a row, a minute at most."""
    endless: bool = False
    """No fault ends the run. So are recordings played: their faults are over, and come in any order."""


@dataclass(slots=True)
class Orders:
    """What whoever started a run tells it while it goes on."""

    stop: bool = False
    """Begin no further match."""


def make_players(
    names: Sequence[str], wrap: Wrap = as_it_is, purse: Purse | None = None
) -> dict[str, Player]:
    """One player for each name, see make_player; PlayerError for a name that means nothing."""
    return {name: make_player(name, wrap, purse) for name in names}


def with_configs(config: RunConfig, players: Mapping[str, Player], versions: Mapping[str, str]) -> RunConfig:
    """The config with everything resolved that the players and this installation determine."""
    return replace(config, configs=tuple(players[n].config for n in config.players), versions=versions)


def changes(config: RunConfig, players: Mapping[str, Player]) -> Iterator[str]:
    """What of the players is not as it was when the run began, a line for each: its matches will differ."""
    for name, began in zip(config.players, config.configs, strict=False):
        now = json.loads(json.dumps(players[name].config))
        fields = sorted(key for key in began.keys() | now if began.get(key) != now.get(key))
        if fields:
            yield f"{name} is not configured as when the run began: {', '.join(fields)} (config.json)"


async def start_players(config: RunConfig, players: Mapping[str, Player]) -> None:
    """Get every player ready for every game; PlayerError names who can't be, HasLeft: a person goes."""
    for game in map(parse_game, config.games):
        for name, player in players.items():
            try:
                await player.start(game)
            except HasLeft:
                raise
            except ProviderError as error:
                raise PlayerError(f"{name}: {error}") from error


async def play_run(
    folder: Path,
    specs: Sequence[MatchSpec],
    players: Mapping[str, Player],
    *,
    tables: Tables | None = None,
    one_by_one: bool = False,
    parallel: int = 1,
    allowance: Allowance | None = None,
    patience: Patience = Patience(),
    orders: Orders | None = None,
    watch: Watch = ignore,
    finished: Callable[[MatchRecord], None] = lambda record: None,
    counted: Callable[[int], None] = lambda matches: None,
    judging: Callable[[int], None] = lambda waiting: None,
) -> None:
    """Play, judge and append every match, so many at once; what a match does never depends on the others.

    They are played in this process, or at other `tables`. Matches of baselines in small games are played
    first and together, unless each is wanted `one_by_one`; of these only the number is told, to `counted`.
    `judging` hears how many verdicts are waited for at the end. Raises RunStopped where patience ends or the
    allowance is for no further match, and at the end if any match met a fault.
    """
    writer = Writer(folder)
    scribe = Scribe(writer)
    bench = Bench(scribe)
    orders = orders or Orders()
    try:
        each = one_by_one or tables is not None
        slow = specs if each else await _play_baselines(specs, players, scribe, orders, counted)
        tables = tables or LocalTables(players, watch)
        floor = _Floor(tables, bench, allowance or Allowance(Purse()), patience, orders, finished)
        fault = await floor.play(slow, parallel)
        judging(bench.waiting)
        await bench.empty()
        if fault:
            raise RunStopped(fault)
    except RunError as error:  # the disk is full
        raise RunStopped(str(error)) from error
    finally:
        writer.close()
        await (tables or LocalTables(players)).close()


async def _play_baselines(
    specs: Sequence[MatchSpec],
    players: Mapping[str, Player],
    scribe: Scribe,
    orders: Orders,
    counted: Callable[[int], None],
) -> list[MatchSpec]:
    """Play what goes quickly, if it is worth the while; returns what is left."""
    if len(specs) < AT_ONCE:
        return list(specs)
    kinds = {(spec.game, spec.players) for spec in specs}
    quick = {(game, names) for game, names in kinds if is_for(game, [players[name] for name in names])}
    todo = [spec for spec in specs if (spec.game, spec.players) in quick]
    hall = BaselineHall(players)
    ready, told = b"", 0
    for part in chain(_parts(todo, orders), [()]):
        lines = asyncio.to_thread(hall.lines, part)
        _, ready = await asyncio.gather(scribe.append_lines(ready), lines)  # one part is written meanwhile
        counted(told)
        told = len(part)
    return [spec for spec in specs if (spec.game, spec.players) not in quick]


def _parts(specs: Sequence[MatchSpec], orders: Orders) -> Iterator[Sequence[MatchSpec]]:
    """The matches in their order, so many at once; none after an order to stop."""
    for begin in range(0, len(specs), AT_ONCE):
        if orders.stop:
            return
        yield specs[begin : begin + AT_ONCE]


class _Waiting:
    """Matches that are to begin; asked for one by one, since some schedules end when enough is known."""

    def __init__(self, specs: Iterable[MatchSpec]) -> None:
        self._fresh = iter(specs)
        self._next: deque[MatchSpec] = deque()

    def __bool__(self) -> bool:
        if not self._next:
            self._next.extend(islice(self._fresh, 1))
        return bool(self._next)

    def pop(self) -> MatchSpec:
        """The next one; bool(self) is true."""
        return self._next.popleft()

    def again(self, spec: MatchSpec) -> None:
        """One that has to be played once more."""
        self._next.append(spec)


class _Floor:
    """Where the matches of a run are played; stops when the world's faults leave no sense in going on."""

    def __init__(
        self,
        tables: Tables,
        bench: Bench,
        allowance: Allowance,
        patience: Patience,
        orders: Orders,
        finished: Callable[[MatchRecord], None],
    ) -> None:
        self._tables = tables
        self._bench = bench
        self._allowance = allowance
        self._patience = patience
        self._orders = orders
        self._finished = finished
        self._tries: Counter[str] = Counter()
        self._in_a_row = 0
        self._resume_at = 0.0
        self._fault = ""
        self._stopped = False
        self._given_up = 0

    async def play(self, specs: Sequence[MatchSpec], parallel: int) -> str:
        """Play the matches, so many at once; why not all were, or the last fault of the world, '' if none."""
        waiting = _Waiting(specs)
        await first_failure(self._table(waiting) for _ in range(min(parallel, len(specs))))
        told = self._stopped or self._orders.stop or not waiting
        return self._fault if told else self._allowance.refusal()

    async def _table(self, waiting: _Waiting) -> None:
        """Play one match after the other, until none waits or may begin; another table's may end cheaper."""
        while waiting and not (self._stopped or self._orders.stop) and self._allowance.begin():
            spec = waiting.pop()
            await asyncio.sleep(max(0.0, self._resume_at - time.monotonic()))
            try:
                record = await self._tables.play(spec)
            except NotRecorded as missing:
                self._stopped, self._fault = True, str(missing)
                return
            record = await (self._bench.keep if self._tables.judged else self._bench.judge)(record)
            self._finished(record)
            self._note(spec, record, waiting)

    def _note(self, spec: MatchSpec, record: MatchRecord, waiting: _Waiting) -> None:
        self._allowance.end(record)
        if record.ending is not Ending.ERROR:
            self._in_a_row = 0
            return
        self._in_a_row += 1
        self._tries[record.match_id] += 1
        if self._stopped:
            return  # what stopped the run is what has to be told
        self._stopped = not self._patience.endless and (
            record.lasting or self._in_a_row >= self._patience.in_a_row
        )
        if self._stopped or self._tries[record.match_id] >= self._patience.tries:
            self._given_up += 1
            self._fault = self._why(record)
        else:
            pause = min(self._patience.pause_s * 2 ** (self._in_a_row - 1), 60.0)
            self._resume_at = time.monotonic() + pause
            waiting.again(spec)

    def _why(self, record: MatchRecord) -> str:
        """Why no more is played, or not everything was."""
        if record.lasting:
            return record.reason
        if self._stopped:
            return f"{self._in_a_row} faults in a row, the last: {record.reason}"
        matches = "1 match was" if self._given_up == 1 else f"{self._given_up} matches were"
        times = "once" if self._patience.tries == 1 else f"{self._patience.tries} times"
        return f"{matches} begun {times} and met a fault each time, the last: {record.reason}"


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
