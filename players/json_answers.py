"""The JSON object in a text that declares an answer, whatever stands around it.

Only the last key "answer" of a text counts, so nothing is searched for: from that key one pass goes back to
the braces that are open there, and what begins at a brace is read as JSON, DEEPEST times at most. Going back
needs no guess of where strings begin: before a key one is outside of them, and every quote that is not
escaped ends or begins one. So the time is linear on any text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

DEEPEST = 6
"""Objects around the last key that are read, the innermost first; an answer further out is none."""

_KEY = re.compile(r'"answer"\s*+:')
_MARK = re.compile(r'\\[\\"]|["{}\[\]]')
"""What tells strings and levels; an escape is taken whole, so that its quote ends nothing."""

_DECODER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)
"""Line ends in strings are let pass: models write them."""


def last_answer_object(text: str) -> dict[str, Any] | None:
    """The object of the last key "answer", or the outermost around it with such a key; None if there is none.

    Numbers are given as they are written, as texts.
    """
    keys = [found.start() for found in _KEY.finditer(text)]
    last: dict[str, Any] | None = None
    for start in islice(_open_braces(text[: keys[-1]] if keys else ""), DEEPEST):
        if (read := _read(text, start)) is None:
            break
        last = read if "answer" in read else last
    return last


def _open_braces(text: str) -> Iterator[int]:
    """Where the objects begin that are open at the end of a text, the innermost first."""
    closed, quoted = 0, False
    for found in reversed(list(_MARK.finditer(text))):
        if (mark := found[0]) == '"':
            quoted = not quoted
        elif quoted or len(mark) == 2:
            continue
        elif mark in "}]":
            closed += 1
        elif closed:
            closed -= 1
        elif mark == "{":
            yield found.start()


def _read(text: str, start: int) -> dict[str, Any] | None:
    """The object that begins here, or None."""
    try:
        read: dict[str, Any] = _DECODER.raw_decode(text, start)[0]
    except (ValueError, RecursionError):
        return None
    return read
