"""The colours of pictures and windows, by the role that a shape plays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Colour: TypeAlias = str
"""As '#rrggbb'."""
Role: TypeAlias = str
"""What a colour is for: a key of every theme."""
Theme: TypeAlias = Mapping[Role, Colour]

ROLES: Mapping[Role, str] = {
    "ground": "what all stands on",
    "panel": "behind texts",
    "ink": "lines and words",
    "faint": "labels, and what is less important",
    "rule": "borders between parts",
    "first": "marks of the first seat",
    "second": "marks of the second seat",
    "changed": "behind what the last ply changed",
    "lit": "behind what decided the game",
    "good": "the best action, and a right claim",
    "warn": "a weaker way to the same result",
    "bad": "what gave something away, and a wrong claim",
}

_LIGHT = "#ffffff #f4f6f8 #24292f #8c959f #d1d9e0 #b42318 #0b57d0 #fff3c4 #c9f0d0 #1a7f37 #8a5a00 #b42318"
_DARK = "#16181d #1f232a #e6e8eb #7d8590 #3a424c #ff8a7a #7ab8ff #4a3f14 #1d4a2b #6fd08c #e3b341 #ff8a7a"
THEMES: Mapping[str, Theme] = {
    name: dict(zip(ROLES, colours.split(), strict=True))
    for name, colours in {"light": _LIGHT, "dark": _DARK}.items()
}


def theme_of(name: str) -> Theme:
    """The theme of a name; ValueError names those there are."""
    if name not in THEMES:
        raise ValueError(f"unknown theme {name!r}; there are: {', '.join(THEMES)}")
    return THEMES[name]
