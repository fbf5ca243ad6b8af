"""Players that take their actions from outside the program: a person at the terminal, or a fixed list."""

from __future__ import annotations

import asyncio
import io
import os
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from games.base import Game, NotationError
from players.aside import aside
from players.base import LEFT, Player, PlayerError, Problem, Reply, Turn
from players.coach import ASKED, Coach, NoAdviceError, best_of, gave_away
from players.completers.base import ProviderError
from renderers.scene import scene_of
from renderers.text import boxed

HELP = "commands: ? (this help), coach (exact values of every action), board, quit"


class HasLeft(ProviderError):
    """A person has left a match: nobody's loss. The match is recorded as far as it came, and not scored."""

    def __init__(self, how: str = "") -> None:
        super().__init__(f"{LEFT}{how}", fatal=True)


class HumanPlayer(Player):
    """Shows the board and asks for an action on the terminal."""

    def __init__(self, name: str, *, coach: bool = False, patient: bool = False) -> None:
        super().__init__(name)
        self.coach = coach
        """The coach tells of each move what it gave away."""
        self.patient = patient
        """What is no legal action is asked for again and is no attempt, so that nobody forfeits by a slip."""
        self._advice = Coach()
        self._typed = b""
        """What has been typed and not yet been taken as an answer."""
        self._reading: asyncio.Future[bytes] | None = None
        """Input under way; it outlives a turn whose time is over, so that no line is lost."""
        self._at_the_terminal = asyncio.Lock()
        """Two seats that choose at the same time are asked one after the other."""

    @property
    def config(self) -> Mapping[str, Any]:
        return {"player": self.name, "at": "terminal", "coach": self.coach, "patient": self.patient}

    async def start(self, game: Game[Any]) -> None:
        _input()

    async def choose(self, turn: Turn) -> Reply:
        async with self._at_the_terminal:
            tell(self._seen(turn))
            advised = self.coach and await self._advise(turn)
            tell(self._question(turn))
            return await self._answer(turn, advised=advised)

    async def _answer(self, turn: Turn, *, advised: bool) -> Reply:
        """What is typed, once it is no command."""
        while True:
            text = await self.line()
            reply = read_notation(text, turn)
            if reply.action is None and text in COMMANDS:
                advised |= await self._obey(text, turn)
                tell("Your move?")
            elif self.patient and (why := _refusal(reply, turn)):
                tell(f"Not accepted: {why}\nYour move ({turn.game.action_help}; ? for help)?")
            else:
                if self.coach and reply.action in turn.legal_actions:
                    tell(await self._verdict(turn, reply.text))
                return Reply(reply.action, text, reply.problem, reply.why, note=ASKED if advised else "")

    async def _obey(self, command: str, turn: Turn) -> bool:
        """Do what a command asks for; tells whether the coach told the values."""
        match command:
            case "quit":
                raise HasLeft
            case "board":
                tell(_board(turn))
            case "coach":
                return await self._advise(turn)
            case _:
                actions = " ".join(turn.game.format_action(turn.state, a) for a in turn.legal_actions)
                tell(f"Your actions: {actions}\n{HELP}")
        return False

    async def _advise(self, turn: Turn) -> bool:
        """Tell the exact value of every legal action, the best first; whether the coach knows them."""
        try:
            values = await self._advice.values(turn.game, turn.state, turn.seat)
        except NoAdviceError as error:
            tell(str(error))
            return False
        best = best_of(values)
        ranked = sorted(values.items(), key=lambda item: item[1], reverse=True)
        width = max(len(name) for name in values)
        lines = (f"  {'*' if name in best else ' '} {name:>{width}}  {value}" for name, value in ranked)
        tell("\n".join(["The coach, * is best:", *lines]))
        return True

    async def _verdict(self, turn: Turn, text: str) -> str:
        """What a move gave away."""
        try:
            values = await self._advice.values(turn.game, turn.state, turn.seat)
        except NoAdviceError as error:
            return str(error)
        name = turn.game.format_action(turn.state, turn.game.parse_action(turn.state, text))
        return f"The coach on your {gave_away(values, name)}"

    def _seen(self, turn: Turn) -> str:
        """What was refused, what others did, and the board."""
        game = turn.game
        refused = f"Not accepted: {turn.rejected[-1].why}\n" if turn.rejected else ""
        others = [ply for ply in (turn.history or ())[-game.num_seats :] if ply.seat != turn.seat]
        did = "".join(f"{game.seat_names[ply.seat]} played {ply.notation}.\n" for ply in others[-1:])
        return f"{refused}\n{did}{_board(turn)}"

    def _question(self, turn: Turn) -> str:
        game = turn.game
        return f"You are {game.seat_names[turn.seat]}. Your move ({game.action_help}; ? for help)?"

    async def line(self) -> str:
        """The next line that is typed; HasLeft at the end of the input."""
        while b"\n" not in self._typed:
            if self._reading is None:
                self._reading = aside(partial(_piece, _input()), "human")
            piece = await asyncio.shield(self._reading)
            self._reading = None
            if not piece and not self._typed:
                raise HasLeft(" (end of input)")
            self._typed += piece or b"\n"
        line, _, self._typed = self._typed.partition(b"\n")
        return line.decode("utf-8", "replace").strip()


COMMANDS = ("?", "help", "coach", "board", "quit")


def tell(text: str) -> None:
    """Standard output is for results."""
    print(text, file=sys.stderr, flush=True)


def _board(turn: Turn) -> str:
    return boxed(scene_of(turn.game, turn.state))


def _refusal(reply: Reply, turn: Turn) -> str:
    """Why a reply is no legal action; '' if it is one."""
    if reply.problem is not None:
        return reply.why
    return "" if reply.action in turn.legal_actions else f"{reply.text} is not a legal action here"


def _input() -> io.TextIOBase:
    """Standard input; PlayerError if there is none."""
    if sys.stdin is None or sys.stdin.closed:
        raise PlayerError("a human needs a terminal: the standard input is closed")
    return sys.stdin  # type: ignore[return-value]


def _piece(stdin: io.TextIOBase) -> bytes:
    """Some bytes, a line of them at a terminal; b'' at the end of the input.

    They are read from the file itself: the interpreter can't end while a thread holds the lock of sys.stdin.
    """
    try:
        try:
            number = stdin.fileno()
        except io.UnsupportedOperation:  # a text that stands in for the terminal
            return stdin.readline().encode()
        return os.read(number, 65536)
    except (OSError, ValueError) as error:
        raise PlayerError(f"the human can't be heard: {error}") from error


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
