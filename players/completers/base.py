"""Messages in, a completion out: the one seam between the arena and every language model."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Messages: TypeAlias = tuple["Message", ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it goes to a model."""

    png: bytes = field(repr=False)
    detail: str | None = None
    """How closely the model is to look (low, high, auto), for servers that know it; None: not sent."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation."""

    role: str
    """system, user or assistant."""
    content: str
    pictures: tuple[Picture, ...] = ()
    """Seen before the text is read."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """Sampling parameters; None means: not sent, the provider's default holds."""

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    reasoning_effort: str | None = None
    reasoning_summary: str | None = None
    """auto, concise or detailed, in the Responses API."""
    top_logprobs: int | None = None
    """Ask for log-probabilities: of the token that was written and of so many others in its place."""


@dataclass(frozen=True, slots=True)
class Guide:
    """Bounds of what a model may write (structured output). A guide hides the skill of following a form.

    It names the whole answer, by one of two descriptions of the same set of texts.
    """

    kind: str
    """What it allows: legal (actions that are legal here), any (actions of the game), form, regex."""
    regex: str = ""
    schema: Mapping[str, Any] | None = None
    """A JSON schema, where the answer is JSON."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a completer is asked."""

    messages: Messages
    sampling: Sampling = Sampling()
    guide: Guide | None = None
    weighed: str = ""
    """An answer that is given, and not asked for: the log-probabilities of its tokens are wanted."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token of an answer with what the server says of its probability."""

    text: str
    logprob: float | None
    others: tuple[tuple[str, float], ...] = ()
    """(text, log-probability) of what else might have stood here."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them; None where it did not say."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    """Generated tokens, reasoning included."""
    reasoning_tokens: int | None = None
    dollars: float | None = None
    """What it cost, as the provider says or by the price of its tokens; None where neither is known."""
    cached_tokens: int | None = None
    """Of the prompt's, those that the provider had in its cache and may charge less for."""
    priced_by: str = ""
    """Who says what it cost: provider, genai-prices with its version, user, free, cache; '': nobody."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back for one request."""

    text: str
    """The answer, without reasoning."""
    reasoning: str = ""
    """Reasoning text, where the model shows it."""
    finish_reason: str = "stop"
    """stop, length, content_filter, ... as the provider names it."""
    usage: Usage = Usage()
    latency_s: float = 0.0
    """Of the try that succeeded, from sending the request."""
    first_token_s: float | None = None
    """Until the first event of a streamed answer; None where it did not stream."""
    tokens: tuple[Token, ...] = ()
    """The answer token by token, if log-probabilities were asked for; for a weighed answer the prompt."""
    model: str = ""
    """The model that answered, in its own words."""
    request: Mapping[str, Any] = field(default_factory=dict)
    """The body of the request as it was sent; a parameter that is not in here was not sent."""
    tries: int = 1
    """Requests made until this answer came; more than 1 after faults of the provider."""
    cached: bool = False
    """Whether the answer was kept from an earlier run: its usage and latency are those of that time."""


class ProviderError(Exception):
    """The world's fault: no completion came. Recorded, never scored, redone on another run."""

    def __init__(self, message: str, *, fatal: bool = False) -> None:
        super().__init__(message)
        self.fatal = fatal
        """Trying again with the same configuration can't help (wrong key, unknown model)."""


class NotRecorded(ProviderError):
    """A replay met a request that its recording lacks: nothing happened, so nothing of it is recorded."""

    def __init__(self, message: str) -> None:
        super().__init__(message, fatal=True)


class TurnTimeout(Exception):
    """The player's fault: a request that was well received took longer than the clock of the turn."""


class Completer(ABC):
    """Somebody who completes conversations."""

    @property
    @abstractmethod
    def config(self) -> Mapping[str, Any]:
        """Everything that determines what it answers, without secrets; goes into the record."""

    def check_request(self, request: Request) -> None:
        """PlayerError if the server can't be told what is asked: a guide, an answer to weigh."""

    async def start(self) -> None:
        """Get ready; PlayerError or ProviderError if that can't be."""

    @abstractmethod
    async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
        """The completion of a conversation; ProviderError if none could be had.

        TurnTimeout if the answer takes longer than timeout_s. Connecting, waiting after a fault and tries
        that failed do not count: no player is slow because its provider is down.
        """

    def at_hand(self, request: Request, timeout_s: float | None = None) -> bool:
        """Whether the answer is kept from an earlier time and costs nothing."""
        return False

    async def close(self) -> None:
        """Give back what start took."""


def split_reasoning(text: str) -> tuple[str, str]:
    """(reasoning, answer) of a text that may hold its reasoning in <think> or <thinking> tags.

    A block that is never closed is reasoning to the end; a closing tag alone means that all before it is
    reasoning (some chat templates open the block themselves).

    >>> split_reasoning("<think>centre?</think>Answer: 5")
    ('centre?', 'Answer: 5')
    >>> split_reasoning("<think>well, the centre")
    ('well, the centre', '')
    """
    if "<" not in text or len(parts := _TAG.split(text)) == 1:
        return "", text
    reasoning: list[str] = []
    answer: list[str] = []
    thinking = False
    for tag, part in zip(("-", *parts[1::2]), parts[::2], strict=True):
        if tag == "/" and not thinking:
            reasoning += answer
            answer = []
        thinking = tag == ""
        (reasoning if thinking else answer).append(part)
    return "\n".join(reasoning).strip(), "\n".join(answer).strip()


_TAG = re.compile(r"<(/?)think(?:ing)?\s*>", re.IGNORECASE)
"""What divides reasoning from answer in a text; its one group tells the closing tag from the opening one."""
