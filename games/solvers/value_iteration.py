"""Value iteration with a certificate: games of chance in which luck may go round for ever.

Two bounds are swept over all states at once. After k sweeps the lower one is the value of the game cut after
k plies if an unfinished play counts as the worst for seat 0, the upper one if it counts as the best: whatever
an unfinished play is worth, the true value lies between (Haddad and Monmege 2018). It is returned once the
bounds meet within MEET everywhere; if they don't, the game is refused.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import partial
from typing import Any, NamedTuple, TypeVar

from games.base import Game
from games.solvers.backward import BackwardSolver
from games.solvers.base import DEFAULT_BUDGET, Budget, Meter, UnsolvedError
from games.tree import joints, successors

S = TypeVar("S", bound=Hashable)

MEET = 1e-11
"""The bounds count as one when they are this close."""
MOST_SWEEPS = 20_000


class _System(NamedTuple):
    """All states as one fixed-point equation: v = sign * max over a state's rows of sign * (P v + ends)."""

    transitions: Any
    """P: for every state and every action there a row of probabilities over the states."""
    ends: Any
    """The return of seat 0 for rows of finished states, else 0."""
    first_rows: Any
    """Where each state's rows begin."""
    signs: Any
    """-1 where seat 1 moves, else 1."""


class ValueIterationSolver(BackwardSolver[S]):
    """As backward induction, for games whose play may come back to a state; one seat moves at a time."""

    def __init__(self, game: Game[S], budget: Budget = DEFAULT_BUDGET) -> None:
        super().__init__(game, budget)
        if game.simultaneous:
            raise UnsolvedError(f"{game.spec} is endless and simultaneous; no exact solver does both")

    def _solve(self, state: S) -> None:
        if self._key(state) not in self._returns:
            states = self._below(state)
            numbers = {key: i for i, key in enumerate(states)}
            values = self._sweep(self._system(list(states.values()), numbers))
            self._returns |= dict(zip(numbers, values, strict=True))

    def _below(self, state: S) -> dict[Hashable, S]:
        """Every state that play may come to from here, by canonical key."""
        found, waiting = {self._key(state): state}, [state]
        meter = Meter(self.game.spec, self.budget)
        while waiting:
            now = waiting.pop()
            meter.spend(partial(self.game.format_state, now))
            for _, after in successors(self.game, now):
                if self._key(after) not in found:
                    found[self._key(after)] = after
                    waiting.append(after)
        return found

    def _system(self, states: list[S], numbers: dict[Hashable, int]) -> _System:
        import numpy as np
        from scipy.sparse import csr_matrix

        rows: list[dict[int, float]] = []
        ends, first_rows = [], []
        for state in states:
            outcome = self.game.outcome(state)
            first_rows.append(len(rows))
            rows += [{}] if outcome else self._rows(state, numbers)
            ends += [outcome.returns[0] if outcome else 0.0] * (len(rows) - first_rows[-1])
        starts = np.cumsum([0, *map(len, rows)])
        columns = np.fromiter((i for row in rows for i in row), dtype=np.int64)
        shares = np.fromiter((p for row in rows for p in row.values()), dtype=np.float64)
        matrix = csr_matrix((shares, columns, starts), shape=(len(rows), len(states)))
        signs = [-1.0 if self.game.seats_to_move(state) == (1,) else 1.0 for state in states]
        return _System(matrix, np.array(ends), np.array(first_rows), np.array(signs))

    def _rows(self, state: S, numbers: dict[Hashable, int]) -> Iterator[dict[int, float]]:
        for joint in joints(self.game, state):
            row: dict[int, float] = {}
            for p, after in self.game.transitions(state, joint):
                number = numbers[self._key(after)]
                row[number] = row.get(number, 0.0) + p
            yield row

    def _sweep(self, system: _System) -> list[float]:
        import numpy as np

        def once(values: Any) -> Any:
            worth = system.transitions @ values + system.ends
            signs = np.repeat(system.signs, np.diff([*system.first_rows, len(worth)]))
            return system.signs * np.maximum.reduceat(signs * worth, system.first_rows)

        low, high = (np.full(len(system.signs), bound) for bound in self.game.return_range)
        for _ in range(MOST_SWEEPS):
            low, high = once(low), once(high)
            if float(np.max(high - low)) < MEET:
                return [float(v) for v in (low + high) / 2]
        raise UnsolvedError(
            f"{self.game.spec} is not solved: after {MOST_SWEEPS:,} sweeps some value is known only within "
            f"{float(np.max(high - low)):.2g}"
        )
