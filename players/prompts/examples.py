"""Worked turns: legal plies of seeded random play, as if a model had answered them. They are no advice."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Any

from games.base import Action, Game, Seat
from games.status import claimable, status_after
from players.base import Played, Turn


@lru_cache(maxsize=64)
def example_turns(game: Game[Any], count: int) -> tuple[tuple[Turn, Action], ...]:
    """Turns from seeded random play and what was done there, the same for everybody who plays this game.

    Where a status is asked for, only moves are taken whose status the seat can tell: neither chance nor what
    it does not see decides it.
    """
    rng = Random(f"worked turns of {game.spec}")
    found: list[tuple[Turn, Action]] = []
    while len(found) < count:
        state, turn = rng.choice(_random_plies(game, rng))
        action = turn.rng.choice(turn.legal_actions)
        if not claimable(game) or _can_be_told(state, turn, action):
            found.append((turn, action))
    return tuple(found)


def _can_be_told(state: Any, turn: Turn, action: Action) -> bool:
    true = status_after(turn.game, state, turn.seat, action)
    return true is not None and true == status_after(turn.game, turn.state, turn.seat, action)


def random_turns(game: Game[Any], rng: Random) -> list[Turn]:
    """Every turn of one match in which all play at random."""
    return [turn for _, turn in _random_plies(game, rng)]


def _random_plies(game: Game[Any], rng: Random) -> list[tuple[Any, Turn]]:
    """The same, each beside the whole state, of which the turn shows what its seat may see."""
    plies, state = [], game.initial_state()
    history: tuple[Played, ...] = ()
    while game.outcome(state) is None:
        seats: tuple[Seat, ...] = game.seats_to_move(state)
        for seat in seats:
            seen = game.observe(state, seat)
            legal = game.legal_actions(state, seat)
            plies.append((state, Turn(game, seen, seat, legal, Random(rng.random()), history)))
        joint = {seat: rng.choice(game.legal_actions(state, seat)) for seat in seats}
        history += tuple(Played(seat, a, game.format_action(state, a)) for seat, a in joint.items())
        followers = game.transitions(state, joint)
        state = rng.choices([t.state for t in followers], [t.probability for t in followers])[0]
    return plies
