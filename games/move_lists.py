"""Move lists: several actions in one text."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

from games.base import Action, Game, GameError, NotationError, Seat

S = TypeVar("S", bound=Hashable)


class Step(NamedTuple):
    """One ply of a move list."""

    seat: Seat
    action: Action
    notation: str


class Play(NamedTuple, Generic[S]):
    """What a move list stands for."""

    states: list[S]
    """The state before each ply, and the one after the last."""
    steps: list[Step]

    @property
    def actions(self) -> list[Action]:
        return [step.action for step in self.steps]


def split_moves(game: Game[S], text: str) -> list[str]:
    """The words of a move list: apart by spaces or commas, or single characters where that is unambiguous.

    A lone word is one action if it can be; only a word of nothing but one-character actions is split. So '10'
    is never read as 1 and 0.
    """
    words = [word for word in re.split(r"[\s,]+", text.strip()) if word]
    if len(words) != 1:
        return words
    start = game.initial_state()
    if _is_action(game, start, words[0]) or not all(_is_action(game, start, c) for c in words[0]):
        return words
    return list(words[0])


def _is_action(game: Game[S], state: S, word: str) -> bool:
    try:
        game.parse_action(state, word)
    except GameError:
        return False
    return True


def play_moves(game: Game[S], state: S, text: str) -> Play[S]:
    """The states met from `state` on (itself first) and the plies, for a game without chance.

    Raises NotationError or IllegalActionError that names the ply.
    """
    states, steps = [state], []
    for number, word in enumerate(split_moves(game, text), 1):
        seats = game.seats_to_move(states[-1])
        if len(seats) != 1:
            raise NotationError(
                f"move {number} ({word!r}): no single seat is to move in {game.format_state(states[-1])}"
            )
        try:
            action = game.parse_action(states[-1], word)
            followers = game.transitions(states[-1], {seats[0]: action})
        except GameError as error:
            raise type(error)(f"move {number} ({word!r}): {error}") from error
        if len(followers) != 1:
            raise NotationError(
                f"move {number} ({word!r}) has a chance outcome; give the state itself instead"
            )
        steps.append(Step(seats[0], action, word))
        states.append(followers[0].state)
    return Play(states, steps)
