"""What players have in common that make several calls for one reply: every call is noted and timed."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, TypeAlias

from games.base import Game
from players.base import Call, Player, Reply, Turn
from players.completers.base import Completer, Completion, Request, Token, TurnTimeout
from players.llm import LLMPlayer, too_late

Decision: TypeAlias = tuple[Reply, Call]
"""A reply, and the call whose completion it comes from."""


class Asking:
    """The calls for one reply. All of them are noted, and all share the clock of the turn.

    As for a single call the clock runs only while a request that succeeds is under way, so what is left is
    told by the latencies; of requests made at once the slowest counts.
    """

    def __init__(self, completer: Completer, seconds: float | None) -> None:
        self.calls: list[Call] = []
        self._completer = completer
        self._seconds = seconds

    async def ask(self, purpose: str, request: Request) -> Call:
        """One call, answered; TurnTimeout if no answer came in time."""
        (call,) = await self.ask_all([(purpose, request)])
        if call.completion is None:
            raise TurnTimeout
        return call

    async def ask_all(self, asked: Sequence[tuple[str, Request]]) -> list[Call]:
        """Calls made at once, in order; one that came too late has no completion.

        ProviderError if one failed, when all others have ended; TurnTimeout if there is no time left.
        """
        if not asked:
            return []
        if self._seconds is not None and self._seconds <= 0:
            raise TurnTimeout
        said = await asyncio.gather(*(self._one(request) for _, request in asked), return_exceptions=True)
        for failure in said:
            if isinstance(failure, BaseException):
                raise failure
        calls = [
            Call(purpose, one, "" if one else f"no answer within {self._seconds or 0:.3g} s")
            for (purpose, _), one in zip(asked, said, strict=True)
            if not isinstance(one, BaseException)
        ]
        self._pass_time(calls)
        self.calls += calls
        return calls

    async def _one(self, request: Request) -> Completion | None:
        try:
            return await self._completer.complete(request, self._seconds)
        except TurnTimeout:
            return None

    def _pass_time(self, calls: Sequence[Call]) -> None:
        if self._seconds is not None:
            took = [call.completion.latency_s if call.completion else self._seconds for call in calls]
            self._seconds -= max(took)

    def found(self, call: Call, words: str, tokens: tuple[Token, ...] | None = None) -> Call:
        """The call with a note of what was read in it, and with only those of its tokens that say so."""
        noted = replace(call, found=words)
        if tokens is not None and call.completion is not None:
            noted = replace(noted, completion=replace(call.completion, tokens=tokens))
        self.calls = [noted if one is call else one for one in self.calls]
        return noted

    def beside(self, decisive: Call | None) -> tuple[Call, ...]:
        """All calls but the one that decided."""
        return tuple(call for call in self.calls if call is not decisive)


class ComputePlayer(Player):
    """Wraps a language model, and spends more than one call on a reply."""

    keeps_clock: ClassVar[bool] = True
    kind: ClassVar[str]
    """What it is called in the record."""

    def __init__(self, inner: LLMPlayer) -> None:
        super().__init__(inner.name)
        self.inner = inner

    @property
    @abstractmethod
    def calls_at_most(self) -> int:
        """The most calls that one reply can take."""

    @property
    @abstractmethod
    def method(self) -> Mapping[str, Any]:
        """The parameters of what it does with its calls."""

    @property
    def config(self) -> Mapping[str, Any]:
        return {**self.inner.config, "compute": {"kind": self.kind, **self.method}}

    async def start(self, game: Game[Any]) -> None:
        await self.inner.start(game)

    async def choose(self, turn: Turn) -> Reply:
        asking = Asking(self.inner.completer, turn.seconds)
        decisive: Call | None = None
        try:
            reply, decisive = await self.decide(turn, asking)
        except TurnTimeout:
            reply = too_late(turn)
        return replace(reply, calls=asking.beside(decisive))

    @abstractmethod
    async def decide(self, turn: Turn, asking: Asking) -> Decision:
        """The reply, by as many calls as it takes; TurnTimeout if time runs out before there is one."""

    async def close(self) -> None:
        await self.inner.close()


def said(call: Call) -> Completion:
    """The answer of a call that was answered in time."""
    assert call.completion is not None
    return call.completion


def in_words(reply: Reply, turn: Turn) -> str:
    """What was read in a reply: the notation of its action, or why there is none."""
    return reply.why if reply.action is None else turn.game.format_action(turn.state, reply.action)
