"""What of a run is still to be played, told from its folder without reading every record whole."""

from __future__ import annotations

from pathlib import Path

from pydantic_core import from_json

from arena.match import MatchSpec
from arena.record import Ending
from arena.record_stream import stream_file
from arena.run import MATCHES, RunConfig


def still_to_play(folder: Path, config: RunConfig) -> tuple[MatchSpec, ...]:
    """The scheduled matches that were never finished, or ended by a fault of the world."""
    if config.pairing == "swiss" and (folder / MATCHES).exists():
        # its schedule follows from results: only what can be read whole is one
        records = [r for r in stream_file(folder).records() if r.ending is not Ending.ERROR]
        done = {record.match_id for record in records}
    else:
        records, done = [], finished(folder)
    return tuple(spec for spec in config.schedule(records) if spec.match_id not in done)


def finished(folder: Path) -> set[str]:
    """The ids of the matches whose last record has an ending that counts."""
    done: set[str] = set()
    if not (folder / MATCHES).exists():
        return done
    with (folder / MATCHES).open("rb") as file:
        for raw in file:
            ending = _ending(raw)
            if ending is not None:
                match_id, over = ending
                (done.add if over else done.discard)(match_id)
    return done


def _ending(raw: bytes) -> tuple[str, bool] | None:
    """(match id, whether it is over) of one line; None for a line that a crash has torn, or no record."""
    try:
        data = from_json(raw)
        return data["match_id"], data["ending"] != Ending.ERROR
    except (ValueError, KeyError, TypeError):
        return None
