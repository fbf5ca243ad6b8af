"""Retrograde tables for chess endings of three men: plies to mate from every position at once.

A position is a triple (white king, piece, black king), so a side's table is a cube of 64 x 64 x 64. A move of
one man is a 64 x 64 matrix along one axis, and "some move leads to a position in this set" is a product of
that matrix with the set. From the mates backwards: White wins in d if some move leads to a loss in d - 1;
Black loses in d if all moves lead to wins in less, and there is one.

Two facts keep it short. With White to move Black is not in check, so the black king never stands in the
piece's way. And where the black king steps without capture, a legal position with White to move must follow.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from games.base import Action, Seat
from games.chess_endings import Board, ChessEnding, king_steps, slides
from games.solvers.base import Budget
from games.values import Value

Cube: TypeAlias = NDArray[np.bool_]
"""A set of positions, by white king, piece, black king."""
DRAW = -1


class ChessTables:
    """Plies to mate with White to move and with Black to move; DRAW where there is none, or no position."""

    def __init__(self, ending: str) -> None:
        steps = np.zeros((64, 64), bool)
        for square in range(64):
            steps[square, list(king_steps(square))] = True
        attacks = _attacks(ending)
        apart = _apart(steps)
        self.legal_white: Cube = apart & ~attacks
        """White to move: Black is not in check."""
        self.white = np.full((64, 64, 64), DRAW, np.int16)
        self.black = np.full((64, 64, 64), DRAW, np.int16)
        self._fill(steps, attacks, apart)

    def _fill(self, steps: Cube, attacks: Cube, apart: Cube) -> None:
        unguarded = steps.T[None, :, :] & ~steps[:, :, None]  # the black king may take the piece
        choices = _count(self.legal_white, steps)
        mates = apart & attacks & (choices == 0) & ~unguarded
        slides_to = attacks & ~np.eye(64, dtype=bool)[:, None, :]  # not onto the own king
        self.black[mates] = 0
        new, depth = mates, 0
        while new.any():
            depth += 1
            by_king = np.tensordot(steps.astype(np.float32), new.astype(np.float32), axes=1) > 0
            by_piece = np.matmul(slides_to.astype(np.float32), new.astype(np.float32)) > 0
            won = (by_king | by_piece) & self.legal_white & (self.white == DRAW)
            self.white[won] = depth
            depth += 1
            trapped = _count(self.white != DRAW, steps) == choices
            new = apart & trapped & (choices > 0) & ~unguarded & (self.black == DRAW)
            self.black[new] = depth


def _attacks(ending: str) -> Cube:
    """Whether the piece attacks the square on the last axis; only the white king stands in its way."""
    attacks = np.zeros((64, 64, 64), bool)
    for king in range(64):
        for piece in range(64):
            attacks[king, piece, list(slides(ending, piece, (king,)))] = True
    return attacks


def _apart(steps: Cube) -> Cube:
    """Three men on three squares, and the kings not side by side."""
    same = np.eye(64, dtype=bool)
    crowded = same[:, :, None] | same[None, :, :] | same[:, None, :] | steps[:, None, :]
    return ~crowded


def _count(positions: Cube, steps: Cube) -> NDArray[np.float32]:
    """For each position, how many steps of the black king lead into a set."""
    counts: NDArray[np.float32] = np.matmul(positions.astype(np.float32), steps.astype(np.float32))
    return counts


@lru_cache(maxsize=2)
def tables_of(ending: str) -> ChessTables:
    """The tables of an ending, made once and shared by all starts."""
    return ChessTables(ending)


class ChessEndingSolver:
    """Values from the tables; they are made at the first question and hold 1 MB.

    A win is worth its plies to mate; a draw carries no plies. A mate beyond the limit of plies is a draw.
    """

    def __init__(self, game: ChessEnding) -> None:
        self.game = game

    @property
    def tables(self) -> ChessTables:
        """The tables of this ending."""
        return tables_of(self.game.ending)

    def value(self, state: Board) -> Value:
        plies = self._plies_to_mate(state)
        if plies is None or plies > self.game.limit - state.plies:
            return Value(0)
        return Value(1, plies) if self.game.seat_to_move(state) == 0 else Value(-1, plies)

    def action_values(self, state: Board, seat: Seat) -> dict[Action, Value]:
        return {
            action: (-self.value(self.game.next_state(state, action))).one_ply_earlier()
            for action in self.game.legal_actions(state, seat)
        }

    def _plies_to_mate(self, state: Board) -> int | None:
        men = state.men
        if men.piece is None:
            return None
        table = self.tables.white if self.game.seat_to_move(state) == 0 else self.tables.black
        plies = int(table[men.white_king, men.piece, men.black_king])
        return None if plies == DRAW else plies


def solver(game: ChessEnding, budget: Budget) -> ChessEndingSolver:
    """The solver of an ending; its tables are small and of one size, whatever the budget."""
    return ChessEndingSolver(game)
