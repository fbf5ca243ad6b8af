"""Any server that speaks the OpenAI API, over HTTP, by the `openai` client.

Both APIs are spoken: Chat Completions (every server) and Responses (OpenAI's own). Every fault of the
server or the network becomes a ProviderError that names the cause, also one that comes as an answer with
status 200; a reply that came is never one. Further tries after a fault are made here and not by the client,
so that the time of each is known.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import replace
from email.utils import parsedate_to_datetime
from functools import lru_cache
from importlib.metadata import version
from random import random
from typing import TYPE_CHECKING, Any

from players.completers.base import (
    Completer,
    Completion,
    ProviderError,
    Request,
    TurnTimeout,
    split_reasoning,
)
from players.completers.openai_apis import FAILURE, READ, REQUEST, Endpoint, read_usage

if TYPE_CHECKING:
    from openai import AsyncOpenAI

FATAL = {400, 401, 403, 404, 405, 422}
"""HTTP statuses that the same request will meet again."""

PASSING = {408, 409, 429}
"""HTTP statuses below 500 after which another try may succeed."""

LONGEST_WAIT = 60.0
"""Seconds; a server that asks for more is asked again sooner."""

SHORTEST_SECRET = 8
"""Characters; a shorter key ("none", "x") is a placeholder, and may be a word of an answer."""


class _PassingFault(ProviderError):
    """A fault after which another try may succeed."""

    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after
        """Seconds that the server asks to wait."""


_sending: ContextVar[Callable[[], None]] = ContextVar("_sending")
"""What to do when the connection stands and the request of this task goes out."""


class OpenAICompleter(Completer):
    """Completes by HTTP requests to one endpoint."""

    def __init__(self, endpoint: Endpoint, find_key: Callable[[], str] | None = None) -> None:
        self.endpoint = endpoint
        self._find_key = find_key
        """Asked when the completer starts, not before: a prompt can be printed without a key."""
        self._client: AsyncOpenAI | None = None

    @property
    def config(self) -> Mapping[str, Any]:
        e = self.endpoint
        return {
            "completer": "openai",
            "client": f"openai {_client_version()}",
            "api": e.api,
            "base_url": e.base_url,
            "model": e.model,
            "max_tokens_name": e.max_tokens_name,
            "extra_body": dict(e.extra_body),
            "retries": e.retries,
            "timeout_s": e.timeout_s,
        }

    async def start(self) -> None:
        """Find the key; PlayerError if there is none."""
        if self._find_key is not None:
            self.endpoint = replace(self.endpoint, api_key=self._find_key())

    async def complete(self, request: Request, timeout_s: float | None = None) -> Completion:
        if self._client is None:
            await self.start()
            self._client = self._connect()
        tries = 1
        while True:
            try:
                return replace(await self._try(self._client, request, timeout_s), tries=tries)
            except _PassingFault as fault:
                if tries > self.endpoint.retries:
                    raise
                await asyncio.sleep(_wait(fault.after, tries))
                tries += 1

    async def _try(self, client: AsyncOpenAI, request: Request, timeout_s: float | None) -> Completion:
        raw, latency = await self._timed(self._ask(client, request), timeout_s)
        body = self._json_object(raw.http_response.text)
        try:
            self._refuse_failure(body)
            text, reasoning, finish_reason = READ[self.endpoint.api](body)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise self._fault("no completion in the answer", body) from error
        shown, answer = split_reasoning(text)
        return Completion(
            text=self._clean(answer),
            reasoning=self._clean(reasoning or shown),
            finish_reason=self._clean(finish_reason),
            usage=read_usage(body.get("usage")),
            latency_s=latency,
            model=self._clean(str(body.get("model") or "")),
            request=json.loads(raw.http_response.request.content),
        )

    async def _timed(self, asked: Awaitable[Any], timeout_s: float | None) -> tuple[Any, float]:
        """The answer and how long it took; the clock starts when the request goes out."""
        began = time.perf_counter()

        def sending() -> None:
            nonlocal began
            began = time.perf_counter()
            if timeout_s is not None:
                clock.reschedule(asyncio.get_running_loop().time() + timeout_s)

        _sending.set(sending)
        try:
            async with asyncio.timeout(None) as clock:
                answer = await asked
        except TimeoutError as error:
            raise TurnTimeout(f"no answer within {timeout_s:g} s") from error
        return answer, time.perf_counter() - began

    def _refuse_failure(self, body: dict[str, Any]) -> None:
        """Raise what an answer with status 200 says of a failure on the server's side."""
        failure = FAILURE[self.endpoint.api](body)
        if failure is not None:
            raise self._fault(failure.what, failure.said, status=failure.status)

    def _clean(self, text: str) -> str:
        """Text for the record: it can be written to a file, and holds no key, though the server repeat it."""
        key = self.endpoint.api_key
        return _encodable(text.replace(key, "***") if len(key) >= SHORTEST_SECRET else text)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    def _fault(
        self, what: str, said: object = None, *, status: int = 0, after: float | None = None
    ) -> ProviderError:
        """A fault in words: who, where, what, and an excerpt of what was said, without the key."""
        e = self.endpoint
        told = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False, default=str)
        told = told.replace(e.api_key, "***") if e.api_key else told  # some servers repeat it
        excerpt = "" if said is None else f": {_excerpt(told)}"
        message = _encodable(f"{e.model} at {e.base_url}: {what}{excerpt}")
        if status in PASSING or status >= 500:
            return _PassingFault(message, after)
        return ProviderError(message, fatal=status in FATAL)

    def _connect(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI, DefaultAsyncHttpxClient

        e = self.endpoint
        http = DefaultAsyncHttpxClient(timeout=e.timeout_s, event_hooks={"request": [_trace_sending]})
        return AsyncOpenAI(
            base_url=e.base_url,
            api_key=e.api_key or "none",
            max_retries=0,
            timeout=e.timeout_s,
            http_client=http,
        )

    async def _ask(self, client: AsyncOpenAI, request: Request) -> Any:
        """The raw response; its body is read by us, because servers send things that are no JSON at all."""
        import openai

        e = self.endpoint
        create: Any = (
            client.responses.with_raw_response.create
            if e.api == "responses"
            else client.chat.completions.with_raw_response.create
        )
        try:
            return await create(
                **REQUEST[e.api](e, request.messages, request.sampling), extra_body=dict(e.extra_body) or None
            )
        except openai.APIStatusError as error:
            status, said = error.status_code, error.body or error.response.text
            after = _asked_wait(error.response.headers)
            raise self._fault(f"HTTP {status}", said, status=status, after=after) from error
        except openai.APITimeoutError as error:
            raise self._fault(f"no answer within {e.timeout_s:g} s", status=408) from error
        except openai.APIConnectionError as error:
            raise self._fault("connection failed", _cause(error), status=503) from error

    def _json_object(self, text: str) -> dict[str, Any]:
        try:
            body = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self._fault("the answer is not JSON", text) from error
        if not isinstance(body, dict):
            raise self._fault("the answer is not a JSON object", text)
        return body


async def _trace_sending(request: Any) -> None:
    """Have the transport report when it sends this request."""

    async def trace(event: str, info: object) -> None:
        if event.endswith(".send_request_headers.started"):
            _sending.get()()

    request.extensions["trace"] = trace


def _asked_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds a Retry-After header asks for, given as a number or as a date."""
    said = headers.get("retry-after", "")
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


@lru_cache(maxsize=1)
def _client_version() -> str:
    return version("openai")


def _cause(error: BaseException) -> str:
    """The innermost cause of a connection fault in words."""
    while error.__cause__ is not None or error.__context__ is not None:
        inner = error.__cause__ or error.__context__
        assert inner is not None
        error = inner
    return str(error) or type(error).__name__


def _excerpt(text: str) -> str:
    text = " ".join(text.split())
    return (text[:200] + " ...") if len(text) > 200 else text or "(nothing)"


def _encodable(text: str) -> str:
    """JSON can spell half of a character (a lone surrogate), which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
