"""Kayles: knock down one pin of a row, or two neighbours; who knocks down the last pin wins.

    I I I . I I I
    1 2 3 4 5 6 7      '3' knocks down pin 3, '5-6' pins 5 and 6
                       (an action's int is pin - 1 for one pin, pins + pin - 1 for it and the next)

Dudeney (1908); Grundy values, periodic with 12 from a row of 71 on: Guy and Smith (1956). The first seat wins
from every whole row, by symmetry. State notation: the row, then who moves next: 'III.III:2'.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from games.base import Action, Image, Outcome, ParameterError, Seat, SequentialGame
from games.boards import Size
from games.layout import Cell, Grid
from games.notation import split_rows, split_seat, with_seat

PIN, GAP = "I", "."
MOST_PINS = 99


@dataclass(frozen=True, slots=True)
class Row:
    """The pins that stand, as a bit set (bit 0 is pin 1), and who moves next."""

    pins: int
    seat: Seat


@dataclass(frozen=True)
class Kayles(SequentialGame[Row]):
    """Kayles on one row of pins."""

    pins: int = 7
    """Pins in the row at the start."""
    speed: bool = True
    """A quicker win is better. With speed=no only who wins counts, and a closed form tells."""

    name: ClassVar[str] = "kayles"
    draws: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not 1 <= self.pins <= MOST_PINS:
            raise ParameterError(f"{self.spec}: a row has 1 to {MOST_PINS} pins")

    @property
    def speed_matters(self) -> bool:
        return self.speed

    @property
    def title(self) -> str:
        return f"Kayles with {self.pins} pins"

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"At the start {self.pins} pins stand in a row, numbered from 1 to {self.pins} from the left.",
            "Two players move in turn: First and Second. First moves first.",
            "In each turn the player knocks down one standing pin, or two standing pins whose numbers are "
            "neighbours. A pin that is down leaves a gap, and pins on both sides of a gap are no neighbours.",
            "Whoever knocks down the last pin wins, and the game is over.",
            "There are no draws.",
        )

    @property
    def action_noun(self) -> str:
        return "pin"

    @property
    def action_help(self) -> str:
        two = ", or two neighbouring ones like 1-2" if self.pins > 1 else ""
        return f"the number of a pin from 1 to {self.pins}{two}"

    @property
    def max_plies(self) -> int:
        return self.pins

    # Play

    def initial_state(self) -> Row:
        return Row((1 << self.pins) - 1, 0)

    def seat_to_move(self, state: Row) -> Seat:
        return state.seat

    def actions(self, state: Row) -> tuple[Action, ...]:
        one = (i for i in range(self.pins) if state.pins >> i & 1)
        two = (self.pins + i for i in range(self.pins - 1) if state.pins >> i & 3 == 3)
        return (*one, *two)

    def next_state(self, state: Row, action: Action) -> Row:
        if not 0 <= action < 2 * self.pins - 1:
            raise self.illegal(state, action, "there is no such pin")
        hit = self._pins_hit(action)
        if state.pins & hit != hit:
            raise self.illegal(state, action, "the pin is down")
        return Row(state.pins & ~hit, 1 - state.seat)

    def _pins_hit(self, action: Action) -> int:
        return 1 << action if action < self.pins else 3 << (action - self.pins)

    def outcome(self, state: Row) -> Outcome | None:
        if state.pins:
            return None
        winner = 1 - state.seat
        reason = f"{self.seat_names[winner]} knocked down the last pin"
        return Outcome((1.0, -1.0) if winner == 0 else (-1.0, 1.0), reason)

    def runs(self, state: Row, mark: str = PIN) -> tuple[int, ...]:
        """Lengths of the unbroken runs of standing pins (or of gaps), from the left."""
        return tuple(len(run) for run in re.findall(f"[{mark}]+", self._text(state)))

    # Text

    def _text(self, state: Row) -> str:
        return "".join(PIN if state.pins >> i & 1 else GAP for i in range(self.pins))

    def format_action(self, state: Row, action: Action) -> str:
        if action < self.pins:
            return str(action + 1)
        return f"{action - self.pins + 1}-{action - self.pins + 2}"

    def where(self, notation: str) -> tuple[str, ...]:
        return tuple(notation.split("-"))

    def parse_action(self, state: Row, text: str) -> Action:
        match = re.fullmatch(r"([1-9][0-9]?)(?:-([1-9][0-9]?))?", text, re.ASCII)
        if match is None or int(match[2] or match[1]) > self.pins:
            raise self.not_an_action(state, text)
        pin = int(match[1]) - 1
        if match[2] is None:
            return pin
        if int(match[2]) != pin + 2:
            raise self.not_an_action(state, text)
        return self.pins + pin

    def format_state(self, state: Row) -> str:
        return with_seat(self._text(state), state.seat)

    def parse_state(self, text: str) -> Row:
        board, seat = split_seat(self, text, f"{self.pins} of {PIN} and {GAP}")
        row = split_rows(self, text, board, Size(1, 1, self.pins), PIN + GAP)
        state = Row(sum(1 << i for i, mark in enumerate(row) if mark == PIN), seat)
        gaps = self.runs(state, GAP)  # a gap of n pins took from half of n to n plies
        fewest, most = sum((gap + 1) // 2 for gap in gaps), sum(gaps)
        if not any(plies % 2 == seat for plies in range(fewest, min(fewest + 1, most) + 1)):
            raise self.impossible(text, "the other seat is to move after that many plies")
        return state

    # Drawing and symmetry

    def layout(self, state: Row) -> tuple[Grid, ...]:
        marks = ("" if mark == GAP else mark for mark in self._text(state))
        numbers = tuple(str(i + 1) for i in range(self.pins))
        return (Grid(1, self.pins, tuple(Cell(mark) for mark in marks), column_labels=numbers),)

    def images(self, state: Row) -> Iterator[Image[Row]]:
        """The row, and its mirror image."""
        yield Image(state, lambda action: action)
        mirrored = int(self._text(state).replace(PIN, "1").replace(GAP, "0"), 2)
        yield Image(Row(mirrored, state.seat), self._mirror_action)

    def _mirror_action(self, action: Action) -> Action:
        if action < self.pins:
            return self.pins - 1 - action
        return self.pins + self.pins - 2 - (action - self.pins)

    def canonical_key(self, state: Row) -> Hashable:
        """The runs in order of length: neither their places nor who is to move changes the mover's value."""
        return tuple(sorted(self.runs(state)))
