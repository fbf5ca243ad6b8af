"""Who has how many points, from the results alone: a line is read for what this needs, not for its plies.

So the end of a run is told at once, however many matches it had. What is shown of the matches themselves
comes from records that have been checked field by field (arena/record_stream.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from arena.points import points
from arena.run import MATCHES

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Result: TypeAlias = tuple[tuple[str, ...], tuple[float, ...] | None]
"""Players by seat, and their returns; None if the match is not scored."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What is read of a record."""

    match_id: str
    players: tuple[str, ...]
    returns: tuple[float, ...] | None


@dataclass(slots=True)
class Tally:
    """What a player has reached so far."""

    points: float = 0.0
    matches: int = 0


def tallies(folder: Path) -> dict[str, Tally]:
    """Of every player in a run, in order of first appearance; one that meets itself counts for both seats."""
    with (folder / MATCHES).open("rb") as file:
        results = last_results(file)
    found: dict[str, Tally] = {}
    for players, returns in results:
        for seat, name in enumerate(players):
            tally = found.setdefault(name, Tally())
            if returns is not None:
                tally.points += points(returns, seat)
                tally.matches += 1
    return found


def last_results(lines: Iterable[bytes]) -> Collection[Result]:
    """The result of each match, as the last of its lines says; lines that say none are passed over."""
    last: dict[str, Result] = {}
    same: dict[Result, Result] = {}  # a run has many matches and few different results
    for raw in lines:
        line = _read(raw)
        if line is not None:
            result = line.players, line.returns
            last[line.match_id] = same.setdefault(result, result)
    return last.values()


def _read(raw: bytes) -> _Line | None:
    try:
        line = _adapter().validate_json(raw)
    except ValueError:
        return None
    fits = line.returns is None or len(line.returns) == len(line.players)
    return line if fits else None


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[_Line]:
    from pydantic import TypeAdapter

    return TypeAdapter(_Line)
