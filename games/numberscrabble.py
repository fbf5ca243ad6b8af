"""Number scrabble ("pick 15"): take numbers in turn; who holds three that add up to 15 wins.

It is tic-tac-toe in disguise: lay the numbers out as the magic square, and three of them add up to 15 exactly
when they form a line (Michon 1967). Nothing on the table says so.

    2 7 6
    9 5 1      (an action's int is the number - 1)
    4 3 8

State notation: First's numbers, '/', Second's numbers, ascending, '-' for none: '58/6', '-/-'.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

from games.base import Action, Image, Outcome, Seat, SequentialGame
from games.boards import Size, permute, symmetries
from games.layout import Cell, Grid
from games.notation import parse_number

TARGET = 15
SQUARE = (2, 7, 6, 9, 5, 1, 4, 3, 8)
"""The magic square, row by row: SQUARE[cell] is the number there."""
TRIPLES = tuple(
    sum(1 << number - 1 for number in triple)
    for triple in itertools.combinations(range(1, 10), 3)
    if sum(triple) == TARGET
)
"""Every three numbers that add up to 15, as bit sets (bit 0 is the number 1)."""


@dataclass(frozen=True, slots=True)
class Hands:
    """The numbers each seat holds, as bit sets (bit 0 is the number 1)."""

    first: int
    second: int

    @property
    def taken(self) -> int:
        return self.first | self.second


@dataclass(frozen=True)
class NumberScrabble(SequentialGame[Hands]):
    """Pick 15 with the numbers 1 to 9."""

    name: ClassVar[str] = "numberscrabble"

    title = "Number scrabble"
    action_noun = "number"
    action_help = "a number from 1 to 9"
    max_plies = 9

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            "At the start the numbers from 1 to 9 lie on the table.",
            "Two players move in turn: First and Second. First moves first.",
            "In each turn the player takes one number that is still there and keeps it.",
            f"Whoever holds three numbers that add up to {TARGET}, among all they hold, wins, "
            "and the game is over.",
            "If all numbers are taken and nobody holds such three, the game is a draw.",
            "The board shows the numbers in order: F where First holds the number, S where Second does.",
        )

    # Play

    def initial_state(self) -> Hands:
        return Hands(0, 0)

    def seat_to_move(self, state: Hands) -> Seat:
        return state.taken.bit_count() % 2

    def actions(self, state: Hands) -> tuple[Action, ...]:
        if self.outcome(state) is not None:
            return ()
        return tuple(i for i in range(9) if not state.taken >> i & 1)

    def next_state(self, state: Hands, action: Action) -> Hands:
        if not 0 <= action < 9:
            raise self.illegal(state, action, "there is no such number")
        if state.taken >> action & 1:
            raise self.illegal(state, action, "the number is taken")
        if self.outcome(state) is not None:
            raise self.illegal(state, action, "the game is over")
        number = 1 << action
        if self.seat_to_move(state) == 0:
            return Hands(state.first | number, state.second)
        return Hands(state.first, state.second | number)

    def outcome(self, state: Hands) -> Outcome | None:
        for seat, hand in enumerate((state.first, state.second)):
            if triple := _triple(hand):
                sums = "+".join(map(str, _numbers(triple)))
                reason = f"{self.seat_names[seat]} holds {sums}={TARGET}"
                return Outcome((1.0, -1.0) if seat == 0 else (-1.0, 1.0), reason)
        if state.taken.bit_count() == 9:
            return Outcome((0.0, 0.0), "all numbers are taken")
        return None

    def threats(self, state: Hands, seat: Seat) -> tuple[Action, ...]:
        """Numbers that would complete three for either seat."""
        if self.outcome(state) is not None:
            return ()
        hand = state.second if seat else state.first
        return tuple(i for i in range(9) if not state.taken >> i & 1 and _triple(hand | 1 << i))

    # Text

    def format_action(self, state: Hands, action: Action) -> str:
        return str(action + 1)

    def parse_action(self, state: Hands, text: str) -> Action:
        return parse_number(self, state, text, 9) - 1

    def format_state(self, state: Hands) -> str:
        return "/".join("".join(map(str, _numbers(hand))) or "-" for hand in (state.first, state.second))

    def parse_state(self, text: str) -> Hands:
        match = re.fullmatch(r"([1-9]+|-)/([1-9]+|-)", text, re.ASCII)
        hands = [hand.replace("-", "") for hand in match.groups()] if match else []
        if match is None or any("".join(sorted(set(hand))) != hand for hand in hands):
            raise self.not_a_state(text, "both hands as ascending digits with '/' between, '-' for none")
        first, second = (sum(1 << int(digit) - 1 for digit in hand) for hand in hands)
        state = Hands(first, second)
        if problem := self._problem(state):
            raise self.impossible(text, problem)
        return state

    def _problem(self, state: Hands) -> str | None:
        if state.first & state.second:
            return "a number lies in both hands"
        if state.first.bit_count() - state.second.bit_count() not in (0, 1):
            return "First takes first and they take turns"
        waiting, last = (state.first, state.second)[:: 1 if self.seat_to_move(state) == 0 else -1]
        before = (last & ~(1 << i) for i in range(9) if last >> i & 1)
        if _triple(waiting) or (last and all(map(_triple, before))):
            return "the game was over before the last number"
        return None

    # Drawing and symmetry

    def layout(self, state: Hands) -> tuple[Grid, ...]:
        """One row under the numbers: F and S say who holds them; never the square, which would tell."""
        lit = _triple(state.first) or _triple(state.second)
        cells = (Cell(mark=self._holder(state, i), lit=bool(lit >> i & 1)) for i in range(9))
        return (Grid(1, 9, tuple(cells), column_labels=tuple("123456789")),)

    def _holder(self, state: Hands, i: int) -> str:
        return "F" if state.first >> i & 1 else "S" if state.second >> i & 1 else ""

    @cached_property
    def _symmetries(self) -> tuple[tuple[int, ...], ...]:
        """The symmetries of the magic square as action -> action, the identity first."""
        place = {number: cell for cell, number in enumerate(SQUARE)}
        turns = symmetries(Size(1, 3, 3))
        return tuple(tuple(SQUARE[turn[place[n]]] - 1 for n in range(1, 10)) for turn in turns)

    def images(self, state: Hands) -> Iterator[Image[Hands]]:
        for symmetry in self._symmetries:
            turned = Hands(permute(state.first, symmetry), permute(state.second, symmetry))
            yield Image(turned, partial(tuple.__getitem__, symmetry))

    def canonical_key(self, state: Hands) -> Hashable:
        return min((image.state.first, image.state.second) for image in self.images(state))


def _triple(hand: int) -> int:
    """The first three numbers of a hand that add up to 15, as a bit set; 0 where there are none."""
    return next((triple for triple in TRIPLES if hand & triple == triple), 0)


def _numbers(hand: int) -> list[int]:
    return [i + 1 for i in range(9) if hand >> i & 1]
