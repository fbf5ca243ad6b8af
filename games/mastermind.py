"""Mastermind: find a hidden code by guesses that are answered with black and white marks. One seat.

A code is a word of colours 1 to c, one for each peg, repeats allowed. A black mark counts a peg that is right
in colour and place, a white one a colour that is right but lies elsewhere.

State notation: 'code:guess-bw/guess-bw', for example '132:111-10/123-12'. The code reads '---' before chance
has chosen it and '???' where the seat does not see it, that is until the end.

A state whose code is hidden is a belief: every code that fits all answers is equally likely, and
`transitions` answers a guess with the probability of each mark. An action's int is the place of the guess
among all codes in rising order.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, NamedTuple, TypeAlias

from games.base import Action, Game, Joint, Outcome, ParameterError, Seat, Transition
from games.layout import Cell, Grid

MOST_CODES = 256


class Marks(NamedTuple):
    """The answer to a guess."""

    black: int
    white: int


Guess: TypeAlias = tuple[str, Marks]


@dataclass(frozen=True, slots=True)
class Hunt:
    """A position: the code as far as it is known, and the guesses with their answers."""

    code: str
    guesses: tuple[Guess, ...]


def mark(guess: str, code: str) -> Marks:
    """The answer to a guess.

    >>> mark("1123", "2113")
    Marks(black=2, white=2)
    """
    black = sum(a == b for a, b in zip(guess, code, strict=True))
    common = sum((Counter(guess) & Counter(code)).values())
    return Marks(black, common - black)


@dataclass(frozen=True)
class Mastermind(Game[Hunt]):
    """Guess a code of `pegs` colours out of `colours`."""

    colours: int = 4
    pegs: int = 3
    limit: int = 8
    """Guesses allowed."""

    name: ClassVar[str] = "mastermind"
    num_seats: ClassVar[int] = 1
    zero_sum: ClassVar[bool] = False
    hidden: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not (2 <= self.colours <= 9 and self.pegs >= 1 and self.colours**self.pegs <= MOST_CODES):
            raise ParameterError(f"{self.spec}: colours is from 2 to 9, and at most {MOST_CODES} codes")
        if not 2 <= self.limit <= 20:
            raise ParameterError(f"{self.spec}: limit is from 2 to 20")

    @property
    def title(self) -> str:
        return f"Mastermind with {self.pegs} pegs of {self.colours} colours"

    @property
    def seat_names(self) -> tuple[str, ...]:
        return ("Player",)

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"A secret code of {self.pegs} digits from 1 to {self.colours} is chosen; digits may repeat and "
            "all codes are equally likely.",
            "The player guesses codes. Every guess is answered with black and white marks.",
            "Black marks count the places where the guess has the right digit.",
            "White marks count the further digits of the guess that the code has in another place, each "
            "digit of the code counted once.",
            f"When a guess is the code, it is solved and the game is over; the score is {self.limit + 1} "
            "minus the number of guesses.",
            f"After {self.limit} guesses without the code the game has failed, with a score of -1.",
        )

    @property
    def action_help(self) -> str:
        return f"a code of {self.pegs} digits from 1 to {self.colours}, like {self.codes[1]}"

    @property
    def action_noun(self) -> str:
        return "code"

    # Play

    @property
    def return_range(self) -> tuple[float, float]:
        return (-1.0, float(self.limit))

    @property
    def speed_matters(self) -> bool:
        return False

    @property
    def max_plies(self) -> int:
        return self.limit

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Every code in rising order; an action is an index into it."""
        digits = "123456789"[: self.colours]
        return tuple("".join(code) for code in itertools.product(digits, repeat=self.pegs))

    @property
    def undealt(self) -> str:
        """Stands for the code before chance has chosen one."""
        return "-" * self.pegs

    @property
    def secret(self) -> str:
        """Stands for the code where it is not seen."""
        return "?" * self.pegs

    def initial_state(self) -> Hunt:
        return Hunt(self.undealt, ())

    def seats_to_move(self, state: Hunt) -> tuple[Seat, ...]:
        return () if state.code == self.undealt or self.outcome(state) is not None else (0,)

    def legal_actions(self, state: Hunt, seat: Seat) -> tuple[Action, ...]:
        return tuple(range(len(self.codes))) if seat in self.seats_to_move(state) else ()

    def transitions(self, state: Hunt, joint: Joint) -> tuple[Transition[Hunt], ...]:
        self.check_joint(state, joint)
        possible = self.possible(state)
        if not joint:
            return tuple(Transition(1 / len(possible), Hunt(code, ())) for code in possible)
        guess = self.codes[joint[0]]
        if state.code != self.secret:
            return (Transition(1.0, self._answered(state, guess, state.code)),)
        after = Counter(self.observe(self._answered(state, guess, code), 0) for code in possible)
        return tuple(Transition(n / len(possible), follower) for follower, n in after.items())

    def _answered(self, state: Hunt, guess: str, code: str) -> Hunt:
        return Hunt(code, (*state.guesses, (guess, mark(guess, code))))

    def possible(self, state: Hunt) -> list[str]:
        """The codes that fit every answer, as the player can know them, in rising order."""
        return [code for code in self.codes if all(mark(guess, code) == m for guess, m in state.guesses)]

    def outcome(self, state: Hunt) -> Outcome | None:
        used = len(state.guesses)
        if used and state.guesses[-1][1].black == self.pegs:
            return Outcome((float(self.limit + 1 - used),), f"the code was found by guess {used}")
        if used == self.limit:
            return Outcome((-1.0,), f"the code was not found in {used} guesses")
        return None

    def observe(self, state: Hunt, seat: Seat) -> Hunt:
        """The code is hidden until the end."""
        if state.code == self.undealt or self.outcome(state) is not None:
            return state
        return replace(state, code=self.secret)

    # Text

    def format_action(self, state: Hunt, action: Action) -> str:
        return self.codes[action]

    def parse_action(self, state: Hunt, text: str) -> Action:
        if text not in self.codes:
            raise self.not_an_action(state, text)
        return self.codes.index(text)

    def format_state(self, state: Hunt) -> str:
        return f"{state.code}:" + "/".join(f"{guess}-{m.black}{m.white}" for guess, m in state.guesses)

    def parse_state(self, text: str) -> Hunt:
        code, _, rest = text.partition(":")
        parts = [self._parse_guess(part) for part in rest.split("/")] if rest else []
        if ":" not in text or code not in (self.undealt, self.secret, *self.codes) or None in parts:
            raise self.not_a_state(text, "code:guess-bw/guess-bw with black and white marks as digits")
        state = Hunt(code, tuple(part for part in parts if part))
        if why := self._problem(state):
            raise self.impossible(text, why)
        return state

    def _parse_guess(self, text: str) -> Guess | None:
        guess, dash, digits = text.partition("-")
        if guess not in self.codes or not dash or not re.fullmatch("[0-9]{2}", digits, re.ASCII):
            return None
        return guess, Marks(int(digits[0]), int(digits[1]))

    def _problem(self, state: Hunt) -> str | None:
        before = [replace(state, guesses=state.guesses[:i]) for i in range(len(state.guesses))]
        if any(self.outcome(earlier) is not None for earlier in before):
            return "the game was over before the last guess"
        possible = self.possible(state)
        if state.code == self.undealt:
            return "nothing is guessed before a code is chosen" if state.guesses else None
        if state.code == self.secret and self.outcome(state) is not None:
            return "at the end the code is shown"
        fits = bool(possible) if state.code == self.secret else state.code in possible
        return (
            None
            if fits
            else "the answers fit no code"
            if state.code == self.secret
            else "the answers do not fit"
        )

    def layout(self, state: Hunt) -> tuple[Grid, ...]:
        """A row for each guess, its digits and then the black and the white marks; the code below."""
        names = ("",) * self.pegs + ("black", "white")
        title = "a row for each guess with its black and its white marks, the code below"
        cells = tuple(self._cells(state))
        return (Grid(self.limit + 1, self.pegs + 2, cells, title=title, column_labels=names),)

    def _cells(self, state: Hunt) -> Iterator[Cell]:
        for guess, m in state.guesses:
            solved = m.black == self.pegs
            yield from (Cell(digit, lit=solved) for digit in (*guess, str(m.black), str(m.white)))
        yield from (Cell() for _ in range((self.limit - len(state.guesses)) * (self.pegs + 2)))
        yield from (Cell("" if sign == "-" else sign) for sign in state.code)
        yield from (Cell(), Cell())
