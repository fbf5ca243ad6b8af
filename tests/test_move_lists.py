"""Move lists as text, and the status of a state in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from games.base import IllegalActionError, NotationError, Outcome
from games.k_in_a_row import KInARow
from games.move_lists import Step, play_moves, split_moves
from games.status import outcome_status, status_after, status_of, statuses

CLASSIC = KInARow()
WIDE = KInARow(n=4)
WILD = KInARow(wild=True)


@pytest.mark.parametrize(
    ("game", "text", "words"),
    [
        (CLASSIC, "5 1 3", ["5", "1", "3"]),
        (CLASSIC, "5,1, 3", ["5", "1", "3"]),
        (CLASSIC, " 5\n1\t3 ", ["5", "1", "3"]),
        (CLASSIC, "513", ["5", "1", "3"]),
        (CLASSIC, "", []),
        (CLASSIC, ",", []),
        (WIDE, "12 1", ["12", "1"]),
        (WIDE, "12", ["12"]),  # twelve cells: no longer one character each
        (WILD, "X5,O1", ["X5", "O1"]),
        (KInARow(6, 7, 4, gravity=True), "4455", ["4", "4", "5", "5"]),
    ],
)
def test_the_words_of_a_move_list(game: KInARow, text: str, words: list[str]) -> None:
    assert split_moves(game, text) == words


def test_playing_a_move_list_gives_every_state_and_ply() -> None:
    states, steps = play_moves(CLASSIC, CLASSIC.initial_state(), "513")
    assert [CLASSIC.format_state(s) for s in states] == [
        ".../.../...",
        ".../.X./...",
        "O../.X./...",
        "O.X/.X./...",
    ]
    assert steps == [Step(0, 4, "5"), Step(1, 0, "1"), Step(0, 2, "3")]


def test_a_move_list_may_go_on_from_any_state() -> None:
    states, steps = play_moves(CLASSIC, CLASSIC.parse_state("O.X/.X./..."), "7")
    assert [step.seat for step in steps] == [1]
    assert CLASSIC.format_state(states[-1]) == "O.X/.X./O.."


def test_no_moves_leave_the_state_alone() -> None:
    assert play_moves(CLASSIC, CLASSIC.initial_state(), "") == ([CLASSIC.initial_state()], [])


@pytest.mark.parametrize(
    ("moves", "error", "message"),
    [
        ("51x", NotationError, r"move 1 \('51x'\): not an action: '51x' in state \.\.\./\.\.\./\.\.\."),
        ("5 1 x", NotationError, r"move 3 \('x'\): not an action: 'x' in state O\.\./\.X\./\.\.\."),
        ("10", NotationError, r"move 1 \('10'\): not an action: '10'"),
        ("5 10", NotationError, r"move 2 \('10'\): not an action"),
        ("515", IllegalActionError, r"move 3 \('5'\): illegal action 5 .*the cell is taken"),
        ("142536", NotationError, r"move 6 \('6'\): no single seat is to move in XXX/OO\./\.\.\."),
    ],
)
def test_the_ply_that_goes_wrong_is_named(moves: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        play_moves(CLASSIC, CLASSIC.initial_state(), moves)


# Status in words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("game", "state", "status"),
    [
        (CLASSIC, ".../.../...", "in play"),
        (CLASSIC, "XXX/OO./...", "X has won"),
        (CLASSIC, "XX./OOO/X..", "O has won"),
        (CLASSIC, "XOX/XOO/OXX", "draw"),
        (KInARow(misere=True), "XXX/OO./...", "O has won"),
        (WILD, "XXX/.../...", "First has won"),
        (WILD, "XXX/O../...", "Second has won"),
    ],
)
def test_the_status_of_a_state(game: KInARow, state: str, status: str) -> None:
    assert status_of(game, game.parse_state(state)) == status
    assert status in statuses(game)


def test_the_status_after_an_action() -> None:
    state = CLASSIC.parse_state("XX./OO./...")
    assert status_after(CLASSIC, state, 0, 2) == "X has won"
    assert status_after(CLASSIC, state, 0, 8) == "in play"
    assert status_after(CLASSIC, state, 1, 5) is None, "O is not to move"


@dataclass(frozen=True)
class Puzzle(KInARow):
    """Stands in for a game of one seat."""

    num_seats: ClassVar[int] = 1


def test_a_game_of_one_seat_is_solved_or_failed() -> None:
    puzzle: Any = Puzzle()
    assert statuses(puzzle) == ("in play", "solved", "failed")
    assert outcome_status(puzzle, Outcome((1.0,), "")) == "solved"
    assert outcome_status(puzzle, Outcome((0.0,), "")) == "failed"
