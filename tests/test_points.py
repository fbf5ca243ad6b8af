"""One rule for points, in every kind of game."""

from __future__ import annotations

import pytest

from arena.points import points


@pytest.mark.parametrize(
    ("returns", "counted"),
    [
        ((1.0, -1.0), [1.0, 0.0]),
        ((-7.0, 7.0), [0.0, 1.0]),
        ((0.0, 0.0), [0.5, 0.5]),
        ((3.0, 5.0), [0.0, 1.0]),
        ((-1.0, -1.0), [0.5, 0.5]),
        ((1.0,), [1.0]),
        ((0.0,), [0.0]),
    ],
)
def test_points_follow_from_who_has_more(returns: tuple[float, ...], counted: list[float]) -> None:
    """Not from the sign: where both gain or both lose, the one with more has won."""
    assert [points(returns, seat) for seat in range(len(returns))] == counted
