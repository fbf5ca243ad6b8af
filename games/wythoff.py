"""Wythoff's game: take from one of two heaps, or the same number from both; who takes the last one wins.

    A B
    4 6      'B2' takes two objects from B, 'AB2' two from A and two from B

Solved by Wythoff (1907): the seat to move loses at (floor(k * phi), floor(k * phi) + k), where phi is the
golden ratio, and nowhere else. See games/solvers/grundy.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from games.base import ParameterError
from games.heaps import HeapGame


@dataclass(frozen=True)
class Wythoff(HeapGame):
    """Wythoff's game; the default is 5-8."""

    heaps: str = "5-8"

    name: ClassVar[str] = "wythoff"

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.start) != 2:
            raise ParameterError(f"{self.spec}: there are two heaps, like 5-8")

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        return ((0,), (1,), (0, 1))

    @property
    def title(self) -> str:
        return f"Wythoff's game {self.heaps}" + (", misere" if self.misere else "")

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"At the start two heaps of objects lie on the table: {self.heap_names}.",
            "Two players move in turn: First and Second. First moves first.",
            "In each turn the player takes any number of objects, at least one, from a single heap, "
            "or the same number, at least one, from both heaps.",
            *self.verdict,
        )

    @property
    def action_help(self) -> str:
        return "a heap's letter and how many to take from it, like A1 or B3, or AB2 for two from both heaps"

    def fewest_plies(self, taken: tuple[int, ...]) -> int:
        return 1 if taken[0] == taken[1] > 0 else super().fewest_plies(taken)
