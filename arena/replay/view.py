"""How a match is being looked at, and what each command makes of it: pure, whatever shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from arena.replay.story import Event, Story
from games.base import Seat
from renderers.theme import THEMES


class Pane(StrEnum):
    """Which words of the players are shown."""

    REPLY = "reply"
    REASONING = "reasoning"
    PROMPT = "prompt"


class Command(StrEnum):
    """What a person may ask of a replay; the words stand in the help."""

    NEXT = "next ply"
    BACK = "ply before"
    FIRST = "start"
    LAST = "end"
    NEXT_BLUNDER = "next blunder"
    LAST_BLUNDER = "blunder before"
    NEXT_ILLEGAL = "next refused attempt"
    LAST_ILLEGAL = "refused attempt before"
    NEXT_CLAIM = "next wrong claim"
    LAST_CLAIM = "wrong claim before"
    VALUES = "exact values on or off"
    HIDDEN = "hidden state on or off"
    FLIP = "the other seat's view"
    PANE = "reply, reasoning or prompt"
    DOWN = "scroll down"
    UP = "scroll up"
    PLAY = "play or pause"
    FASTER = "play faster"
    SLOWER = "play slower"
    THEME = "light or dark"
    HELP = "this help"


T = TypeVar("T")
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Steps a second."""
SCROLL_LINES = 5


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of a story, and how."""

    number: int = 0
    """Of the step."""
    values: bool = True
    hidden: bool = False
    """Whether what the seats don't see is shown."""
    seat: Seat = 0
    """Whose view it is: the value of a position is told for this seat."""
    pane: Pane = Pane.REPLY
    scroll: int = 0
    """Lines that are above the pane."""
    playing: bool = False
    speed: float = 1.0
    theme: str = "light"
    help: bool = False


EVENTS: dict[Command, tuple[Event, int]] = {
    Command.NEXT_BLUNDER: (Event.BLUNDER, 1),
    Command.LAST_BLUNDER: (Event.BLUNDER, -1),
    Command.NEXT_ILLEGAL: (Event.ILLEGAL, 1),
    Command.LAST_ILLEGAL: (Event.ILLEGAL, -1),
    Command.NEXT_CLAIM: (Event.WRONG_CLAIM, 1),
    Command.LAST_CLAIM: (Event.WRONG_CLAIM, -1),
}


def after(view: View, command: Command, story: Story) -> View:
    """The view after a command."""
    last = len(story.steps) - 1
    if command in EVENTS:
        found = story.find(EVENTS[command][0], view.number, EVENTS[command][1])
        return view if found is None else at(view, found, story)
    match command:
        case Command.NEXT | Command.BACK:
            return at(view, view.number + (1 if command is Command.NEXT else -1), story)
        case Command.FIRST | Command.LAST:
            return at(view, 0 if command is Command.FIRST else last, story)
        case Command.VALUES:
            return replace(view, values=not view.values)
        case Command.HIDDEN:
            return replace(view, hidden=not view.hidden)
        case Command.FLIP:
            return replace(view, seat=(view.seat + 1) % story.game.num_seats)
        case Command.PANE:
            return replace(view, pane=_next(list(Pane), view.pane), scroll=0)
        case Command.DOWN | Command.UP:
            lines = SCROLL_LINES if command is Command.DOWN else -SCROLL_LINES
            return replace(view, scroll=max(0, view.scroll + lines))
        case Command.PLAY:
            start = 0 if view.number == last else view.number
            return replace(view, playing=not view.playing, number=view.number if view.playing else start)
        case Command.FASTER | Command.SLOWER:
            place = SPEEDS.index(view.speed) + (1 if command is Command.FASTER else -1)
            return replace(view, speed=SPEEDS[min(max(place, 0), len(SPEEDS) - 1)])
        case Command.THEME:
            return replace(view, theme=_next(list(THEMES), view.theme))
        case _:
            return replace(view, help=not view.help)


def at(view: View, number: int, story: Story) -> View:
    """The view at another step, as near as there is one."""
    number = min(max(number, 0), len(story.steps) - 1)
    playing = view.playing and number < len(story.steps) - 1
    return replace(view, number=number, scroll=0, playing=playing)


def _next(choices: list[T], now: T) -> T:
    return choices[(choices.index(now) + 1) % len(choices)]
