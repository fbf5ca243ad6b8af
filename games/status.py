"""The status of a state in words, as a referee would announce it and as a player is asked to state it."""

from __future__ import annotations

from typing import Any

from games.base import Action, Game, Outcome, Seat

IN_PLAY = "in play"
DRAW = "draw"


def statuses(game: Game[Any]) -> tuple[str, ...]:
    """Every status a state of this game can have, in play first.

    >>> from games.k_in_a_row import KInARow
    >>> statuses(KInARow())
    ('in play', 'X has won', 'O has won', 'draw')
    """
    if game.num_seats == 1:
        return (IN_PLAY, "solved", "failed")
    won = (f"{name} has won" for name in game.seat_names)
    return (IN_PLAY, *won, *((DRAW,) if game.draws else ()))


def claimable(game: Game[Any]) -> tuple[str, ...]:
    """The statuses that a player may be asked to state after a move.

    None where seats choose at once: no move alone decides the status there.
    """
    return () if game.simultaneous else statuses(game)


def status_of(game: Game[Any], state: Any) -> str:
    """The status of a state."""
    outcome = game.outcome(state)
    return IN_PLAY if outcome is None else outcome_status(game, outcome)


def outcome_status(game: Game[Any], outcome: Outcome) -> str:
    """The status that an outcome means: who has the highest return has won."""
    if game.num_seats == 1:
        return "solved" if outcome.returns[0] > 0 else "failed"
    best = max(outcome.returns)
    leaders = [seat for seat, got in enumerate(outcome.returns) if got == best]
    return DRAW if len(leaders) > 1 else f"{game.seat_names[leaders[0]]} has won"


def status_after(game: Game[Any], state: Any, seat: Seat, action: Action) -> str | None:
    """The status after a legal action; None where chance or another seat has a say in it."""
    if game.seats_to_move(state) != (seat,):
        return None
    announced = {status_of(game, after) for _, after in game.transitions(state, {seat: action})}
    return announced.pop() if len(announced) == 1 else None
