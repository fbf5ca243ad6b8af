"""What of a run is still to be played, told from its folder: the records that count, and nothing else.

A line that readers pass over is no result, and neither is a record that says something else than the schedule
does: such a match is played again, and what is appended then counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from pydantic_core import from_json

from arena.match import MatchSpec
from arena.record import SCHEMA, Ending, MatchRecord
from arena.record_file import BadLine
from arena.record_stream import stream_file
from arena.run import MATCHES, RunConfig, RunError

OURS = b',"schema":%d}\n' % SCHEMA
"""How a line ends that this program wrote: it need not be read to know its schema."""
Tell: TypeAlias = Callable[[str], None]


def ignore(said: str) -> None:
    """Tell nobody of what is passed over."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    played: int
    """Matches that are over."""
    todo: tuple[MatchSpec, ...]
    """Matches that are not, in the order of the schedule; of a Swiss tournament those that are known."""


def progress(folder: Path, config: RunConfig, tell: Tell = ignore) -> Progress:
    """How far the run is; RunError where records are of another schema."""
    found = results(folder, config, tell)
    kept = list(found) if config.pairing == "swiss" else ()  # its schedule follows from them
    done = {record.match_id for record in kept or found}
    todo = tuple(spec for spec in config.schedule(kept) if spec.match_id not in done)
    return Progress(len(done), todo)


def still_to_play(folder: Path, config: RunConfig) -> tuple[MatchSpec, ...]:
    """The scheduled matches that were never finished, or ended by a fault of the world."""
    return progress(folder, config).todo


def results(folder: Path, config: RunConfig, tell: Tell = ignore) -> Iterator[MatchRecord]:
    """The records of what was to be played and is over; told is what is passed over, and why.

    In a Swiss tournament they come without their plies, since all are kept.
    """
    over = _over(folder, tell)
    kept = [_bare(record) for record in over] if config.pairing == "swiss" else []
    scheduled = {spec.match_id: spec for spec in config.schedule(kept)}
    for record in kept or over:
        spec = scheduled.get(record.match_id)
        if spec is not None and (said := spec.difference(record)):
            tell(f"match {record.match_id} is passed over: {said}")
        elif spec is not None:
            yield record


def _bare(record: MatchRecord) -> MatchRecord:
    return replace(record, plies=(), configs=())


def _over(folder: Path, tell: Tell) -> Iterator[MatchRecord]:
    """The records that count and did not end by a fault of the world."""
    if not (folder / MATCHES).exists():
        return

    def passed_over(line: BadLine) -> None:
        tell(f"line {line.number} is passed over: {line.why}")

    _check_schema(folder / MATCHES)
    for record in stream_file(folder).records(passed_over):
        if record.ending is not Ending.ERROR:
            yield record


def _check_schema(path: Path) -> None:
    """RunError for a record of another schema, in any line: this version would not understand it."""
    with path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            schema = _schema(raw)
            if schema != SCHEMA:
                said = f"record schema {schema}; this version reads schema {SCHEMA}"
                raise RunError(f"{path}, line {number}: {said}")


def _schema(raw: bytes) -> Any:
    """The schema of a record; ours where a crash has torn the line, or it is no record."""
    if raw.endswith(OURS):
        return SCHEMA
    with suppress(ValueError):
        data = from_json(raw)
        if isinstance(data, dict) and "match_id" in data:
            return data.get("schema", SCHEMA)
    return SCHEMA
