"""The contract of a game: rules with their parameters, as pure functions over frozen states.

The one idea: a Game never changes and a state never changes. Playing is making new states, undoing is
keeping old ones. A Game knows no prompt, colour, clock or network; randomness is the caller's business,
the game only says with which probability what happens.

Words: seat 0 moves first. An action is a small int, with a text beside it (format_action / parse_action).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import ClassVar, Generic, NamedTuple, TypeAlias, TypeVar

from games.layout import Grid

Seat: TypeAlias = int
Action: TypeAlias = int
Joint: TypeAlias = Mapping[Seat, Action]
"""One action for every seat to move: {seat: action}; empty where chance moves."""
S = TypeVar("S", bound=Hashable)


class GameError(ValueError):
    """Base of what a game refuses; the message carries the offending text and the state."""


class ParameterError(GameError):
    """A game was asked for with parameters that make no game."""


class NotationError(GameError):
    """A text is not the notation of an action or a state."""


class ImpossibleStateError(GameError):
    """A state text is well-formed, but no play leads there."""


class IllegalActionError(GameError):
    """A well-formed action is not allowed in this state."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The natural end of a match: the return of each seat, and why it ended."""

    returns: tuple[float, ...]
    reason: str


class Transition(NamedTuple, Generic[S]):
    """One way a ply may turn out."""

    probability: float
    state: S


class Image(NamedTuple, Generic[S]):
    """A state equivalent to another one, and what becomes of that one's actions there."""

    state: S
    map_action: Callable[[Action], Action]


class Game(ABC, Generic[S]):
    """A game with its parameters. Subclasses are frozen dataclasses whose fields are the parameters."""

    name: ClassVar[str]
    """The word that stands for the game in specs: name or name(parameter=value,...)."""
    num_seats: ClassVar[int] = 2
    zero_sum: ClassVar[bool] = True
    """The returns of every outcome add up to 0."""
    hidden: ClassVar[bool] = False
    """Seats do not see the whole state: observe() blanks part of it."""
    simultaneous: ClassVar[bool] = False
    """In some states several seats choose at once."""
    draws: ClassVar[bool] = True
    """Some play may end with equal returns; where none does, nobody is told of draws."""

    # What it is called -----------------------------------------------------------------------------------

    @property
    @abstractmethod
    def title(self) -> str:
        """What a person calls this game, parameters included."""

    @property
    def seat_names(self) -> tuple[str, ...]:
        """How texts name the seats, in order of moving; for board games the marks they play."""
        return ("First", "Second", "Third", "Fourth")[: self.num_seats]

    @property
    @abstractmethod
    def rules(self) -> tuple[str, ...]:
        """The rules as sentences, every one true in code: how to move, and every way the game can end."""

    @property
    @abstractmethod
    def action_help(self) -> str:
        """What the notation of an action is: 'a cell number from 1 to 9'."""

    @property
    def action_noun(self) -> str:
        """What one acts upon, as a word that may stand before the notation: 'cell', 'column', 'heap'."""
        return "action"

    @property
    def spec(self) -> str:
        """The text that makes this game again: its name, and the parameters that differ from the default."""
        given = [
            f"{field.name}={_format_parameter(getattr(self, field.name))}"
            for field in fields(self)  # type: ignore[arg-type]
            if getattr(self, field.name) != field.default
        ]
        return f"{self.name}({','.join(given)})" if given else self.name

    # Play ------------------------------------------------------------------------------------------------

    @property
    def return_range(self) -> tuple[float, float]:
        """The lowest and the highest return a seat can get; a forfeit gets the lowest."""
        return (-1.0, 1.0)

    @property
    def speed_matters(self) -> bool:
        """A quicker win is better and values carry plies; False where the return is a score."""
        return True

    @property
    @abstractmethod
    def max_plies(self) -> int:
        """No match takes more plies than this."""

    @property
    def endless(self) -> bool:
        """The rules alone do not end every play, luck may go round; a match is then cut at max_plies."""
        return False

    @abstractmethod
    def initial_state(self) -> S:
        """The state before the first ply."""

    @abstractmethod
    def seats_to_move(self, state: S) -> tuple[Seat, ...]:
        """The seats that choose now: one, or several at once; none where the game is over or chance moves."""

    @abstractmethod
    def legal_actions(self, state: S, seat: Seat) -> tuple[Action, ...]:
        """What the seat may do, ascending; empty if and only if it is not to move."""

    @abstractmethod
    def transitions(self, state: S, joint: Joint) -> tuple[Transition[S], ...]:
        """What may follow when the seats to move act; probabilities add up to 1.

        Raises IllegalActionError unless joint holds exactly one legal action for every seat to move.
        """

    @abstractmethod
    def outcome(self, state: S) -> Outcome | None:
        """How the game ended, or None while it is in play."""

    def observe(self, state: S, seat: Seat) -> S:
        """What that seat may see of a state, as a state with the rest blanked; everything by default."""
        return state

    def threats(self, state: S, seat: Seat) -> tuple[Action, ...]:
        """Actions by which the seat would win at once if it were to move now, as far as it can see.

        By default only known for the seat to move; games where passing makes sense override this for both.
        """
        seen = self.observe(state, seat)
        return tuple(a for a in self.legal_actions(seen, seat) if self._wins_at_once(seen, seat, a))

    def _wins_at_once(self, state: S, seat: Seat, action: Action) -> bool:
        if self.seats_to_move(state) != (seat,):
            return False
        ends = [self.outcome(after) for _, after in self.transitions(state, {seat: action})]
        return all(end is not None and end.returns[seat] > 0 for end in ends)

    # Text ------------------------------------------------------------------------------------------------

    @abstractmethod
    def format_action(self, state: S, action: Action) -> str:
        """The notation of an action: one word without spaces. The inverse of parse_action."""

    @abstractmethod
    def parse_action(self, state: S, text: str) -> Action:
        """The action a notation stands for, legal here or not; NotationError if it is none at all."""

    @abstractmethod
    def format_state(self, state: S) -> str:
        """The notation of a state: one line without spaces. The inverse of parse_state."""

    @abstractmethod
    def parse_state(self, text: str) -> S:
        """The state a notation stands for; NotationError or ImpossibleStateError otherwise."""

    def layout(self, state: S) -> tuple[Grid, ...]:
        """Where things lie, for renderers: grids of cells; none for a game that has no board."""
        return ()

    def where(self, notation: str) -> tuple[str, ...]:
        """Labels of the cells or columns of `layout` on which an action lies, for renderers.

        Of a move the cell it leaves and the cell it reaches; by default the notation is a label itself.
        """
        return (notation,)

    # What is refused -------------------------------------------------------------------------------------

    def illegal(self, state: S, action: Action, why: str) -> IllegalActionError:
        """The error for an action that is not allowed: names the action, the state and the reason."""
        return IllegalActionError(
            f"illegal action {self._named(state, action)} in state {self.format_state(state)} "
            f"of {self.spec}: {why}"
        )

    def _named(self, state: S, action: Action) -> str:
        """The notation of an action; of a number that is no action of this game, the number."""
        try:
            name = self.format_action(state, action)
            return name if self.parse_action(state, name) == action else f"number {action}"
        except (GameError, ArithmeticError, LookupError):
            return f"number {action}"

    def check_joint(self, state: S, joint: Joint) -> None:
        """Raise IllegalActionError unless joint holds one legal action for every seat to move, no more."""
        self.check_seats(state, joint)
        for seat, action in joint.items():
            legal = self.legal_actions(state, seat)
            if action not in legal:
                words = ", ".join(self.format_action(state, a) for a in legal)
                raise self.illegal(state, action, f"seat {seat} may play {words}")

    def check_seats(self, state: S, joint: Joint) -> None:
        """Raise IllegalActionError unless joint is for the seats to move; {} where chance moves."""
        if tuple(sorted(joint)) != self.seats_to_move(state) or self.outcome(state) is not None:
            raise IllegalActionError(
                f"seats {sorted(joint)} act where {list(self.seats_to_move(state))} are to move, "
                f"in state {self.format_state(state)} of {self.spec}"
            )

    def not_an_action(self, state: S, text: str) -> NotationError:
        """The error for a text that is no action at all: names the text, the state and the form."""
        return NotationError(
            f"not an action: {text!r} in state {self.format_state(state)} of {self.spec}; "
            f"an action is {self.action_help}"
        )

    def not_a_state(self, text: str, form: str) -> NotationError:
        """The error for a text that is no state at all: names the text, the form and an example."""
        example = self.format_state(self.initial_state())
        return NotationError(f"not a state of {self.spec}: {text!r}; write {form}, for example {example}")

    def impossible(self, text: str, why: str) -> ImpossibleStateError:
        """The error for a well-formed state that no play leads to."""
        return ImpossibleStateError(f"no play of {self.spec} leads to {text!r}: {why}")

    # Symmetry --------------------------------------------------------------------------------------------

    def images(self, state: S) -> Iterator[Image[S]]:
        """The state under every symmetry of the game, itself first; by default itself alone."""
        yield Image(state, lambda action: action)

    def canonical_key(self, state: S) -> Hashable:
        """One key for all images of a state: equal keys mean equal value."""
        return min(self.format_state(image.state) for image in self.images(state))

    def __str__(self) -> str:
        return self.spec


class SequentialGame(Game[S]):
    """A game without chance, hidden information or simultaneous moves: implement four methods on states."""

    @abstractmethod
    def seat_to_move(self, state: S) -> Seat:
        """Who moves now; where the game is over, who would."""

    @abstractmethod
    def actions(self, state: S) -> tuple[Action, ...]:
        """The legal actions of the seat to move, ascending; empty if and only if the game is over."""

    @abstractmethod
    def next_state(self, state: S, action: Action) -> S:
        """The state after a legal action; IllegalActionError otherwise."""

    def seats_to_move(self, state: S) -> tuple[Seat, ...]:
        return () if self.outcome(state) is not None else (self.seat_to_move(state),)

    def legal_actions(self, state: S, seat: Seat) -> tuple[Action, ...]:
        return self.actions(state) if seat in self.seats_to_move(state) else ()

    def transitions(self, state: S, joint: Joint) -> tuple[Transition[S], ...]:
        self.check_seats(state, joint)
        return (Transition(1.0, self.next_state(state, joint[self.seat_to_move(state)])),)


def _format_parameter(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
