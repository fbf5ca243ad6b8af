"""Matrix games: the certificate holds, shifts and scalings follow, nonsense is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.solvers.matrix import row_payoffs, solve_matrix, transposed

matrices = st.integers(1, 5).flatmap(
    lambda n: st.lists(st.lists(st.integers(-9, 9), min_size=n, max_size=n), min_size=1, max_size=5)
)


@settings(deadline=None)  # the first linear program imports scipy
@given(matrices)
def test_neither_side_can_do_better(matrix: list[list[int]]) -> None:
    value, rows, columns = solve_matrix(matrix)
    assert max(row_payoffs(matrix, columns)) == pytest.approx(value, abs=1e-8)
    assert max(row_payoffs(transposed(matrix), rows)) == pytest.approx(-value, abs=1e-8)
    assert sum(rows) == pytest.approx(1) and sum(columns) == pytest.approx(1)
    assert min(rows) >= 0 and min(columns) >= 0


@settings(deadline=None)
@given(matrices, st.integers(-5, 5))
def test_exchanging_the_sides_negates_the_value_and_a_gift_adds_to_it(m: list[list[int]], gift: int) -> None:
    value = solve_matrix(m).value
    assert solve_matrix(transposed(m)).value == pytest.approx(-value, abs=1e-8)
    assert solve_matrix([[a + gift for a in row] for row in m]).value == pytest.approx(value + gift, abs=1e-8)


def test_a_saddle_point_is_pure_and_exact() -> None:
    assert solve_matrix([[4, 1, 3], [2, 0, 9]]) == (1.0, (1.0, 0.0), (0.0, 1.0, 0.0))
