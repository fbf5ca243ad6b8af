"""What a player is given and what it gives back.

A player has one method: choose(turn) -> reply. A turn carries structure (the game, the observed state, the
legal actions, the history), never only prose, so that a minimax player never has to read a prompt.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any, ClassVar

from games.base import Action, Game, Seat
from players.completers.base import Completion

LEFT = "the human has left"
"""Why a match ended from which a person went: the fault of nobody."""


class Problem(StrEnum):
    """What was wrong with a reply: always the player's fault, never the provider's."""

    TRUNCATED = "truncated"
    """Cut off by the token limit."""
    EMPTY = "empty"
    """No answer text at all."""
    UNPARSABLE = "unparsable"
    """No action in the declared form."""
    ILLEGAL = "illegal"
    """An action that is not allowed here."""
    TIMEOUT = "timeout"
    """No reply within the time that the rules of the match give."""


class PlayerError(Exception):
    """A player can't take part: unknown name or option, missing key, missing extra, model not found."""


@dataclass(frozen=True, slots=True)
class Played:
    """One ply of the history, as everybody at the board saw it."""

    seat: Seat
    action: Action
    notation: str
    attempts: int = 1
    """Replies it took, the accepted one included."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """An attempt at this turn that was not accepted."""

    text: str
    problem: Problem
    why: str


@dataclass(frozen=True, slots=True)
class Turn:
    """The occasion offered to a player."""

    game: Game[Any]
    state: Any
    """What the seat may see of the state."""
    seat: Seat
    legal_actions: tuple[Action, ...]
    rng: Random
    """The only source of chance a player may use; seeded by match and seat."""
    history: tuple[Played, ...] | None = ()
    """The plies so far, those of the opening included; None where only the state is known."""
    rejected: tuple[Rejected, ...] = ()
    """Attempts at this turn that were not accepted, oldest first."""
    seconds: float | None = None
    """Time for this reply by the rules of the match; None for no limit. See Player.keeps_clock."""


@dataclass(frozen=True, slots=True)
class Call:
    """A further call to a model on the way to a reply: a sample, a check, an evaluation."""

    purpose: str
    """What it was for, in words: 'sample 2 of 5', 'value of 5 after 3'."""
    completion: Completion | None = field(default=None, repr=False)
    """None where no answer came in time."""
    found: str = ""
    """What was read in it, or why nothing was."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a player says: an action, or the problem that left it without one."""

    action: Action | None
    text: str = ""
    """The reply word for word."""
    problem: Problem | None = None
    why: str = ""
    """The problem in words, for the record and the next attempt."""
    claim: str | None = None
    """The status of the board after the move as the player states it, one of games.status.statuses."""
    completion: Completion | None = field(default=None, repr=False)
    """The one that decided; what else was asked stands in `calls`."""
    calls: tuple[Call, ...] = ()
    """Further calls it took, in the order in which they were made."""
    note: str = ""
    """How several calls became one reply, or what helped a person to it; for the record."""


class Player(ABC):
    """Somebody who sits in a seat."""

    keeps_clock: ClassVar[bool] = False
    """Whether choose() ends at turn.seconds by itself, with Problem.TIMEOUT.

    Only a player who knows what it waits for can leave out the time that faults of the world take. Whoever
    asks a player that does not keep the clock stops it from outside.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        """The player string, which stands for it in records and tables."""

    @property
    def config(self) -> Mapping[str, Any]:
        """Everything that determines how it plays, defaults included; goes into the record."""
        return {"player": self.name}

    async def start(self, game: Game[Any]) -> None:
        """Get ready for a game (load a model, solve the game); PlayerError if that can't be."""

    @abstractmethod
    async def choose(self, turn: Turn) -> Reply:
        """An action for the turn. May raise ProviderError, which is the world's fault, not the player's."""

    async def close(self) -> None:
        """Give back what start took."""
