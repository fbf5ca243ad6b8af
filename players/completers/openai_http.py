"""Any server that speaks the OpenAI API, over HTTP, by the `openai` client.

Both APIs are spoken: Chat Completions (every server) and Responses (OpenAI's own). Every fault of the
server or the network becomes a ProviderError that names the cause; a reply that came is never one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from players.completers.base import (
    Completer,
    Completion,
    Messages,
    ProviderError,
    Sampling,
    Usage,
    split_reasoning,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI

FATAL = {400, 401, 403, 404, 405, 422}
"""HTTP statuses that the same request will meet again."""


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


class OpenAICompleter(Completer):
    """Completes by HTTP requests to one endpoint."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._client: AsyncOpenAI | None = None

    @property
    def config(self) -> Mapping[str, Any]:
        e = self.endpoint
        return {
            "completer": "openai",
            "api": e.api,
            "base_url": e.base_url,
            "model": e.model,
            "extra_body": dict(e.extra_body),
            "retries": e.retries,
            "timeout_s": e.timeout_s,
        }

    async def complete(self, messages: Messages, sampling: Sampling) -> Completion:
        began = time.perf_counter()
        raw = await self._ask(messages, sampling)
        latency = time.perf_counter() - began
        body = self._json_object(raw.http_response.text)
        try:
            text, reasoning, finish_reason = _READ[self.endpoint.api](body)
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise ProviderError(f"{self._where}: no completion in the answer: {_excerpt(body)}") from error
        shown, answer = split_reasoning(text)
        return Completion(
            text=answer,
            reasoning=reasoning or shown,
            finish_reason=finish_reason,
            usage=_usage(body.get("usage")),
            latency_s=latency,
            model=str(body.get("model") or ""),
            request=json.loads(raw.http_response.request.content),
            tries=raw.retries_taken + 1,
        )

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()
            self._client = None

    @property
    def _where(self) -> str:
        return f"{self.endpoint.model} at {self.endpoint.base_url}"

    def _connect(self) -> AsyncOpenAI:
        from openai import AsyncOpenAI

        e = self.endpoint
        return AsyncOpenAI(
            base_url=e.base_url, api_key=e.api_key or "none", max_retries=e.retries, timeout=e.timeout_s
        )

    async def _ask(self, messages: Messages, sampling: Sampling) -> Any:
        """The raw response; its body is read by us, because servers send things that are no JSON at all."""
        import openai

        self._client = self._client or self._connect()
        e = self.endpoint
        create: Any = (
            self._client.responses.with_raw_response.create
            if e.api == "responses"
            else self._client.chat.completions.with_raw_response.create
        )
        try:
            return await create(
                **_REQUEST[e.api](e, messages, sampling), extra_body=dict(e.extra_body) or None
            )
        except openai.APIStatusError as error:
            reason = f"HTTP {error.status_code}: {_excerpt(error.body or error.response.text)}"
            raise ProviderError(f"{self._where}: {reason}", fatal=error.status_code in FATAL) from error
        except openai.APITimeoutError as error:
            raise ProviderError(f"{self._where}: no answer within {e.timeout_s:g} s") from error
        except openai.APIConnectionError as error:
            raise ProviderError(f"{self._where}: {_cause(error)}") from error

    def _json_object(self, text: str) -> dict[str, Any]:
        try:
            body = json.loads(text)
        except ValueError as error:
            raise ProviderError(f"{self._where}: the answer is not JSON: {_excerpt(text)}") from error
        if not isinstance(body, dict):
            raise ProviderError(f"{self._where}: the answer is not a JSON object: {_excerpt(text)}")
        return body


def _cause(error: BaseException) -> str:
    """The innermost cause of a connection fault in words."""
    while error.__cause__ is not None or error.__context__ is not None:
        inner = error.__cause__ or error.__context__
        assert inner is not None
        error = inner
    return f"connection failed: {error or type(error).__name__}"


def _excerpt(body: object) -> str:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False, default=str)
    text = " ".join(text.split())
    return (text[:200] + " ...") if len(text) > 200 else text or "(nothing)"


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
    finish_reason = {"max_output_tokens": "length", None: "stop"}.get(reason, reason)
    return text, "\n".join(part["text"] for part in summaries), str(finish_reason)


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


_REQUEST = {"chat": _chat_request, "responses": _responses_request}
_READ = {"chat": _read_chat, "responses": _read_response}
APIS = tuple(_REQUEST)
