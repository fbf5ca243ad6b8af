"""Streamed answers put together again: events of either API in, the answer that was not streamed out.

What comes out has the shape of an unstreamed answer, so that one piece of code reads both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from players.completers.shapes import text_of
from players.completers.transport import Fault

Event: TypeAlias = dict[str, Any] | str

END = "[DONE]"
_PARTS = (
    ("content", ("content",)),
    ("refusal", ("refusal",)),
    ("reasoning", ("reasoning_content", "reasoning")),
)
_LAST = ("response.completed", "response.incomplete", "response.failed")
_KNOWN = {"choices", "usage", "x_groq"}
"""An event of a chat has one of these, or is a ping; anything else is a failure in words of its own."""


def whole_answer(api: str, text: str) -> dict[str, Any]:
    """The answer that a stream of server-sent events tells; Fault if it breaks off or tells no JSON."""
    return _WHOLE[api](_events(text))


def _events(text: str) -> Iterator[Event]:
    """Each event's data: an object, or [DONE]. Comments, pings and fields of other names are passed over."""
    for block in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        kind, data = _fields(block)
        if not data or kind == "ping":
            continue
        event = END if data == END else _object(data)
        if kind == "error" and not _explains(event):
            raise Fault("the stream tells of an error", event)
        yield event


def _fields(block: str) -> tuple[str, str]:
    """The kind of an event, '' if it has none, and its data."""
    if block.startswith("data:") and "\n" not in block:  # nearly all of them
        return "", block[5:].strip()
    lines = block.split("\n")
    data = "\n".join(line[5:].removeprefix(" ") for line in lines if line.startswith("data:"))
    kinds = [line[6:].strip() for line in lines if line.startswith("event:")]
    return (kinds[-1] if kinds else ""), data.strip()


def _explains(event: Event) -> bool:
    """Whether an error says what it is in a way that is read further on."""
    return isinstance(event, dict) and (bool(event.get("error")) or event.get("type") == "error")


def _object(data: str) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Fault("an event of the stream is not JSON", data) from error
    if not isinstance(event, dict):
        raise Fault("an event of the stream is not a JSON object", data)
    return event


class _Chat:
    """A chat completion that grows piece by piece."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        self.parts: dict[str, list[str]] = {"reasoning": [], "content": [], "refusal": []}
        self.logprobs: list[Any] = []
        self.finish_reason: Any = None

    @property
    def said(self) -> str:
        return "".join(piece for pieces in self.parts.values() for piece in pieces)

    def add(self, event: dict[str, Any]) -> dict[str, Any] | None:
        """Take an event in; the answer at once if it is a failure."""
        if event.get("error"):
            return {"error": event["error"]}
        if _KNOWN.isdisjoint(event) and event.get("type") != "ping":
            raise Fault("an event of the stream is of no known kind", event)
        self.facts.update({name: event[name] for name in ("id", "model") if event.get(name)})
        if usage := usage_in(event):
            self.facts["usage"] = usage
        choice = _first_choice(event)
        if choice.get("error"):
            return {"choices": [choice]}
        self._collect(choice)
        return None

    def _collect(self, choice: Mapping[str, Any]) -> None:
        delta = choice.get("delta") or choice.get("message") or {}
        for name, fields in _PARTS:
            if said := next(filter(None, map(delta.get, fields)), None):
                self.parts[name].append(text_of(said))
        if told := choice.get("logprobs"):
            self.logprobs += told.get("content") or []
        self.finish_reason = choice.get("finish_reason") or self.finish_reason

    def whole(self) -> dict[str, Any]:
        message = {"role": "assistant", **{name: "".join(said) for name, said in self.parts.items()}}
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        told = {"logprobs": {"content": self.logprobs}} if self.logprobs else {}
        return {**self.facts, "choices": [{**choice, **told}]}


def _whole_chat(events: Iterator[Event]) -> dict[str, Any]:
    chat, ended = _Chat(), False
    for event in events:
        if isinstance(event, str):
            ended = True
        elif (failure := chat.add(event)) is not None:
            return failure
    # some servers never give a finish reason; then something must have been said before [DONE]
    if not (chat.finish_reason or (ended and chat.said)):
        raise Fault("the stream broke off", chat.said[-200:])
    return chat.whole()


def _first_choice(event: Mapping[str, Any]) -> dict[str, Any]:
    """The first piece of the first choice; the last event has none and tells the usage."""
    for choice in event.get("choices") or ():
        if isinstance(choice, dict) and not choice.get("index"):
            return choice
    return {}


def usage_in(body: Mapping[str, Any]) -> Any:
    """The counts of tokens in an answer or an event, wherever a server puts them."""
    if usage := body.get("usage"):
        return usage
    choices = body.get("choices")
    elsewhere = body.get("x_groq") or (choices[0] if choices else None)
    return elsewhere.get("usage") if isinstance(elsewhere, dict) else None


def _whole_response(events: Iterator[Event]) -> dict[str, Any]:
    """The last event of the Responses API tells the answer whole."""
    for event in events:
        if isinstance(event, str):
            continue
        if event.get("type") in _LAST:
            return dict(event["response"])
        if event.get("type") == "error" or event.get("error"):
            return {"error": event.get("error") or event}
    raise Fault("the stream broke off")


_WHOLE: Mapping[str, Callable[[Iterator[Event]], dict[str, Any]]] = {
    "chat": _whole_chat,
    "responses": _whole_response,
}
