"""The compiled generic solver: for any game that can say its rules as three functions on 56 bits.

    rules = PackedRules(legal, apply, outcome, pack, plies_of_draw)
    PackedSolver(game, rules).value(state)

See games/solvers/kernels/factory.py for what the three functions take and give. A game gets this solver from
`solver_for` by offering a method `packed_rules() -> PackedRules`. Memory: 8 bytes for every slot of a table
that grows eightfold when it is three quarters full; states are counted, so it can neither loop nor overrun.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from games.base import Action, Seat, SequentialGame
from games.k_in_a_row import KInARow, Marks
from games.solvers.base import UnsolvedError
from games.solvers.kernels import factory
from games.values import Value

S = TypeVar("S", bound=Hashable)

DEFAULT_STATES = 30_000_000
"""States one question may take: up to 512 MB, and about 10 s."""
FIRST_BITS, GROWTH_BITS = 14, 3
STATE_BITS = 56
HALF = STATE_BITS // 2

Rule = Callable[..., Any]


@dataclass(frozen=True)
class PackedRules(Generic[S]):
    """A game on 56 bits, always seen by the player to move, and how its states get there."""

    legal: Rule
    apply: Rule
    outcome: Rule
    pack: Callable[[S], int]
    plies_of_draw: Callable[[S], int]
    """Plies to the end of a drawn state under the longest best play; the table holds wins and losses only."""


class PackedSolver(Generic[S]):
    """Values of a game with packed rules; every state below an asked one is solved and kept."""

    def __init__(
        self, game: SequentialGame[S], rules: PackedRules[S], most_states: int = DEFAULT_STATES
    ) -> None:
        if game.max_plies > factory.MOST_PLIES:
            raise UnsolvedError(f"{game.spec} may take more than {factory.MOST_PLIES} plies")
        self.game = game
        self.most_states = most_states
        self._rules = rules
        self._solve = factory.make_solver(rules.legal, rules.apply, rules.outcome)
        self._counts = np.zeros(factory.HEADER, np.int64)
        self._allocate(FIRST_BITS)

    @property
    def states(self) -> int:
        """How many states are solved so far."""
        return int(self._counts[factory.STATES])

    def value(self, state: S) -> Value:
        """The value for the seat to move (of a finished game: for the seat that would move)."""
        packed = np.uint64(self._packed(state))
        while (entry := int(self._solve(packed, self._table, self._counts))) == factory.FULL:
            self._grow(state)
        payoff = (entry > 0) - (entry < 0)
        return Value(payoff, factory.ENDED - abs(entry) if payoff else self._rules.plies_of_draw(state))

    def action_values(self, state: S, seat: Seat) -> dict[Action, Value]:
        """The value of every legal action for the seat that acts; {} if it is not to move."""
        after = {a: self.game.next_state(state, a) for a in self.game.legal_actions(state, seat)}
        return {action: (-self.value(state)).one_ply_earlier() for action, state in after.items()}

    def _packed(self, state: S) -> int:
        packed = self._rules.pack(state)
        if not 0 <= packed < (1 << STATE_BITS) - 1:
            raise UnsolvedError(
                f"{self.game.format_state(state)} of {self.game.spec} exceeds {STATE_BITS} bits"
            )
        return packed

    def _allocate(self, bits: int) -> None:
        self._table = np.zeros(1 << bits, np.uint64)
        self._counts[factory.LIMIT] = min(3 << bits - 2, self.most_states)

    def _grow(self, state: S) -> None:
        if self.states >= self.most_states:
            raise UnsolvedError(
                f"{self.game.spec} is not solved from {self.game.format_state(state)}: "
                f"more than {self.most_states:,} states"
            )
        table = self._table
        self._allocate(table.size.bit_length() - 1 + GROWTH_BITS)
        factory.regrow(table, self._table)


def small_connect_four(game: KInARow) -> PackedRules[Marks]:
    """Connect four as packed rules: own stones in bits 0-27, all stones above, one sentinel bit per column.

    For boards with (m + 1) * n <= 28; larger ones have their own search.
    """
    m, n = game.m, game.n
    if not (game.gravity and game.k == 4 and (m + 1) * n <= HALF):
        raise UnsolvedError(f"{game.spec} is no connect four on {HALF} bits")
    half, low = np.uint64(HALF), np.uint64((1 << HALF) - 1)
    bottom = np.uint64(sum(1 << (m + 1) * column for column in range(n)))
    board = np.uint64(int(bottom) * ((1 << m) - 1))
    one, two, rise, flat, fall = (np.uint64(i) for i in (1, 2, m + 2, m + 1, m))

    def legal(state: Any) -> Any:
        return ((state >> half) + bottom) & board

    def apply(state: Any, action: Any) -> Any:
        mask = state >> half
        return ((state & low) ^ mask) | ((mask | action) << half)

    def outcome(state: Any) -> int:
        theirs = (state & low) ^ (state >> half)
        for step in (one, fall, flat, rise):
            pairs = theirs & (theirs >> step)
            if pairs & (pairs >> (two * step)) != 0:
                return -1
        return 0 if state >> half == board else 2

    def pack(state: Marks) -> int:
        bits = [0, 0]
        for cell in range(game.size.cells):
            place = 1 << (m + 1) * (cell % n) + m - 1 - cell // n
            bits[0] |= place * (state.x >> cell & 1)
            bits[1] |= place * (state.o >> cell & 1)
        return bits[state.plies % 2] | (bits[0] | bits[1]) << HALF

    return PackedRules(legal, apply, outcome, pack, lambda state: game.size.cells - state.plies)
