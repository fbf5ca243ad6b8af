"""What an answer of either API of OpenAI says, its failures included. Pure functions."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from players.completers.base import Completion, Token, Usage, split_reasoning
from players.completers.openai_streams import usage_in, whole_answer
from players.completers.shapes import amount, count, number, text_of
from players.completers.transport import Answer, Fault

Read: TypeAlias = tuple[str, str, str, tuple[Token, ...]]

CODES: Mapping[str, int] = {
    "invalid_api_key": 401,
    "model_not_found": 404,
    "rate_limit_exceeded": 429,
    "server_error": 500,
}
"""Words for faults inside an answer, and the HTTP status that says the same."""

CUT_SHORT = {"error", "abort", "network_error", "insufficient_system_resource"}
"""Finish reasons by which servers say that they, not the model, ended the text."""

TRUNCATED = {
    *("length", "max_length", "model_length", "token_limit", "truncated"),
    *("max_tokens", "max_new_tokens", "max_output_tokens", "max_completion_tokens"),
}
"""Words of different servers for: the text was cut off by a limit on tokens. Here it is called length."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure that came as an answer: in words, what was said, and the HTTP status it amounts to."""

    what: str
    said: object
    status: int = 0


def read_answer(api: str, answer: Answer) -> Completion:
    """The completion that an answer with a good status tells; Fault if it tells none, or a failure."""
    body = _json_object(api, answer)
    try:
        failure = _FAILURE[api](body)
        if failure is not None:
            raise Fault(failure.what, failure.said, failure.status)
        return _completion(body, answer, *_READ[api](body))
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError) as error:
        raise Fault("no completion in the answer", body, 0) from error


def _completion(
    body: Mapping[str, Any],
    answer: Answer,
    text: str,
    reasoning: str,
    finish_reason: str,
    tokens: tuple[Token, ...],
) -> Completion:
    shown, answered = split_reasoning(text)
    return Completion(
        text=encodable(answered),
        reasoning=encodable("\n".join(filter(None, (reasoning, shown)))),
        finish_reason=encodable(finish_reason),
        usage=read_usage(usage_in(body)),
        latency_s=answer.seconds,
        first_token_s=answer.first_s,
        tokens=tokens,
        model=encodable(str(body.get("model") or "")),
        cached=answer.cached,
    )


def _json_object(api: str, answer: Answer) -> dict[str, Any]:
    text = answer.body.decode("utf-8-sig", "replace")
    try:
        if answer.content_type == "text/event-stream":
            return whole_answer(api, text)
        body = json.loads(text)
    except (ValueError, RecursionError) as error:
        # half an answer, or the page of a proxy whose server is restarting: it may come whole the next time
        raise Fault("the answer is not JSON", text) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise Fault("an event of the stream is of no known shape", text, 0) from error
    if not isinstance(body, dict):
        raise Fault("the answer is not a JSON object", text, 0)
    return body


def encodable(text: str) -> str:
    """JSON can spell half of a character (a lone surrogate), which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _failed_chat(body: dict[str, Any]) -> Failure | None:
    if body.get("error"):
        return Failure("the answer is an error", body["error"], _status_of(body["error"]))
    choice = body["choices"][0]
    if choice.get("error"):
        return Failure("the answer is an error", choice["error"], _status_of(choice["error"]))
    reason = _finish_reason(choice)
    if reason.casefold() in CUT_SHORT:
        return Failure(f"the server broke off (finish reason: {reason})", choice)
    return None


def _failed_response(body: dict[str, Any]) -> Failure | None:
    if body.get("error"):
        return Failure("the answer is an error", body["error"], _status_of(body["error"]))
    status = body.get("status") or "completed"
    reason = _incomplete(body)
    if status == "completed" or (status == "incomplete" and reason in ("length", "content_filter")):
        return None
    return Failure(f"the response is {status}" + (f" ({reason})" if reason else ""), body)


def _status_of(error: object) -> int:
    """The HTTP status that an error object names, as a number or in words; 0 if it names none."""
    code = error.get("code") or error.get("type") if isinstance(error, dict) else None
    if isinstance(code, str) and code in CODES:
        return CODES[code]
    text = str(code)
    return int(text) if text.isascii() and text.isdigit() and len(text) == 3 else 0


def _read_chat(body: dict[str, Any]) -> Read:
    """(text, reasoning, finish reason, tokens) of a chat completion."""
    choice = body["choices"][0]
    message = choice["message"]
    reasoning = message.get("reasoning_content") or message.get("reasoning")
    text = message.get("content") or message.get("refusal")
    tokens = _tokens((choice.get("logprobs") or {}).get("content")) or _prompt_tokens(body)
    return text_of(text), text_of(reasoning), _finish_reason(choice), tokens


def _finish_reason(choice: Mapping[str, Any]) -> str:
    return _in_our_words(choice.get("finish_reason") or "stop")


def _in_our_words(reason: object) -> str:
    """A reason by the name that the arena knows it by, else as the server names it."""
    said = str(reason)
    word = said.casefold()
    return "length" if word in TRUNCATED else word if word == "stop" else said


def _read_response(body: dict[str, Any]) -> Read:
    """(text, reasoning summary, finish reason, tokens) of a response."""
    items = body["output"]
    messages = [item["content"] for item in items if _is_answer(item)]
    text = "\n".join("".join(map(_written, parts)) for parts in messages)
    thoughts = [item.get("summary") or item.get("content") or [] for item in items if _is(item, "reasoning")]
    reasoning = "\n".join(text_of(part.get("text")) for parts in thoughts for part in parts)
    tokens = tuple(token for parts in messages for part in parts for token in _tokens(part.get("logprobs")))
    return text, reasoning, _incomplete(body) or "stop", tokens


def _is(item: Mapping[str, Any], kind: str) -> bool:
    return bool(item["type"] == kind)


def _is_answer(item: Mapping[str, Any]) -> bool:
    """What a model says on the way (commentary) is no part of its answer."""
    return _is(item, "message") and item.get("phase") != "commentary"


def _written(part: Mapping[str, Any]) -> str:
    return text_of(part.get("text") or part.get("refusal"))


def _incomplete(body: Mapping[str, Any]) -> str:
    """Why a response is not complete; '' if it is."""
    reason = (body.get("incomplete_details") or {}).get("reason")
    return _in_our_words(reason) if reason else ""


def _prompt_tokens(body: dict[str, Any]) -> tuple[Token, ...]:
    """The tokens of the prompt as vLLM gives them: a table of one entry each, the first without a value."""
    told = [next(iter(t.values())) if t else {} for t in body.get("prompt_logprobs") or []]
    return tuple(Token(str(t.get("decoded_token", "")), number(t.get("logprob"))) for t in told)


def _tokens(said: Any) -> tuple[Token, ...]:
    """Tokens with their log-probabilities; llama.cpp says probabilities where they hold after sampling."""
    return tuple(Token(str(t.get("token", "")), _logprob(t), _others(t)) for t in said or [])


def _others(token: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    said = token.get("top_logprobs") or token.get("top_probs") or []
    pairs = [(str(other.get("token", "")), _logprob(other)) for other in said]
    return tuple((text, logprob) for text, logprob in pairs if logprob is not None)


def _logprob(token: Mapping[str, Any]) -> float | None:
    if token.get("logprob") is not None:
        return number(token["logprob"])
    probability = number(token.get("prob"), 0)
    return math.log(probability) if probability else None


def read_usage(said: Any) -> Usage:
    """Token counts under the names of either API; what is missing or odd stays None."""
    if not isinstance(said, dict):
        return Usage()
    prompt = count(said.get("prompt_tokens", said.get("input_tokens")))
    written = count(said.get("completion_tokens", said.get("output_tokens")))
    return Usage(
        prompt_tokens=prompt,
        completion_tokens=_with_hidden(prompt, written, count(said.get("total_tokens"))),
        reasoning_tokens=_detail(
            said, ("completion_tokens_details", "output_tokens_details"), "reasoning_tokens"
        ),
        dollars=amount(said.get("cost")),
        cached_tokens=_detail(said, ("prompt_tokens_details", "input_tokens_details"), "cached_tokens"),
    )


def _with_hidden(prompt: int | None, written: int | None, total: int | None) -> int | None:
    """Generated tokens, reasoning included: some providers (xAI, Google) count it in the total alone."""
    if prompt is None or written is None or total is None:
        return written
    return max(written, total - prompt)


def _detail(said: Mapping[str, Any], places: tuple[str, str], name: str) -> int | None:
    details = said.get(places[0]) or said.get(places[1])
    return count(details.get(name)) if isinstance(details, dict) else None


_FAILURE = {"chat": _failed_chat, "responses": _failed_response}
_READ = {"chat": _read_chat, "responses": _read_response}
