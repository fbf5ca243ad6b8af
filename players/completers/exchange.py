"""One request and what came of it, as a line of JSON: what cassettes and the cache are made of."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeAlias

from players.completers.base import TurnTimeout
from players.completers.occasion import Occasion
from players.completers.transport import Answer, Fault

Outcome: TypeAlias = Answer | Fault | TurnTimeout


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, byte for byte. What is equal here is the same request."""

    server: str
    """What stands for the server: its base_url, or kind and model of one that we start ourselves."""
    path: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what came of it."""

    asked: Asked
    outcome: Outcome
    occasion: Occasion = Occasion()
    clock: float | None = None
    """Seconds that the turn allowed."""


def exchange_line(exchange: Exchange) -> str:
    """The exchange as one line of JSON, without the newline."""
    asked, occasion = exchange.asked, exchange.occasion
    data = {
        "server": asked.server,
        "path": asked.path,
        **({"occasion": asdict(occasion)} if occasion.match else {}),
        **({} if exchange.clock is None else {"clock": exchange.clock}),
        **_written("request", asked.body),
        **_outcome_written(exchange.outcome),
    }
    return json.dumps(data, ensure_ascii=False)


def read_exchange(data: Mapping[str, Any]) -> Exchange:
    """The exchange in the JSON of a line; ValueError, KeyError or TypeError if it is none."""
    asked = Asked(_text(data["server"]), _text(data["path"]), _read("request", data))
    occasion = Occasion(**data.get("occasion", {}))
    return Exchange(asked, _read_outcome(data), occasion, data.get("clock"))


def _outcome_written(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Answer):
        told = {f.name: getattr(outcome, f.name) for f in fields(Answer) if f.name != "body"}
        return {"answer": {**told, **_written("body", outcome.body)}}
    if isinstance(outcome, Fault):
        return {"fault": {"what": outcome.what, "said": outcome.said, "status": outcome.status}}
    return {"timeout": str(outcome)}


def _read_outcome(data: Mapping[str, Any]) -> Outcome:
    if "answer" in data:
        told = {name: value for name, value in data["answer"].items() if not name.startswith("body")}
        return Answer(body=_read("body", data["answer"]), **told)
    return Fault(**data["fault"]) if "fault" in data else TurnTimeout(_text(data["timeout"]))


def _written(name: str, raw: bytes) -> dict[str, str]:
    """Bytes under a name: as text where they are text, else as base64."""
    try:
        return {name: raw.decode()}
    except UnicodeDecodeError:
        return {f"{name}_base64": b64encode(raw).decode()}


def _read(name: str, data: Mapping[str, Any]) -> bytes:
    coded = data.get(f"{name}_base64")
    return _text(data[name]).encode() if coded is None else b64decode(coded, validate=True)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
