"""Sokoban on small levels of our own: push every box onto a target; boxes can't be pulled.

Position notation, row by row from the top with '/' between rows, in the usual signs but '-' for the floor:

    #  wall      -  floor      .  target
    $  box       *  box on a target
    @  player    +  player on a target

Boxes pushed into a corner never come out again: such dead positions look alive, and the solver knows them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from games.base import Action, NotationError, ParameterError
from games.layout import Cell, Grid
from games.puzzle import Progress, Puzzle

LEVELS = {
    "easy": "######/#-.--#/#-$@-#/#----#/######",
    "pair": "#######/#.----#/#-$-$-#/#--@-.#/#######",
    "nook": "######/#---.#/#--$-#/#@-#-#/######",
    "shelf": "#######/#@#---#/#--$$-#/#-.-.-#/#######",
    "twins": "######/#.---#/#@#$-#/#--$-#/#-.--#/######",
    "stairs": "#######/##--.-#/#-#--@#/#--$--#/#-.$--#/#######",
    "store": "#######/#--#-.#/#$.$$-#/#-----#/#.--#@#/#######",
}
"""By rising difficulty: 3, 11, 18, 22, 24, 35 and 32 moves, the last with three boxes."""
WORDS = ("up", "down", "left", "right")
MARKS = {"-": (False, False, False), ".": (False, False, True), "$": (False, True, False)} | {
    "*": (False, True, True),
    "@": (True, False, False),
    "+": (True, False, True),
}
"""Sign -> whether player, box and target are there."""


@dataclass(frozen=True, slots=True)
class Yard:
    """A position: the cells of the player and of the boxes, counted row by row from the top left."""

    player: int
    boxes: frozenset[int]


@dataclass(frozen=True)
class Sokoban(Puzzle[Yard]):
    """One level; every step of the player counts as a move."""

    level: str = "pair"
    limit: int = 100

    name: ClassVar[str] = "sokoban"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.level not in LEVELS:
            raise ParameterError(f"{self.spec}: no level {self.level!r}; there are: {', '.join(LEVELS)}")

    @property
    def title(self) -> str:
        return f"Sokoban, level {self.level!r}"

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            "The yard has walls (#), floor (- or an empty cell), targets (.), boxes ($; * on a target) and "
            "the player (@; + on a target).",
            "A move takes the player one cell up, down, left or right, not into a wall.",
            "If a box lies there, it is pushed one cell on in the same direction, onto a cell with neither "
            "a wall nor a box.",
            "Boxes can't be pulled. The goal is a box on every target.",
            *self.endings,
        )

    @property
    def action_help(self) -> str:
        return "up, down, left or right"

    # The level

    @cached_property
    def _rows(self) -> list[str]:
        return LEVELS[self.level].split("/")

    @cached_property
    def columns(self) -> int:
        return len(self._rows[0])

    @cached_property
    def walls(self) -> frozenset[int]:
        """The cells that hold a wall."""
        return self._cells_with("#")

    @cached_property
    def targets(self) -> frozenset[int]:
        """The cells to put boxes on."""
        return self._cells_with(".*+")

    @cached_property
    def start(self) -> Yard:
        (player,) = self._cells_with("@+")
        return Yard(player, self._cells_with("$*"))

    def _cells_with(self, signs: str) -> frozenset[int]:
        return frozenset(i for i, sign in enumerate("".join(self._rows)) if sign in signs)

    @cached_property
    def _reachable(self) -> frozenset[Yard]:
        return frozenset(position for position, _ in self.positions(self.start))

    # Moves

    @property
    def _offsets(self) -> tuple[int, ...]:
        return (-self.columns, self.columns, -1, 1)

    def steps(self, position: Yard) -> tuple[Action, ...]:
        return tuple(a for a, offset in enumerate(self._offsets) if self._is_free(position, offset))

    def _is_free(self, position: Yard, offset: int) -> bool:
        next_cell, beyond = position.player + offset, position.player + 2 * offset
        if next_cell in position.boxes:
            return beyond not in position.boxes and beyond not in self.walls
        return next_cell not in self.walls

    def step(self, position: Yard, action: Action) -> Yard:
        offset = self._offsets[action]
        next_cell = position.player + offset
        if next_cell not in position.boxes:
            return Yard(next_cell, position.boxes)
        return Yard(next_cell, position.boxes - {next_cell} | {next_cell + offset})

    def is_solved(self, position: Yard) -> bool:
        return position.boxes == self.targets

    # Text

    def format_action(self, state: Progress[Yard], action: Action) -> str:
        return WORDS[action]

    def parse_action(self, state: Progress[Yard], text: str) -> Action:
        if text.lower() not in WORDS:
            raise self.not_an_action(state, text)
        return WORDS.index(text.lower())

    def format_position(self, position: Yard) -> str:
        signs = "".join(self._sign(position, cell) for cell in range(len(self._rows) * self.columns))
        return "/".join(signs[i : i + self.columns] for i in range(0, len(signs), self.columns))

    def _sign(self, position: Yard, cell: int) -> str:
        if cell in self.walls:
            return "#"
        here = (cell == position.player, cell in position.boxes, cell in self.targets)
        return next(sign for sign, held in MARKS.items() if held == here)

    def parse_position(self, text: str) -> Yard:
        signs = text.replace("/", "")
        shape_fits = [len(row) for row in text.split("/")] == [len(row) for row in self._rows]
        if not shape_fits or not re.fullmatch(r"[#$*@+.-]+", signs) or len(re.findall(r"[@+]", signs)) != 1:
            example = self.format_position(self.start)
            raise NotationError(f"not a position of {self.spec}: {text!r}; write it like {example}")
        player = next(i for i, sign in enumerate(signs) if sign in "@+")
        position = Yard(player, frozenset(i for i, sign in enumerate(signs) if sign in "$*"))
        if self.format_position(position) != text:
            raise self.impossible(text, "walls and targets lie elsewhere in this level")
        if position not in self._reachable:
            raise self.impossible(text, "boxes and player don't get there from the start")
        return position

    def layout(self, state: Progress[Yard]) -> tuple[Grid, ...]:
        signs = self.format_position(state.position).replace("/", "")
        cells = tuple(Cell("" if sign == "-" else sign, lit=sign == "*") for sign in signs)
        title = f"after {state.moves} of {self.limit} moves"
        return (Grid(len(self._rows), self.columns, cells, title=title),)
