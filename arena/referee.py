"""The referee: what an action gave away, measured against an exact solver.

Apart from play on purpose: a match needs no referee, and old records and other people's logs can be judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from games.base import Action, Game, IllegalActionError, Seat
from games.solvers import Solver
from games.values import Value, format_value, parse_value


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one action, for the seat that acted; values are texts: '+1@3' is a win in 3."""

    best: str
    """The value under best play."""
    played: str
    """The value after the action that was played."""
    best_actions: tuple[str, ...]
    """Every action that reaches the best value, distance included."""
    regret: float
    """Return given away: best payoff minus played payoff, never negative."""
    plies_lost: int | None
    """With the result kept: plies by which a win comes later or a loss sooner; None if the result fell."""
    blunder: bool
    """The result class fell: a win became a draw or a loss, or a draw a loss."""
    choice: bool
    """There was something to decide: the legal actions differ in payoff."""
    values: Mapping[str, str]
    """The value of every legal action."""

    @property
    def optimal(self) -> bool:
        """The action gave no return away; it may have taken longer than necessary."""
        return self.regret == 0


def judge(game: Game[Any], solver: Solver[Any], state: Any, seat: Seat, action: Action) -> Verdict:
    """Judge a legal action. Raises IllegalActionError, or UnsolvedError where the solver does not know."""
    return judged(game, solver.action_values(state, seat), state, seat, action)


def judged(
    game: Game[Any], values: Mapping[Action, Value], state: Any, seat: Seat, action: Action
) -> Verdict:
    """The same from the values of the legal actions."""
    if action not in values:
        raise IllegalActionError(
            f"can't judge action {action} of seat {seat} in state {game.format_state(state)} of {game.spec}: "
            "it is not legal"
        )
    best, played = max(values.values()), values[action]
    named = {game.format_action(state, a): value for a, value in values.items()}
    return Verdict(
        best=format_value(best),
        played=format_value(played),
        best_actions=tuple(name for name, value in named.items() if value == best),
        regret=best.payoff - played.payoff,
        plies_lost=_plies_lost(best, played),
        blunder=played.result != best.result,
        choice=len({value.payoff for value in values.values()}) > 1,
        values={name: format_value(value) for name, value in named.items()},
    )


def _plies_lost(best: Value, played: Value) -> int | None:
    if best.payoff != played.payoff or best.plies is None or played.plies is None:
        return None
    return 0 if best.payoff == 0 else abs(best.plies - played.plies)


def parsed_values(verdict: Verdict) -> dict[str, Value]:
    """The value of every legal action, as values."""
    return {name: parse_value(text) for name, text in verdict.values.items()}
