"""Verify, then answer: the model sees its own answer again, checks it, and answers once more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from players.base import Problem, Turn
from players.completers.base import Message
from players.compute.base import Asking, ComputePlayer, Decision, in_words, said

VERSION = 1
"""Raised whenever the words change."""

CHECK = (
    "Check your answer against the rules and the board. Then answer again, in the form asked for; "
    "you may keep your answer or change it."
)
"""Says nothing of whether the answer was right or legal, since nobody has looked."""


class VerifyingPlayer(ComputePlayer):
    """Asks twice: what counts is the answer to the check, whatever it is.

    An answer that was cut off, or none, leaves nothing to check and is the reply.
    """

    kind: ClassVar[str] = "verify"

    @property
    def calls_at_most(self) -> int:
        return 2

    @property
    def method(self) -> Mapping[str, Any]:
        return {"checks": 1, "version": VERSION}

    async def decide(self, turn: Turn, asking: Asking) -> Decision:
        request = self.inner.request(turn)
        first = await asking.ask("first answer", request)
        before = self.inner.read(said(first), turn)
        first = asking.found(first, in_words(before, turn))
        if before.problem in (Problem.TRUNCATED, Problem.EMPTY):
            return replace(before, note="nothing to check"), first
        further = (Message("assistant", said(first).text), Message("user", CHECK))
        check = await asking.ask("check", replace(request, messages=(*request.messages, *further)))
        after = self.inner.read(said(check), turn)
        note = f"first {in_words(before, turn)}; after the check {in_words(after, turn)}"
        return replace(after, note=note), check
