"""A language model in a seat: prompt style + completer + reply parser, three plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, ClassVar

from games.base import Game
from players.base import Player, PlayerError, Problem, Reply, Turn
from players.completers.base import Completer, Completion, ProviderError, Request, Sampling, TurnTimeout
from players.guides import check_guide, guide_for, obeys
from players.parser import parse_reply
from players.prompts import PromptStyle, check_style, messages_for, style_fields
from players.prompts.examples import example_turns

CUT_OFF = "length"
"""The finish reason of a completion that hit the token limit."""
UNFINISHED = (Problem.TRUNCATED, Problem.EMPTY)
"""Replies of which no guide can be asked that they are whole."""


class LLMPlayer(Player):
    """Asks a completer and reads the declared answer."""

    keeps_clock: ClassVar[bool] = True

    def __init__(
        self,
        name: str,
        completer: Completer,
        style: PromptStyle,
        sampling: Sampling | None = None,
        guide: str = "",
    ) -> None:
        super().__init__(name)
        check_guide(guide, style)
        self.completer = completer
        self.style = style
        self.sampling = sampling or Sampling()
        self.guide = guide
        """What bounds its replies (players/guides.py); '' for nothing."""

    @property
    def config(self) -> Mapping[str, Any]:
        return {
            "player": self.name,
            "completer": dict(self.completer.config),
            "style": style_fields(self.style),
            "sampling": asdict(self.sampling),
            "guide": self.guide,
        }

    async def start(self, game: Game[Any]) -> None:
        check_style(game, self.style)
        check_guide(self.guide, self.style, game)
        self._check_server(game)
        await self.completer.start()

    def _check_server(self, game: Game[Any]) -> None:
        """PlayerError if the server can't be told something: before the match, not at its first turn."""
        try:
            self.completer.check_request(Request((), self.sampling))
        except PlayerError as error:
            raise PlayerError(f"{self.name}: {error}") from error
        ((turn, _),) = example_turns(game, 1)
        guide = guide_for(turn, self.style, self.guide)
        try:
            if guide is not None:
                self.completer.check_request(Request((), guide=guide))
        except PlayerError as error:
            raise PlayerError(f"{self.name}: guide={self.guide}: {error}") from error

    async def choose(self, turn: Turn) -> Reply:
        try:
            completion = await self.completer.complete(self.request(turn), turn.seconds)
        except TurnTimeout:
            return too_late(turn)
        return self.read(completion, turn)

    def request(self, turn: Turn) -> Request:
        """What the completer is asked for a turn."""
        guide = guide_for(turn, self.style, self.guide)
        return Request(messages_for(turn, self.style), self.sampling, guide)

    def read(self, completion: Completion, turn: Turn) -> Reply:
        """The reply that a completion of that request makes; ProviderError if it breaks its guide."""
        reply = read_completion(completion, turn, self.style)
        guide = guide_for(turn, self.style, self.guide)
        if guide is not None and reply.problem not in UNFINISHED and not obeys(guide, completion.text):
            said = f"{completion.text[:100]!r}" + (" ..." if len(completion.text) > 100 else "")
            raise ProviderError(f"the server ignored the guide {self.guide!r}: it sent {said}", fatal=True)
        return reply

    async def close(self) -> None:
        await self.completer.close()


def too_late(turn: Turn) -> Reply:
    """The reply of a player whom the clock of the turn has stopped."""
    return Reply(None, problem=Problem.TIMEOUT, why=f"no reply within {turn.seconds:g} s")


def read_completion(completion: Completion, turn: Turn, style: PromptStyle) -> Reply:
    """What a completion says as a reply: an action, or the first problem that holds."""
    reply = Reply(None, completion.text, completion=completion)
    if completion.finish_reason == CUT_OFF:
        why = "the reply was cut off by the token limit"
        return replace(reply, problem=Problem.TRUNCATED, why=why)
    if not completion.text.strip():
        return replace(reply, problem=Problem.EMPTY, why=_why_empty(completion))
    parsed = parse_reply(completion.text, turn.game, turn.state, style.form, style.naming)
    problem = Problem.UNPARSABLE if parsed.action is None else None
    claim = parsed.claim if style.status else None
    return replace(reply, action=parsed.action, problem=problem, why=parsed.why, claim=claim)


def _why_empty(completion: Completion) -> str:
    """An empty reply in words; a filter, for one, is known by the finish reason alone."""
    odd = completion.finish_reason not in ("stop", "")
    return "the reply is empty" + (f" (finish reason: {completion.finish_reason})" if odd else "")
