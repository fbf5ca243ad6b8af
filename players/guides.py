"""Guides: bounds of what a model may write (structured output), made from a turn and its prompt style.

With a guide a model can't break the form, and with 'legal' or 'any' it can't name what is no action: what is
measured is then another skill. So a guide is an option apart from the style, and enters the record.

    legal          the actions that are legal here
    any            every action that the board names, legal here or not
    form           the declared form, with any word for the action
    regex:PATTERN  whole replies that a regular expression of one's own describes

Patterns keep to what Python, xgrammar and LLGuidance read alike: literals, (...|...), classes, {1,n}.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from games.base import Game, GameError
from games.status import claimable
from players.base import PlayerError, Turn
from players.completers.base import Guide
from players.forms import written
from players.naming import Names, names_of
from players.prompts.style import PromptStyle

KINDS = ("legal", "any", "form")
OWN = "regex:"
_WORD = "[!-~]{1,40}"
"""Any action as a word: the printable characters of ASCII without the space."""


def check_guide(kind: str, style: PromptStyle, game: Game[Any] | None = None) -> None:
    """PlayerError if there is no such guide, or it does not go with the style or the game."""
    if not kind:
        return
    if kind not in KINDS and not kind.startswith(OWN):
        raise PlayerError(f"unknown guide {kind!r}; there are: {', '.join(KINDS)}, {OWN}PATTERN")
    if style.reason:
        raise PlayerError(f"guide={kind} bounds the whole reply and leaves no room to think: add reason=no")
    if kind.startswith(OWN):
        _check_pattern(kind.removeprefix(OWN))
    elif kind == "any" and game is not None:
        _named_actions(game)


def guide_for(turn: Turn, style: PromptStyle, kind: str) -> Guide | None:
    """The guide for the reply to a turn; None where nothing bounds it."""
    check_guide(kind, style)
    if not kind:
        return None
    if kind.startswith(OWN):
        return Guide("regex", regex=kind.removeprefix(OWN))
    names = names_of(turn.game, style.naming)
    actions = _actions(turn, names, kind)
    stated = claimable(turn.game) if style.status else ()
    if style.form == "json":
        return Guide(kind, schema=_schema(actions, stated))
    return Guide(kind, regex=_pattern(style, actions, stated))


def obeys(guide: Guide, text: str) -> bool:
    """Whether a reply keeps to its guide, but for spaces around it. Some servers ignore guides silently."""
    if guide.schema is None:
        return re.fullmatch(guide.regex, text.strip()) is not None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return False
    rules = guide.schema["properties"]
    return (
        isinstance(said, dict)
        and set(said) == set(rules)
        and all(_fits(said[key], rules[key]) for key in said)
    )


def _fits(value: object, rule: dict[str, Any]) -> bool:
    return isinstance(value, str) and value in rule.get("enum", (value,))


# Which actions ----------------------------------------------------------------------------------------------


def _actions(turn: Turn, names: Names, kind: str) -> tuple[str, ...]:
    """The names of the actions that a guide allows; () for any word."""
    legal = [turn.game.format_action(turn.state, action) for action in turn.legal_actions]
    if kind == "any":
        legal = list(dict.fromkeys((*_named_actions(turn.game), *legal)))
    return () if kind == "form" else tuple(map(names.name, legal))


@lru_cache(maxsize=256)
def _named_actions(game: Game[Any]) -> tuple[str, ...]:
    """Every action the board names, in notation, in its order; PlayerError where it names none."""
    start = game.initial_state()
    grids = game.layout(start)
    labels = [
        label for grid in grids for label in (*grid.column_labels, *(cell.label for cell in grid.cells))
    ]
    first = [
        game.format_action(start, action)
        for seat in game.seats_to_move(start)
        for action in game.legal_actions(start, seat)
    ]
    marked = [notation for notation in first if notation[1:] in labels]  # 'X5' beside the label '5'
    named = [label for label in dict.fromkeys(labels) if label and _is_action(game, start, label)]
    if not named and not marked:
        raise PlayerError(
            f"guide=any: the board of {game.spec} does not name its actions; the guides are: legal, form, "
            f"{OWN}PATTERN"
        )
    return tuple(dict.fromkeys((*named, *marked)))


def _is_action(game: Game[Any], state: Any, text: str) -> bool:
    try:
        game.parse_action(state, text)
    except GameError:
        return False
    return True


# How it is written ------------------------------------------------------------------------------------------


def _schema(actions: tuple[str, ...], stated: tuple[str, ...]) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "answer": {"type": "string", **({"enum": list(actions)} if actions else {})}
    }
    if stated:
        properties["status"] = {"type": "string", "enum": list(stated)}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _pattern(style: PromptStyle, actions: tuple[str, ...], stated: tuple[str, ...]) -> str:
    frame = _literal(written(style.form, "ACTION", "STATUS" if stated else None))
    action = _one_of(actions) if actions else _WORD
    return frame.replace("ACTION", action).replace("STATUS", _one_of(stated))


def _one_of(texts: tuple[str, ...]) -> str:
    return f"({'|'.join(map(_literal, texts))})"


def _literal(text: str) -> str:
    """The text as a pattern; unlike re.escape it leaves alone what not every engine lets be escaped."""
    return re.sub(r"([\\.^$*+?{}()\[\]|])", r"\\\1", text).replace("\n", r"\n")


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise PlayerError(f"guide={OWN}{pattern}: not a regular expression: {error}") from error
