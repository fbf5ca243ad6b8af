"""The conversation that puts a turn to a model: rules, worked turns, the turn, rejected attempts."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from games.base import Game
from games.status import claimable, status_after
from players.base import Played, PlayerError, Turn
from players.completers.base import Message, Messages
from players.forms import written
from players.naming import Names, names_of
from players.pictures import board_picture
from players.prompts.examples import example_turns
from players.prompts.feedback import rejections
from players.prompts.style import PromptStyle
from renderers.scene import Scene, scene_of
from renderers.text import VIEWS


def messages_for(turn: Turn, style: PromptStyle) -> Messages:
    """What a model is asked at a turn; PlayerError where the style does not go with the game."""
    names = names_of(turn.game, style.naming)
    return (
        *_before_the_turn(turn.game, style),
        _question(turn, style, names),
        *rejections(turn, style, names),
    )


@lru_cache(maxsize=256)
def _before_the_turn(game: Game[Any], style: PromptStyle) -> Messages:
    """What is the same for every turn of a game."""
    check_style(game, style)
    names = names_of(game, style.naming)
    return (Message("system", _introduction(names, style)), *_worked_turns(names, style))


def check_style(game: Game[Any], style: PromptStyle) -> None:
    """PlayerError if a style does not go with a game."""
    names_of(game, style.naming)
    if style.board != "text" and not game.layout(game.initial_state()):
        raise PlayerError(f"{game.spec} has no board to draw: board={style.board} can't be; take board=text")


# Rules and answer form --------------------------------------------------------------------------------------


def _introduction(names: Names, style: PromptStyle) -> str:
    rules = "\n".join(f"- {rule}" for rule in names.game.rules)
    return f"You are playing {names.game.title}.\n{rules}\n\n{_answer_form(names, style)}"


def _answer_form(names: Names, style: PromptStyle) -> str:
    stated = claimable(names.game) if style.status else ()
    template = written(style.form, "ACTION", "STATUS" if stated else None)
    meanings = [f"ACTION is {names.help}."]
    if stated:
        named = ", ".join(f'"{status}"' for status in stated)
        meanings.append(f"STATUS is the status of the game after your move, one of {named}.")
    what = "one JSON object" if style.form == "json" else ("one line", "two lines")[template.count("\n")]
    ask = (
        f"You may think first. End your reply with {what} of this form:"
        if style.reason
        else f"Reply with {what} of this form and nothing else:"
    )
    return "\n".join([ask, template, "where " + " ".join(meanings)])


# The turn ---------------------------------------------------------------------------------------------------


def _question(turn: Turn, style: PromptStyle, names: Names) -> Message:
    """The turn itself. The legal actions come last: small models copy what stands nearest to the answer."""
    game, scene = turn.game, names.scene(scene_of(turn.game, turn.state))
    parts = []
    if style.history:
        parts.append(f"Moves so far: {_plies(turn.history, names)}.")
    parts.append(_board(scene, style))
    who = f"You are {game.seat_names[turn.seat]} and it" if game.num_seats > 1 else "It"
    parts.append(f"{who} is your turn.")
    if style.legal:
        legal = names.listed(names.of(turn.state, action) for action in turn.legal_actions)
        parts.append(f"Legal actions: {legal}.")
    pictures = () if style.board == "text" else (board_picture(scene, style),)
    return Message("user", "\n".join(parts), pictures)


def _board(scene: Scene, style: PromptStyle) -> str:
    if style.board == "picture":
        return "The board is shown in the picture."
    heading = (
        "The board:" if style.board == "text" else "The board is shown in the picture, and here as text:"
    )
    return f"{heading}\n{VIEWS[style.view](scene)}"


def _plies(history: tuple[Played, ...] | None, names: Names) -> str:
    if history is None:
        return "not known"
    seats = names.game.seat_names
    return names.listed(f"{seats[ply.seat]} {names.name(ply.notation)}" for ply in history) or "none"


def _worked_turns(names: Names, style: PromptStyle) -> Messages:
    messages: list[Message] = []
    asked = style.status and claimable(names.game)
    for turn, action in example_turns(names.game, style.examples):
        after = status_after(names.game, turn.state, turn.seat, action) if asked else None
        answer = written(style.form, names.of(turn.state, action), after)
        messages += [_question(turn, style, names), Message("assistant", answer)]
    return tuple(messages)
