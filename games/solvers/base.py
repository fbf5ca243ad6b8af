"""What every solver offers, and what it says when it can't."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol, TypeVar

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


DEFAULT_BUDGET = Budget()


class UnsolvedError(Exception):
    """A state was not solved within the budget. A solver that can't know says this; it never guesses."""


class Solver(Protocol[S]):
    """Exact values under best play of both seats."""

    def value(self, state: S) -> Value:
        """The value for the seat to move (of a finished game: for the seat that would move)."""

    def action_values(self, state: S, seat: Seat) -> dict[Action, Value]:
        """The value of every legal action for the seat that acts, ascending by action; {} if not to move."""
