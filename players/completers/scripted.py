"""A completer that says what it was told to: for tests, demonstrations and replays of known replies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from players.completers.base import Completer, Completion, Messages, ProviderError, Request, split_reasoning

Answer: TypeAlias = str | Completion | ProviderError


class ScriptedCompleter(Completer):
    """Gives the listed answers in order, or asks a function; keeps the conversations it was given.

    A str is answered as text, a Completion as it is, a ProviderError is raised.
    """

    def __init__(self, answers: Iterable[Answer] | Callable[[Messages], Answer]) -> None:
        self._function = answers if callable(answers) else None
        self._queue = [] if callable(answers) else list(answers)
        self.conversations: list[Messages] = []

    @property
    def config(self) -> Mapping[str, Any]:
        return {"completer": "scripted"}

    async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
        messages = request.messages
        self.conversations.append(messages)
        answer = self._next(messages)
        if isinstance(answer, ProviderError):
            raise answer
        if isinstance(answer, Completion):
            return answer
        reasoning, text = split_reasoning(answer)
        sent = {"messages": [{"role": m.role, "content": m.content} for m in messages]}
        return Completion(text, reasoning, model="scripted", request=sent)

    def _next(self, messages: Messages) -> Answer:
        if self._function is not None:
            return self._function(messages)
        if not self._queue:
            raise ProviderError(
                f"the script has no answer left after {len(self.conversations) - 1}", fatal=True
            )
        return self._queue.pop(0)
