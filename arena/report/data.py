"""What a report says, as plain data: sections of tables, charts and blunders, and the matches behind.

Texts are as they stand in the records; whoever writes them out makes them harmless first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its 95 % interval and what stands behind it: an arena.estimates.Estimate as it is shown."""

    value: float
    n: int
    """How many were averaged: matches, turns, choices."""
    low: float | None = None
    high: float | None = None
    evidence: str = ""
    """Key of the matches behind it, in Report.evidence."""
    pairs: int = 0
    enough: bool = True
    """The interval's stated coverage can be trusted."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    evidence: str = ""
    small: str = ""
    """Said beside it with less weight: interval and n."""
    weight: float = 0.0
    """0 to 1: how strongly the cell is shaded."""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first cell of each names it."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    folded: bool = False
    """Of second rank: it need not stand open."""
    stacks: bool = False
    """On a narrow screen its rows stand below each other, every cell under its heading."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a curve."""

    x: float
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Curves:
    """A line for each player."""

    title: str
    x_label: str
    y_label: str
    lines: tuple[tuple[str, tuple[Point, ...]], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a stacked bar."""

    label: str
    count: int
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Stack:
    """A bar of parts for each player, all of the same length."""

    title: str
    labels: tuple[str, ...]
    bars: tuple[tuple[str, tuple[Part, ...]], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scatter:
    """A point for each player of which both numbers are known; the others as levels of y alone."""

    title: str
    x_label: str
    y_label: str
    points: tuple[tuple[str, Point], ...]
    levels: tuple[tuple[str, Estimate], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Blunder:
    """One of the dearest actions of a player."""

    player: str
    game: str
    match_id: str
    match: int
    """The number of the match in the run."""
    ply: int
    seat: str
    state: str
    action: str
    best_actions: tuple[str, ...]
    best: str
    """The value that was to be had, in words."""
    played: str
    regret: float
    times: int
    """How often the player did the same in the same state."""
    said: str
    reasoning: str


@dataclass(frozen=True, slots=True)
class Blunders:
    """The worst of each player."""

    title: str
    items: tuple[Blunder, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notes:
    """What is to be known of the table above, in sentences; code stands between backticks."""

    paragraphs: tuple[str, ...]


Block: TypeAlias = Table | Notes | Curves | Stack | Scatter | Blunders


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report under a heading."""

    title: str
    blocks: tuple[Block, ...] = ()
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatchRef:
    """A match in a list."""

    number: int
    """Its place in the run, counted from 1, as `arena show --match` takes it."""
    match_id: str
    game: str
    players: tuple[str, ...]
    ending: str
    result: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The matches behind a number."""

    title: str
    total: int
    shown: tuple[MatchRef, ...]


@dataclass(frozen=True, slots=True)
class PlyLine:
    """One turn of a match that is shown in full."""

    number: int
    who: str
    action: str
    verdict: str
    dear: bool
    """It gave something away: its board is shown."""
    state: str
    best_actions: tuple[str, ...]
    notes: tuple[str, ...]
    """Attempts that were not accepted, wrong claims, missing verdicts."""
    said: tuple[str, ...]
    """Every reply of a model, in order."""


@dataclass(frozen=True, slots=True)
class MatchDetail:
    """A match that is shown in full."""

    ref: MatchRef
    reason: str
    opening: str
    seats: tuple[str, ...]
    plies: tuple[PlyLine, ...]
    final_state: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a report says."""

    title: str
    run: str
    """Where the records are, for the commands that the report names."""
    summary: tuple[str, ...]
    """The outcome in words."""
    sections: tuple[Section, ...]
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    matches: tuple[MatchDetail, ...] = ()
    total_matches: int = 0
