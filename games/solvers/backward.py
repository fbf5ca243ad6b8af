"""Backward induction: games with chance and simultaneous moves whose play never comes back to a state.

From the end backwards, a state is worth: the expectation where chance moves, the best action where one seat
moves, the value of the matrix game of all joint actions where two seats move at once (Shapley 1953).
Zero-sum games of two seats, and games of one seat. Nothing may be hidden.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

from games.base import Action, Game, Joint, Seat
from games.solvers.base import DEFAULT_BUDGET, Budget, Meter, UnsolvedError, expected
from games.solvers.matrix import Equilibrium, row_payoffs, solve_matrix, transposed
from games.tree import joints, successors
from games.values import Value

S = TypeVar("S", bound=Hashable)


class BackwardSolver(Generic[S]):
    """Expected returns under best play, kept for every canonical key met."""

    def __init__(self, game: Game[S], budget: Budget = DEFAULT_BUDGET) -> None:
        if game.hidden or game.num_seats > 2 or (game.num_seats == 2 and not game.zero_sum):
            raise UnsolvedError(f"{game.spec} is not a zero-sum game of one or two seats that see everything")
        self.game = game
        self.budget = budget
        self._returns: dict[Hashable, float] = {}  # canonical key -> expected return of seat 0
        self._equilibria: dict[S, Equilibrium] = {}
        self._meter = Meter(game.spec, budget)

    def value(self, state: S) -> Value:
        self._solve(state)
        payoff = self._returns[self._key(state)]
        return expected(-payoff if self.game.seats_to_move(state) == (1,) else payoff)

    def action_values(self, state: S, seat: Seat) -> dict[Action, Value]:
        """Where both seats move at once: against the opponent's strategy of the stored equilibrium."""
        self._solve(state)
        legal = self.game.legal_actions(state, seat)
        return dict(zip(legal, map(expected, self._payoffs(state, seat)), strict=True)) if legal else {}

    def strategy(self, state: S, seat: Seat) -> dict[Action, float]:
        """The stored equilibrium strategy; where the seat moves alone, its best actions alike."""
        legal = self.game.legal_actions(state, seat)
        if len(self.game.seats_to_move(state)) == 2:
            equilibrium = self._equilibrium(state)
            return dict(zip(legal, equilibrium.columns if seat else equilibrium.rows, strict=True))
        values = self.action_values(state, seat)
        best = [action for action in legal if values[action] == max(values.values())]
        return {action: (action in best) / len(best) for action in legal}

    def _payoffs(self, state: S, seat: Seat) -> list[float]:
        """What each legal action earns the seat."""
        if len(self.game.seats_to_move(state)) == 2:
            matrix, equilibrium = self._matrix(state), self._equilibrium(state)
            if seat == 0:
                return row_payoffs(matrix, equilibrium.columns)
            return row_payoffs(transposed(matrix), equilibrium.rows)
        sign = -1 if seat == 1 else 1
        return [sign * self._after(state, joint) for joint in joints(self.game, state)]

    def _equilibrium(self, state: S) -> Equilibrium:
        if state not in self._equilibria:
            self._solve(state)
            self._equilibria[state] = solve_matrix(self._matrix(state))
        return self._equilibria[state]

    def _solve(self, state: S) -> None:
        """Fill in the returns of a state and all below it: depth first, each state after its followers."""
        self._meter = Meter(self.game.spec, self.budget)
        waiting, opened = [state], set[Hashable]()
        while waiting:
            key = self._key(waiting[-1])
            missing = [] if key in self._returns else self._unsolved_followers(waiting[-1])
            if missing:
                self._open(waiting[-1], key, opened)
                waiting += missing
            else:
                solved = waiting.pop()
                if key not in self._returns:
                    self._returns[key] = self._work_out(solved)

    def _unsolved_followers(self, state: S) -> list[S]:
        return [after for _, after in successors(self.game, state) if self._key(after) not in self._returns]

    def _open(self, state: S, key: Hashable, opened: set[Hashable]) -> None:
        if key in opened:  # still open, and met again below itself
            raise UnsolvedError(
                f"{self.game.spec} is not solved by backward induction: play can come back to "
                f"{self.game.format_state(state)}"
            )
        opened.add(key)

    def _work_out(self, state: S) -> float:
        """The expected return of seat 0 in a state whose followers are solved."""
        self._meter.spend(lambda: self.game.format_state(state))
        outcome, seats = self.game.outcome(state), self.game.seats_to_move(state)
        if outcome is not None:
            return outcome.returns[0]
        if len(seats) == 2:
            return solve_matrix(self._matrix(state)).value
        returns = [self._after(state, joint) for joint in joints(self.game, state)]
        return min(returns) if seats == (1,) else max(returns)  # chance: there is only the empty joint

    def _matrix(self, state: S) -> list[list[float]]:
        """The returns of seat 0: a row for each of its actions, a column for each of seat 1's."""
        mine, yours = (self.game.legal_actions(state, seat) for seat in (0, 1))
        return [[self._after(state, {0: a, 1: b}) for b in yours] for a in mine]

    def _after(self, state: S, joint: Joint) -> float:
        followers = self.game.transitions(state, joint)
        return sum(p * self._returns[self._key(after)] for p, after in followers)

    def _key(self, state: S) -> Hashable:
        return self.game.canonical_key(state)
