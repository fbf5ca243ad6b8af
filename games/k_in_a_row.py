"""k in a row: the tic-tac-toe family as one game with parameters.

Two seats put marks on an m x n board (m rows, n columns); who completes a line of k equal marks wins.
Cells are numbered row by row from the top left, and the first seat plays X and moves first:

    1 2 3
    4 5 6        (an action's int is the cell's number - 1)
    7 8 9

    gravity=yes  one plays a column, the mark falls to its lowest empty cell (columns are numbered from 1)
    misere=yes   who completes a line loses
    wild=yes     both seats may put either mark: an action is 'X5' or 'O5'
    depth=3      three layers: lines also run through them; layer 2 goes on counting where layer 1 ended

State notation: rows from the top, '/' between rows, '//' between layers, '.' for empty: 'X.O/.X./..O'.
Who is to move follows from the number of marks. A longer line than k counts too.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

from games.base import (
    Action,
    Image,
    ImpossibleStateError,
    NotationError,
    Outcome,
    ParameterError,
    Seat,
    SequentialGame,
)
from games.boards import Size, lines, permute, symmetries
from games.gravity import fall_in_turns
from games.layout import Cell, Grid
from games.wording import listed, plural

MARKS = "XO"
MOST_CELLS = 144


@dataclass(frozen=True, slots=True)
class Marks:
    """A position: the cells with X and the cells with O, as bit sets (bit 0 is the top left cell)."""

    x: int
    o: int

    @property
    def taken(self) -> int:
        return self.x | self.o

    @property
    def plies(self) -> int:
        return self.taken.bit_count()


@dataclass(frozen=True)
class KInARow(SequentialGame[Marks]):
    """Tic-tac-toe and its kin; the default is classic tic-tac-toe."""

    m: int = 3
    """Rows."""
    n: int = 3
    """Columns."""
    k: int = 3
    """Marks in a line that end the game."""
    depth: int = 1
    """Layers."""
    gravity: bool = False
    misere: bool = False
    wild: bool = False

    name: ClassVar[str] = "tictactoe"

    def __post_init__(self) -> None:
        if min(self.m, self.n, self.k, self.depth) < 1:
            raise ParameterError(f"{self.spec}: m, n, k and depth are at least 1")
        if self.size.cells > MOST_CELLS:
            raise ParameterError(f"{self.spec}: {self.size.cells} cells; at most {MOST_CELLS} are supported")
        if self.k > max(self.m, self.n, self.depth):
            raise ParameterError(
                f"{self.spec}: no line of {self.k} fits on a board of {self.board_size}; "
                f"k is at most {max(self.m, self.n, self.depth)} here"
            )
        if self.gravity and self.depth > 1:
            raise ParameterError(f"{self.spec}: gravity and depth > 1 do not go together")

    # What it is called

    @property
    def board_size(self) -> str:
        layers = f"x{self.depth}" if self.depth > 1 else ""
        return f"{self.m}x{self.n}{layers}"

    @property
    def title(self) -> str:
        if self.spec == "tictactoe":
            return "Tic-tac-toe"
        kinds = [word for word in ("gravity", "misere", "wild") if getattr(self, word)]
        return f"{self.k} in a row on {self.board_size}" + "".join(f", {kind}" for kind in kinds)

    @property
    def seat_names(self) -> tuple[str, ...]:
        return ("First", "Second") if self.wild else ("X", "O")

    @property
    def rules(self) -> tuple[str, ...]:
        first, second = self.seat_names
        mark = "an X or an O, whichever they like," if self.wild else "one mark of their own"
        where = "a column, where it falls to the lowest empty cell" if self.gravity else "an empty cell"
        verdict = "loses" if self.misere else "wins"
        layers = f"{self.depth} layers of " if self.depth > 1 else ""
        size = f"{plural(self.m, 'row')} and {plural(self.n, 'column')}"
        return (
            f"The board has {layers}{size}.",
            f"Two players move in turn: {first} and {second}. {first} moves first.",
            f"In each turn the player puts {mark} into {where}.",
            f"Whoever completes {self._line_in_words} {verdict}, and the game is over.",
            "If the board is full and nobody has completed a line, the game is a draw.",
        )

    @property
    def _line_in_words(self) -> str:
        """A line of k, and in which directions there are any on this board."""
        if self.k == 1:
            return "a line of 1 mark"
        wide, high, deep = (extent >= self.k for extent in (self.n, self.m, self.depth))
        ways = ["horizontally"] * wide + ["vertically"] * high + ["diagonally"] * (wide and high)
        said = [listed(ways, "or")] if ways else []
        if deep:
            said.append(
                "through the layers, straight or diagonally" if wide or high else "through the layers"
            )
        return f"a line of {self.k} equal marks, {', or '.join(said)},"

    @property
    def action_noun(self) -> str:
        return "column" if self.gravity else "cell"

    @property
    def action_help(self) -> str:
        counted = "from left to right" if self.gravity else "row by row from the top left"
        counted += ", and on through the layers" if self.depth > 1 else ""
        number = f"{self.action_noun} number from 1 to {self.places}, counted {counted}"
        return f"a mark and a {number}, like X1 or O{self.places}" if self.wild else f"a {number}"

    # The board, worked out once

    @property
    def size(self) -> Size:
        return Size(self.depth, self.m, self.n)

    @property
    def max_plies(self) -> int:
        return self.size.cells

    @cached_property
    def full(self) -> int:
        """All cells as a bit set."""
        return (1 << self.size.cells) - 1

    @cached_property
    def lines(self) -> tuple[int, ...]:
        """Every line of k cells as a bit set."""
        return lines(self.size, self.k)

    @cached_property
    def places(self) -> int:
        """How many places one may name: columns under gravity, else cells."""
        return self.n if self.gravity else self.size.cells

    @cached_property
    def _symmetries(self) -> tuple[tuple[int, ...], ...]:
        return symmetries(self.size, upright=self.gravity)

    # Play

    def initial_state(self) -> Marks:
        return Marks(0, 0)

    def seat_to_move(self, state: Marks) -> Seat:
        return state.plies % 2

    def actions(self, state: Marks) -> tuple[Action, ...]:
        if self.outcome(state) is not None:
            return ()
        return tuple(self._open_actions(state))

    def _open_actions(self, state: Marks) -> Iterator[Action]:
        """Actions on empty cells; under gravity on columns whose top cell is empty."""
        for place in range(self.places):
            if not state.taken >> place & 1:
                yield from (2 * place, 2 * place + 1) if self.wild else (place,)

    def next_state(self, state: Marks, action: Action) -> Marks:
        place, mark = self._split(state, action)
        if not 0 <= place < self.places:
            raise self.illegal(state, action, f"there is no such {self.action_noun}")
        if state.taken >> place & 1:
            raise self.illegal(state, action, "the column is full" if self.gravity else "the cell is taken")
        if self.outcome(state) is not None:
            raise self.illegal(state, action, "the game is over")
        bit = 1 << (self._landing_cell(state, place) if self.gravity else place)
        return Marks(state.x | bit, state.o) if mark == 0 else Marks(state.x, state.o | bit)

    def _split(self, state: Marks, action: Action) -> tuple[int, int]:
        """(place, mark) of an action; the mark is 0 for X and 1 for O."""
        return divmod(action, 2) if self.wild else (action, self.seat_to_move(state))

    def _landing_cell(self, state: Marks, column: int) -> int:
        cells = range(column, self.size.cells, self.n)
        return max(cell for cell in cells if not state.taken >> cell & 1)

    def outcome(self, state: Marks) -> Outcome | None:
        if self.completed_line(state):
            completer = 1 - self.seat_to_move(state)
            winner = 1 - completer if self.misere else completer
            suffix = f", so {self.seat_names[winner]} wins" if self.misere else ""
            reason = f"{self.seat_names[completer]} completed a line of {self.k}{suffix}"
            return Outcome((1.0, -1.0) if winner == 0 else (-1.0, 1.0), reason)
        if state.taken == self.full:
            return Outcome((0.0, 0.0), "the board is full")
        return None

    def completed_line(self, state: Marks) -> int:
        """The cells of the completed lines as a bit set, 0 where there is none."""
        cells = 0
        for marks in (state.x, state.o):
            if marks.bit_count() >= self.k:
                for line in self.lines:
                    if marks & line == line:
                        cells |= line
        return cells

    def threats(self, state: Marks, seat: Seat) -> tuple[Action, ...]:
        """Actions that complete a line and win, for either seat; none in misere games."""
        if self.misere or self.outcome(state) is not None:
            return ()
        return tuple(a for a in self._open_actions(state) if self._completes(state, seat, a))

    def _completes(self, state: Marks, seat: Seat, action: Action) -> bool:
        place, mark = divmod(action, 2) if self.wild else (action, seat)
        bit = 1 << (self._landing_cell(state, place) if self.gravity else place)
        marks = (state.o if mark else state.x) | bit
        return any(line & bit and marks & line == line for line in self.lines)

    # Text

    def format_action(self, state: Marks, action: Action) -> str:
        if self.wild:
            return f"{MARKS[action % 2]}{action // 2 + 1}"
        return str(action + 1)

    def parse_action(self, state: Marks, text: str) -> Action:
        match = re.fullmatch(r"([XxOo]?)([1-9][0-9]{0,2})", text, re.ASCII)
        if match is None or bool(match[1]) != self.wild or int(match[2]) > self.places:
            raise NotationError(
                f"not an action: {text!r} in state {self.format_state(state)} of {self.spec}; "
                f"an action is {self.action_help}"
            )
        place = int(match[2]) - 1
        return 2 * place + MARKS.index(match[1].upper()) if self.wild else place

    def format_state(self, state: Marks) -> str:
        rows = [
            "".join(self._mark(state, start + column) or "." for column in range(self.n))
            for start in range(0, self.size.cells, self.n)
        ]
        layers = ["/".join(rows[i : i + self.m]) for i in range(0, len(rows), self.m)]
        return "//".join(layers)

    def _mark(self, state: Marks, cell: int) -> str:
        return MARKS[0] if state.x >> cell & 1 else MARKS[1] if state.o >> cell & 1 else ""

    def parse_state(self, text: str) -> Marks:
        layers = [layer.split("/") for layer in text.split("//")]
        rows = [row for layer in layers for row in layer]
        shape_fits = [len(layer) for layer in layers] == [self.m] * self.depth
        if not shape_fits or any(not re.fullmatch(rf"[XO.]{{{self.n}}}", row) for row in rows):
            raise NotationError(
                f"not a state of {self.spec}: {text!r}; write {self.m} rows of {self.n} of 'X', 'O' and '.', "
                f"for example {self.format_state(self.initial_state())}"
            )
        board = "".join(rows)
        state = Marks(*(sum(1 << i for i, c in enumerate(board) if c == mark) for mark in MARKS))
        if problem := self._impossible(state):
            raise ImpossibleStateError(f"no play of {self.spec} leads to {text!r}: {problem}")
        return state

    # Which states can arise

    def _impossible(self, state: Marks) -> str | None:
        """Why no play leads to a state, or None if one does."""
        x, o = state.x.bit_count(), state.o.bit_count()
        if not self.wild and x - o not in (0, 1):
            return f"{x} X and {o} O, but X moves first and they take turns"
        if self.gravity and any(
            state.taken >> cell & 1 and not state.taken >> (cell + self.n) & 1
            for cell in range(self.size.cells - self.n)
        ):
            return "a mark hangs in the air"
        if self.completed_line(state) and not any(self._taken_back(state)):
            return "the game was over before the last mark"
        if self.gravity and not self.wild and not self._has_falling_order(state):
            return "the marks can't have fallen in turns"
        return None

    def _taken_back(self, state: Marks) -> Iterator[Marks]:
        """The states in play from which the last ply may have led here."""
        last_marks = (0, 1) if self.wild else (1 - state.plies % 2,)
        for cell in range(self.size.cells):
            covered = self.gravity and cell >= self.n and state.taken >> (cell - self.n) & 1
            for mark in last_marks:
                bit = 1 << cell
                if not covered and (state.o if mark else state.x) & bit:
                    before = Marks(state.x & ~bit, state.o) if mark == 0 else Marks(state.x, state.o & ~bit)
                    if not self.completed_line(before):
                        yield before

    def _has_falling_order(self, state: Marks) -> bool:
        """Whether marks in columns can have been played in turns, the completing one (if any) last."""
        if self.completed_line(state):
            return any(self._has_falling_order(before) for before in self._taken_back(state))
        return fall_in_turns(self._column(state, place) for place in range(self.n))

    def _column(self, state: Marks, column: int) -> str:
        """The marks of a column, bottom up."""
        cells = range(column, self.size.cells, self.n)
        return "".join(self._mark(state, cell) for cell in reversed(cells))

    # Drawing and symmetry

    def layout(self, state: Marks) -> tuple[Grid, ...]:
        lit = self.completed_line(state)
        area = self.m * self.n
        return tuple(
            Grid(
                rows=self.m,
                columns=self.n,
                cells=tuple(self._cell(state, layer * area + i, lit) for i in range(area)),
                title=f"layer {layer + 1}" if self.depth > 1 else "",
                column_labels=tuple(str(c + 1) for c in range(self.n)) if self.gravity else (),
            )
            for layer in range(self.depth)
        )

    def _cell(self, state: Marks, cell: int, lit: int) -> Cell:
        label = "" if self.gravity else str(cell + 1)
        return Cell(mark=self._mark(state, cell), label=label, lit=bool(lit >> cell & 1))

    def images(self, state: Marks) -> Iterator[Image[Marks]]:
        for symmetry in self._symmetries:
            turned = Marks(permute(state.x, symmetry), permute(state.o, symmetry))
            yield Image(turned, partial(self._map_action, symmetry, 0))
            if self.wild:  # the marks mean the same to both seats, so they may change places
                yield Image(Marks(turned.o, turned.x), partial(self._map_action, symmetry, 1))

    def _map_action(self, symmetry: tuple[int, ...], swap: int, action: Action) -> Action:
        if self.wild:
            return 2 * symmetry[action // 2] + (action % 2 ^ swap)
        return symmetry[action]

    def canonical_key(self, state: Marks) -> Hashable:
        return min((image.state.x, image.state.o) for image in self.images(state))
