"""The least that the numbers of a run may be, for the command line and for files alike."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from arena.errors import RunError

LEAST: Mapping[str, float] = {
    "rounds": 1,
    "opening_plies": 0,
    "opening_limit": 1,
    "attempts": 1,
    "seconds_per_turn": 0.001,
    "parallel": 1,
    "max_cost": 0,
    "max_tokens_total": 0,
}


def check_numbers(given: Mapping[str, Any]) -> None:
    """RunError for the first of these that is too small, infinite or no number; None is no limit."""
    for name, least in LEAST.items():
        value = given.get(name)
        if value is not None and not (isfinite(value) and value >= least):
            raise RunError(f"{name} is at least {least:g} and finite, not {value}")
