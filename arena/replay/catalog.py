"""The matches of a run as a list that is read only where it is looked at, and searched bit by bit.

A list of ten thousand matches opens at once and takes no more memory than their places in the file.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from arena.record import MatchRecord, RecordError, from_line
from arena.record_stream import OURS, RecordStream, stream_file
from arena.replay.story import Event, events_of
from arena.run import RunError
from arena.telling import ending_told

KEPT_ROWS = 256
"""Rows that are remembered: some screens full."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the list says of a match."""

    players: tuple[str, ...] = ()
    game: str = ""
    ending: str = ""
    plies: int = 0
    events: tuple[Event, ...] = ()
    """Of every ply, so that they can be counted."""
    problem: str = ""
    """Why the match can't be shown."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which matches are wanted."""

    text: str = ""
    """Words that stand in the players, the game, the ending or the id, in any order."""
    event: Event | None = None
    """What has to happen in the match."""

    def wants(self, raw: bytes) -> bool:
        """Whether the line of a record is one of these; a line of ours is not taken apart for it."""
        return self._has_words(raw) and (self.event is None or happens(self.event, raw))

    def _has_words(self, raw: bytes) -> bool:
        words = self.text.lower().split()
        if not words:
            return True
        said = _said(raw).lower()
        return all(word in said for word in words)


def _said(raw: bytes) -> str:
    """What a line says before and behind the plies: who plays what, and how it ended."""
    head, tail = raw.find(b'"configs"'), raw.rfind(b'"ending"')
    return (raw[:head] + b" " + raw[tail : raw.rfind(b'"started"')]).decode(errors="replace")


def happens(event: Event, raw: bytes) -> bool:
    """Whether a match has such an event."""
    if OURS.match(raw) is None:
        return event in _parsed_events(raw)
    match event:
        case Event.BLUNDER:
            return b'"blunder":true' in raw
        case Event.ILLEGAL:
            return b'"problem":"' in raw
        case Event.WRONG_CLAIM:
            return b'"claim":"' in raw and _claims_wrongly(raw)


def _claims_wrongly(raw: bytes) -> bool:
    try:
        plies = json.loads(raw)["plies"]
        accepted = [(p["attempts"][-1]["claim"], p["status"]) for p in plies if p["action"] and p["attempts"]]
    except (ValueError, LookupError, TypeError):
        return False
    return any(None not in (claim, status) and claim != status for claim, status in accepted)


def _parsed_events(raw: bytes) -> frozenset[Event]:
    try:
        return frozenset(event for ply in from_line(raw.strip()).plies for event in events_of(ply))
    except RecordError:
        return frozenset()


@dataclass(frozen=True)
class Catalog:
    """The matches of a run, in the order of the file."""

    stream: RecordStream

    @cached_property
    def ids(self) -> Sequence[str]:
        return tuple(self.stream.places)

    def __len__(self) -> int:
        return len(self.ids)

    def record(self, place: int) -> MatchRecord:
        """The record of a match; RecordError says why there is none."""
        return self.stream.find(self.ids[place])

    @cached_property
    def row(self) -> _Rows:
        """row(place): what the list says of a match."""
        return _Rows(self)

    def lines(self, places: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        """The last line of each match, read when it is asked for."""
        with self.stream.path.open("rb") as file:
            for place in places:
                where = self.stream.places[self.ids[place]]
                _, start = where[-1] if isinstance(where, list) else where
                file.seek(start)
                yield place, file.readline()


class _Rows:
    """The rows that were looked at last."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept = lru_cache(maxsize=KEPT_ROWS)(self._read)

    def __call__(self, place: int) -> Row:
        return self._kept(place)

    def _read(self, place: int) -> Row:
        try:
            record = self._catalog.record(place)
        except RecordError as error:
            return Row(problem=str(error))
        events = tuple(event for ply in record.plies for event in sorted(events_of(ply)))
        ending = ending_told(record)
        return Row(record.players, record.game, ending, len(record.plies), events)


def catalog_of(run: Path) -> Catalog:
    """The catalogue of a run's folder or of a file of records; RunError if there is nothing in it."""
    stream = stream_file(run)
    if not stream.places:
        strays = f"; line {stream.strays[0].number}: {stream.strays[0].why}" if stream.strays else ""
        raise RunError(f"{run} holds no matches{strays}")
    return Catalog(stream)


@dataclass
class Search:
    """A filter on its way through a catalogue; `found` grows while it runs."""

    catalog: Catalog
    filter: Filter = Filter()
    found: Sequence[int] = field(init=False)
    seen: int = field(init=False)
    """Matches that were looked at."""

    def __post_init__(self) -> None:
        everything = range(len(self.catalog))
        idle = self.filter == Filter()
        self.found, self.seen = (everything, len(everything)) if idle else ([], 0)
        self._lines = self.catalog.lines(everything)

    @property
    def done(self) -> bool:
        return self.seen >= len(self.catalog)

    def go_on(self, seconds: float) -> None:
        """Look at some more, for about so long."""
        until = time.perf_counter() + seconds
        assert isinstance(self.found, list) or self.done
        while not self.done and time.perf_counter() < until:
            place, raw = next(self._lines)
            self.seen += 1
            if self.filter.wants(raw) and isinstance(self.found, list):
                self.found.append(place)
