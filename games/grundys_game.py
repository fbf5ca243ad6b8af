"""Grundy's game: split a heap into two unequal heaps; who can't loses.

One starts with a single heap. '7=2+5' splits a heap of 7 into 2 and 5; heaps of 1 and 2 can't be split.

P. M. Grundy (1939). Whether its Grundy values are periodic is open. Heaps of one size are the same, so a
state is the sizes from large to small, '5-2', and who moves next follows from their number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, TypeAlias

from games.base import Action, Outcome, ParameterError, Seat, SequentialGame
from games.layout import Cell, Grid

MOST_OBJECTS = 50

Sizes: TypeAlias = tuple[int, ...]
"""A state: the sizes of the heaps, descending."""


@dataclass(frozen=True)
class GrundysGame(SequentialGame[Sizes]):
    """Grundy's game on one heap."""

    heap: int = 10
    """Objects in the heap at the start."""
    speed: bool = True
    """A quicker win is better. With speed=no only who wins counts, and a closed form tells."""

    name: ClassVar[str] = "grundy"
    draws: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not 3 <= self.heap <= MOST_OBJECTS:
            raise ParameterError(f"{self.spec}: the heap holds 3 to {MOST_OBJECTS} objects")

    @property
    def speed_matters(self) -> bool:
        return self.speed

    @property
    def title(self) -> str:
        return f"Grundy's game with {self.heap} objects"

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"At the start there is one heap of {self.heap} objects.",
            "Two players move in turn: First and Second. First moves first.",
            "In each turn the player splits one heap into two heaps of different sizes, at least 1 each.",
            "When every heap holds 1 or 2 objects, the player to move can't move and loses, "
            "and the game is over.",
            "There are no draws.",
        )

    @property
    def action_noun(self) -> str:
        return "split"

    @property
    def action_help(self) -> str:
        example = f"{self.heap}=1+{self.heap - 1}"
        return f"the size of the heap to split and its two parts, smaller first, like {example}"

    @property
    def max_plies(self) -> int:
        return self.heap - 2

    # Play; action = size * _stride + smaller part

    @cached_property
    def _stride(self) -> int:
        return self.heap // 2 + 1

    def initial_state(self) -> Sizes:
        return (self.heap,)

    def seat_to_move(self, state: Sizes) -> Seat:
        return (len(state) - 1) % 2

    def actions(self, state: Sizes) -> tuple[Action, ...]:
        return tuple(
            size * self._stride + part for size in sorted(set(state)) for part in range(1, (size + 1) // 2)
        )

    def next_state(self, state: Sizes, action: Action) -> Sizes:
        size, part = divmod(action, self._stride)
        if size not in state:
            raise self.illegal(state, action, f"there is no heap of {size}")
        if not 0 < part < size - part:
            raise self.illegal(state, action, f"{size} can't be split into {part} and {size - part}")
        rest = list(state)
        rest.remove(size)
        return tuple(sorted([*rest, part, size - part], reverse=True))

    def outcome(self, state: Sizes) -> Outcome | None:
        if state[0] > 2:
            return None
        loser = self.seat_to_move(state)
        reason = f"{self.seat_names[loser]} can't split a heap"
        return Outcome((-1.0, 1.0) if loser == 0 else (1.0, -1.0), reason)

    # Text

    def format_action(self, state: Sizes, action: Action) -> str:
        size, part = divmod(action, self._stride)
        return f"{size}={part}+{size - part}"

    def parse_action(self, state: Sizes, text: str) -> Action:
        match = re.fullmatch(r"([1-9][0-9]?)=([1-9][0-9]?)\+([1-9][0-9]?)", text, re.ASCII)
        size, part, other = map(int, match.groups()) if match else (0, 0, 0)
        if match is None or size > self.heap or size != part + other or part > other:
            raise self.not_an_action(state, text)
        return size * self._stride + part

    def format_state(self, state: Sizes) -> str:
        return "-".join(map(str, state))

    def parse_state(self, text: str) -> Sizes:
        if not re.fullmatch(r"[1-9][0-9]?(-[1-9][0-9]?)*", text, re.ASCII):
            raise self.not_a_state(text, "the sizes of the heaps from large to small with '-' between them")
        state = tuple(map(int, text.split("-")))
        if list(state) != sorted(state, reverse=True):
            raise self.not_a_state(text, "the sizes from large to small")
        if sum(state) != self.heap:
            raise self.impossible(text, f"the sizes add up to {sum(state)}, not {self.heap}")
        if not self._arises(state):
            raise self.impossible(text, "splits into unequal parts do not lead there")
        return state

    def _arises(self, state: Sizes) -> bool:
        """Whether joining pairs of unequal heaps leads back to one heap; a search from the state back."""
        seen, waiting = {state}, [state]
        while waiting:
            now = waiting.pop()
            if len(now) == 1:
                return True
            for joined in _joined(now):
                if joined not in seen:
                    seen.add(joined)
                    waiting.append(joined)
        return False

    def layout(self, state: Sizes) -> tuple[Grid, ...]:
        """One row of numbers, a heap each."""
        return (Grid(1, len(state), tuple(Cell(mark=str(size)) for size in state)),)


def _joined(state: Sizes) -> set[Sizes]:
    """The states before a split that led here."""
    before = set()
    for a in set(state):
        for b in set(state):
            if a < b:
                rest = list(state)
                rest.remove(a)
                rest.remove(b)
                before.add(tuple(sorted([*rest, a + b], reverse=True)))
    return before
