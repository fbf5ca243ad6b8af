"""Connect four positions as bitboards: between states, the compiled search and the files of solved scores."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from games.base import Action, ImpossibleStateError
from games.k_in_a_row import KInARow, Marks
from games.solvers.kernels import connect4 as kernel

Words: TypeAlias = NDArray[np.uint64]
MIRRORED_STONES = 22
"""Below so many stones mirror images share an entry of the table; above, they hardly ever meet."""

CHUNK = 7
CHUNK_MASK = (1 << CHUNK) - 1
"""Cells are turned into bits so many at a time, by table."""


class Board(NamedTuple):
    """A position in the kernel's layout: stones of the player to move, all stones, their number."""

    mine: int
    mask: int
    stones: int


class Geometry:
    """The shape of a board of m rows and n columns (units: bits of the kernel's layout)."""

    def __init__(self, m: int, n: int) -> None:
        self.m, self.n = m, n
        self.stride = m + 1
        self.bottom = sum(1 << column * self.stride for column in range(n))
        self.board = self.bottom * ((1 << m) - 1)
        self._bit = [1 << c * self.stride + m - 1 - row for row in range(m) for c in range(n)]

    def board_of(self, state: Marks) -> Board:
        """The bitboards of a state (cells row by row from the top left)."""
        x, mask = self._bits(state.x), self._bits(state.taken)
        return Board(mask ^ x if state.plies % 2 else x, mask, state.plies)

    def state_of(self, board: Board) -> Marks:
        """The state of a position; the inverse of board_of."""
        first = board.mine if board.stones % 2 == 0 else board.mine ^ board.mask
        x, taken = (
            sum(1 << i for i, bit in enumerate(self._bit) if bits & bit) for bits in (first, board.mask)
        )
        return Marks(x, taken ^ x)

    def _bits(self, cells: int) -> int:
        """The bitboard of cells that are numbered row by row, a chunk of them at a time."""
        bits = 0
        for chunk in self._chunks:
            bits |= chunk[cells & CHUNK_MASK]
            cells >>= CHUNK
        return bits

    @cached_property
    def _chunks(self) -> tuple[tuple[int, ...], ...]:
        """For every chunk of cells in turn: its bits as a number -> the bitboard of those cells."""
        chunks = [self._bit[start : start + CHUNK] for start in range(0, len(self._bit), CHUNK)]
        return tuple(
            tuple(sum(bit for i, bit in enumerate(chunk) if n >> i & 1) for n in range(1 << len(chunk)))
            for chunk in chunks
        )

    def children(self, board: Board) -> Iterator[tuple[Action, Board]]:
        """What every playable column leads to; whether a four was made is not looked at."""
        open_cells = board.mask + self.bottom & self.board
        for column in range(self.n):
            move = open_cells & ((1 << self.m) - 1) << column * self.stride
            if move:
                yield column, Board(board.mine ^ board.mask, board.mask | move, board.stones + 1)

    def has_four(self, board: Board) -> bool:
        """Whether the player who has just moved has four in a line."""
        theirs = board.mine ^ board.mask
        for step in (1, self.stride - 1, self.stride, self.stride + 1):
            pairs = theirs & theirs >> step
            if pairs & pairs >> 2 * step:
                return True
        return False

    def key(self, board: Board) -> int:
        """One number for a position and its mirror image; another one for every other position."""
        key = board.mine + board.mask
        field = (1 << self.stride) - 1
        columns = [key >> c * self.stride & field for c in range(self.n)]
        mirror = sum(column << c * self.stride for c, column in enumerate(reversed(columns)))
        return min(key, mirror)

    def work_area(self) -> Words:
        """A work area of the kernel with the shape filled in (see its numbered fields)."""
        area = np.zeros(kernel.MOVES + kernel.MOVES_PER_PLY * (self.m * self.n + 1), np.uint64)
        area[kernel.BOARD], area[kernel.BOTTOM], area[kernel.STRIDE] = self.board, self.bottom, self.stride
        area[kernel.CELLS], area[kernel.COLUMNS] = self.m * self.n, self.n
        area[kernel.MIRROR_BELOW] = MIRRORED_STONES
        area[kernel.BOOK_STONES] = kernel.NO_BOOK
        for i, column in enumerate(sorted(range(self.n), key=lambda c: abs(2 * c - self.n + 1))):
            area[kernel.ORDER + i] = ((1 << self.m) - 1) << column * self.stride
        return area


def check_playable(game: KInARow, state: Marks) -> None:
    """Raise ImpossibleStateError for marks that are no position of the game at all.

    Cheap enough for every call. Whether stones could have fallen in this order is parse_state's business.
    """
    taken, x, o = state.x | state.o, state.x, state.o
    if x < 0 or o < 0 or taken > game.full or x & o:
        raise ImpossibleStateError(f"{state} are no marks on the board of {game.spec}")
    if x.bit_count() - o.bit_count() not in (0, 1):
        raise ImpossibleStateError(f"{game.format_state(state)} of {game.spec}: X and O take turns, X first")
    if taken & ~(taken >> game.n) & game.full >> game.n:
        raise ImpossibleStateError(f"{game.format_state(state)} of {game.spec}: a mark hangs in the air")
    waiting = o if state.plies % 2 else x  # of the seat that did not move last
    if game.completed_line(Marks(waiting, 0)):
        raise ImpossibleStateError(f"{game.format_state(state)} of {game.spec}: the game was over before")
