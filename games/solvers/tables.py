"""Tables of one byte a state: what a byte means, and whether a table is within the budget."""

from __future__ import annotations

from games.solvers.base import Budget, UnsolvedError
from games.values import Value

FAR = 100
"""Values with distance in one byte: a win in d plies is FAR - d, a loss d - FAR, a draw 0."""


def decode(byte: int) -> Value:
    """The Value of a byte of a win/loss table."""
    return Value(1.0, FAR - byte) if byte > 0 else Value(-1.0, FAR + byte)


def check_table(spec: str, states: int, budget: Budget) -> None:
    """Refuse a table of one byte a state that the budget does not cover."""
    if states > budget.compiled:
        raise UnsolvedError(
            f"{spec} is not solved: its table has {states:,} states, over the budget of {budget.compiled:,}"
        )
