"""What the options of language models may be, in a player string and in a user's table."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from players.prompts import PromptStyle


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number between two bounds, the bounds included."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False

    def __call__(self, text: str) -> float:
        value = int(text) if self.whole else float(text)
        finite = self.whole or math.isfinite(value)
        if not (finite and self.low <= value <= self.high):
            raise ValueError(text)
        return value

    def __str__(self) -> str:
        low = f" from {self.low:g}" if self.low > -math.inf else ""
        high = f" to {self.high:g}" if self.high < math.inf else ""
        return f"a {'whole ' if self.whole else ''}number{low}{high}"


Kind: TypeAlias = Callable[[str], Any]

SAMPLING: Mapping[str, Kind] = {
    "temperature": Number(0),
    "top_p": Number(0, 1),
    "max_tokens": Number(1, whole=True),
    "seed": Number(whole=True),
    "reasoning_effort": str,
    "reasoning_summary": str,
    "top_logprobs": Number(0, 20, whole=True),
}
ENDPOINT: Mapping[str, Kind] = {
    "base_url": str,
    "api": str,
    "retries": Number(0, 100, whole=True),
    "connect_s": Number(0.001, 86400),
    "timeout_s": Number(0.001, 86400),
    "stall_s": Number(0.001, 86400),
    "total_s": Number(0.001, 86400),
    "stream": bool,
    "stream_usage": bool,
    "max_tokens_name": str,
    "guidance": str,
    "concurrency": Number(1, 100_000, whole=True),
    "per_minute": Number(0.001, 1e9),
}
STYLE: Mapping[str, Kind] = {
    field.name: Number(whole=True) if type(field.default) is int else type(field.default)
    for field in fields(PromptStyle)
    if field.name not in ("name", "version")
}
GUIDE: Mapping[str, Kind] = {"guide": str}
COMPUTE: Mapping[str, Kind] = {
    "vote": Number(2, 1000, whole=True),
    "best_of": Number(2, 1000, whole=True),
    "verify": bool,
    "search": Number(7, 10_000, whole=True),
    "weigh": bool,
}
VLLM: Mapping[str, Kind] = {
    "tensor_parallel": Number(1, whole=True),
    "max_model_len": Number(1, whole=True),
    "images": Number(0, whole=True),
    "lora": str,
}
PRICE: Mapping[str, Kind] = {"input_price": Number(0, 1e6), "output_price": Number(0, 1e6)}
"""Dollars per million tokens, in place of the price that is known."""
MODEL: Mapping[str, Kind] = {
    **{"style": str, **STYLE, **GUIDE},
    **{**SAMPLING, **ENDPOINT, **COMPUTE, **PRICE},
}
"""Every option of a language model, and what reads it from text."""

_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def read_option(kind: Kind, text: str) -> Any:
    """The value of an option as it stands in a player string; ValueError if it is none."""
    if kind is bool:
        if text.lower() not in _WORDS:
            raise ValueError(text)
        return _WORDS[text.lower()]
    return kind(text)


def is_of_kind(kind: Kind, value: object) -> bool:
    """Whether a value of a TOML table has the type of an option; its range is looked at when it is read."""
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    return isinstance(value, str) if kind is str else isinstance(value, int | float)


def in_words(kind: Kind) -> str:
    """What an option is, as in: temperature is a number from 0."""
    if isinstance(kind, Number):
        return str(kind)
    return {bool: "yes or no", str: "a text"}.get(kind, "a number")  # type: ignore[call-overload,no-any-return]
