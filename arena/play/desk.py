"""Where a person sits: takes the match's questions and the person's keys and clicks, and knows no window."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from arena.match import Event
from arena.play.places import places_for
from arena.play.pointing import pointed
from arena.play.sight import Asked, Deed, Sight, advised, at_end, at_event, at_turn, pressed
from arena.record import MatchRecord
from players.base import Player, Reply, Turn
from players.coach import ASKED, Coach, NoAdviceError, gave_away
from players.human import HasLeft

Size = tuple[int, int]
"""Of the window."""


class Desk:
    """Holds what is seen, and the answer that the match waits for."""

    def __init__(self, sight: Sight, coach: Coach, *, always: bool = False) -> None:
        self.sight = sight
        self._coach = coach
        self.always = always
        """The coach is asked in every turn."""
        self._answer: asyncio.Future[str] | None = None
        self._turn: Turn | None = None
        self._again: asyncio.Future[bool] | None = None
        self._consulting: asyncio.Task[None] | None = None
        self.left = asyncio.Event()

    def begin(self, sight: Sight) -> None:
        """Another match."""
        self.sight = replace(sight, notice=self.sight.notice)

    def notice(self, text: str, sight: Sight) -> None:
        """Others sit at the board than were asked for."""
        self.sight = replace(sight, notice=text)

    def fail(self, why: str) -> None:
        """Nothing can be played: it is told until the person leaves."""
        self.sight = replace(self.sight, failed=why, legal=())

    # The match's side --------------------------------------------------------------------------------

    async def ask(self, turn: Turn) -> Reply:
        """An action for the turn; HasLeft if the person leaves instead."""
        self._must_be_here()
        self.sight = at_turn(self.sight, turn)
        self._answer = asyncio.get_running_loop().create_future()
        self._turn = turn
        consulted = self.sight.consulted
        if self.always:
            self._consult(turn)
        try:
            name = await self._answer
        finally:
            self._answer = None
        note = ASKED if self.sight.consulted > consulted else ""
        self._played(name)
        return Reply(turn.game.parse_action(turn.state, name), name, note=note)

    def _played(self, name: str) -> None:
        """The action is on its way: what it gave away is told if the coach has told the values."""
        values, seen = self.sight.values, self.sight
        cost = f"The coach on your {gave_away(values, name)}" if values else ""
        waits = "the others choose" if len(seen.players) > 1 else "one moment"
        cleared = replace(seen, legal=(), path=(), typed="", told="", values=None, coach="")
        self.sight = replace(cleared, waits_for=waits, cost=cost)

    def watch(self, event: Event) -> None:
        """Something happened in the match."""
        self.sight = at_event(self.sight, event)

    def over(self, record: MatchRecord, where: str, *, judging: bool) -> None:
        """The match is over; once more when it is judged."""
        self.sight = replace(at_end(self.sight, record, judging=judging), where=where)

    async def wants_another(self) -> bool:
        """Whether the person plays again."""
        if self.left.is_set():
            return False
        self._again = asyncio.get_running_loop().create_future()
        return await self._again

    # The person's side -------------------------------------------------------------------------------

    def key(self, name: str) -> None:
        """A key was pressed."""
        self.sight, asked = pressed(self.sight, name)
        self._do(asked)

    def click(self, point: tuple[float, float], size: Size) -> None:
        """The mouse was pressed in a window of this size."""
        places = places_for(*size, over=self.sight.record is not None)
        self.sight, asked = pointed(self.sight, places, point)
        self._do(asked)

    def point(self, point: tuple[float, float]) -> None:
        """The mouse has moved."""
        self.sight = replace(self.sight, point=point)

    def leave(self) -> None:
        """The person goes: the match under way is ended, and recorded as far as it came."""
        self.left.set()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(HasLeft())
        if self._again is not None and not self._again.done():
            self._again.set_result(False)

    def _do(self, asked: Asked | None) -> None:
        if asked is None:
            return
        if asked.deed is Deed.LEAVE:
            self.leave()
        elif asked.deed is Deed.AGAIN and self._again is not None and not self._again.done():
            self._again.set_result(True)
        elif asked.deed is Deed.COACH and self._turn is not None and self.sight.values is None:
            self._consult(self._turn)
        elif asked.deed is Deed.PLAY and self._answer is not None and not self._answer.done():
            self._answer.set_result(asked.name)

    def _consult(self, turn: Turn) -> None:
        """Ask the coach; the person may go on meanwhile, and the record says that it was asked."""
        if not self.sight.coach:
            said = "The coach is thinking ..."
            self.sight = replace(self.sight, coach=said, consulted=self.sight.consulted + 1)
            self._consulting = asyncio.ensure_future(self._advise(turn))

    async def _advise(self, turn: Turn) -> None:
        try:
            values, why = await self._coach.values(turn.game, turn.state, turn.seat), ""
        except NoAdviceError as error:
            values, why = None, str(error)
        if self._turn is turn and self.sight.to_move:  # else it comes too late
            self.sight = advised(self.sight, values, why)

    def _must_be_here(self) -> None:
        if self.left.is_set():
            raise HasLeft


class WindowPlayer(Player):
    """A person at a window."""

    def __init__(self, name: str, desk: Desk) -> None:
        super().__init__(name)
        self.desk = desk

    @property
    def config(self) -> Mapping[str, Any]:
        return {"player": self.name, "at": "window", "coach": self.desk.always}

    async def choose(self, turn: Turn) -> Reply:
        return await self.desk.ask(turn)
