"""Exact values of plain k-in-a-row boards of up to 48 cells, by search, one question at a time.

Solves tictactoe(depth=3) and boards such as 5x5 with k=4; what takes more nodes than the budget raises
UnsolvedError. Memory: one table of 64 MB.
"""

from __future__ import annotations

import threading

import numpy as np

from games.base import Action, ImpossibleStateError, Seat
from games.k_in_a_row import KInARow, Marks
from games.solvers.base import UnsolvedError
from games.solvers.kernels import k_in_a_row as kernel
from games.solvers.kernels.common import BudgetSpentError
from games.values import Value

DEFAULT_NODES = 30_000_000
"""Nodes that one position may take before the search gives up; about 15 s."""
TABLE_BITS = 22
TURN_BELOW = 7
"""Below so many marks a position shares its entry with all its images; later it costs more than it saves."""


def is_plain(game: KInARow) -> bool:
    """Whether the compiled search knows this game's rules and can hold its board."""
    variant = game.gravity or game.misere or game.wild
    return not variant and game.size.cells <= kernel.MOST_CELLS


class SearchSolver:
    """Values of k-in-a-row states. One table serves all calls."""

    def __init__(self, game: KInARow, nodes: int = DEFAULT_NODES) -> None:
        if not is_plain(game):
            raise UnsolvedError(f"{game.spec} is no plain k in a row on at most {kernel.MOST_CELLS} cells")
        self.game = game
        self.nodes = nodes
        self._lines = np.array(game.lines, np.uint64)
        symmetries = [image.map_action for image in game.images(game.initial_state())]
        cells = range(game.size.cells)
        self._symmetries = np.array([[turn(cell) for cell in cells] for turn in symmetries], np.uint8)
        self._table = np.zeros(2 << TABLE_BITS, np.uint64)
        self._work = np.zeros(kernel.HEADER, np.uint64)
        self._work[kernel.CELLS], self._work[kernel.K] = game.size.cells, game.k
        self._work[kernel.TABLE_BITS], self._work[kernel.TURN_BELOW] = TABLE_BITS, TURN_BELOW
        self._scratch = np.zeros(kernel.SCRATCH, np.int64)
        self._lock = threading.Lock()

    def value(self, state: Marks) -> Value:
        """The value for the seat to move (of a finished game: for the seat that would move)."""
        self._check(state)
        outcome = self.game.outcome(state)
        if outcome is not None:
            return Value(outcome.returns[self.game.seat_to_move(state)], 0)
        score, left = self._score(state), self.game.size.cells - state.plies
        payoff = (score > 0) - (score < 0)
        return Value(payoff, left + 1 - abs(score) if payoff else left)

    def action_values(self, state: Marks, seat: Seat) -> dict[Action, Value]:
        """The value of every legal action for the seat that acts; {} if it is not to move."""
        self._check(state)
        after = {a: self.game.next_state(state, a) for a in self.game.legal_actions(state, seat)}
        keys = {action: self.game.canonical_key(state) for action, state in after.items()}
        representative = {keys[action]: after[action] for action in after}  # images are searched once
        values = {key: (-self.value(state)).one_ply_earlier() for key, state in representative.items()}
        return {action: values[keys[action]] for action in after}

    def _score(self, state: Marks) -> int:
        mine, theirs = (state.o, state.x) if state.plies % 2 else (state.x, state.o)
        with self._lock:
            self._work[kernel.NODES], self._work[kernel.LIMIT] = 0, self.nodes
            try:
                return int(
                    kernel.score_of(
                        np.uint64(mine),
                        np.uint64(theirs),
                        self._lines,
                        self._symmetries,
                        self._table,
                        self._work,
                        self._scratch,
                    )
                )
            except BudgetSpentError:
                raise UnsolvedError(
                    f"{self.game.spec} is not solved from {self.game.format_state(state)}: "
                    f"more than {self.nodes:,} nodes"
                ) from None

    def _check(self, state: Marks) -> None:
        x, o, taken = state.x, state.o, state.x | state.o
        if x < 0 or o < 0 or x & o or taken > self.game.full:
            raise ImpossibleStateError(f"{state} are no marks on the board of {self.game.spec}")
        if x.bit_count() - o.bit_count() not in (0, 1):
            text = self.game.format_state(state)
            raise ImpossibleStateError(f"{text} of {self.game.spec}: X and O take turns, X first")
