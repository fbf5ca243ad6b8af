"""What somebody may have meant by a name that there is not."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def unknown(what: str, name: str, there: Iterable[str]) -> str:
    """The complaint: the nearest name, if any is near, and then all of them.

    >>> unknown("game", "tictacto", ["nim", "tictactoe"])
    "unknown game 'tictacto'; did you mean tictactoe? there are: nim, tictactoe"
    """
    names = list(there)
    return f"unknown {what} {name!r}; {nearest(name, names)}there are: {', '.join(names)}"


def nearest(name: str, there: Iterable[str]) -> str:
    """The question whether another name was meant; '' where none is near."""
    found = get_close_matches(name.casefold(), list(there), n=1)
    return f"did you mean {found[0]}? " if found else ""
