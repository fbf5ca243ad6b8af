"""Pig: a dice race between two seats. Roll on and risk the points of this turn, or hold and bank them.

A seat rolls as often as it likes and adds up the rolls; a 1 ends the turn and its points are lost, but for
`bust` points; holding ends the turn and banks the points. Who has the target wins.

With bust=0 this is the classical Pig (Neller and Presser 2004), in which luck may go round for ever; with
bust=1, the default, every turn brings the end closer, so the values are exact by backward induction.

State notation: 'points-points+turn:seat', the seat to move as 1 or 2: '12-7+5:1' has the first seat at 12
points, 5 more in this turn.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import ClassVar

from games.base import Action, Game, Joint, Outcome, ParameterError, Seat, Transition
from games.layout import Cell, Grid

ROLL, HOLD = 0, 1
WORDS = ("roll", "hold")
PLIES_OF_AN_ENDLESS_MATCH = 10_000


@dataclass(frozen=True, slots=True)
class Race:
    """A position: banked points, points of the turn, whose turn it is."""

    points: tuple[int, int]
    turn: int
    seat: Seat


@dataclass(frozen=True)
class Pig(Game[Race]):
    """The race to `target` points."""

    target: int = 20
    sides: int = 6
    """Faces of the die."""
    bust: int = 1
    """Points that remain of a turn when a 1 is rolled: 0 or 1."""

    name: ClassVar[str] = "pig"
    draws: ClassVar[bool] = False

    def __post_init__(self) -> None:
        if not (2 <= self.target <= 100 and 2 <= self.sides <= 20 and self.bust in (0, 1)):
            raise ParameterError(f"{self.spec}: target is from 2 to 100, sides from 2 to 20, bust 0 or 1")

    @property
    def title(self) -> str:
        return f"Pig to {self.target} points" + ("" if self.bust else ", classical")

    @property
    def rules(self) -> tuple[str, ...]:
        kept = "banks 1 point" if self.bust else "banks nothing"
        rules = (
            f"Two players, First and Second, race to {self.target} points, in turn, with a die of "
            f"{self.sides} sides. First begins.",
            "In a turn a player rolls as often as they like; what is rolled is added to the turn's points.",
            f"If a 1 is rolled, the turn's points are lost: the player {kept} and the turn passes.",
            "After at least one roll a player may hold: the turn's points are banked and the turn passes.",
            f"A player whose banked points and turn's points together reach {self.target} wins, and the game "
            "is over.",
        )
        if not self.endless:
            return rules
        return (*rules, f"A match is stopped undecided after {self.max_plies:,} rolls and holds.")

    @property
    def action_help(self) -> str:
        return "roll or hold"

    # Play

    @property
    def speed_matters(self) -> bool:
        return False

    @property
    def max_plies(self) -> int:
        """With bust=1 no two turns of a seat begin with as many points; all rolls but the last add 2."""
        if self.endless:
            return PLIES_OF_AN_ENDLESS_MATCH
        return 2 * sum((needed + 1) // 2 for needed in range(1, self.target + 1))

    @property
    def endless(self) -> bool:
        return self.bust == 0

    def initial_state(self) -> Race:
        return Race((0, 0), 0, 0)

    def seats_to_move(self, state: Race) -> tuple[Seat, ...]:
        return () if self._won(state) is not None else (state.seat,)

    def legal_actions(self, state: Race, seat: Seat) -> tuple[Action, ...]:
        if seat not in self.seats_to_move(state):
            return ()
        return (ROLL, HOLD) if state.turn else (ROLL,)

    def transitions(self, state: Race, joint: Joint) -> tuple[Transition[Race], ...]:
        self.check_joint(state, joint)
        if joint[state.seat] == HOLD:
            return (Transition(1.0, self._passed(state, state.turn)),)
        rolled = (Race(state.points, state.turn + face, state.seat) for face in range(2, self.sides + 1))
        after = (self._passed(state, self.bust), *rolled)
        return tuple(Transition(1 / self.sides, follower) for follower in after)

    def _passed(self, state: Race, banked: int) -> Race:
        """The state after a turn that banked so many points; a seat that won keeps the turn."""
        first, second = state.points
        points = (first + banked, second) if state.seat == 0 else (first, second + banked)
        won = points[state.seat] >= self.target
        return Race(points, 0, state.seat if won else 1 - state.seat)

    def _won(self, state: Race) -> Seat | None:
        return state.seat if state.points[state.seat] + state.turn >= self.target else None

    def outcome(self, state: Race) -> Outcome | None:
        winner = self._won(state)
        if winner is None:
            return None
        total = state.points[winner] + state.turn
        reason = f"the {self.seat_names[winner].lower()} player has {total} points"
        return Outcome((1.0, -1.0) if winner == 0 else (-1.0, 1.0), reason)

    # Text

    def format_action(self, state: Race, action: Action) -> str:
        return WORDS[action]

    def parse_action(self, state: Race, text: str) -> Action:
        if text.lower() not in WORDS:
            raise self.not_an_action(state, text)
        return WORDS.index(text.lower())

    def format_state(self, state: Race) -> str:
        return f"{state.points[0]}-{state.points[1]}+{state.turn}:{state.seat + 1}"

    def parse_state(self, text: str) -> Race:
        number = "(0|[1-9][0-9]{0,2})"
        match = re.fullmatch(rf"{number}-{number}\+{number}:([12])", text, re.ASCII)
        if match is None:
            raise self.not_a_state(text, "points-points+turn:seat")
        state = Race((int(match[1]), int(match[2])), int(match[3]), int(match[4]) - 1)
        if why := self._problem(state):
            raise self.impossible(text, why)
        return state

    def _problem(self, state: Race) -> str | None:
        """Why no play leads to a state, as far as it can be told (all of it for dice of 3 sides or more)."""
        own, other = state.points[state.seat], state.points[1 - state.seat]
        won_by_bust = self.bust == 1 and own == self.target and state.turn == 0
        if other >= self.target or (own >= self.target and not won_by_bust):
            return f"the game was over when a player had {self.target} points with those of the turn"
        if state.turn and not self._can_be_rolled(own, state.turn):
            return f"no rolls from 2 to {self.sides} add up to {state.turn} with the last one needed"
        return None if self._can_be_banked(state, won_by_bust) else "no turns bank these points"

    def _can_be_rolled(self, banked: int, turn: int) -> bool:
        before = (turn - roll for roll in range(2, self.sides + 1))
        return any(banked + t < self.target and (t == 0 or _is_sum(t, self.sides)) for t in before)

    def _can_be_banked(self, state: Race, won_by_bust: bool) -> bool:
        first, second = state.points
        if self.bust == 0:  # a turn banks nothing or a sum of rolls
            return all(points == 0 or _is_sum(points, self.sides) for points in state.points)
        if won_by_bust:  # it took two turns or more, and each banks something
            return state.points[1 - state.seat] > state.seat
        if state.seat == 1:  # the first seat has had one turn more
            return first >= 2 if second else first >= 1
        return bool(first) == bool(second)

    def layout(self, state: Race) -> tuple[Grid, ...]:
        """The points of both seats and of this turn."""
        cells = (
            Cell(str(state.points[0]), lit=state.seat == 0),
            Cell(str(state.turn)),
            Cell(str(state.points[1]), lit=state.seat == 1),
        )
        return (
            Grid(
                1,
                3,
                cells,
                title="points of First, of this turn, and of Second",
                column_labels=("first", "turn", "second"),
            ),
        )

    def canonical_key(self, state: Race) -> Hashable:
        return state


def _is_sum(total: int, sides: int) -> bool:
    """Whether rolls from 2 to `sides` add up to a total: with a die of 2 only even ones."""
    return total >= 2 and (sides > 2 or total % 2 == 0)
