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
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from functools import lru_cache
from importlib.metadata import version
from random import random
from typing import TYPE_CHECKING, Any

from players.completers.base import (
    Completer,
    Completion,
    Messages,
    ProviderError,
    Sampling,
    TurnTimeout,
    Usage,
    split_reasoning,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI

FATAL = {400, 401, 403, 404, 405, 422}
"""HTTP statuses that the same request will meet again."""

PASSING = {408, 409, 429}
"""HTTP statuses below 500 after which another try may succeed."""

CODES: Mapping[str, int] = {
    "invalid_api_key": 401,
    "model_not_found": 404,
    "rate_limit_exceeded": 429,
    "server_error": 500,
}
"""Words for faults inside an answer, and the HTTP status that says the same."""

CUT_SHORT = {"error", "abort", "network_error", "insufficient_system_resource"}
"""Finish reasons by which servers say that they, not the model, ended the text."""

LONGEST_WAIT = 60.0
"""Seconds; a server that asks for more is asked again sooner."""

SHORTEST_SECRET = 8
"""Characters; a shorter key ("none", "x") is a placeholder, and may be a word of an answer."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is served, and how it wants to be asked."""

    model: str
    base_url: str
    api_key: str = field(default="", repr=False)
    api: str = "chat"
    """chat or responses."""
    max_tokens_name: str = "max_tokens"
    """What the server calls the limit on generated tokens in Chat Completions."""
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    """Sent along as it is, for parameters that only this server knows."""
    retries: int = 2
    """Further tries after a fault that may pass (429, 5xx, connection)."""
    timeout_s: float = 600.0


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

    async def complete(
        self, messages: Messages, sampling: Sampling, timeout_s: float | None = None
    ) -> Completion:
        if self._client is None:
            await self.start()
            self._client = self._connect()
        tries = 1
        while True:
            try:
                return replace(await self._try(self._client, messages, sampling, timeout_s), tries=tries)
            except _PassingFault as fault:
                if tries > self.endpoint.retries:
                    raise
                await asyncio.sleep(_wait(fault.after, tries))
                tries += 1

    async def _try(
        self, client: AsyncOpenAI, messages: Messages, sampling: Sampling, timeout_s: float | None
    ) -> Completion:
        raw, latency = await self._timed(self._ask(client, messages, sampling), timeout_s)
        body = self._json_object(raw.http_response.text)
        try:
            self._refuse_failure(body)
            text, reasoning, finish_reason = _READ[self.endpoint.api](body)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise self._fault("no completion in the answer", body) from error
        shown, answer = split_reasoning(text)
        return Completion(
            text=self._clean(answer),
            reasoning=self._clean(reasoning or shown),
            finish_reason=self._clean(finish_reason),
            usage=_usage(body.get("usage")),
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
        failure = _FAILURE[self.endpoint.api](body)
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

    async def _ask(self, client: AsyncOpenAI, messages: Messages, sampling: Sampling) -> Any:
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
                **_REQUEST[e.api](e, messages, sampling), extra_body=dict(e.extra_body) or None
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


def _given(**parameters: Any) -> dict[str, Any]:
    """Only what was asked for: a parameter that is None is not sent."""
    return {name: value for name, value in parameters.items() if value is not None}


def _chat_request(endpoint: Endpoint, messages: Messages, sampling: Sampling) -> dict[str, Any]:
    return {
        "model": endpoint.model,
        "messages": [{"role": m.role, "content": m.content} for m in messages],
        **_given(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            seed=sampling.seed,
            reasoning_effort=sampling.reasoning_effort,
        ),
        **_given(**{endpoint.max_tokens_name: sampling.max_tokens}),
    }


def _responses_request(endpoint: Endpoint, messages: Messages, sampling: Sampling) -> dict[str, Any]:
    """The Responses API has no seed, so none is sent; nothing is stored on the provider's side."""
    effort = sampling.reasoning_effort
    return {
        "model": endpoint.model,
        "input": [{"role": m.role, "content": m.content} for m in messages],
        "store": False,
        **_given(
            temperature=sampling.temperature,
            top_p=sampling.top_p,
            max_output_tokens=sampling.max_tokens,
            reasoning=None if effort is None else {"effort": effort},
        ),
    }


@dataclass(frozen=True, slots=True)
class _Failure:
    """A failure that came as an answer: in words, what was said, and the HTTP status it amounts to."""

    what: str
    said: object
    status: int = 0


def _failed_chat(body: dict[str, Any]) -> _Failure | None:
    if body.get("error"):
        return _Failure("the answer is an error", body["error"], _status_of(body["error"]))
    choice = body["choices"][0]
    if choice.get("error"):
        return _Failure("the answer is an error", choice["error"], _status_of(choice["error"]))
    if choice.get("finish_reason") in CUT_SHORT:
        return _Failure(f"the server broke off (finish reason: {choice['finish_reason']})", choice)
    return None


def _failed_response(body: dict[str, Any]) -> _Failure | None:
    if body.get("error"):
        return _Failure("the answer is an error", body["error"], _status_of(body["error"]))
    status = body.get("status") or "completed"
    reason = (body.get("incomplete_details") or {}).get("reason")
    if status == "completed" or (status == "incomplete" and reason in _INCOMPLETE):
        return None
    return _Failure(f"the response is {status}" + (f" ({reason})" if reason else ""), body)


def _status_of(error: object) -> int:
    """The HTTP status that an error object names, as a number or in words; 0 if it names none."""
    code = error.get("code") or error.get("type") if isinstance(error, dict) else None
    if isinstance(code, str) and code in CODES:
        return CODES[code]
    text = str(code)
    return int(text) if text.isascii() and text.isdigit() and len(text) == 3 else 0


def _read_chat(body: dict[str, Any]) -> tuple[str, str, str]:
    """(text, reasoning, finish reason) of a chat completion."""
    choice = body["choices"][0]
    message = choice["message"]
    reasoning = message.get("reasoning_content") or message.get("reasoning") or ""
    text = message.get("content") or message.get("refusal") or ""
    return _text(text), _text(reasoning), str(choice.get("finish_reason") or "stop")


def _read_response(body: dict[str, Any]) -> tuple[str, str, str]:
    """(text, reasoning summary, finish reason) of a response."""
    items = body["output"]
    parts = [part for item in items if item["type"] == "message" for part in item["content"]]
    text = "".join(part.get("text") or part.get("refusal") or "" for part in parts)
    summaries = [part for item in items if item["type"] == "reasoning" for part in item.get("summary") or []]
    reason = (body.get("incomplete_details") or {}).get("reason")
    return text, "\n".join(part["text"] for part in summaries), _INCOMPLETE.get(str(reason), "stop")


def _text(content: object) -> str:
    """Content as text; some servers send a list of parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return str(content)


def _usage(said: Any) -> Usage:
    """Token counts under the names of either API; what is missing or odd stays None."""
    if not isinstance(said, dict):
        return Usage()
    details = said.get("completion_tokens_details") or said.get("output_tokens_details") or {}
    return Usage(
        prompt_tokens=_count(said.get("prompt_tokens", said.get("input_tokens"))),
        completion_tokens=_count(said.get("completion_tokens", said.get("output_tokens"))),
        reasoning_tokens=_count(details.get("reasoning_tokens")) if isinstance(details, dict) else None,
    )


def _count(number: object) -> int | None:
    return number if isinstance(number, int) and not isinstance(number, bool) else None


_INCOMPLETE = {"max_output_tokens": "length", "content_filter": "content_filter"}
"""Reasons of the Responses API for which an answer is incomplete by the player's doing -> finish reason."""

_FAILURE = {"chat": _failed_chat, "responses": _failed_response}
_REQUEST = {"chat": _chat_request, "responses": _responses_request}
_READ = {"chat": _read_chat, "responses": _read_response}
APIS = tuple(_REQUEST)
