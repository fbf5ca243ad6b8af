"""What a model is told of its attempts at a turn that were not accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from players.base import Problem, Rejected, Turn
from players.completers.base import Message, Messages
from players.naming import Names
from players.parser import parse_reply
from players.prompts.style import PromptStyle

LONGEST_ECHO = 2000
"""Characters of a rejected reply that are shown to the model again."""

Words: TypeAlias = Callable[[Rejected], str]

_KINDS: Mapping[Problem, str] = {
    Problem.ILLEGAL: "That action is not legal here",
    Problem.UNPARSABLE: "No action could be read in that reply",
    Problem.TRUNCATED: "That reply was cut off",
    Problem.EMPTY: "That reply was empty",
    Problem.TIMEOUT: "That reply came too late",
}


def rejections(turn: Turn, style: PromptStyle, names: Names) -> Messages:
    """The rejected attempts that the style shows, each with what is said of it; with 'none' nothing is."""
    shown = {"none": (), "all": turn.rejected}.get(style.feedback, turn.rejected[-1:])

    def said(attempt: Rejected) -> str:
        if style.feedback == "illegal":
            return _KINDS[attempt.problem]
        return f"That was not accepted: {_reason(attempt, turn, style, names)}"

    return tuple(message for attempt in shown for message in _answered(attempt, said(attempt)))


def _answered(attempt: Rejected, said: str) -> Messages:
    return (
        Message("assistant", _shortened(attempt.text) or "(no answer)"),
        Message("user", f"{said}. Answer again, in the form asked for."),
    )


def _shortened(text: str) -> str:
    """A reply as it is echoed: of a long one the beginning, and the end, where an answer stands.

    Unbounded, replies that run on would fill the context of the model that wrote them.
    """
    if (over := len(text) - LONGEST_ECHO) <= 0:
        return text
    half = LONGEST_ECHO // 2
    return f"{text[:half]}\n[... {over} characters left out ...]\n{text[-half:]}"


def _reason(attempt: Rejected, turn: Turn, style: PromptStyle, names: Names) -> str:
    """Why, in the names of the prompt: the referee speaks the game's notation, the parser the style's."""
    if style.naming == "notation" or attempt.problem is not Problem.ILLEGAL:
        return attempt.why
    action = parse_reply(attempt.text, turn.game, turn.state, style.form, style.naming).action
    named = "that" if action is None else names.of(turn.state, action)
    return f"{named} is not a legal action here"
