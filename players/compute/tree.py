"""The positions that a search looks at: lines of one or two actions below a turn, made by the rules alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from games.base import Action, Game, Outcome, Seat, SequentialGame
from players.base import Played, Turn


@dataclass(frozen=True, slots=True)
class Line:
    """A position below the turn, by the actions that lead there."""

    action: Action
    """The first of them, which is the seat's own."""
    words: str
    turn: Turn | None
    """Whose turn it is there; None where the game is over."""
    value: float | None = None
    """From 0 (lost) to 100 (won) for the seat; None as long as nobody has said."""


def widest(calls: int) -> int:
    """The most actions that can be looked at with as many replies each: 1 + width + width ** 2 calls."""
    width = 1
    while 1 + (width + 1) + (width + 1) ** 2 <= calls:
        width += 1
    return width


def why_not(game: Game[Any]) -> str:
    """Why a search can't play a game, '' if it can."""
    reasons = {
        "it has one seat": game.num_seats != 2,
        "the seats do not see the whole board": game.hidden,
        "the seats choose at once": game.simultaneous,
        "chance has a part in it": not isinstance(game, SequentialGame),
        "one seat's loss is not the other's gain": not game.zero_sum,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def follow(turn: Turn, action: Action, seat: Seat, line: Line | None = None) -> Line:
    """The line that an action makes of a turn, by the rules; and its value for the seat where it ends."""
    game: Game[Any] = turn.game
    notation = game.format_action(turn.state, action)
    words = f"{notation} after {line.words}" if line else notation
    ((_, state),) = game.transitions(turn.state, {turn.seat: action})
    first = line.action if line else action
    outcome = game.outcome(state)
    if outcome is not None:
        return Line(first, words, None, known_value(outcome, seat))
    history = None if turn.history is None else (*turn.history, Played(turn.seat, action, notation))
    (mover,) = game.seats_to_move(state)
    legal = game.legal_actions(state, mover)
    return Line(first, words, Turn(game, state, mover, legal, turn.rng, history))


def known_value(outcome: Outcome, seat: Seat) -> float:
    """The end of a game on the scale of evaluations: 100 won, 50 drawn, 0 lost."""
    best = max(outcome.returns)
    if outcome.returns[seat] < best:
        return 0.0
    return 50.0 if outcome.returns.count(best) > 1 else 100.0


def backed_up(line: Line, leaves: Sequence[Line], seat: Seat) -> float | None:
    """The value of a line: that of the leaf which whoever moves there likes best; None if none is known."""
    known = [leaf.value for leaf in leaves if leaf.value is not None]
    if not known:
        return None
    return max(known) if line.turn is not None and line.turn.seat == seat else min(known)
