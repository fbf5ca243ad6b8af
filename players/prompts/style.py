"""A prompt style as plain data, and the styles that have names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from games.suggestions import unknown
from players.base import PlayerError
from players.forms import FORMS
from players.naming import NAMINGS
from renderers.text import VIEWS
from renderers.theme import THEMES

BOARDS = ("text", "picture", "both")
FEEDBACK = ("none", "illegal", "why", "all")
DETAILS = ("", "low", "high", "auto")


@dataclass(frozen=True, slots=True)
class PromptStyle:
    """How a turn is put to a model. Field by field it enters the record."""

    name: str
    version: int = 4
    """Raised whenever the same fields would give another prompt."""
    view: str = "rows"
    """Text view of the board, one of renderers.text.VIEWS."""
    form: str = "line"
    """Answer form that the parser reads, one of players.forms.FORMS."""
    status: bool = True
    """Ask for the status of the board after the move, where the move alone decides it."""
    legal: bool = False
    """List the legal actions."""
    history: bool = False
    """List the plies so far."""
    reason: bool = True
    """Leave room to think before the answer; else ask for the answer alone."""
    examples: int = 0
    """Worked turns shown before the real one."""
    naming: str = "notation"
    """What actions are called, one of players.naming.NAMINGS."""
    feedback: str = "all"
    """What a model sees of its rejected attempts at a turn: none (it is asked as if anew), illegal (the last
    one and what kind of fault it had), why (the last one and the reason), all (each one and its reason)."""
    board: str = "text"
    """Show the board as text, as a picture, or both."""
    picture_size: int = 512
    """Pixels a side."""
    picture_theme: str = "light"
    """Colours of the picture, one of renderers.theme.THEMES."""
    picture_labels: bool = False
    """Write the names of the actions into the empty cells of the picture, or above its columns."""
    picture_detail: str = ""
    """How closely the model is to look (low, high, auto), for servers that know it; not sent if empty."""


STYLES: Mapping[str, PromptStyle] = {
    style.name: style
    for style in (
        PromptStyle("plain"),
        PromptStyle("terse", reason=False),
        PromptStyle("examples", reason=False, examples=3),
        PromptStyle("listed", reason=False, examples=3, legal=True),
        PromptStyle("json", form="json"),
        PromptStyle("picture", board="picture"),
        PromptStyle("both", board="both"),
    )
}
"""The prompt styles by name; any field can be overridden in a player string."""

_CHOICES: Mapping[str, tuple[str, Iterable[str]]] = {
    "view": ("view", VIEWS),
    "form": ("answer form", FORMS),
    "naming": ("naming", NAMINGS),
    "feedback": ("feedback", FEEDBACK),
    "board": ("board", BOARDS),
    "picture_theme": ("picture theme", THEMES),
    "picture_detail": ("picture detail", DETAILS),
}
"""Fields that are one of some words: what they are called, and the words."""


def style_of(name: str, **overrides: Any) -> PromptStyle:
    """The named style with some fields replaced; PlayerError names what there is."""
    if name not in STYLES:
        raise PlayerError(unknown("prompt style", name, STYLES))
    style = replace(STYLES[name], **overrides)
    for field, (called, words) in _CHOICES.items():
        if (given := getattr(style, field)) not in words:
            there = ", ".join(word or "(nothing)" for word in words)
            raise PlayerError(f"unknown {called} {given!r}; there are: {there}")
    if problem := _out_of_range(style) or _at_odds(style):
        raise PlayerError(problem)
    return style


def _out_of_range(style: PromptStyle) -> str | None:
    if not 0 <= style.examples <= 20:
        return f"examples is a number from 0 to 20, not {style.examples}"
    if not 64 <= style.picture_size <= 2048:
        return f"picture_size is a number of pixels from 64 to 2048, not {style.picture_size}"
    return None


def _at_odds(style: PromptStyle) -> str | None:
    """Two names for one cell in the same prompt."""
    if style.naming == "letters" and style.view == "coordinates" and style.board != "picture":
        fit = ", ".join(view for view in VIEWS if view != "coordinates")
        return f"view=coordinates numbers the columns, naming=letters does not; the views it takes are: {fit}"
    return None


def style_fields(style: PromptStyle) -> dict[str, Any]:
    """The style as plain data for a record."""
    return asdict(style)
