"""Players that take their actions from outside the program: a person at the terminal, or a fixed list."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import sys
import threading
from collections.abc import Mapping
from typing import Any

from games.base import Game, NotationError
from players.base import Player, PlayerError, Problem, Reply, Turn
from renderers.scene import scene_of
from renderers.text import boxed


class HumanPlayer(Player):
    """Shows the board and asks for an action on the terminal."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._typed = b""
        """What has been typed and not yet been taken as an answer."""
        self._reading: asyncio.Future[bytes] | None = None
        """Input under way; it outlives a turn whose time is over, so that no line is lost."""
        self._at_the_terminal = asyncio.Lock()
        """Two seats that choose at the same time are asked one after the other."""

    async def start(self, game: Game[Any]) -> None:
        _input()

    async def choose(self, turn: Turn) -> Reply:
        async with self._at_the_terminal:
            print(self._question(turn), file=sys.stderr, flush=True)
            text = await self._line()
        return read_notation(text.strip(), turn)

    def _question(self, turn: Turn) -> str:
        game = turn.game
        refused = f"Not accepted: {turn.rejected[-1].why}\n" if turn.rejected else ""
        board = boxed(scene_of(game, turn.state))
        return f"{refused}\n{board}\nYou are {game.seat_names[turn.seat]}. Your move ({game.action_help})?"

    async def _line(self) -> str:
        """The next line that is typed; PlayerError at the end of the input."""
        while b"\n" not in self._typed:
            if self._reading is None:
                self._reading = _read_soon()
            piece = await asyncio.shield(self._reading)
            self._reading = None
            if not piece and not self._typed:
                raise PlayerError("the human has left (end of input)")
            self._typed += piece or b"\n"
        line, _, self._typed = self._typed.partition(b"\n")
        return line.decode("utf-8", "replace")


def _input() -> io.TextIOBase:
    """Standard input; PlayerError if there is none."""
    if sys.stdin is None or sys.stdin.closed:
        raise PlayerError("a human needs a terminal: the standard input is closed")
    return sys.stdin  # type: ignore[return-value]


def _read_soon() -> asyncio.Future[bytes]:
    """What is typed next, read in a thread that keeps nobody from leaving the program.

    The event loop waits at its end for threads of its own. This one is not waited for; and it reads the file
    itself, because the interpreter can't end while a thread holds the lock of sys.stdin.
    """
    stdin, loop = _input(), asyncio.get_running_loop()
    future: asyncio.Future[bytes] = loop.create_future()

    def settle(piece: bytes | Exception) -> None:
        if future.cancelled():
            return
        if isinstance(piece, Exception):
            future.set_exception(PlayerError(f"the human can't be heard: {piece}"))
        else:
            future.set_result(piece)

    def read() -> None:
        piece: bytes | Exception
        try:
            piece = _piece(stdin)
        except (OSError, ValueError) as error:
            piece = error
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, piece)

    threading.Thread(target=read, name="human", daemon=True).start()
    return future


def _piece(stdin: io.TextIOBase) -> bytes:
    """Some bytes, a line of them at a terminal; b'' at the end of the input."""
    try:
        number = stdin.fileno()
    except io.UnsupportedOperation:  # a text that stands in for the terminal
        return stdin.readline().encode()
    return os.read(number, 65536)


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
