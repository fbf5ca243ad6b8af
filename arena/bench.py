"""What happens to a match when it is over: it is judged by a thread of its own, and written to the disk.

A verdict that is quick to reach is written with the match. Where judging takes longer, the match is written
at once and the judged record follows, which counts from then on; `arena judge` does what was left out.
"""

from __future__ import annotations

import asyncio
import threading
from functools import lru_cache
from queue import SimpleQueue
from typing import Any

from arena.judging import judge_fresh
from arena.record import MatchRecord
from arena.run import RunError, Writer, as_line
from games.registry import parse_game
from games.solvers import Solver, solver_for

PROMPT_VERDICT_S = 1.0
"""A match waits so long for its verdict before it is written without one."""


class Scribe:
    """Appends records without holding play up: those that come while the disk is busy go together."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waiting: list[bytes] = []
        self._at_work = asyncio.Lock()
        self._failure: RunError | None = None

    async def append(self, record: MatchRecord) -> None:
        """Back when the record is on the disk; RunError if it can't be written."""
        await self.append_lines(as_line(record))

    async def append_lines(self, lines: bytes) -> None:
        """The same for records that are lines already, each with its newline."""
        self._waiting.append(lines)
        async with self._at_work:
            if self._failure is not None:
                raise self._failure
            if any(waiting is lines for waiting in self._waiting):
                batch, self._waiting = self._waiting, []
                await self._write(b"".join(batch))

    async def _write(self, lines: bytes) -> None:
        try:
            await asyncio.to_thread(self._writer.append_lines, lines)
        except RunError as error:
            self._failure = error  # for everybody whose record was in the batch
            raise


class Bench:
    """The judges' bench: one thread that judges matches in turn, with solvers of its own.

    A daemon thread, so that leaving the program never waits for a verdict.
    """

    def __init__(self, scribe: Scribe) -> None:
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

    async def keep(self, record: MatchRecord) -> MatchRecord:
        """Append a record that is judged already."""
        await self._scribe.append(record)
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
                judged: MatchRecord | Exception = judge_fresh(record, _solver(record.game))
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
