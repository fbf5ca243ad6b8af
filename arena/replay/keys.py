"""Which key asks for what: one table, from which the window hears and the help is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeAlias

from arena.replay.view import Command


class Errand(StrEnum):
    """What a person may ask of the window, beyond the match that it shows."""

    MATCHES = "list of matches"
    NEXT_MATCH = "next match of the list"
    LAST_MATCH = "match before"
    CLOSE = "back, and out"


Wish: TypeAlias = Command | Errand

KEYS: Mapping[str, Wish] = {
    "right": Command.NEXT,
    "left": Command.BACK,
    "home": Command.FIRST,
    "end": Command.LAST,
    "b": Command.NEXT_BLUNDER,
    "B": Command.LAST_BLUNDER,
    "i": Command.NEXT_ILLEGAL,
    "I": Command.LAST_ILLEGAL,
    "c": Command.NEXT_CLAIM,
    "C": Command.LAST_CLAIM,
    "space": Command.PLAY,
    "+": Command.FASTER,
    "-": Command.SLOWER,
    "v": Command.VALUES,
    "x": Command.HIDDEN,
    "f": Command.FLIP,
    "tab": Command.PANE,
    "down": Command.DOWN,
    "page down": Command.DOWN,
    "up": Command.UP,
    "page up": Command.UP,
    "t": Command.THEME,
    "m": Errand.MATCHES,
    "n": Errand.NEXT_MATCH,
    "p": Errand.LAST_MATCH,
    "f1": Command.HELP,
    "?": Command.HELP,
    "escape": Errand.CLOSE,
    "q": Errand.CLOSE,
}
"""The name of a key, or the letter that it writes -> what it asks for."""

MOUSE: Mapping[str, str] = {
    "click a turn below": "go there; drag to run through",
    "click reply, reasoning, prompt": "read it",
    "wheel over a text": "scroll it",
    "wheel over the board": "step",
    "click the bar": "the other seat's view",
    "double click the board": "play or pause",
}


def keys_of_wishes() -> Iterator[tuple[str, Wish]]:
    """Every wish with its keys in a text, in the order of the table."""
    for wish in dict.fromkeys(KEYS.values()):
        yield ", ".join(key for key, asks in KEYS.items() if asks is wish), wish
