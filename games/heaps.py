"""Games of taking objects from heaps: what nim and its kin share.

Heaps are lettered A, B, C, ... An action names the heaps and how many to take from each: 'B2' takes two
from heap B, 'AB2' two from A and two from B, where the game allows it.

State notation: the sizes in order of the letters, then who moves next: '3-0-5:2'.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import ClassVar

from games.base import Action, Image, Outcome, ParameterError, Seat, SequentialGame
from games.layout import Cell, Grid
from games.notation import split_seat, with_seat

LETTERS = "ABCDEFGHIJ"
MOST_OBJECTS = 150
"""In all heaps together, where speed matters: a play may take that many plies, and the solver follows it."""
MOST_OBJECTS_CLOSED = 9_999
"""In all heaps together, where a closed form tells the winner."""


@dataclass(frozen=True, slots=True)
class Heaps:
    """How many objects each heap holds, and who moves next."""

    sizes: tuple[int, ...]
    seat: Seat


@dataclass(frozen=True)
class HeapGame(SequentialGame[Heaps]):
    """Take some objects; who takes the very last one wins (misere: loses)."""

    draws: ClassVar[bool] = False

    heaps: str = "3-4-5"
    """The sizes at the start, with '-' between them."""
    misere: bool = False
    speed: bool = True
    """A quicker win is better. With speed=no only who wins counts, and heaps may be large."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[1-9][0-9]{0,3}(-[1-9][0-9]{0,3})*", self.heaps, re.ASCII):
            raise ParameterError(f"{self.spec}: heaps are sizes with '-' between them, like 3-4-5")
        if len(self.start) > len(LETTERS):
            raise ParameterError(f"{self.spec}: at most {len(LETTERS)} heaps")
        most = MOST_OBJECTS if self.speed else MOST_OBJECTS_CLOSED
        if sum(self.start) > most:
            hint = "" if not self.speed else f" (with speed=no up to {MOST_OBJECTS_CLOSED})"
            raise ParameterError(f"{self.spec}: at most {most} objects in all heaps{hint}")

    @cached_property
    def start(self) -> tuple[int, ...]:
        return tuple(int(size) for size in self.heaps.split("-"))

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Sets of heaps one may take from at once, the same number from each; by default single heaps."""
        return tuple((heap,) for heap in range(len(self.start)))

    @property
    def speed_matters(self) -> bool:
        return self.speed

    @property
    def verdict(self) -> tuple[str, ...]:
        """The rules about the end."""
        wins = "loses" if self.misere else "wins"
        return (f"Whoever takes the very last object {wins}, and the game is over.", "There are no draws.")

    @property
    def heap_names(self) -> str:
        """'A with 3, B with 4 and C with 5 objects'."""
        *most, last = (f"{LETTERS[i]} with {size}" for i, size in enumerate(self.start))
        return f"{', '.join(most)} and {last} objects" if most else f"{last} objects"

    @property
    def action_noun(self) -> str:
        return "take"

    @property
    def max_plies(self) -> int:
        return sum(self.start)

    # Play; action = group * _stride + number to take - 1

    @cached_property
    def _stride(self) -> int:
        return max(self.start)

    def initial_state(self) -> Heaps:
        return Heaps(self.start, 0)

    def seat_to_move(self, state: Heaps) -> Seat:
        return state.seat

    def actions(self, state: Heaps) -> tuple[Action, ...]:
        return tuple(
            group * self._stride + take
            for group, members in enumerate(self.groups)
            for take in range(min(state.sizes[heap] for heap in members))
        )

    def next_state(self, state: Heaps, action: Action) -> Heaps:
        group, take = divmod(action, self._stride)
        if not 0 <= group < len(self.groups):
            raise self.illegal(state, action, "there is no such heap")
        left = list(state.sizes)
        for heap in self.groups[group]:
            left[heap] -= take + 1
            if left[heap] < 0:
                raise self.illegal(state, action, f"heap {LETTERS[heap]} holds only {state.sizes[heap]}")
        return Heaps(tuple(left), 1 - state.seat)

    def outcome(self, state: Heaps) -> Outcome | None:
        if any(state.sizes):
            return None
        taker = 1 - state.seat
        winner = 1 - taker if self.misere else taker
        suffix = f", so {self.seat_names[winner]} wins" if self.misere else ""
        reason = f"{self.seat_names[taker]} took the last object{suffix}"
        return Outcome((1.0, -1.0) if winner == 0 else (-1.0, 1.0), reason)

    # Text

    def format_action(self, state: Heaps, action: Action) -> str:
        group, take = divmod(action, self._stride)
        return "".join(LETTERS[heap] for heap in self.groups[group]) + str(take + 1)

    def parse_action(self, state: Heaps, text: str) -> Action:
        match = re.fullmatch(r"([A-Ja-j]+)([1-9][0-9]{0,3})", text, re.ASCII)
        members = tuple(LETTERS.index(letter) for letter in match[1].upper()) if match else ()
        if match is None or members not in self.groups or int(match[2]) > self._stride:
            raise self.not_an_action(state, text)
        return self.groups.index(members) * self._stride + int(match[2]) - 1

    def where(self, notation: str) -> tuple[str, ...]:
        return tuple(notation.rstrip("0123456789"))

    def format_state(self, state: Heaps) -> str:
        return with_seat("-".join(map(str, state.sizes)), state.seat)

    def parse_state(self, text: str) -> Heaps:
        shape = f"{len(self.start)} heap sizes with '-' between them"
        board, seat = split_seat(self, text, shape)
        pattern = "-".join(["(0|[1-9][0-9]{0,3})"] * len(self.start))
        match = re.fullmatch(pattern, board, re.ASCII)
        if match is None:
            raise self.not_a_state(text, shape)
        state = Heaps(tuple(map(int, match.groups())), seat)
        if problem := self._problem(state):
            raise self.impossible(text, problem)
        return state

    def _problem(self, state: Heaps) -> str | None:
        """Why no play leads here. One may take one by one: any number of plies from the fewest up goes."""
        taken = tuple(a - b for a, b in zip(self.start, state.sizes, strict=True))
        if min(taken) < 0:
            return f"the heaps started as {self.heaps}"
        fewest, most = self.fewest_plies(taken), sum(taken)
        if not any(plies % 2 == state.seat for plies in (fewest, min(fewest + 1, most))):
            return "the other seat is to move after that many plies"
        return None

    def fewest_plies(self, taken: tuple[int, ...]) -> int:
        """The fewest plies that take these numbers from the heaps."""
        return sum(1 for number in taken if number)

    # Drawing and symmetry

    def layout(self, state: Heaps) -> tuple[Grid, ...]:
        """One row of numbers under the letters of the heaps."""
        cells = tuple(Cell(mark=str(size)) for size in state.sizes)
        return (Grid(1, len(cells), cells, column_labels=tuple(LETTERS[: len(cells)])),)

    @cached_property
    def _swaps(self) -> tuple[tuple[int, ...], ...]:
        """Heaps that started equal may change places; the identity comes first."""
        orders = itertools.permutations(range(len(self.start)))
        return tuple(o for o in orders if all(self.start[i] == self.start[o[i]] for i in o))

    def images(self, state: Heaps) -> Iterator[Image[Heaps]]:
        for order in self._swaps:  # order[i] is the heap that takes the place of heap i
            sizes = tuple(state.sizes[heap] for heap in order)
            yield Image(Heaps(sizes, state.seat), partial(self._map_action, order))

    def _map_action(self, order: tuple[int, ...], action: Action) -> Action:
        group, take = divmod(action, self._stride)
        moved = tuple(sorted(order.index(heap) for heap in self.groups[group]))
        return self.groups.index(moved) * self._stride + take

    def canonical_key(self, state: Heaps) -> Hashable:
        """The sizes in order: neither the letters nor who is to move changes the value for the mover."""
        return tuple(sorted(state.sizes))
