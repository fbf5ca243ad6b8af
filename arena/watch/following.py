"""What is known of a run that is followed: counts, and the matches that are shown. Nothing else is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from arena.record import Ending, MatchRecord, RecordError, from_line
from arena.watch.tail import Tail


@dataclass(frozen=True, slots=True)
class News:
    """A match that has become known; a match is counted once."""

    record: MatchRecord
    counts: bool
    """It is over, and was not known to be."""


@dataclass(slots=True)
class Following:
    """Reads a run as it grows. Of records it keeps the one that is shown and the last with a blunder."""

    tail: Tail
    wanted: int | None = None
    """The number of the match that is shown; None for the latest."""
    over: int = 0
    """Matches that are over."""
    shown: MatchRecord | None = None
    number: int = 0
    """Of the match that is shown."""
    blunder: MatchRecord | None = None
    """The last match with a blunder."""
    unread: int = 0
    """Lines that are no records."""
    again: int = 0
    """How often the file turned out to be another one."""
    faulted: set[str] = field(default_factory=set)
    """Matches that met a fault of the world and were not scored since."""
    awaited: set[str] = field(default_factory=set)
    """Matches that were counted and whose verdicts are still to come: these records come twice."""

    def news(self) -> Iterator[News]:
        """What has become known since the last time, one by one."""
        for line in self.tail.lines():
            if line is None:
                self._begin_again()
            elif line.strip():
                yield from self._read(line)

    def _begin_again(self) -> None:
        if self.over or self.unread:
            self.again += 1
        self.over, self.unread, self.shown, self.number, self.blunder = 0, 0, None, 0, None
        self.awaited.clear()
        self.faulted.clear()

    def _read(self, line: bytes) -> Iterator[News]:
        try:
            record = from_line(line.strip())
        except RecordError:
            self.unread += 1
            return
        known = record.match_id in self.awaited
        counts = record.ending is not Ending.ERROR and not known
        self.over += counts
        if record.ending is Ending.ERROR:
            self.faulted.add(record.match_id)
        else:
            self.faulted.discard(record.match_id)
        self._await(record)
        self._show(record, known)
        yield News(record, counts)

    def _await(self, record: MatchRecord) -> None:
        """Whether the same match will come once more, with its verdicts."""
        bare = any(p.action is not None and p.verdict is None and not p.unjudged for p in record.plies)
        if bare and record.ending is not Ending.ERROR:
            self.awaited.add(record.match_id)
        else:
            self.awaited.discard(record.match_id)

    def _show(self, record: MatchRecord, known: bool) -> None:
        if has_blunder(record):
            self.blunder = record
        if self.shown is not None and self.shown.match_id == record.match_id:
            self.shown = record  # the same match, now with its verdicts
        elif not known and record.ending is not Ending.ERROR and self.wanted in (None, self.over):
            self.shown, self.number = record, self.over


def has_blunder(record: MatchRecord) -> bool:
    """Whether there is a blunder in it, as far as it is judged."""
    return any(ply.verdict is not None and ply.verdict.blunder for ply in record.plies)
