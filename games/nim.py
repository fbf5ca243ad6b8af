"""Nim: take any number of objects from one heap; who takes the last one wins.

    A B C
    3 4 5      'B2' takes two objects from heap B

Solved by Bouton (1901): the seat to move loses if and only if the exclusive or of the sizes is 0 (misere: the
same while some heap holds two or more). See games/solvers/grundy.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from games.heaps import HeapGame


@dataclass(frozen=True)
class Nim(HeapGame):
    """Nim with any heaps; the default is 3-4-5."""

    name: ClassVar[str] = "nim"

    @property
    def title(self) -> str:
        return f"Nim {self.heaps}" + (", misere" if self.misere else "")

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"At the start heaps of objects lie on the table: {self.heap_names}.",
            "Two players move in turn: First and Second. First moves first.",
            "In each turn the player takes any number of objects, at least one, from a single heap.",
            *self.verdict,
        )

    @property
    def action_help(self) -> str:
        return "a heap's letter and how many to take from it, like A1 or A3"
