"""From the words of a command to a position: a game, a state, and moves played from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from games.move_lists import play_moves
from games.registry import AnyGame, parse_game
from players.base import Played


@dataclass(frozen=True, slots=True)
class Position:
    """A state of a game and how it came about."""

    game: AnyGame
    state: Any
    before: Any | None
    """The state one ply earlier, if moves were given."""
    history: tuple[Played, ...]
    from_the_start: bool
    """The moves lead here from the start of the game, so that nothing happened before them."""


def position(game: str, state: str | None, moves: str) -> Position:
    """The position that a game, a state text and a move list name; GameError if they name none."""
    parsed = parse_game(game)
    start = parsed.initial_state() if state is None else parsed.parse_state(state)
    states, steps = play_moves(parsed, start, moves)
    history = tuple(Played(*step) for step in steps)
    before = states[-2] if len(states) > 1 else None
    return Position(parsed, states[-1], before, history, start == parsed.initial_state())
