"""The results of a run alone: a line is read for who got what, not for its plies.

So the end of a run is told at once, however many matches it had. What is shown of the matches themselves
comes from records that have been checked field by field (arena/record_stream.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from arena.run import MATCHES

if TYPE_CHECKING:
    from pydantic import TypeAdapter


@dataclass(frozen=True, slots=True)
class MatchResult:
    """What is read of a record."""

    match_id: str
    pair_id: str
    players: tuple[str, ...]
    """Player strings by seat."""
    returns: tuple[float, ...] | None
    """Per seat; None if the match is not scored."""


def results_of(folder: Path) -> Collection[MatchResult]:
    """The result of every match of a run."""
    with (folder / MATCHES).open("rb") as file:
        return last_results(file)


def last_results(lines: Iterable[bytes]) -> Collection[MatchResult]:
    """The result of each match, as the last of its lines says; lines that say none are passed over."""
    found = (_read(raw) for raw in lines)
    return {result.match_id: result for result in found if result is not None}.values()


def _read(raw: bytes) -> MatchResult | None:
    try:
        result = _adapter().validate_json(raw)
    except ValueError:
        return None
    fits = result.returns is None or len(result.returns) == len(result.players)
    return result if fits else None


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[MatchResult]:
    from pydantic import TypeAdapter

    return TypeAdapter(MatchResult)
