"""Goofspiel with open bids: two seats bid equal hands for prizes that are shown in random order.

Both hold the cards 1 to k; the prizes 1 to k are shuffled. One prize is shown at a time, both bid a card at
once, the higher card takes the prize, and equal cards discard it. Used cards are gone.

State notation: 'hand/hand/prizes left/prize shown/points-points', for example '13/23/2/3/1-0'
(an action's int is the card; '-' stands for no card, and for no prize shown before the shuffle).
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, TypeAlias

from games.base import Action, Game, Joint, Outcome, ParameterError, Seat, Transition
from games.layout import Cell, Grid
from games.wording import plural

Cards: TypeAlias = tuple[int, ...]
"""Different cards, ascending."""


@dataclass(frozen=True, slots=True)
class Bidding:
    """A position: what each seat holds, the prizes still in the stack, the prize bid for, the points."""

    hands: tuple[Cards, Cards]
    stack: Cards
    prize: int
    """The prize shown; 0 where none is: chance shows the first one, and nothing is left at the end."""
    points: tuple[int, int]


@dataclass(frozen=True)
class Goofspiel(Game[Bidding]):
    """Goofspiel with k cards; who has more points wins."""

    k: int = 3
    """Cards in each hand, and prizes."""

    name: ClassVar[str] = "goofspiel"
    simultaneous: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 2 <= self.k <= 6:
            raise ParameterError(f"{self.spec}: k is from 2 to 6")

    @property
    def title(self) -> str:
        return f"Goofspiel with {self.k} cards"

    @property
    def rules(self) -> tuple[str, ...]:
        return (
            f"Two players, First and Second, hold the cards 1 to {self.k} each. "
            f"The prizes 1 to {self.k} are shuffled into a stack.",
            "The top prize is shown; then both players bid one of their cards at the same time.",
            "The higher card takes the prize, worth its number of points; equal cards discard the prize.",
            "Both bid cards are gone, both players see them, and the next prize is shown.",
            "The game is over when all prizes are gone: more points win, equal points are a draw.",
        )

    @property
    def action_help(self) -> str:
        return f"the number of a card in your hand, from 1 to {self.k}"

    @property
    def action_noun(self) -> str:
        return "card"

    # Play

    @property
    def speed_matters(self) -> bool:
        return False

    @property
    def max_plies(self) -> int:
        return self.k

    @property
    def _all(self) -> Cards:
        return tuple(range(1, self.k + 1))

    def initial_state(self) -> Bidding:
        return Bidding((self._all, self._all), self._all, 0, (0, 0))

    def seats_to_move(self, state: Bidding) -> tuple[Seat, ...]:
        return (0, 1) if state.prize else ()

    def legal_actions(self, state: Bidding, seat: Seat) -> tuple[Action, ...]:
        return state.hands[seat] if seat in self.seats_to_move(state) else ()

    def transitions(self, state: Bidding, joint: Joint) -> tuple[Transition[Bidding], ...]:
        self.check_joint(state, joint)
        if state.prize:
            state = _settled(state, joint[0], joint[1])
        if not state.stack:
            return (Transition(1.0, state),)
        return tuple(Transition(1 / len(state.stack), _shown(state, prize)) for prize in state.stack)

    def outcome(self, state: Bidding) -> Outcome | None:
        if state.prize or state.stack:
            return None
        first, second = state.points
        sign = (first > second) - (first < second)
        return Outcome(
            (float(sign), float(-sign)), f"all prizes are gone, the points are {first} to {second}"
        )

    # Text

    def format_action(self, state: Bidding, action: Action) -> str:
        return str(action)

    def parse_action(self, state: Bidding, text: str) -> Action:
        if not re.fullmatch(f"[1-{self.k}]", text):
            raise self.not_an_action(state, text)
        return int(text)

    def format_state(self, state: Bidding) -> str:
        cards = ["".join(map(str, pile)) or "-" for pile in (*state.hands, state.stack)]
        return "/".join((*cards, str(state.prize or "-"), "-".join(map(str, state.points))))

    def parse_state(self, text: str) -> Bidding:
        match = re.fullmatch(
            rf"([1-{self.k}]+|-)/([1-{self.k}]+|-)/([1-{self.k}]+|-)/([1-{self.k}]|-)/([0-9]+)-([0-9]+)",
            text,
            re.ASCII,
        )
        piles = [_cards(match[i]) for i in (1, 2, 3, 4)] if match else []
        if match is None or any(list(pile) != sorted(set(pile)) for pile in piles):
            raise self.not_a_state(text, "hand/hand/stack/prize/points-points with the cards ascending")
        first, second, stack, shown = piles
        state = Bidding((first, second), stack, sum(shown), (int(match[5]), int(match[6])))
        if self.format_state(state) != text or not self._can_arise(state):
            raise self.impossible(text, "these cards can't have won these points")
        return state

    def _can_arise(self, state: Bidding) -> bool:
        if state == self.initial_state():
            return True
        begun = bool(state.prize) or not state.stack
        gone = [tuple(c for c in self._all if c not in pile) for pile in (*state.hands, state.stack)]
        prizes = tuple(c for c in gone[2] if c != state.prize)
        fits = state.prize not in state.stack and len(prizes) == len(gone[0]) == len(gone[1])
        return begun and fits and state.points in _scores(gone[0], gone[1], prizes)

    def layout(self, state: Bidding) -> tuple[Grid, ...]:
        """Both hands as rows of cards, and between them the prize shown (lit) and those in the stack."""
        first, second = (
            self._row(hand, f"cards of {name}, who has {plural(points, 'point')}")
            for hand, name, points in zip(state.hands, self.seat_names, state.points, strict=True)
        )
        shown = f"prizes left, {state.prize} is shown" if state.prize else "prizes left"
        return (first, self._row(state.stack, shown, state.prize), second)

    def _row(self, cards: Cards, title: str, lit: int = 0) -> Grid:
        marks = (str(c) if c in cards or c == lit else "" for c in self._all)
        return Grid(1, self.k, tuple(Cell(m, lit=m == str(lit)) for m in marks), title=title)

    def canonical_key(self, state: Bidding) -> Hashable:
        """Only the lead counts, not the points themselves."""
        return (state.hands, state.stack, state.prize, state.points[0] - state.points[1])


def _settled(state: Bidding, first: int, second: int) -> Bidding:
    """The position after two bids, before the next prize is shown."""
    points = [
        state.points[0] + state.prize * (first > second),
        state.points[1] + state.prize * (first < second),
    ]
    hands = (_without(state.hands[0], first), _without(state.hands[1], second))
    return Bidding(hands, state.stack, 0, (points[0], points[1]))


def _shown(state: Bidding, prize: int) -> Bidding:
    return Bidding(state.hands, _without(state.stack, prize), prize, state.points)


def _without(cards: Cards, card: int) -> Cards:
    return tuple(c for c in cards if c != card)


def _cards(text: str) -> Cards:
    return () if text == "-" else tuple(map(int, text))


@lru_cache(maxsize=4096)
def _scores(first: Cards, second: Cards, prizes: Cards) -> frozenset[tuple[int, int]]:
    """Every score at which bids of these cards for these prizes may have ended."""
    if not prizes:
        return frozenset({(0, 0)})
    prize, rest = prizes[0], prizes[1:]
    return frozenset(
        (p + prize * (a > b), q + prize * (a < b))
        for a in first
        for b in second
        for p, q in _scores(_without(first, a), _without(second, b), rest)
    )
