"""Liar's dice with one hidden die each: bid on what both dice show together, or call the other a liar.

A bid '2x3' says that the two dice show at least two 3s; the highest face is wild and counts as every face.
Bids are numbered in rising order, by quantity and then by face, and every bid must be higher than the last:

    1x1 1x2 ... 1xS 2x1 ... 2xS liar       (actions 0, 1, ... 2S - 1, 2S)

State notation: 'dice:bids' as in '34:1x2,1x4,liar'; '--' before the roll, '?' for a hidden die.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from typing import ClassVar

from games.base import Action, Game, Joint, Outcome, ParameterError, Seat, Transition
from games.layout import Cell, Grid

UNROLLED, HIDDEN, LIAR = "-", "?", "liar"


@dataclass(frozen=True, slots=True)
class Bids:
    """A position: the die of each seat, and the actions so far."""

    dice: str
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class LiarsDice(Game[Bids]):
    """Two seats, one die each; the value is the chance to win against the chance to lose."""

    sides: int = 4
    """Faces of each die."""

    name: ClassVar[str] = "liarsdice"
    draws: ClassVar[bool] = False
    hidden: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not 2 <= self.sides <= 6:
            raise ParameterError(f"{self.spec}: sides is from 2 to 6")

    @property
    def title(self) -> str:
        return f"Liar's dice, one die with {self.sides} sides each"

    @property
    def rules(self) -> tuple[str, ...]:
        top = self.sides
        return (
            f"Two players, First and Second, roll one die each, with {top} sides, that only they see.",
            "They move in turn. A bid like 2x3 says that the two dice together show at least two 3s.",
            f"A {top} is wild: it counts as every face.",
            "Every bid must be higher than the one before: more dice, or as many with a higher face.",
            "Instead of bidding a player may call the last bid a lie, with 'liar'. "
            "First moves first, with a bid.",
            "After 'liar' both dice are shown and the game is over: if the last bid was true, the bidder "
            "wins, else the caller wins.",
        )

    @property
    def action_help(self) -> str:
        return f"a bid from 1x1 to 2x{self.sides} (how many dice, x, which face), or {LIAR}"

    @property
    def action_noun(self) -> str:
        return "bid"

    # Play

    @property
    def liar(self) -> Action:
        """The action that calls the last bid a lie; the smaller ones are bids."""
        return 2 * self.sides

    @property
    def speed_matters(self) -> bool:
        return False

    @property
    def max_plies(self) -> int:
        return 2 * self.sides + 1

    def initial_state(self) -> Bids:
        return Bids(UNROLLED * 2, ())

    def seats_to_move(self, state: Bids) -> tuple[Seat, ...]:
        if UNROLLED in state.dice or self.outcome(state) is not None:
            return ()
        return (len(state.actions) % 2,)

    def legal_actions(self, state: Bids, seat: Seat) -> tuple[Action, ...]:
        if seat not in self.seats_to_move(state):
            return ()
        if not state.actions:
            return tuple(range(self.liar))
        return tuple(range(state.actions[-1] + 1, self.liar + 1))

    def transitions(self, state: Bids, joint: Joint) -> tuple[Transition[Bids], ...]:
        self.check_joint(state, joint)
        if joint:
            return (Transition(1.0, replace(state, actions=state.actions + tuple(joint.values()))),)
        rolls = ["".join(pair) for pair in itertools.product(self._faces, repeat=2)]
        return tuple(Transition(1 / len(rolls), Bids(dice, ())) for dice in rolls)

    @property
    def _faces(self) -> str:
        return "123456"[: self.sides]

    def outcome(self, state: Bids) -> Outcome | None:
        if state.actions[-1:] != (self.liar,):
            return None
        if HIDDEN in state.dice:
            return Outcome((0.0, 0.0), "the dice are not shown here")
        bid, bidder = state.actions[-2], len(state.actions) % 2
        held = self._held(state, bid)
        winner = bidder if held else 1 - bidder
        reason = f"the bid {self.format_action(state, bid)} was {'true' if held else 'a lie'}"
        return Outcome((1.0, -1.0) if winner == 0 else (-1.0, 1.0), reason)

    def _held(self, state: Bids, bid: Action) -> bool:
        quantity, face = divmod(bid, self.sides)
        return sum(die in (self._faces[face], self._faces[-1]) for die in state.dice) > quantity

    def observe(self, state: Bids, seat: Seat) -> Bids:
        """The other seat's die is hidden until somebody calls."""
        if UNROLLED in state.dice or state.actions[-1:] == (self.liar,):
            return state
        own = state.dice[seat]
        return replace(state, dice=own + HIDDEN if seat == 0 else HIDDEN + own)

    # Text

    def format_action(self, state: Bids, action: Action) -> str:
        return LIAR if action == self.liar else f"{action // self.sides + 1}x{action % self.sides + 1}"

    def parse_action(self, state: Bids, text: str) -> Action:
        if text.lower() == LIAR:
            return self.liar
        match = re.fullmatch(f"([12])x([1-{self.sides}])", text.lower())
        if match is None:
            raise self.not_an_action(state, text)
        return (int(match[1]) - 1) * self.sides + int(match[2]) - 1

    def format_state(self, state: Bids) -> str:
        return f"{state.dice}:{','.join(self.format_action(state, a) for a in state.actions)}"

    def parse_state(self, text: str) -> Bids:
        bid = rf"(?:[12]x[1-{self.sides}]|{LIAR})"
        match = re.fullmatch(rf"([1-{self.sides}?]{{2}}|--):({bid}(?:,{bid})*)?", text)
        if match is None:
            raise self.not_a_state(text, "dice:bid,bid,...")
        empty = Bids(match[1], ())
        actions = tuple(self.parse_action(empty, word) for word in (match[2] or "").split(",") if word)
        state = Bids(match[1], actions)
        if why := self._problem(state):
            raise self.impossible(text, why)
        return state

    def _problem(self, state: Bids) -> str | None:
        called = state.actions[-1:] == (self.liar,)
        if UNROLLED in state.dice:
            return "there are no bids before the roll" if state.actions else None
        if state.dice == HIDDEN * 2 or (HIDDEN in state.dice and called):
            return "a seat sees its own die, and after a call both"
        if list(state.actions) != sorted(set(state.actions)) or state.actions == (self.liar,):
            return "every bid is higher than the one before, and the first action is a bid"
        return None

    def layout(self, state: Bids) -> tuple[Grid, ...]:
        """Both dice, and the ladder of bids with those made marked by the seat that made them."""
        dice = tuple(Cell("" if die == UNROLLED else die) for die in state.dice)
        bids = tuple(
            Cell(
                str(state.actions.index(a) % 2 + 1) if a in state.actions else "",
                self.format_action(state, a),
            )
            for a in range(self.liar)
        )
        return (
            Grid(1, 2, dice, title="dice of First and Second", column_labels=("first", "second")),
            Grid(
                2, self.sides, bids, title="bids by First (1) and Second (2), a row for one die and for two"
            ),
        )
