"""The sliding puzzle: numbered tiles in a frame with one gap; slide them into order.

The goal on 2 rows and 3 columns, and the numbers of the places that index a position:

    1 2 3        0 1 2
    4 5 .        3 4 5

An action is the number of the tile that slides into the gap. Position notation: '.' for the gap, '/' between
rows: '41./523'. Half of all arrangements can't be reached (Johnson and Story 1879) and are refused; every
other one counts as a state that can arise, because the start is a parameter.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, TypeAlias

from games.base import Action, NotationError, ParameterError
from games.layout import Cell, Grid
from games.puzzle import Progress, Puzzle

Tiles: TypeAlias = tuple[int, ...]
"""The tile on each place, row by row; 0 is the gap."""
GAP = 0


@dataclass(frozen=True)
class Sliding(Puzzle[Tiles]):
    """The 5-puzzle by default; 3 x 3 is the 8-puzzle."""

    rows: int = 2
    columns: int = 3
    seed: int = 1
    """Which of the scrambled starts, all solvable ones being equally likely."""
    position: str = ""
    """The start in notation; where it is given, seed says nothing."""
    limit: int = 60

    name: ClassVar[str] = "sliding"

    def __post_init__(self) -> None:
        super().__post_init__()
        if min(self.rows, self.columns) < 2 or self.rows * self.columns > 9:
            raise ParameterError(f"{self.spec}: rows and columns are 2 or more, and at most 9 places")
        if self.is_solved(self.start):
            raise ParameterError(f"{self.spec}: the start is solved already")

    @property
    def title(self) -> str:
        return f"Sliding puzzle {self.rows}x{self.columns}"

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"A frame of {self.rows} rows and {self.columns} columns holds the tiles 1 to {self.tiles} and "
            "one gap, shown as a dash, a dot or an empty cell.",
            "A move slides a tile that lies left of, right of, above or below the gap into the gap.",
            f"The goal is {self.format_position(self.goal)} (rows from the top, divided by slashes; the dot "
            "is the gap).",
            *self.endings,
        )

    @property
    def action_help(self) -> str:
        return f"the number of a tile beside the gap, from 1 to {self.tiles}"

    @property
    def action_noun(self) -> str:
        return "tile"

    @property
    def tiles(self) -> int:
        """How many there are; also the highest number."""
        return self.rows * self.columns - 1

    @cached_property
    def goal(self) -> Tiles:
        """The tiles in order, the gap at the end."""
        return (*range(1, self.tiles + 1), GAP)

    @cached_property
    def start(self) -> Tiles:
        return self.parse_position(self.position) if self.position else self._scrambled()

    def _scrambled(self) -> Tiles:
        rng = random.Random(self.seed)
        while True:  # half of the arrangements can't be solved, one is solved
            tiles = tuple(sorted(self.goal, key=lambda _: rng.random()))
            if self._is_solvable(tiles) and tiles != self.goal:
                return tiles

    @cached_property
    def _beside(self) -> tuple[tuple[int, ...], ...]:
        """For each place the places that share a side with it."""
        places = [divmod(i, self.columns) for i in range(self.rows * self.columns)]
        return tuple(
            tuple(i for i, q in enumerate(places) if abs(p[0] - q[0]) + abs(p[1] - q[1]) == 1) for p in places
        )

    def steps(self, position: Tiles) -> tuple[Action, ...]:
        return tuple(sorted(position[i] for i in self._beside[position.index(GAP)]))

    def step(self, position: Tiles, action: Action) -> Tiles:
        return tuple(action if t == GAP else GAP if t == action else t for t in position)

    def is_solved(self, position: Tiles) -> bool:
        return position == self.goal

    def _is_solvable(self, position: Tiles) -> bool:
        """A move is one swap and moves the gap by one: the parities of both must agree with the goal's."""
        inversions = sum(a > b for i, a in enumerate(position) for b in position[i:])
        row, column = divmod(position.index(GAP), self.columns)
        swaps_to_goal = inversions + self.tiles  # the gap, 0, is inverted with every tile in the goal
        return (swaps_to_goal + self.rows - 1 - row + self.columns - 1 - column) % 2 == 0

    # Text

    def format_action(self, state: Progress[Tiles], action: Action) -> str:
        return str(action)

    def parse_action(self, state: Progress[Tiles], text: str) -> Action:
        if not re.fullmatch(f"[1-{self.tiles}]", text):
            raise self.not_an_action(state, text)
        return int(text)

    def format_position(self, position: Tiles) -> str:
        places = "".join(map(str, position)).replace("0", ".")
        return "/".join(places[i : i + self.columns] for i in range(0, len(places), self.columns))

    def parse_position(self, text: str) -> Tiles:
        rows = text.split("/")
        position = tuple(map(int, "".join(rows).replace(".", "0"))) if re.fullmatch(r"[1-8./]+", text) else ()
        shape_fits = len(rows) == self.rows and all(len(row) == self.columns for row in rows)
        if not shape_fits or sorted(position) != list(range(self.tiles + 1)):
            goal = self.format_position(self.goal)
            raise NotationError(f"not a position of {self.spec}: {text!r}; write it like the goal, {goal}")
        if not self._is_solvable(position):
            raise self.impossible(text, "it has the wrong parity to be solved")
        return position

    def layout(self, state: Progress[Tiles]) -> tuple[Grid, ...]:
        cells = tuple(
            Cell(str(tile) if tile else "", str(tile) if tile else "", lit=tile == wanted != GAP)
            for tile, wanted in zip(state.position, self.goal, strict=True)
        )
        return (Grid(self.rows, self.columns, cells, title=f"after {state.moves} of {self.limit} moves"),)
