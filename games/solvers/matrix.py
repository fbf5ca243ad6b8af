"""Zero-sum matrix games: the value, and a mixed strategy for each side that guarantees it.

Rows are the first side's actions, entries its payoffs. A saddle point is looked for first (pure and exact),
else each side's strategy is a linear program. What comes out is proved before it is returned: the row
strategy guarantees at least the value against every column, the column strategy at most against every row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from games.solvers.base import TOLERANCE, UnsolvedError

Matrix = Sequence[Sequence[float]]


class Equilibrium(NamedTuple):
    """The value for the rows, and the probability of each row and of each column."""

    value: float
    rows: tuple[float, ...]
    columns: tuple[float, ...]


def solve_matrix(matrix: Matrix) -> Equilibrium:
    """The equilibrium of a matrix game, exact within TOLERANCE; UnsolvedError if that can't be proved.

    >>> solve_matrix([[1, -1], [-1, 1]])
    Equilibrium(value=0.0, rows=(0.5, 0.5), columns=(0.5, 0.5))
    >>> solve_matrix([[3, 1], [2, 0]])
    Equilibrium(value=1.0, rows=(1.0, 0.0), columns=(0.0, 1.0))
    """
    return _saddle_point(matrix) or _mixed(matrix)


def row_payoffs(matrix: Matrix, columns: Sequence[float]) -> list[float]:
    """What each row earns against a mixed column strategy."""
    return [sum(a * p for a, p in zip(row, columns, strict=True)) for row in matrix]


def transposed(matrix: Matrix) -> list[tuple[float, ...]]:
    """The same game with the sides exchanged: what the columns earn."""
    return [tuple(-a for a in column) for column in zip(*matrix, strict=True)]


def _saddle_point(matrix: Matrix) -> Equilibrium | None:
    """A pure equilibrium: an entry that is the least of its row and the greatest of its column."""
    floors = [min(row) for row in matrix]
    ceilings = [max(column) for column in zip(*matrix, strict=True)]
    value = max(floors)
    if value != min(ceilings):
        return None
    row, column = floors.index(value), ceilings.index(value)
    return Equilibrium(float(value), _pure(row, len(floors)), _pure(column, len(ceilings)))


def _pure(choice: int, size: int) -> tuple[float, ...]:
    return tuple(float(i == choice) for i in range(size))


def _mixed(matrix: Matrix) -> Equilibrium:
    rows, columns = _guarantee(matrix), _guarantee(transposed(matrix))
    floor = -max(row_payoffs(transposed(matrix), rows))
    ceiling = max(row_payoffs(matrix, columns))
    if ceiling - floor > TOLERANCE:
        raise UnsolvedError(f"a matrix game is known only between {floor!r} and {ceiling!r}: {matrix!r}")
    return Equilibrium((floor + ceiling) / 2, rows, columns)


def _guarantee(matrix: Matrix) -> tuple[float, ...]:
    """The row strategy with the highest floor: maximise v subject to (strategy @ matrix)[j] >= v."""
    from scipy.optimize import linprog

    n = len(matrix)
    solution = linprog(
        c=[0.0] * n + [-1.0],
        A_ub=[[*(-a for a in column), 1.0] for column in zip(*matrix, strict=True)],
        b_ub=[0.0] * len(matrix[0]),
        A_eq=[[1.0] * n + [0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * n + [(None, None)],
        method="highs",
    )
    if not solution.success:
        raise UnsolvedError(f"a matrix game was not solved ({solution.message}): {matrix!r}")
    weights = [max(0.0, float(p)) for p in solution.x[:n]]
    return tuple(p / sum(weights) for p in weights)
