"""What every solver offers, and what it says when it can't."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

from games.base import Action, Seat
from games.values import Value

S = TypeVar("S", bound=Hashable, contravariant=True)


@dataclass(frozen=True, slots=True)
class Budget:
    """What a solver may spend on one question before it gives up."""

    states: int = 2_000_000
    """States it may look at: about 1 GB for the generic solver."""
    seconds: float = 20.0
    """Processor time, so that a busy machine does not make a solver give up earlier."""

    def times(self, effort: int) -> Budget:
        """So many times this budget."""
        return Budget(self.states * effort, self.seconds * effort)

    @property
    def compiled(self) -> int:
        """States a compiled kernel may look at: a hundred in the time of one generic state."""
        return 100 * self.states


DEFAULT_BUDGET = Budget()


TOLERANCE = 1e-9
"""Expected returns (chance, mixed strategies) are proved within this; closer ones count as equal."""


class UnsolvedError(Exception):
    """A state was not solved within the budget. A solver that can't know says this; it never guesses."""


def expected(payoff: float) -> Value:
    """An expected return as a value, rounded so that what is equal but for float noise compares equal."""
    return Value(round(payoff, 10) + 0.0)  # + 0.0 turns -0.0 into 0.0


class Meter:
    """What one question has spent of a budget; over it, UnsolvedError says where that was."""

    def __init__(self, spec: str, budget: Budget) -> None:
        self.spec = spec
        self.budget = budget
        self._states = 0
        self._deadline = time.thread_time() + budget.seconds

    def spend(self, where: Callable[[], str]) -> None:
        """One more state looked at."""
        self._states += 1
        if self._states > self.budget.states or time.thread_time() > self._deadline:
            raise UnsolvedError(
                f"{self.spec} is not solved from here: the budget of {self.budget.states:,} states or "
                f"{self.budget.seconds:g} s ran out (at {where()})"
            )


class Solver(Protocol[S]):
    """Exact values under best play of both seats."""

    def value(self, state: S) -> Value:
        """The value for the seat to move (of a finished game: for the seat that would move).

        Where several seats move at once, or chance, and at the end of games of these kinds: for seat 0.
        """

    def action_values(self, state: S, seat: Seat) -> dict[Action, Value]:
        """The value of every legal action for the seat that acts, ascending by action; {} if not to move."""


@runtime_checkable
class MixedSolver(Solver[S], Protocol[S]):
    """A solver of games in which best play is drawn by lot: it names the lot it holds."""

    def strategy(self, state: S, seat: Seat) -> dict[Action, float]:
        """The probability of every legal action in the stored equilibrium; {} if not to move."""
