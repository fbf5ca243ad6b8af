"""What a person sees of a match under way, and what each key and click makes of it: pure.

It is made from what the seat may observe and from nothing else, so that nothing can leak into the window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from arena.match import Event
from arena.play.aim import Choice, Path, aimed, choices, clicked, labels_of
from arena.record import MatchRecord
from games.base import Game, Seat
from games.values import Value
from players.base import Played, Turn
from renderers.scene import Scene, scene_of

LONGEST_TEXT = 40
"""Letters that may be typed; no action has as many."""


class Deed(StrEnum):
    """What a person asks for, beside looking at something else."""

    PLAY = "play"
    COACH = "coach"
    AGAIN = "again"
    LEAVE = "leave"


class Asked(NamedTuple):
    """A deed; with PLAY the notation of the action."""

    deed: Deed
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything that is shown."""

    game: Game[Any]
    players: tuple[str, ...]
    seat: Seat
    """The person's."""
    state: Any
    """As far as the seat may see it."""
    before: Any = None
    """One turn earlier, so far as it is known: what is new is marked."""
    legal: tuple[str, ...] = ()
    """What the person may do now, in notation; nothing while others think."""
    history: tuple[Played, ...] = ()
    waits_for: str = "the players get ready"
    """Whom or what the match waits for; '' for the person."""
    path: Path = ()
    """Places that have been clicked."""
    typed: str = ""
    page: int = 0
    """Of the chips."""
    point: tuple[float, float] | None = None
    """Where the mouse is."""
    told: str = ""
    """What is to be said of the last key or click."""
    values: Mapping[str, Value] | None = None
    """What the coach said of this position."""
    coach: str = ""
    """What the coach is doing, or why it does not know."""
    consulted: int = 0
    """Turns of this match in which the coach was asked."""
    cost: str = ""
    """What the last action gave away, where the coach told its values."""
    record: MatchRecord | None = None
    """Once the match is over."""
    judging: bool = False
    """Verdicts are still worked out."""
    where: str = ""
    """The folder of the record."""
    notice: str = ""
    """What is to be known of all matches of the sitting."""
    failed: str = ""
    """Why nothing can be played; any key ends it."""
    theme: str = "light"

    @property
    def to_move(self) -> bool:
        """Whether the match waits for the person."""
        return bool(self.legal)

    @property
    def scene(self) -> Scene:
        """The board, without a word of the coach."""
        return scene_of(self.game, self.state, before=self.before)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be done, with the places it lies on."""
        return _choices(self.game, self.legal, labels_of(self.scene))

    @property
    def offered(self) -> tuple[str, ...]:
        """The actions that agree with what was clicked and typed so far; all where none agrees."""
        found = tuple(choice.name for choice in aimed(self.choices, self.path))
        typed = self.typed.lower()
        return tuple(name for name in found if name.lower().startswith(typed)) or found


@lru_cache(maxsize=64)
def _choices(game: Game[Any], names: tuple[str, ...], labels: frozenset[str]) -> tuple[Choice, ...]:
    return choices(game, names, labels)


# What the match does --------------------------------------------------------------------------------------


def at_turn(sight: Sight, turn: Turn) -> Sight:
    """The person is to move."""
    game, history = turn.game, turn.history or ()
    return replace(
        _fresh(sight),
        state=turn.state,
        before=sight.before if sight.state == turn.state else sight.state,
        legal=tuple(game.format_action(turn.state, action) for action in turn.legal_actions),
        history=history,
        waits_for="",
    )


def at_event(sight: Sight, event: Event) -> Sight:
    """Somebody else is asked. What they reply is known when the turn is over, not before."""
    if event.reply is not None or event.seat == sight.seat or sight.to_move:
        return sight
    state = event.game.observe(event.state, sight.seat)
    before = sight.before if sight.state == state else sight.state
    name, mark = sight.players[event.seat], event.game.seat_names[event.seat]
    return replace(_fresh(sight), state=state, before=before, waits_for=f"{name} ({mark}) thinks")


def at_end(sight: Sight, record: MatchRecord, *, judging: bool) -> Sight:
    """The match is over. What the seat may not see then, it is not shown: the replay shows everything."""
    state = sight.game.observe(sight.game.parse_state(record.final_state), sight.seat)
    before = sight.before if sight.state == state else sight.state
    over = replace(_fresh(sight), state=state, before=before, waits_for="", record=record, judging=judging)
    return replace(over, cost="")


def advised(sight: Sight, values: Mapping[str, Value] | None, why: str = "") -> Sight:
    """The coach has answered."""
    return replace(sight, values=values, coach=why)


def _fresh(sight: Sight) -> Sight:
    """Nothing is chosen, nothing typed, nothing known of the position."""
    return replace(sight, legal=(), path=(), typed="", page=0, told="", values=None, coach="")


# What the person does -------------------------------------------------------------------------------------


def chosen(sight: Sight, label: str) -> tuple[Sight, Asked | None]:
    """A place of the board was clicked."""
    path, name = clicked(sight.choices, sight.path, label)
    several = len(aimed(sight.choices, path)) > 1 if path else False
    told = "" if name or path or not sight.to_move else f"nothing can be played at {label}"
    if several and not any(len(choice.places) > len(path) for choice in aimed(sight.choices, path)):
        told = "which one? choose beside the board"
    seen = replace(sight, path=path, typed="", page=0, told=told)
    return seen, Asked(Deed.PLAY, name) if name else None


def pressed(sight: Sight, key: str) -> tuple[Sight, Asked | None]:
    """A key: a letter, or the name of one that writes none ('enter', 'page down')."""
    if sight.failed:
        return sight, Asked(Deed.LEAVE)
    if key == "escape":
        return _escaped(sight)
    if sight.record is not None:
        wanted = key in ("enter", "r") and not sight.judging
        return sight, Asked(Deed.AGAIN) if wanted else None
    if key == "tab" or (key == "c" and is_free(sight, "c")):
        return sight, Asked(Deed.COACH) if sight.to_move else None
    if key in ("page down", "page up"):
        return replace(sight, page=max(0, sight.page + (1 if key == "page down" else -1))), None
    if key == "backspace":
        return replace(sight, typed=sight.typed[:-1], page=0, told=""), None
    if key == "enter":
        return _entered(sight)
    if key in sight.legal and len(key) > 1:  # an arrow that is the name of an action
        return sight, Asked(Deed.PLAY, key)
    return (_typed(sight, key) if len(key) == 1 else sight), None


def is_free(sight: Sight, letter: str) -> bool:
    """Whether a letter can be a command: no action that may be typed begins with it."""
    return not sight.typed and not any(name.lower().startswith(letter) for name in sight.legal)


def _escaped(sight: Sight) -> tuple[Sight, Asked | None]:
    """What was begun is put back first; then one leaves."""
    if sight.typed or sight.path:
        return replace(sight, typed="", path=(), page=0, told=""), None
    return sight, Asked(Deed.LEAVE)


def _typed(sight: Sight, letter: str) -> Sight:
    if not letter.isprintable() or letter.isspace() or not sight.to_move:
        return sight
    return replace(sight, typed=(sight.typed + letter)[:LONGEST_TEXT], path=(), page=0, told="")


def _entered(sight: Sight) -> tuple[Sight, Asked | None]:
    """What was typed is played, if it is a legal action; a slip costs nothing."""
    exact = [name for name in sight.legal if name.lower() == sight.typed.lower()]
    if exact:
        return sight, Asked(Deed.PLAY, exact[0])
    told = f"{sight.typed!r} is no legal action here" if sight.typed and sight.to_move else ""
    return replace(sight, told=told), None
