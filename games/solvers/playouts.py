"""Uniformly random matches by the million: for statistics and training data, not for play.

The frozen-state engine (`Game.next_state`) is the reference; a test replays every recorded match through it.
The draw among k actions multiplies 32 random bits by k, so its bias is below 2^-25 on any board here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from games.base import ParameterError
from games.k_in_a_row import KInARow
from games.solvers.kernels import playouts as kernel

WORD = 64


@dataclass(frozen=True)
class Tally:
    """How random matches ended."""

    first_wins: int
    second_wins: int
    draws: int
    plies: int
    """Plies of all matches together."""


def tally_playouts(game: KInARow, matches: int, seed: int) -> Tally:
    """Play so many random matches and count how they end."""
    return _play(game, matches, seed, np.empty((0, 0), np.int8))


def record_playouts(game: KInARow, matches: int, seed: int) -> NDArray[np.int8]:
    """The actions of so many random matches, shape (matches, cells), filled up with -1.

    The same matches that tally_playouts counts with this seed.
    """
    records = np.full((matches, game.size.cells), kernel.NO_ACTION, np.int8)
    _play(game, matches, seed, records)
    return records


def _play(game: KInARow, matches: int, seed: int, records: NDArray[np.int8]) -> Tally:
    if game.misere or game.wild or game.size.cells > WORD:
        raise ParameterError(
            f"no compiled playouts of {game.spec}: misere, wild and over {WORD} cells lack them"
        )
    through = [[line for line in game.lines if line >> cell & 1] for cell in range(game.size.cells)]
    counts = np.array([len(lines) for lines in through], np.int64)
    lines_of = np.zeros((len(through), max(1, int(counts.max()))), np.uint64)
    for cell, lines in enumerate(through):
        lines_of[cell, : len(lines)] = lines
    tally = np.zeros(4, np.int64)
    kernel.play(
        np.uint64(seed), matches, game.size.cells, game.n, game.gravity, lines_of, counts, tally, records
    )
    return Tally(*tally.tolist())
