"""Move lists: a play written as the notation of its actions, one after the other."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

from games.base import Action, SequentialGame

S = TypeVar("S", bound=Hashable)


class Play(NamedTuple, Generic[S]):
    """What a move list stands for: the state before each ply and after the last, and the actions between."""

    states: tuple[S, ...]
    actions: tuple[Action, ...]


def parse_moves(game: SequentialGame[S], text: str) -> Play[S]:
    """Play a move list from the initial state; the errors of the game pass through.

    Actions stand apart by white space or commas; they may touch where each one is a single character.

    >>> from games.connect4 import ConnectFour
    >>> parse_moves(ConnectFour(), "32164625").actions
    (2, 1, 0, 5, 3, 5, 1, 4)
    """
    states = [game.initial_state()]
    actions: list[Action] = []
    for word in split_moves(game, text):
        actions.append(game.parse_action(states[-1], word))
        states.append(game.next_state(states[-1], actions[-1]))
    return Play(tuple(states), tuple(actions))


def split_moves(game: SequentialGame[S], text: str) -> list[str]:
    """The notations in a move list, not yet looked at."""
    words = re.split(r"[\s,]+", text.strip(" \t\r\n,"))
    if words == [""]:
        return []
    return list(words[0]) if len(words) == 1 and _single_characters(game) else words


def _single_characters(game: SequentialGame[S]) -> bool:
    state = game.initial_state()
    return all(len(game.format_action(state, action)) == 1 for action in game.actions(state))
