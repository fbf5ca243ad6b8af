"""Weigh: beside its reply, how probable the model finds each legal action, where the server tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any, ClassVar

from games.base import Game
from players.base import PlayerError, Turn
from players.completers.base import Request, Token
from players.compute.base import Asking, ComputePlayer, Decision, said
from players.forms import written
from players.llm import LLMPlayer
from players.naming import names_of

USUAL_ACTIONS = 10
"""Legal actions of a turn, where an estimate is wanted before there is one."""
_STATUS = "\x00"
"""Stands for the status in the form, to find where what is weighed ends."""


class WeighingPlayer(ComputePlayer):
    """Replies like the model itself, and notes the log-probability of each legal answer.

    What is weighed is the declared form up to where the action is settled ("Answer: 5", and the line after it
    as far as the status). The numbers compare the legal actions of one turn; none of them changes the reply.
    """

    kind: ClassVar[str] = "weigh"

    def __init__(self, inner: LLMPlayer) -> None:
        super().__init__(inner)
        if inner.style.reason:
            raise PlayerError(f"{inner.name}: weigh needs reason=no: what a model thinks first is not known")

    @property
    def calls_at_most(self) -> int:
        return 1 + USUAL_ACTIONS

    @property
    def method(self) -> Mapping[str, Any]:
        return {"log_probabilities_of": "legal actions"}

    async def start(self, game: Game[Any]) -> None:
        await super().start(game)
        self.inner.completer.check_request(Request((), weighed="Answer"))

    async def decide(self, turn: Turn, asking: Asking) -> Decision:
        request = self.inner.request(turn)
        decisive = await asking.ask("reply", request)
        reply = self.inner.read(said(decisive), turn)
        names = names_of(turn.game, self.inner.style.naming)
        named = [names.of(turn.state, action) for action in turn.legal_actions]
        asked = [(f"weight of {name}", self._weighed(request, name)) for name in named]
        calls = await asking.ask_all(asked)
        tails = apart([call.completion.tokens if call.completion else () for call in calls])
        weights = [sum(token.logprob or 0.0 for token in tail) if tail else None for tail in tails]
        for call, tail, weight in zip(calls, tails, weights, strict=True):
            asking.found(call, "no answer in time" if weight is None else f"{weight:.4f}", tail)
        told = [
            f"{name} {weight:.3f}" for name, weight in zip(named, weights, strict=True) if weight is not None
        ]
        return replace(reply, note=f"log-probabilities {', '.join(told)}"), decisive

    def _weighed(self, request: Request, name: str) -> Request:
        style = self.inner.style
        form = written(style.form, name, _STATUS if style.status else None)
        answer = form.partition("\\u0000" if style.form == "json" else _STATUS)[0].rstrip()
        return replace(request, guide=None, weighed=answer)


def apart(prompts: Sequence[tuple[Token, ...]]) -> list[tuple[Token, ...]]:
    """What is left of each prompt when the beginning that all have in common is taken off."""
    columns = zip(*(tokens for tokens in prompts if tokens), strict=False)
    alike = takewhile(lambda column: len({token.text for token in column}) == 1, columns)
    common = sum(1 for _ in alike)
    return [tokens[common:] for tokens in prompts]
