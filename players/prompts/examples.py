"""Worked turns: legal plies of seeded random play, as if a model had answered them. They are no advice."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Any

from games.base import Action, Game, Seat
from players.base import Played, Turn


@lru_cache(maxsize=64)
def example_turns(game: Game[Any], count: int) -> tuple[tuple[Turn, Action], ...]:
    """Turns from seeded random play and what was done there, the same for everybody who plays this game."""
    rng = Random(f"worked turns of {game.spec}")
    turns: list[Turn] = []
    while len(turns) < count:
        met = list(random_turns(game, rng))
        turns.append(rng.choice(met))
    return tuple((turn, turn.rng.choice(turn.legal_actions)) for turn in turns)


def random_turns(game: Game[Any], rng: Random) -> list[Turn]:
    """Every turn of one match in which all play at random."""
    turns, state = [], game.initial_state()
    history: tuple[Played, ...] = ()
    while game.outcome(state) is None:
        seats: tuple[Seat, ...] = game.seats_to_move(state)
        for seat in seats:
            seen = game.observe(state, seat)
            legal = game.legal_actions(state, seat)
            turns.append(Turn(game, seen, seat, legal, Random(rng.random()), history))
        joint = {seat: rng.choice(game.legal_actions(state, seat)) for seat in seats}
        history += tuple(Played(seat, a, game.format_action(state, a)) for seat, a in joint.items())
        followers = game.transitions(state, joint)
        state = rng.choices([t.state for t in followers], [t.probability for t in followers])[0]
    return turns
