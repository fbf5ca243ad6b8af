"""What a record keeps of the answers that a reply took."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from arena.record import CallFacts
from players.base import Call
from players.completers.base import Completion, Usage

_USAGE = tuple(field.name for field in fields(Usage))
_COMPLETION_FACTS = tuple(field.name for field in fields(Completion) if field.name != "text")


def completion_facts(completion: Completion) -> dict[str, Any]:
    """What a record keeps of a completion; the text stands in the attempt already."""
    facts = {name: getattr(completion, name) for name in _COMPLETION_FACTS}
    return {
        **facts,
        "usage": {name: getattr(completion.usage, name) for name in _USAGE},
        "latency_s": round(completion.latency_s, 4),
        "first_token_s": None if completion.first_token_s is None else round(completion.first_token_s, 4),
        "tokens": [asdict(token) for token in completion.tokens],
    }


def call_facts(call: Call) -> CallFacts:
    """What a record keeps of a further call."""
    if call.completion is None:
        return CallFacts(call.purpose, "", call.found)
    return CallFacts(call.purpose, call.completion.text, call.found, completion_facts(call.completion))
