"""The record of a match: one JSON line that a person can read and any later version can replay.

States and actions stand in notation. A record holds raw facts; every number in a table is worked out from
records by pure functions, and verdicts can be made again at any time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from arena.referee import Verdict
from players.base import Problem

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

SCHEMA = 1
"""Raised when a field changes its meaning."""


class Ending(StrEnum):
    """Why a match stopped."""

    COMPLETED = "completed"
    """The rules ended it."""
    ILLEGAL = "illegal"
    UNPARSABLE = "unparsable"
    EMPTY_REPLY = "empty reply"
    TRUNCATED_REPLY = "truncated reply"
    TIMEOUT = "timeout"
    """These five: a player used up its attempts, the last of which failed so; it forfeits."""
    PLY_LIMIT = "ply limit"
    """Too many plies: nobody's loss, returns are 0."""
    ERROR = "error"
    """A fault of the world: not scored, played again when the run is resumed."""


FORFEITS: Mapping[Problem, Ending] = {
    Problem.ILLEGAL: Ending.ILLEGAL,
    Problem.UNPARSABLE: Ending.UNPARSABLE,
    Problem.EMPTY: Ending.EMPTY_REPLY,
    Problem.TRUNCATED: Ending.TRUNCATED_REPLY,
    Problem.TIMEOUT: Ending.TIMEOUT,
}
"""The ending of a match whose last attempt failed for this problem."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a match is run, beyond the rules of the game."""

    attempts: int = 3
    """Replies a player may give for one turn before it forfeits."""
    seconds_per_turn: float | None = None
    """Time for one reply; None for no limit."""


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A further call to a model on the way to a reply."""

    purpose: str
    text: str
    found: str
    """What was read in it, or why nothing was."""
    completion: Mapping[str, Any] | None = None
    """As in an attempt; None where no answer came in time."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One reply for a turn."""

    text: str
    action: str | None
    """The action read in it, in notation; also where it is illegal."""
    problem: Problem | None
    why: str
    claim: str | None
    """The status of the board after the move, as the player stated it."""
    seconds: float
    completion: Mapping[str, Any] | None = None
    """What the completer reported: reasoning, finish reason, usage, latency, model, request sent, tries."""
    calls: tuple[CallFacts, ...] = ()
    """Calls beside the one that decided, of players that make several for a reply."""
    note: str = ""
    """How several calls became one reply, or that a person asked the coach."""

    @property
    def completions(self) -> tuple[Mapping[str, Any], ...]:
        """What was reported of every call, the one that decided last."""
        reported = (*(call.completion for call in self.calls), self.completion)
        return tuple(facts for facts in reported if facts is not None)


@dataclass(frozen=True, slots=True)
class Ply:
    """One seat's turn: the state before it, the attempts, and what came of them."""

    number: int
    seat: int
    state: str
    action: str | None
    """The accepted action; None where there was none."""
    attempts: tuple[Attempt, ...]
    status: str | None = None
    """The true status of the board after the action; None where it was not the action's alone to decide."""
    verdict: Verdict | None = None
    unjudged: str = ""
    """Why there is no verdict on an accepted action."""

    @property
    def claim(self) -> str | None:
        """The status claimed with the accepted action."""
        return self.attempts[-1].claim if self.attempts and self.action is not None else None


@dataclass(frozen=True, slots=True)
class MatchRecord:
    """Everything about one match."""

    match_id: str
    pair_id: str
    game: str
    players: tuple[str, ...]
    """Player strings by seat."""
    configs: tuple[Mapping[str, Any], ...]
    """The full configuration of each seat's player."""
    opening: tuple[str, ...]
    """Actions played before the players start."""
    seed: int
    rules: Rules
    plies: tuple[Ply, ...]
    final_state: str
    ending: Ending
    returns: tuple[float, ...] | None
    """Per seat; None if the match is not scored."""
    reason: str
    """The ending in words."""
    culprit: int | None = None
    """The seat whose fault the ending is."""
    lasting: bool = False
    """For Ending.ERROR: the same configuration will meet the fault again (wrong key, unknown model)."""
    started: str = ""
    """UTC, ISO 8601."""
    seconds: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    """For imported matches: where they come from and what that file said."""
    schema: int = SCHEMA


class RecordError(ValueError):
    """A line is no record of a match; the message names the line and the field."""


def to_line(record: MatchRecord) -> str:
    """The record as one line of JSON, without the newline. Half a letter (a lone surrogate) becomes '?'."""
    from pydantic_core import PydanticSerializationError

    try:
        return _adapter().dump_json(record).decode()
    except PydanticSerializationError:
        told = json.dumps(_adapter().dump_python(record), ensure_ascii=False, separators=(",", ":"))
        return told.encode("utf-8", "replace").decode()


def from_line(line: str | bytes) -> MatchRecord:
    """The record in one line of JSON; RecordError names the match and the field that is wrong.

    A record that comes back is sound (arena/soundness.py): it can be shown, counted and judged.
    """
    from pydantic import ValidationError

    from arena.soundness import check_record  # which imports this module

    try:
        record = _adapter().validate_json(line)
    except ValidationError as error:
        raise RecordError(_what_is_wrong(line, error)) from error
    if record.schema != SCHEMA:
        raise RecordError(f"record schema {record.schema}; this version reads schema {SCHEMA}")
    check_record(record)
    return record


TORN = "torn line (cut off in the middle)"
"""What a crash leaves of a record. It contradicts nothing: the match is played again."""


def _what_is_wrong(line: str | bytes, error: ValidationError) -> str:
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        torn = "EOF while parsing" in first["msg"] and line[:1] in ("{", b"{")
        return TORN if torn else f"not a match record: {first['msg']}"
    place = ".".join(str(part) for part in first["loc"])
    what = first["msg"] + (f" (at {place})" if place else "")
    match_id = _match_id(line)
    return f"match {match_id}: {what}" if match_id else f"not a match record: {what}"


def _match_id(line: str | bytes) -> str:
    """The id in a line that is JSON but no record; '' if it holds none."""
    data = json.loads(line)
    found = data.get("match_id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[MatchRecord]:
    from pydantic import TypeAdapter

    return TypeAdapter(MatchRecord)
