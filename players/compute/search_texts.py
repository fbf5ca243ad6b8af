"""What a search asks a model, and how the two answers are read: actions to look at, and a number.

A question is put as for a turn, rules and board included; the request for another kind of answer follows at
its end. As with any reply only the declared form is read, the last one wins, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from games.base import Action, GameError
from players.base import Turn
from players.completers.base import Completion, Messages
from players.llm import CUT_OFF

VERSION = 1
"""Raised whenever the words, or what is read, change."""

_PROPOSE = """Do not choose yet. Name up to {count} that may be good here, the best first.
{ending}
Candidates: ACTION, ACTION, ..."""

_EVALUATE = """Do not choose an action. Say how good this board is for {seat}, with a number from 0 to 100:
0 if {seat} is sure to lose, 50 if neither side is better, 100 if {seat} is sure to win.
{ending}
Evaluation: NUMBER"""

_ENDING = {
    True: "You may think first. End your reply with one line of this form, in place of the answer:",
    False: "Reply with one line of this form and nothing else, in place of the answer:",
}

_LINE = r"^[^\w\n]*{word}[*_`]* ?:(.*)$"
_CANDIDATES = re.compile(_LINE.format(word="candidates"), re.I | re.M)
_EVALUATION = re.compile(_LINE.format(word="evaluation"), re.I | re.M)
_NUMBER = re.compile(r"[*_`\s]*(\d+(?:\.\d+)?)(?: ?/ ?100| ?%)?[*_`.\s]*")
_REMARK = re.compile(r"\([^()]*\)")
_WRAPPING = "*_`\"'[]<>"


@dataclass(frozen=True, slots=True)
class Candidates:
    """The actions that a model proposes, and what it named in vain."""

    actions: tuple[Action, ...]
    """Legal ones, each once, in its order."""
    left_out: tuple[str, ...] = ()
    """Words of its line that are no legal action."""
    why: str = ""
    """Why there is none."""


def with_proposal(messages: Messages, count: int, *, reason: bool) -> Messages:
    """A turn's conversation that asks for actions to look at."""
    many = "1 action" if count == 1 else f"{count} actions"
    return _with(messages, _PROPOSE.format(count=many, ending=_ENDING[reason]))


def with_evaluation(messages: Messages, seat: str, *, reason: bool) -> Messages:
    """A turn's conversation that asks how good the board is for a seat."""
    return _with(messages, _EVALUATE.format(seat=seat, ending=_ENDING[reason]))


def _with(messages: Messages, text: str) -> Messages:
    *before, last = messages
    return (*before, replace(last, content=f"{last.content}\n\n{text}"))


def read_candidates(completion: Completion, turn: Turn) -> Candidates:
    """The legal actions in the last line 'Candidates: ...'."""
    said = _last(_CANDIDATES, completion)
    if said is None:
        return Candidates((), why="no line 'Candidates: ...' in the reply")
    actions: list[Action] = []
    left_out = []
    for word in _words(said):
        action = _action(word, turn)
        if action is None:
            left_out.append(word)
        elif action not in actions:
            actions.append(action)
    return Candidates(tuple(actions), tuple(left_out), "" if actions else "no legal action is named")


def read_evaluation(completion: Completion) -> float | None:
    """The number from 0 to 100 in the last line 'Evaluation: ...'; None if there is none."""
    said = _last(_EVALUATION, completion)
    found = _NUMBER.fullmatch(said) if said is not None else None
    value = float(found[1]) if found else None
    return value if value is not None and value <= 100 else None


def _last(line: re.Pattern[str], completion: Completion) -> str | None:
    """What the last such line says; a reply that was cut off says nothing."""
    said: list[str] = [] if completion.finish_reason == CUT_OFF else line.findall(completion.text)
    return said[-1] if said else None


def _words(said: str) -> Iterator[str]:
    for word in re.split(r"[\s,;]+", _REMARK.sub(" ", said)):
        bare = word.strip(_WRAPPING).rstrip(".").strip(_WRAPPING)
        if bare and bare != "...":
            yield bare


def _action(word: str, turn: Turn) -> Action | None:
    try:
        action = turn.game.parse_action(turn.state, word)
    except GameError:
        return None
    return action if action in turn.legal_actions else None
