"""Values: their order, their negation and their text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.values import Result, Value, format_value, parse_value

plies = st.integers(0, 200)
timed = st.builds(Value, st.sampled_from([-1, 0, 1]), plies)
scores = st.builds(Value, st.integers(-64, 64) | st.floats(-1e6, 1e6))
values = timed | scores


def test_the_order_from_the_worst_to_the_best() -> None:
    loss_now, loss_later, draw = Value(-1, 0), Value(-1, 8), Value(0, 9)
    win_later, win_now = Value(1, 7), Value(1, 1)
    assert loss_now < loss_later < draw < win_later < win_now


def test_all_draws_are_equally_good() -> None:
    assert Value(0, 3) == Value(0, 9)
    assert hash(Value(0, 3)) == hash(Value(0, 9))
    assert not Value(0, 3) < Value(0, 9)


def test_larger_margins_are_better_where_speed_does_not_count() -> None:
    assert Value(-8) < Value(-0.5) < Value(0) < Value(0.25) < Value(3)


def test_a_value_is_no_number() -> None:
    assert Value(1, 0) != 1


@given(timed, timed)
def test_exactly_one_of_less_equal_and_greater_holds(a: Value, b: Value) -> None:
    assert (a < b) + (a == b) + (a > b) == 1
    assert (a <= b) == (not b < a)


@given(values, values, values)
def test_the_order_is_transitive(a: Value, b: Value, c: Value) -> None:
    assert not a <= b <= c or a <= c
    assert max(a, b, c) >= min(a, b, c)


@given(values, values)
def test_what_is_good_for_one_seat_is_bad_for_the_other(a: Value, b: Value) -> None:
    assert (a < b) == (-b < -a)
    assert (a == b) == (-a == -b)


@given(values)
def test_negating_twice_changes_nothing(value: Value) -> None:
    other = -value
    assert -other == value
    assert other.plies == value.plies
    assert {value.result, other.result} in ({Result.WIN, Result.LOSS}, {Result.DRAW})


@given(values, values)
def test_equal_values_have_equal_hashes(a: Value, b: Value) -> None:
    assert a != b or hash(a) == hash(b)


@given(timed, timed)
def test_one_ply_earlier_keeps_the_order(a: Value, b: Value) -> None:
    assert (a < b) == (a.one_ply_earlier() < b.one_ply_earlier())


def test_one_ply_earlier_is_one_ply_longer_where_plies_count() -> None:
    assert str(Value(-1, 2).one_ply_earlier()) == "loss in 3"
    assert Value(0.5).one_ply_earlier().plies is None


@pytest.mark.parametrize(
    ("value", "words", "compact"),
    [
        (Value(1, 3), "win in 3", "+1@3"),
        (Value(-1, 4), "loss in 4", "-1@4"),
        (Value(0, 9), "draw", "+0@9"),
        (-Value(0.0, 9), "draw", "+0@9"),
        (Value(8), "+8", "+8"),
        (-Value(0.0), "+0", "+0"),
        (Value(-0.25), "-0.25", "-0.25"),
    ],
)
def test_a_value_in_words_and_in_records(value: Value, words: str, compact: str) -> None:
    assert str(value) == words
    assert format_value(value) == compact


@given(values)
def test_parse_value_undoes_format_value(value: Value) -> None:
    read = parse_value(format_value(value))
    assert read == value
    assert read.plies == value.plies


@pytest.mark.parametrize(
    "text", ["", "win", "+1@", "@3", "1@-3", "+1@3 ", "1.2.3", ".", "nan", "inf", "1e999", "\u0661", "++1"]
)
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a value"):
        parse_value(text)
