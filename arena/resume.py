"""What of a run is still to be played, told from its folder without reading every record whole."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from arena.match import MatchSpec
from arena.record import SCHEMA, Ending, MatchRecord
from arena.record_stream import stream_file
from arena.run import MATCHES, RunConfig, RunError


def still_to_play(folder: Path, config: RunConfig) -> tuple[MatchSpec, ...]:
    """The scheduled matches that were never finished, or ended by a fault of the world."""
    done = finished(folder)
    records: list[MatchRecord] = []
    if config.pairing == "swiss" and done:
        # its schedule follows from results: only what can be read whole is one
        records = [r for r in stream_file(folder).records() if r.ending is not Ending.ERROR]
        done = {record.match_id for record in records}
    return tuple(spec for spec in config.schedule(records) if spec.match_id not in done)


def finished(folder: Path) -> set[str]:
    """The ids of the matches whose last record has an ending that counts; RunError for another schema."""
    done: set[str] = set()
    if not (folder / MATCHES).exists():
        return done
    with (folder / MATCHES).open("rb") as file:
        for number, raw in enumerate(file, 1):
            record = _record(raw)
            if record.get("schema", SCHEMA) != SCHEMA:
                said = f"record schema {record['schema']}; this version reads schema {SCHEMA}"
                raise RunError(f"{folder / MATCHES}, line {number}: {said}")
            if record:
                over = record["ending"] != Ending.ERROR
                (done.add if over else done.discard)(record["match_id"])
    return done


def _record(raw: bytes) -> dict[str, Any]:
    """What one line says; nothing if a crash has torn it, or it is no record."""
    with suppress(ValueError):
        data = from_json(raw)
        if isinstance(data, dict) and isinstance(data.get("match_id"), str) and "ending" in data:
            return data
    return {}
