"""Whatever speaks the OpenAI API: requests are made here, sent by a transport, and answers read here.

Both APIs are spoken: Chat Completions (every server) and Responses (OpenAI's own). Every fault of the
server or the network becomes a ProviderError that names the cause, also one that comes as an answer with
status 200; a reply that came is never one. Further tries after a fault are bounded, counted, and made here.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from email.utils import parsedate_to_datetime
from random import random
from typing import Any

from players.completers.balanced import BalancedTransport
from players.completers.base import Completer, Completion, ProviderError, Request
from players.completers.endpoint import PATHS, Endpoint
from players.completers.http_transport import HttpTransport
from players.completers.occasion import coming_call, next_call, one_try
from players.completers.openai_answers import encodable, read_answer
from players.completers.openai_requests import request_body, with_digests
from players.completers.redaction import clean_completion
from players.completers.transport import Fault, Transport

FATAL = {400, 401, 403, 404, 405, 422}
"""HTTP statuses that the same request will meet again."""

OVERFLOW = (
    *("context_length_exceeded", "maximum context length", "context length"),
    *("too many tokens", "prompt is too long"),
)
"""Words of servers for a prompt that does not fit into the model's context."""

PASSING = {408, 409, 425, 429}
"""HTTP statuses below 500 after which another try may succeed."""

LONGEST_WAIT = 60.0
"""Seconds; a server that asks for more is asked again sooner."""

_sleep = asyncio.sleep


class _PassingFault(ProviderError):
    """A fault after which another try may succeed."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after
        """Seconds that the server asks to wait."""


class OpenAICompleter(Completer):
    """Completes by requests to one model of one server."""

    def __init__(self, endpoint: Endpoint, transport: Transport) -> None:
        self.endpoint = endpoint
        self.transport = transport

    @property
    def config(self) -> Mapping[str, Any]:
        fields = {name: value for name, value in asdict(self.endpoint).items() if value not in ("", {})}
        return {"completer": self.transport.kind, **fields, **self.transport.facts}

    def check_request(self, request: Request) -> None:
        request_body(self.endpoint, request)

    async def start(self) -> None:
        await self.transport.start()

    def at_hand(self, request: Request, timeout_s: float | None = None) -> bool:
        sent = _encoded(request_body(self.endpoint, request))
        with one_try(coming_call(sent), 0):
            return self.transport.at_hand(PATHS[self.endpoint.api], sent, timeout_s)

    async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
        body = request_body(self.endpoint, request)
        sent = _encoded(body)
        call, tries = next_call(sent), 1
        while True:
            try:
                with one_try(call, tries - 1):
                    completion = await self._try(sent, timeout_s)
            except _PassingFault as fault:
                if tries > self.endpoint.retries:
                    raise
                if self.transport.patient:
                    await _sleep(_wait(fault.after, tries))
                tries += 1
            else:
                kept = with_digests(body) if _pictured(request) else body
                told = replace(completion, tries=tries, request=kept)
                return clean_completion(told, sent, self.transport.without_secrets)

    async def _try(self, sent: bytes, timeout_s: float | None) -> Completion:
        try:
            answer = await self.transport.send(PATHS[self.endpoint.api], sent, timeout_s)
        except Fault as fault:
            raise self._fault(fault.what, fault.said, status=fault.status) from fault
        if not 200 <= answer.status < 300:
            after = _asked_wait(answer.retry_after)
            said = _error_in(answer.body)
            raise self._fault(f"HTTP {answer.status}", said, status=answer.status, after=after)
        try:
            return read_answer(self.endpoint.api, answer)
        except Fault as fault:
            raise self._fault(fault.what, fault.said, status=fault.status) from fault

    def _fault(
        self, what: str, said: object = None, *, status: int = 0, after: float | None = None
    ) -> ProviderError:
        """A fault in words: who, where, what, and an excerpt of what was said."""
        e = self.endpoint
        told = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, default=str)
        excerpt = "" if said is None else f": {_excerpt(self.transport.without_secrets(told))}"
        message = f"{e.model} at {e.base_url or self.transport.kind}: {what}{excerpt}"
        message = encodable(self.transport.without_secrets(message))
        if status in PASSING or status >= 500:
            return _PassingFault(message, after)
        lasting = status in FATAL or 300 <= status < 400
        return ProviderError(message, fatal=lasting and not _is_overflow(status, told))

    async def close(self) -> None:
        await self.transport.close()


def _encoded(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def http_completer(endpoint: Endpoint, find_key: Callable[[], str] = str) -> OpenAICompleter:
    """A completer that asks over HTTP; with commas in the base_url, several servers of the same model."""
    urls = [url.strip() for url in endpoint.base_url.split(",") if url.strip()]
    transports = [HttpTransport(replace(endpoint, base_url=url), find_key) for url in urls]
    return OpenAICompleter(endpoint, transports[0] if len(transports) == 1 else BalancedTransport(transports))


def _error_in(body: bytes) -> object:
    """The error that a body tells, or the body itself where it is no JSON."""
    text = body.decode("utf-8", "replace")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return told.get("error", told) if isinstance(told, dict) else told


def _pictured(request: Request) -> bool:
    return any(message.pictures for message in request.messages)


def _is_overflow(status: int, said: str) -> bool:
    """Whether a refusal says that the prompt is too long: true of this conversation, and not of the next."""
    return status in (400, 413, 422) and any(words in said.casefold() for words in OVERFLOW)


def _asked_wait(said: str) -> float | None:
    """The seconds a Retry-After header asks for, given as a number or as a date."""
    try:
        return float(said)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(said).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None


def _wait(asked: float | None, tries: int) -> float:
    """Seconds until the next try: what the server asks for if sensible, else twice as long each time."""
    if asked is not None and 0 <= asked <= LONGEST_WAIT:
        return asked
    return float(min(0.5 * 2.0 ** (tries - 1), 8.0) * (1 - 0.25 * random()))


def _excerpt(text: str) -> str:
    text = " ".join(text[:2000].split())
    return (text[:200] + " ...") if len(text) > 200 else text or "(nothing)"
