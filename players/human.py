"""Players that take their actions from outside the program: a person at the terminal, or a fixed list."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from typing import Any

from games.base import NotationError
from players.base import Player, PlayerError, Problem, Reply, Turn
from renderers.scene import scene_of
from renderers.text import boxed


class HumanPlayer(Player):
    """Shows the board and asks for an action on the terminal."""

    async def choose(self, turn: Turn) -> Reply:
        print(self._question(turn), file=sys.stderr, flush=True)
        text = await asyncio.to_thread(sys.stdin.readline)
        if not text:
            raise PlayerError("the human has left (end of input)")
        return read_notation(text.strip(), turn)

    def _question(self, turn: Turn) -> str:
        game = turn.game
        refused = f"Not accepted: {turn.rejected[-1].why}\n" if turn.rejected else ""
        board = boxed(scene_of(game, turn.state))
        return f"{refused}\n{board}\nYou are {game.seat_names[turn.seat]}. Your move ({game.action_help})?"


class ScriptedPlayer(Player):
    """Plays the listed notations in order, right or wrong."""

    def __init__(self, name: str, notations: tuple[str, ...]) -> None:
        super().__init__(name)
        self._notations = notations

    @property
    def config(self) -> Mapping[str, Any]:
        return {"player": self.name, "notations": list(self._notations)}

    async def choose(self, turn: Turn) -> Reply:
        spent = sum(ply.attempts for ply in turn.history or () if ply.seat == turn.seat)
        number = spent + len(turn.rejected)
        if number >= len(self._notations):
            return Reply(None, "", Problem.EMPTY, "the script has ended")
        return read_notation(self._notations[number], turn)


def read_notation(text: str, turn: Turn) -> Reply:
    """A reply that is nothing but the notation of an action."""
    try:
        return Reply(turn.game.parse_action(turn.state, text), text)
    except NotationError as error:
        problem = Problem.UNPARSABLE if text else Problem.EMPTY
        return Reply(None, text, problem, str(error))
