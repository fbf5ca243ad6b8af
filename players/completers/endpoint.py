"""Where a model is served, and how it wants to be asked: plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PATHS: Mapping[str, str] = {"chat": "chat/completions", "responses": "responses"}
"""The two APIs of OpenAI by name, and where a server answers them."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a model is served, and how it wants to be asked."""

    model: str
    base_url: str = ""
    """'' where the model is served by us."""
    api: str = "chat"
    """chat or responses."""
    max_tokens_name: str = "max_tokens"
    """What the server calls the limit on generated tokens in Chat Completions."""
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    """Sent along as it is, for parameters that only this server knows."""
    guidance: str = ""
    """How the server is told a guide, one of GUIDANCE; '' where it can't be."""
    stream: bool = True
    """Have answers streamed, so that the first token is known and a dead answer is noticed."""
    stream_usage: bool = True
    """Ask for the usage of a streamed chat; a few servers refuse the question."""
    retries: int = 2
    """Further tries after a fault that may pass (429, 5xx, connection)."""
    concurrency: int = 32
    """Requests under way at once."""
    per_minute: float | None = None
    """Requests a minute; None: as fast as it goes."""
    connect_s: float = 10.0
    timeout_s: float = 600.0
    """From sending a request to the first piece of its answer."""
    stall_s: float = 300.0
    """Between two pieces of an answer."""
    total_s: float = 3600.0
    """From sending a request to the end of its answer."""
