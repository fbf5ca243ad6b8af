"""Connect four: k in a row with gravity and four in a line, on any board that its bitboard solver can hold.

Rules, notation and symmetry are those of games/k_in_a_row.py; this class only names the game, sets its limits
and finds a four by shifting whole bit sets, which makes play several times as quick.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from games.base import Action, ParameterError
from games.k_in_a_row import KInARow, Marks

FOUR = 4
WORD = 64


def fits_a_word(m: int, n: int) -> bool:
    """Whether a bitboard of m rows, one sentinel row and n columns fits 64 bits."""
    return (m + 1) * n <= WORD


@dataclass(frozen=True)
class ConnectFour(KInARow):
    """Connect four; the default is the usual board of 6 rows and 7 columns."""

    m: int = 6
    n: int = 7
    k: int = FOUR
    depth: int = 1
    gravity: bool = True
    misere: bool = False
    wild: bool = False

    name: ClassVar[str] = "connect4"

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.k, self.depth, self.gravity, self.misere, self.wild) != (FOUR, 1, True, False, False):
            raise ParameterError(
                f"{self.spec}: connect4 takes only m and n; for other rules use "
                "tictactoe(m=...,n=...,k=...,gravity) and its kin"
            )
        if not fits_a_word(self.m, self.n):
            raise ParameterError(
                f"{self.spec}: {self.m} rows and {self.n} columns need {(self.m + 1) * self.n} bits; "
                f"(m + 1) * n is at most {WORD}"
            )

    @property
    def title(self) -> str:
        return "Connect four" if (self.m, self.n) == (6, 7) else f"Connect four on {self.board_size}"

    @cached_property
    def _directions(self) -> tuple[tuple[int, int], ...]:
        """(step, cells a line may start from) of the four directions, so that no line wraps around."""
        left = sum(1 << c for c in range(max(0, self.n - FOUR + 1)))
        right = sum(1 << c for c in range(FOUR - 1, self.n))
        rows = self._first_column
        return (1, left * rows), (self.n, self.full), (self.n + 1, left * rows), (self.n - 1, right * rows)

    @cached_property
    def _first_column(self) -> int:
        return sum(1 << row * self.n for row in range(self.m))

    def actions(self, state: Marks) -> tuple[Action, ...]:
        if self._has_four(state.x) or self._has_four(state.o):
            return ()
        taken = state.x | state.o
        return tuple([column for column in range(self.n) if not taken >> column & 1])

    def next_state(self, state: Marks, action: Action) -> Marks:
        x, o = state.x, state.o
        taken = x | o
        if not 0 <= action < self.n or taken >> action & 1 or self._has_four(x) or self._has_four(o):
            return super().next_state(state, action)  # which says what is wrong
        empty_rows = self.m - (taken >> action & self._first_column).bit_count()
        bit = 1 << action + (empty_rows - 1) * self.n
        return Marks(x, o | bit) if taken.bit_count() & 1 else Marks(x | bit, o)

    def completed_line(self, state: Marks) -> int:
        over = self._has_four(state.x) or self._has_four(state.o)
        return super().completed_line(state) if over else 0

    def _has_four(self, marks: int) -> bool:
        for step, starts in self._directions:
            pairs = marks & marks >> step
            if pairs & pairs >> 2 * step & starts:
                return True
        return False
