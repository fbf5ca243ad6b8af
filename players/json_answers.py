"""The JSON object in a text that declares an answer, whatever stands around it.

JSON is read one value after another, so every object that is well-formed and not nested deeper than DEEPEST
is found by one regular expression. It never goes back: at each character at most DEEPEST attempts are under
way, which keeps the time linear on any text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

DEEPEST = 6
"""Objects and lists in one another, the outermost included; what is deeper is no answer."""


def _nested(depth: int) -> str:
    """A regular expression for an object with at most so many levels; commas are left to the reader."""
    string, space = r'"(?:[^"\\]|\\.)*+"', r"\s*+"
    value = rf'(?:{string}|[^\s"{{}}\[\],:]++)'
    for _ in range(depth):
        found = rf"\{{{space}(?:{string}{space}:{space}{value}{space},?{space})*+\}}"
        listed = rf"\[{space}(?:{value}{space},?{space})*+\]"
        value = rf'(?:{string}|[^\s"{{}}\[\],:]++|{found}|{listed})'
    return found


_OBJECT = re.compile(_nested(DEEPEST), re.S)
_KEY = re.compile(r'"answer"\s*+:')


def last_answer_object(text: str) -> dict[str, Any] | None:
    """The last object with the key "answer"; None where the last such key stands in no object.

    Numbers are given as they are written, as texts.
    """
    if not (keys := [found.start() for found in _KEY.finditer(text)]):
        return None
    last: dict[str, Any] | None = None
    for found in _OBJECT.finditer(text):
        objects = _objects(_read(found[0])) if '"answer"' in found[0] else ()
        declared = [said for said in objects if "answer" in said]
        if declared:
            last = declared[-1] if found.start() < keys[-1] < found.end() else None
    return last


def _read(text: str) -> Any:
    """The value of a text, or None. Line ends in strings are let pass: models write them."""
    try:
        return json.loads(text, strict=False, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a value in the order in which they end: what is inside comes before what is around."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _objects(inner)
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _objects(inner)
