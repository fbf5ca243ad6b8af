"""A file of records, line by line: what each line is, and new records in place of old ones.

Nothing that is not understood is lost: a line that is no record stays word for word where it stands.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from arena.record import TORN, MatchRecord, RecordError, from_line, to_line
from arena.run import MATCHES, RunError, why_no_records


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of a record file that is no record."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file of records: a record, or why it is none."""

    number: int
    raw: bytes
    """Word for word, with its newline if it has one."""
    record: MatchRecord | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class RecordFile:
    """All lines of a file, as they were when it was read."""

    path: Path
    lines: tuple[Line, ...]

    @property
    def counting(self) -> dict[str, Line]:
        """The last line of each match, by its id, in order of first appearance: the record that counts."""
        return {line.record.match_id: line for line in self.lines if line.record is not None}

    @property
    def records(self) -> list[MatchRecord]:
        return [line.record for line in self.counting.values() if line.record is not None]

    @property
    def bad(self) -> list[BadLine]:
        return [BadLine(line.number, line.why) for line in self.lines if line.why]


def read_file(where: Path) -> RecordFile:
    """The file of a run's folder, or the file itself; RunError if there is none."""
    path = where if where.is_file() else where / MATCHES
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise RunError(why_no_records(where, error.strerror or str(error))) from error
    lines = [_line(number, text) for number, text in enumerate(io.BytesIO(raw), 1)]
    return RecordFile(path, tuple(lines))


def _line(number: int, raw: bytes) -> Line:
    if not raw.strip():
        return Line(number, raw)
    try:
        return Line(number, raw, from_line(raw.strip()))
    except RecordError as error:
        under_way = str(error) == TORN and not raw.endswith(b"\n")  # it is being written, or was
        return Line(number, raw, why="" if under_way else str(error))


def rewrite(file: RecordFile, fresh: Mapping[int, MatchRecord]) -> None:
    """Write the file anew with these records at these line numbers and all else as it was, or not at all.

    RunError if it has changed since it was read: a run is going on there.
    """
    lines = (
        to_line(fresh[line.number]).encode() + b"\n" if line.number in fresh else line.raw
        for line in file.lines
    )
    new = file.path.with_name(file.path.name + ".new")
    try:
        with new.open("wb") as out:
            out.writelines(lines)
            out.flush()
            os.fsync(out.fileno())
        if file.path.stat().st_size != sum(len(line.raw) for line in file.lines):
            new.unlink()
            raise RunError(f"{file.path} is being written to; judge it when the run is over")
        new.replace(file.path)
    except OSError as error:
        raise RunError(f"can't write {file.path}: {error.strerror or error}") from error
