"""What a language model is asked: prompt styles, put together from parts.

A style is data; every sentence it produces comes from the game and is true in its code. It never holds
advice, and the worked examples are random legal plies of the same game, not good ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from random import Random
from typing import Any

from games.base import Action, Game, Seat
from games.status import status_after, statuses
from players.base import Played, PlayerError, Turn
from players.completers.base import Message, Messages
from players.parser import FORMS
from renderers.scene import scene_of
from renderers.text import VIEWS


@dataclass(frozen=True, slots=True)
class PromptStyle:
    """How a turn is put to a model. Field by field it enters the record."""

    name: str
    version: int = 2
    """Raised whenever the same fields would give another prompt."""
    view: str = "rows"
    """Text view of the board, one of renderers.text.VIEWS."""
    form: str = "line"
    """Answer form that the parser reads, one of players.parser.FORMS."""
    status: bool = True
    """Ask for the status of the board after the move."""
    legal: bool = False
    """List the legal actions."""
    history: bool = False
    """List the plies so far."""
    reason: bool = True
    """Leave room to think before the answer; else ask for the answer alone."""
    examples: int = 0
    """Worked turns shown before the real one."""


STYLES: Mapping[str, PromptStyle] = {
    style.name: style
    for style in (
        PromptStyle("plain"),
        PromptStyle("terse", reason=False),
        PromptStyle("examples", reason=False, examples=3),
        PromptStyle("listed", reason=False, examples=3, legal=True),
    )
}
"""The prompt styles by name; any field can be overridden in a player string."""


def style_of(name: str, **overrides: Any) -> PromptStyle:
    """The named style with some fields replaced; PlayerError names what there is."""
    if name not in STYLES:
        raise PlayerError(f"unknown prompt style {name!r}; there are: {', '.join(STYLES)}")
    style = replace(STYLES[name], **overrides)
    if style.view not in VIEWS:
        raise PlayerError(f"unknown view {style.view!r}; there are: {', '.join(VIEWS)}")
    if style.form not in FORMS:
        raise PlayerError(f"unknown answer form {style.form!r}; there are: {', '.join(FORMS)}")
    if not 0 <= style.examples <= 20:
        raise PlayerError(f"examples is a number from 0 to 20, not {style.examples}")
    return style


def messages_for(turn: Turn, style: PromptStyle) -> Messages:
    """The conversation that puts a turn to a model: rules, worked turns, the turn, rejected attempts."""
    system = Message("system", _introduction(turn.game, style))
    asked = Message("user", _question(turn.game, turn, style))
    return (system, *_worked_turns(turn.game, style), asked, *_rejections(turn))


def style_fields(style: PromptStyle) -> dict[str, Any]:
    """The style as plain data for a record."""
    return asdict(style)


def _introduction(game: Game[Any], style: PromptStyle) -> str:
    rules = "\n".join(f"- {rule}" for rule in game.rules)
    return f"You are playing {game.title}.\n{rules}\n\n{_answer_form(game, style)}"


def _answer_form(game: Game[Any], style: PromptStyle) -> str:
    lines = ["Answer: " + ("[ACTION]" if style.form == "brackets" else "ACTION")]
    if style.form == "brackets":
        lines = ["[ACTION]"]
    meanings = [f"ACTION is {game.action_help}."]
    if style.status:
        lines.append("Status: STATUS")
        named = ", ".join(f'"{status}"' for status in statuses(game))
        meanings.append(f"STATUS is the status of the game after your move, one of {named}.")
    count = "one line" if len(lines) == 1 else "two lines"
    ask = (
        f"You may think first. End your reply with {count} of this form:"
        if style.reason
        else f"Reply with {count} of this form and nothing else:"
    )
    return "\n".join([ask, *lines, "where " + " ".join(meanings)])


def _question(game: Game[Any], turn: Turn, style: PromptStyle) -> str:
    """The turn itself. The legal actions come last: small models copy what stands nearest to the answer."""
    parts = []
    if style.history:
        parts.append(f"Moves so far: {_plies(game, turn.history)}.")
    parts.append(f"The board:\n{VIEWS[style.view](scene_of(game, turn.state))}")
    who = f"You are {game.seat_names[turn.seat]} and it" if game.num_seats > 1 else "It"
    parts.append(f"{who} is your turn.")
    if style.legal:
        legal = ", ".join(game.format_action(turn.state, a) for a in turn.legal_actions)
        parts.append(f"Legal actions: {legal}.")
    return "\n".join(parts)


def _plies(game: Game[Any], history: tuple[Played, ...] | None) -> str:
    if history is None:
        return "not known"
    return ", ".join(f"{game.seat_names[ply.seat]} {ply.notation}" for ply in history) or "none"


def _worked_turns(game: Game[Any], style: PromptStyle) -> tuple[Message, ...]:
    messages = []
    for turn, action in _example_turns(game, style.examples):
        notation = game.format_action(turn.state, action)
        lines = [f"[{notation}]" if style.form == "brackets" else f"Answer: {notation}"]
        if style.status:
            lines.append(f"Status: {status_after(game, turn.state, turn.seat, action) or 'in play'}")
        messages.append(Message("user", _question(game, turn, style)))
        messages.append(Message("assistant", "\n".join(lines)))
    return tuple(messages)


@lru_cache(maxsize=64)
def _example_turns(game: Game[Any], count: int) -> tuple[tuple[Turn, Action], ...]:
    """Turns from seeded random play and what was done there, the same for everybody who plays this game."""
    rng = Random(f"worked turns of {game.spec}")
    turns: list[Turn] = []
    while len(turns) < count:
        met = list(_random_turns(game, rng))
        turns.append(rng.choice(met))
    return tuple((turn, turn.rng.choice(turn.legal_actions)) for turn in turns)


def _random_turns(game: Game[Any], rng: Random) -> list[Turn]:
    turns, state = [], game.initial_state()
    history: tuple[Played, ...] = ()
    while game.outcome(state) is None:
        seats: tuple[Seat, ...] = game.seats_to_move(state)
        for seat in seats:
            seen = game.observe(state, seat)
            legal = game.legal_actions(state, seat)
            turns.append(Turn(game, seen, seat, legal, Random(rng.random()), history))
        joint = {seat: rng.choice(game.legal_actions(state, seat)) for seat in seats}
        history += tuple(Played(seat, a, game.format_action(state, a)) for seat, a in joint.items())
        followers = game.transitions(state, joint)
        state = rng.choices([t.state for t in followers], [t.probability for t in followers])[0]
    return turns


def _rejections(turn: Turn) -> tuple[Message, ...]:
    messages = []
    for attempt in turn.rejected:
        messages.append(Message("assistant", attempt.text or "(no answer)"))
        messages.append(
            Message("user", f"That was not accepted: {attempt.why}. Answer again, in the form asked for.")
        )
    return tuple(messages)
