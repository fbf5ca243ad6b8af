"""A search of two plies in which the model proposes and evaluates, and the rules do the rest.

No solver is asked: the rules advance the board and tell how a game that is over has ended, everything else is
the model's word. Illegal proposals are left out, so a search plays legal actions whatever the model knows of
the rules: its legality is that of the rules, and only its skill is the model's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from typing import Any, ClassVar

from games.base import Action, Game, Seat
from players.base import Call, PlayerError, Reply, Turn
from players.completers.base import Messages, Request, TurnTimeout
from players.compute.base import Asking, ComputePlayer, Decision, said
from players.compute.search_texts import (
    VERSION,
    Candidates,
    read_candidates,
    read_evaluation,
    with_evaluation,
    with_proposal,
)
from players.compute.tree import Line, backed_up, follow, why_not, widest
from players.llm import LLMPlayer

FEWEST = 7
"""Calls for the smallest search that compares anything: two actions, and two replies to each."""


class SearchingPlayer(ComputePlayer):
    """Looks two plies ahead: own actions and replies as the model proposes them, boards as it evaluates them.

    Between equal values the action counts that the model named first. A seat that moves twice in a row gets
    the better of its replies, the other seat the worse ones. The status of the board is not asked for.
    """

    kind: ClassVar[str] = "search"

    def __init__(self, inner: LLMPlayer, calls: int) -> None:
        quiet = copy(inner)
        quiet.style = replace(inner.style, status=False)
        super().__init__(quiet)
        if calls < FEWEST:
            raise PlayerError(
                f"{inner.name}: a search of two plies takes {FEWEST} calls at least, not {calls}"
            )
        self.calls = calls
        self.width = widest(calls)

    @property
    def calls_at_most(self) -> int:
        return self.calls

    @property
    def method(self) -> Mapping[str, Any]:
        return {"calls": self.calls, "width": self.width, "plies": 2, "version": VERSION}

    async def start(self, game: Game[Any]) -> None:
        if why := why_not(game):
            raise PlayerError(f"{self.name} can't play {game.spec}: {why}; a search is for two seats in turn")
        await super().start(game)

    async def decide(self, turn: Turn, asking: Asking) -> Decision:
        root = await asking.ask("propose", self._proposal(turn, self.width))
        root, proposed = self._proposed(root, turn, self.width, asking)
        if not proposed:
            return await self._plain_answer(turn, asking)
        candidates = [follow(turn, action, turn.seat) for action in proposed]
        replies = await self._replies(candidates, turn.seat, asking)
        leaves = await self._evaluated([leaf for group in replies for leaf in group], turn, asking)
        values = [
            backed_up(line, [leaf for leaf in leaves if leaf.action == line.action], turn.seat)
            for line in candidates
        ]
        known = [-1.0 if value is None else value for value in values]
        best = candidates[known.index(max(known))].action
        reply = Reply(best, said(root).text, completion=root.completion)
        return replace(reply, note=self._note(turn, candidates, values, asking)), root

    async def _plain_answer(self, turn: Turn, asking: Asking) -> Decision:
        """Without a proposal there is nothing to search: the model is asked as it would be without one."""
        call = await asking.ask("answer", self.inner.request(turn))
        reply = self.inner.read(said(call), turn)
        return replace(reply, note="nothing to search: no legal action was proposed"), call

    async def _replies(self, lines: Sequence[Line], seat: Seat, asking: Asking) -> list[list[Line]]:
        """For each line those that go on from it; the line itself where it ends or nothing was proposed."""
        asked = [(line, line.turn) for line in lines if line.turn is not None]
        if not asked:
            return [[line] for line in lines]
        width = (self.calls - len(asking.calls) - len(asked)) // len(asked)
        calls = await self._all(
            asking, [(f"replies to {line.words}", self._proposal(turn, width)) for line, turn in asked]
        )
        further: dict[Action, list[Line]] = {}
        for (line, turn), call in zip(asked, calls, strict=True):
            _, actions = self._proposed(call, turn, width, asking)
            further[line.action] = [follow(turn, action, seat, line) for action in actions]
        return [further.get(line.action) or [line] for line in lines]

    async def _evaluated(self, lines: Sequence[Line], turn: Turn, asking: Asking) -> list[Line]:
        """The lines with their values, asked for where the game goes on."""
        name = turn.game.seat_names[turn.seat]
        asked = [(line, line.turn) for line in lines if line.turn is not None]
        calls = await self._all(
            asking, [(f"value of {line.words}", self._evaluation(at, name)) for line, at in asked]
        )
        values = {}
        for (line, _), call in zip(asked, calls, strict=True):
            values[line.words] = read_evaluation(said(call))
            asking.found(call, _value_in_words(values[line.words]))
        return [replace(line, value=values.get(line.words, line.value)) for line in lines]

    async def _all(self, asking: Asking, asked: Sequence[tuple[str, Request]]) -> list[Call]:
        """Every answer; a search that lacks some would compare what can't be compared."""
        calls = await asking.ask_all(asked)
        if any(call.completion is None for call in calls):
            raise TurnTimeout
        return calls

    def _proposal(self, turn: Turn, width: int) -> Request:
        count = min(width, len(turn.legal_actions))
        return self._request(turn, lambda m: with_proposal(m, count, reason=self.inner.style.reason))

    def _evaluation(self, turn: Turn, seat: str) -> Request:
        return self._request(turn, lambda m: with_evaluation(m, seat, reason=self.inner.style.reason))

    def _request(self, turn: Turn, asking_for: Callable[[Messages], Messages]) -> Request:
        """As for a turn, but without a guide: that is for answers of another form."""
        request = self.inner.request(turn)
        return replace(request, messages=asking_for(request.messages), guide=None)

    def _proposed(
        self, call: Call, turn: Turn, width: int, asking: Asking
    ) -> tuple[Call, tuple[Action, ...]]:
        read = read_candidates(said(call), turn)
        return asking.found(call, _candidates_in_words(read, turn, width)), read.actions[:width]

    def _note(self, turn: Turn, lines: Sequence[Line], values: Sequence[float | None], asking: Asking) -> str:
        """What came of it, and what the budget did not reach."""
        told = ", ".join(f"{line.words}: {_value_in_words(v)}" for line, v in zip(lines, values, strict=True))
        seen = {line.action for line in lines}
        unseen = [turn.game.format_action(turn.state, a) for a in turn.legal_actions if a not in seen]
        rest = f"; not looked at: {', '.join(unseen)}" if unseen else ""
        return f"values {told}; {len(asking.calls)} of {self.calls} calls{rest}"


def _candidates_in_words(read: Candidates, turn: Turn, width: int) -> str:
    names = [turn.game.format_action(turn.state, action) for action in read.actions]
    told = [", ".join(names[:width]) or read.why]
    if names[width:]:
        told.append(f"beyond the budget: {', '.join(names[width:])}")
    if read.left_out:
        told.append(f"no legal actions: {', '.join(read.left_out)}")
    return "; ".join(told)


def _value_in_words(value: float | None) -> str:
    return "no evaluation" if value is None else f"{value:g}"
