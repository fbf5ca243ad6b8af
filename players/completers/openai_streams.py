"""Streamed answers put together again: events of either API in, the answer that was not streamed out.

What comes out has the shape of an unstreamed answer, so that one piece of code reads both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from players.completers.transport import Fault

END = "[DONE]"
_LAST = ("response.completed", "response.incomplete", "response.failed")


def whole_answer(api: str, text: str) -> dict[str, Any]:
    """The answer that a stream of server-sent events tells; Fault if it breaks off or tells no JSON."""
    return _WHOLE[api](_events(text))


def _events(text: str) -> Iterator[dict[str, Any] | str]:
    """Each event's data: an object, or [DONE]. Comments and fields of other names are passed over."""
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line[5:].removeprefix(" ") for line in block.split("\n") if line.startswith("data:")]
        if not lines:
            continue
        data = "\n".join(lines)
        yield END if data.strip() == END else _object(data)


def _object(data: str) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Fault("an event of the stream is not JSON", data) from error
    if not isinstance(event, dict):
        raise Fault("an event of the stream is not a JSON object", data)
    return event


def _whole_chat(events: Iterator[dict[str, Any] | str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    parts: dict[str, list[str]] = {"content": [], "reasoning": [], "refusal": []}
    logprobs: list[Any] = []
    finish_reason: str | None = None
    ended = False
    for event in events:
        if isinstance(event, str):
            ended = True
            continue
        if event.get("error"):
            return {"error": event["error"]}
        body.update({name: event[name] for name in ("id", "model", "usage") if event.get(name)})
        for choice in _first_choices(event):
            if choice.get("error"):
                return {"choices": [choice]}
            _collect(choice.get("delta") or {}, parts)
            logprobs += (choice.get("logprobs") or {}).get("content") or []
            finish_reason = choice.get("finish_reason") or finish_reason
    if not (ended or finish_reason):
        raise Fault("the stream broke off", _told(parts))
    message = {"role": "assistant", **{name: "".join(said) for name, said in parts.items()}}
    choice = {"index": 0, "message": message, "finish_reason": finish_reason}
    return {**body, "choices": [{**choice, **({"logprobs": {"content": logprobs}} if logprobs else {})}]}


def _first_choices(event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The pieces of the first choice; the last event has none and tells the usage."""
    return [c for c in event.get("choices") or [] if isinstance(c, dict) and not c.get("index")]


def _collect(delta: Mapping[str, Any], parts: Mapping[str, list[str]]) -> None:
    parts["content"].append(_text(delta.get("content")))
    parts["refusal"].append(_text(delta.get("refusal")))
    parts["reasoning"].append(_text(delta.get("reasoning_content") or delta.get("reasoning")))


def _text(said: Any) -> str:
    """A piece of content as text; some servers send a list of parts."""
    if isinstance(said, list):
        return "".join(str(part.get("text") or "") for part in said if isinstance(part, dict))
    return said if isinstance(said, str) else ""


def _told(parts: Mapping[str, list[str]]) -> str:
    return "".join(parts["reasoning"] + parts["content"])[-200:]


def _whole_response(events: Iterator[dict[str, Any] | str]) -> dict[str, Any]:
    """The last event of the Responses API tells the answer whole."""
    for event in events:
        if isinstance(event, str):
            continue
        if event.get("type") in _LAST:
            return dict(event["response"])
        if event.get("type") == "error" or event.get("error"):
            return {"error": event.get("error") or event}
    raise Fault("the stream broke off")


_WHOLE: Mapping[str, Callable[[Iterator[dict[str, Any] | str]], dict[str, Any]]] = {
    "chat": _whole_chat,
    "responses": _whole_response,
}
