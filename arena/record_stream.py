"""A file of records read one by one, however long it is.

Two passes: the first notes where the lines of each match begin, the second reads the line that counts. At any
time one record is in memory, and a few bytes for each match.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from arena.record import TORN, MatchRecord, RecordError, from_line
from arena.record_file import BadLine
from arena.run import MATCHES, RunError, why_no_records

OURS = re.compile(rb'\{"match_id":"([^"\\]+)"')
"""How a line begins that this program wrote: its match is known without reading the rest."""
Place: TypeAlias = tuple[int, int]
"""A line: its number, and the byte it begins at."""


def ignore(line: BadLine) -> None:
    """Tell nobody of a bad line."""


@dataclass(frozen=True, slots=True)
class RecordStream:
    """The records of a file as they stood when it was indexed; what is appended later is not seen."""

    path: Path
    places: Mapping[str, Place | list[Place]]
    """Where the lines of each match are, in order of first appearance; a list where there are several."""
    strays: tuple[BadLine, ...]
    """Lines that name no match."""

    def records(self, tell: Callable[[BadLine], None] = ignore) -> Iterator[MatchRecord]:
        """The record that counts of each match: its last sound line. Lines passed over are told."""
        for line in self.strays:
            tell(line)
        with self.path.open("rb") as file:
            for match_id in self.places:
                record = self._last_sound(file, match_id, tell)
                if record is not None:
                    yield record

    def find(self, match_id: str) -> MatchRecord:
        """The record of one match; RecordError says why there is none."""
        bad: list[BadLine] = []
        with self.path.open("rb") as file:
            record = self._last_sound(file, match_id, bad.append) if match_id in self.places else None
        if record is None:
            cut_off = [TORN] if match_id in self.places else []
            why = [f"line {line.number}: {line.why}" for line in bad] or cut_off
            raise RecordError("; ".join([f"no record of match {match_id} in {self.path}", *why]))
        return record

    def _last_sound(
        self, file: BinaryIO, match_id: str, tell: Callable[[BadLine], None]
    ) -> MatchRecord | None:
        places = self.places[match_id]
        for number, start in reversed(places if isinstance(places, list) else [places]):
            file.seek(start)
            raw = file.readline()
            try:
                record = from_line(raw.strip())
                if record.match_id == match_id:
                    return record
                tell(BadLine(number, f"match {match_id}: the line names another match as well"))
            except RecordError as error:
                if not _under_way(raw, error):
                    tell(BadLine(number, str(error)))
        return None


def stream_file(where: Path) -> RecordStream:
    """Index the file of a run's folder, or the file itself; RunError if there is none."""
    path = where if where.is_file() else where / MATCHES
    places: dict[str, Place | list[Place]] = {}
    strays: list[BadLine] = []
    start = 0
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                match_id = _match_id(raw)
                if match_id:
                    _note(places, match_id, (number, start))
                elif raw.strip():
                    strays += _stray(number, raw)
                start += len(raw)
    except OSError as error:
        raise RunError(why_no_records(where, error.strerror or str(error))) from error
    return RecordStream(path, places, tuple(strays))


def _note(places: dict[str, Place | list[Place]], match_id: str, place: Place) -> None:
    before = places.setdefault(match_id, place)
    if before is not place:
        places[match_id] = [*before, place] if isinstance(before, list) else [before, place]


def _match_id(raw: bytes) -> str:
    """The id of the match that a line is about, be the line sound or not; '' if it names none."""
    try:
        if ours := OURS.match(raw):
            return ours[1].decode()
        data = json.loads(raw)
    except ValueError:
        return ""
    found = data.get("match_id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


def _stray(number: int, raw: bytes) -> list[BadLine]:
    try:
        from_line(raw.strip())
    except RecordError as error:
        return [] if _under_way(raw, error) else [BadLine(number, str(error))]
    return [BadLine(number, "not a match record: its match can't be told")]


def _under_way(raw: bytes, error: RecordError) -> bool:
    """Whether a line is being written just now, or was when the writer was stopped."""
    return str(error) == TORN and not raw.endswith(b"\n")
