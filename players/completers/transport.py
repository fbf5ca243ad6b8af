"""The way of a request: bytes to whatever serves the model, bytes back.

Everything that answers is a transport: a server over HTTP, an engine in this process, a cassette. What is
above it (openai_completer) makes requests and reads answers, and can't tell the difference.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request, byte for byte but for secrets."""

    status: int
    """As HTTP counts."""
    body: bytes
    content_type: str = ""
    retry_after: str = ""
    """The header of that name: how long the server asks to wait."""
    seconds: float = 0.0
    """From sending the request to the last byte."""
    first_s: float | None = None
    """From sending the request to the first text of a streamed answer; None where it did not stream."""
    cached: bool = False
    """Whether it was given before, to the same request, and kept."""


class Fault(Exception):
    """No whole answer came: the connection failed, or nothing was heard for too long."""

    def __init__(self, what: str, said: object = None, status: int = 503) -> None:
        super().__init__(what, said, status)
        self.what = what
        self.said = said
        """The cause in the words of whoever reported it, or the JSON it came in."""
        self.status = status
        """The HTTP status that amounts to the same; 0 if none does."""


class Transport(ABC):
    """Carries requests to one server."""

    kind: ClassVar[str]
    """What it is, for the record."""
    patient: ClassVar[bool] = True
    """Whether waiting before another try can help."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What it knows of the model it serves, without secrets; goes into the record."""
        return {}

    async def start(self) -> None:
        """Get ready; PlayerError or ProviderError if that can't be."""

    @abstractmethod
    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        """The answer to a POST of a JSON body to a path such as chat/completions; Fault if none came.

        TurnTimeout if the answer is not whole timeout_s after the request went out.
        """

    def without_secrets(self, text: str) -> str:
        """A text made from answers, without the keys that this transport sends."""
        return text

    def to_keep(self, answer: Answer) -> Answer:
        """An answer as it may be written to a file: without keys, however they are split."""
        return answer

    def at_hand(self, path: str, body: bytes, timeout_s: float | None = None) -> bool:
        """Whether the answer to this request is kept already, so that nobody has to be asked."""
        return False

    async def close(self) -> None:
        """Give back what start and send took."""


Wrap: TypeAlias = Callable[[Transport, str, str], Transport]
"""Puts something around a transport (a recorder, a cache), given the player string and what stands for the
server: its base_url, or kind and model of one that we start ourselves, at another address each time."""


def as_it_is(transport: Transport, player: str, server: str) -> Transport:
    """Nothing around it."""
    return transport
