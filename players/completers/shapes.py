"""Numbers and texts as servers write them, whatever the shape. What is odd is nothing, not an error."""

from __future__ import annotations

import json
from typing import Any

MOST_TOKENS = 10**9
"""No request has more; what claims to is no count."""
MOST_DOLLARS = 1e6
"""No request costs more."""
MOST = 1e15


def number(said: object, low: float = -MOST, high: float = MOST) -> float | None:
    """A number within bounds; None for anything else. (Compared first: float() can't take every int.)"""
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    return float(said) if low <= said <= high else None


def count(said: object) -> int | None:
    """A number of tokens; some servers write whole numbers as 7.0."""
    found = number(said, 0, MOST_TOKENS)
    return int(found) if found is not None and found == int(found) else None


def amount(said: object) -> float | None:
    """An amount of money; below nothing is none."""
    return number(said, 0, MOST_DOLLARS)


def text_of(said: Any) -> str:
    """Content as text: a text, a list of texts and parts, one part, or JSON that was meant to be written."""
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        return "".join(map(_part, said))
    if isinstance(said, dict):
        return _part(said) or json.dumps(said, ensure_ascii=False)
    return "" if said is None else str(said)


def _part(said: Any) -> str:
    """The text of one part; a part of another kind (a thought, a picture) has none."""
    if isinstance(said, dict):
        said = said.get("text")
    return said if isinstance(said, str) else ""
