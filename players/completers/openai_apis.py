"""The two APIs of OpenAI as plain data: what a request says, and what an answer says, its failures included.

Pure functions between messages and JSON; nothing here knows the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from players.completers.base import Messages, Sampling, Usage

CODES: Mapping[str, int] = {
    "invalid_api_key": 401,
    "model_not_found": 404,
    "rate_limit_exceeded": 429,
    "server_error": 500,
}
"""Words for faults inside an answer, and the HTTP status that says the same."""

CUT_SHORT = {"error", "abort", "network_error", "insufficient_system_resource"}
"""Finish reasons by which servers say that they, not the model, ended the text."""


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
class Failure:
    """A failure that came as an answer: in words, what was said, and the HTTP status it amounts to."""

    what: str
    said: object
    status: int = 0


def _failed_chat(body: dict[str, Any]) -> Failure | None:
    if body.get("error"):
        return Failure("the answer is an error", body["error"], _status_of(body["error"]))
    choice = body["choices"][0]
    if choice.get("error"):
        return Failure("the answer is an error", choice["error"], _status_of(choice["error"]))
    if choice.get("finish_reason") in CUT_SHORT:
        return Failure(f"the server broke off (finish reason: {choice['finish_reason']})", choice)
    return None


def _failed_response(body: dict[str, Any]) -> Failure | None:
    if body.get("error"):
        return Failure("the answer is an error", body["error"], _status_of(body["error"]))
    status = body.get("status") or "completed"
    reason = (body.get("incomplete_details") or {}).get("reason")
    if status == "completed" or (status == "incomplete" and reason in _INCOMPLETE):
        return None
    return Failure(f"the response is {status}" + (f" ({reason})" if reason else ""), body)


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


def read_usage(said: Any) -> Usage:
    """Token counts under the names of either API; what is missing or odd stays None."""
    if not isinstance(said, dict):
        return Usage()
    details = said.get("completion_tokens_details") or said.get("output_tokens_details") or {}
    return Usage(
        prompt_tokens=_count(said.get("prompt_tokens", said.get("input_tokens"))),
        completion_tokens=_count(said.get("completion_tokens", said.get("output_tokens"))),
        reasoning_tokens=_count(details.get("reasoning_tokens")) if isinstance(details, dict) else None,
        dollars=_amount(said.get("cost")),
    )


def _amount(number: object) -> float | None:
    return float(number) if isinstance(number, int | float) and not isinstance(number, bool) else None


def _count(number: object) -> int | None:
    return number if isinstance(number, int) and not isinstance(number, bool) else None


_INCOMPLETE = {"max_output_tokens": "length", "content_filter": "content_filter"}
"""Reasons of the Responses API for which an answer is incomplete by the player's doing -> finish reason."""

FAILURE = {"chat": _failed_chat, "responses": _failed_response}
REQUEST = {"chat": _chat_request, "responses": _responses_request}
READ = {"chat": _read_chat, "responses": _read_response}
APIS = tuple(REQUEST)
