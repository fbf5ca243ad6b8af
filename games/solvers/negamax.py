"""The generic solver of sequential games: memoised negamax over the whole tree below a state.

It is meant to be obviously correct: the reference that every faster kernel must agree with.
Good for about two million states; use a kernel beyond that.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from games.base import Action, Seat, SequentialGame
from games.solvers.base import DEFAULT_BUDGET, Budget, Meter, UnsolvedError
from games.values import Value

S = TypeVar("S", bound=Hashable)


class NegamaxSolver(Generic[S]):
    """Values with distance, kept for every state met."""

    def __init__(self, game: SequentialGame[S], budget: Budget = DEFAULT_BUDGET) -> None:
        self.game = game
        self.budget = budget
        self._values: dict[S, Value] = {}
        self._meter = Meter(game.spec, budget)

    def value(self, state: S) -> Value:
        with self._spending():
            return self._solve(state)

    def action_values(self, state: S, seat: Seat) -> dict[Action, Value]:
        with self._spending():
            return {
                action: self._after(state, action, seat).one_ply_earlier()
                for action in self.game.legal_actions(state, seat)
            }

    def _solve(self, state: S) -> Value:
        known = self._values.get(state)
        if known is None:
            known = self._values[state] = self._work_out(state)
        return known

    def _work_out(self, state: S) -> Value:
        self._meter.spend(lambda: self.game.format_state(state))
        seat = self.game.seat_to_move(state)
        outcome = self.game.outcome(state)
        if outcome is not None:
            return Value(outcome.returns[seat], 0 if self.game.speed_matters else None)
        return _best([self._after(state, action, seat) for action in self.game.actions(state)])

    @contextmanager
    def _spending(self) -> Iterator[None]:
        """A budget for one question. A game too long for the recursion is beyond it as well."""
        self._meter = Meter(self.game.spec, self.budget)
        if len(self._values) > self.budget.states:
            self._values.clear()  # what is kept from question to question never outgrows one budget for long
        try:
            yield
        except RecursionError:
            raise UnsolvedError(f"{self.game.spec} is not solved from here: the play is too long") from None

    def _after(self, state: S, action: Action, seat: Seat) -> Value:
        """The value of the state after an action, for the seat that acted (who may be to move again)."""
        after = self.game.next_state(state, action)
        value = self._solve(after)
        return value if self.game.seat_to_move(after) == seat else -value


def _best(values: list[Value]) -> Value:
    """The best value one ply earlier; among draws the longest, so that the distance is well defined."""
    best = max(values)
    if best.payoff == 0 and best.plies is not None:
        return Value(best.payoff, 1 + max(v.plies or 0 for v in values if v == best))
    return best.one_ply_earlier()
