"""Dots and boxes: draw the edges of a grid; who closes a box owns it and moves again.

2x2 boxes; edges are numbered in reading order (an action's int is the number - 1):

    +  1 +  2 +
    3    4    5
    +  6 +  7 +
    8    9   10
    + 11 + 12 +

The return is the margin: own boxes minus the other's. State notation: this picture, rows from the top, '-'
and '|' for drawn edges, A and B for owned boxes, '.' for what is open, then who moves next:
'+-+.+/|A|../+-+.+/...../+.+.+:1'.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

from games.base import Action, Image, Outcome, ParameterError, Seat, SequentialGame
from games.boards import Size, permute, symmetries
from games.layout import Cell, Grid
from games.notation import join_rows, parse_number, split_rows, split_seat, with_seat
from games.wording import plural

OWNERS = "AB"
MOST_EDGES = 27
"""As many as the solver's table of 2^27 bytes covers: 3x3, 2x5 or 1x8 boxes."""


@dataclass(frozen=True, slots=True)
class Edges:
    """Drawn edges and the boxes of the first seat, as bit sets, and who moves next."""

    drawn: int
    first_boxes: int
    seat: Seat


@dataclass(frozen=True)
class DotsAndBoxes(SequentialGame[Edges]):
    """Dots and boxes for the margin."""

    rows: int = 2
    """Rows of boxes."""
    columns: int = 2
    """Columns of boxes."""

    name: ClassVar[str] = "dotsandboxes"
    speed_matters = False

    def __post_init__(self) -> None:
        if min(self.rows, self.columns) < 1:
            raise ParameterError(f"{self.spec}: at least 1 row and 1 column of boxes")
        edges = 2 * self.rows * self.columns + self.rows + self.columns
        if edges > MOST_EDGES:
            raise ParameterError(f"{self.spec}: {edges} edges; at most {MOST_EDGES}, like 3x3 or 2x5 boxes")

    @property
    def title(self) -> str:
        return f"Dots and boxes with {self.rows}x{self.columns} boxes"

    @property
    def seat_names(self) -> tuple[str, ...]:
        return tuple(OWNERS)

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"There are {plural(self.rows, 'row')} and {plural(self.columns, 'column')} of boxes; every "
            "box has four edges, and neighbouring boxes share one.",
            f"The {self.edges} edges are numbered from 1, row by row from the top left: first "
            "the horizontal edges above the first boxes, then the vertical edges beside them, and so on.",
            "On the board + is a dot, = and | are drawn edges, and a letter in a box tells who owns it. "
            "Where nothing is drawn the place is empty, or shows a dash, a full stop or "
            "the number of the edge.",
            "Two players move in turn: A and B. A moves first.",
            "In each turn the player draws one edge that is not drawn yet.",
            "Whoever draws the fourth edge of a box owns that box; one edge can close two boxes.",
            "A player who has closed a box moves again; otherwise it is the other player's turn.",
            "When all edges are drawn, the game is over. Whoever owns more boxes wins by the difference; "
            "if both own equally many, the game is a draw.",
        )

    @property
    def action_noun(self) -> str:
        return "edge"

    @property
    def action_help(self) -> str:
        return f"an edge number from 1 to {self.edges}"

    @property
    def return_range(self) -> tuple[float, float]:
        return (-float(self.boxes), float(self.boxes))

    # The board, worked out once

    @property
    def boxes(self) -> int:
        return self.rows * self.columns

    @property
    def edges(self) -> int:
        return len(self._edge_places)

    @property
    def max_plies(self) -> int:
        return self.edges

    @cached_property
    def picture(self) -> Size:
        """The cells of the picture above: dots at even places, boxes at odd ones, edges between."""
        return Size(1, 2 * self.rows + 1, 2 * self.columns + 1)

    @cached_property
    def _edge_places(self) -> tuple[int, ...]:
        """The picture's cell of each edge."""
        cells = range(self.picture.cells)
        return tuple(cell for cell in cells if sum(self.picture.place(cell)) % 2)

    @cached_property
    def _box_places(self) -> tuple[int, ...]:
        """The picture's cell of each box, row by row."""
        rows, columns = range(1, self.picture.rows, 2), range(1, self.picture.columns, 2)
        return tuple(self.picture.cell(0, row, column) for row in rows for column in columns)

    @cached_property
    def box_edges(self) -> tuple[int, ...]:
        """The four edges of each box as a bit set."""
        width = self.picture.columns
        number = {place: edge for edge, place in enumerate(self._edge_places)}
        return tuple(
            sum(1 << number[place + step] for step in (-width, -1, 1, width)) for place in self._box_places
        )

    def closed(self, drawn: int) -> int:
        """The boxes whose four edges are drawn, as a bit set."""
        return sum(1 << box for box, edges in enumerate(self.box_edges) if drawn & edges == edges)

    def margin(self, state: Edges) -> int:
        """Boxes of the first seat minus boxes of the second, so far."""
        return 2 * state.first_boxes.bit_count() - self.closed(state.drawn).bit_count()

    # Play

    def initial_state(self) -> Edges:
        return Edges(0, 0, 0)

    def seat_to_move(self, state: Edges) -> Seat:
        return state.seat

    def actions(self, state: Edges) -> tuple[Action, ...]:
        return tuple(edge for edge in range(self.edges) if not state.drawn >> edge & 1)

    def next_state(self, state: Edges, action: Action) -> Edges:
        if not 0 <= action < self.edges:
            raise self.illegal(state, action, "there is no such edge")
        if state.drawn >> action & 1:
            raise self.illegal(state, action, "the edge is drawn")
        drawn = state.drawn | 1 << action
        gained = self.closed(drawn) & ~self.closed(state.drawn)
        first_boxes = state.first_boxes | (gained if state.seat == 0 else 0)
        return Edges(drawn, first_boxes, state.seat if gained else 1 - state.seat)

    def outcome(self, state: Edges) -> Outcome | None:
        if state.drawn != (1 << self.edges) - 1:
            return None
        margin = self.margin(state)
        first = state.first_boxes.bit_count()
        reason = f"all edges are drawn, {OWNERS[0]} owns {first} and {OWNERS[1]} {self.boxes - first} boxes"
        return Outcome((float(margin), float(-margin)), reason)

    def threats(self, state: Edges, seat: Seat) -> tuple[Action, ...]:
        """No single edge wins in general; the margin counts."""
        return ()

    # Text

    def format_action(self, state: Edges, action: Action) -> str:
        return str(action + 1)

    def parse_action(self, state: Edges, text: str) -> Action:
        return parse_number(self, state, text, self.edges) - 1

    def format_state(self, state: Edges) -> str:
        return with_seat(join_rows(self._marks(state, "."), self.picture.columns), state.seat)

    def _marks(self, state: Edges, empty: str) -> list[str]:
        """The picture, cell by cell."""
        marks = ["+"] * self.picture.cells
        for edge, place in enumerate(self._edge_places):
            line = "-" if self.picture.place(place)[1] % 2 == 0 else "|"
            marks[place] = line if state.drawn >> edge & 1 else empty
        closed = self.closed(state.drawn)
        for box, place in enumerate(self._box_places):
            owner = OWNERS[0] if state.first_boxes >> box & 1 else OWNERS[1]
            marks[place] = owner if closed >> box & 1 else empty
        return marks

    def parse_state(self, text: str) -> Edges:
        board, seat = split_seat(self, text, "the picture")
        letters = split_rows(self, text, board, self.picture, "+-|.AB")
        drawn = sum(1 << e for e, place in enumerate(self._edge_places) if letters[place] in "-|")
        first = sum(1 << b for b, place in enumerate(self._box_places) if letters[place] == OWNERS[0])
        state = Edges(drawn, first, seat)
        if "".join(self._marks(state, ".")) != letters:
            raise self.not_a_state(text, "dots as '+', edges as '-', '|' or '.', closed boxes as A or B")
        if not self._arises(state):
            raise self.impossible(text, "no order of drawing gives these boxes to these owners and this turn")
        return state

    def _arises(self, state: Edges) -> bool:
        """Whether some order of plies leads here: a search that takes edges back.

        It needs no edge sets: only the closed boxes that are left, how many edges closed them, how many other
        edges were taken back (each passes the turn), and the seat.
        """
        waiting = [(self.closed(state.drawn), 0, 0, state.seat)]
        seen = set(waiting)
        while waiting:
            closed, closings, others, seat = waiting.pop()
            around = self._around(closed)
            left = (state.drawn & ~around).bit_count() - closings - others
            if not closed and left % 2 == seat:
                return True
            steps = [(closed & ~g, closings + 1, others, seat) for g in self._gains(closed, state, seat)]
            if left:
                steps.append((closed, closings, others + 1, 1 - seat))
            waiting.extend(step for step in steps if step not in seen)
            seen.update(steps)
        return False

    def _around(self, boxes: int) -> int:
        """The edges of some boxes."""
        edges = 0
        for box, own in enumerate(self.box_edges):
            edges |= own if boxes >> box & 1 else 0
        return edges

    def _gains(self, closed: int, state: Edges, seat: Seat) -> set[int]:
        """The sets of closed boxes that one edge of this seat may have closed last."""
        owned = state.first_boxes if seat == 0 else ~state.first_boxes
        gains = set()
        for edge in range(self.edges):
            boxes = sum(1 << b for b, own in enumerate(self.box_edges) if own >> edge & closed >> b & 1)
            if boxes and boxes & owned == boxes:
                gains.add(boxes)
        return gains

    # Drawing and symmetry

    def layout(self, state: Edges) -> tuple[Grid, ...]:
        """The picture as a grid: dots, edges with their numbers, boxes with their owners."""
        number = {place: str(edge + 1) for edge, place in enumerate(self._edge_places)}
        marks = ["=" if mark == "-" else mark for mark in self._marks(state, "")]  # "-" is empty in text
        cells = tuple(Cell(mark, number.get(place, "")) for place, mark in enumerate(marks))
        return (Grid(self.picture.rows, self.picture.columns, cells),)

    @cached_property
    def _symmetries(self) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
        """(edge -> edge, box -> box) of every symmetry of the picture, the identity first."""
        edge = {place: number for number, place in enumerate(self._edge_places)}
        box = {place: number for number, place in enumerate(self._box_places)}
        return tuple(
            (tuple(edge[turn[place]] for place in edge), tuple(box[turn[place]] for place in box))
            for turn in symmetries(self.picture)
        )

    def images(self, state: Edges) -> Iterator[Image[Edges]]:
        for edges, boxes in self._symmetries:
            turned = Edges(permute(state.drawn, edges), permute(state.first_boxes, boxes), state.seat)
            yield Image(turned, partial(tuple.__getitem__, edges))

    def canonical_key(self, state: Edges) -> Hashable:
        return min((image.state.drawn, image.state.first_boxes, state.seat) for image in self.images(state))
