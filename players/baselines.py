"""Players that need no model. Each is a policy, so that its results can also be worked out exactly."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from games.base import Action, Game, Seat
from games.solvers import MixedSolver, UnsolvedError, shared_solver
from players.base import Player, PlayerError, Reply, Turn


class PolicyPlayer(Player):
    """A player given by the probability of each action."""

    @abstractmethod
    def policy(self, game: Game[Any], state: Any, seat: Seat) -> Mapping[Action, float]:
        """The probability with which each legal action is chosen; actions left out have none."""

    async def choose(self, turn: Turn) -> Reply:
        shares = self.policy(turn.game, turn.state, turn.seat)
        action = turn.rng.choices(list(shares), list(shares.values()))[0]
        return Reply(action, turn.game.format_action(turn.state, action))


class RandomPlayer(PolicyPlayer):
    """Every legal action with the same probability."""

    def policy(self, game: Game[Any], state: Any, seat: Seat) -> Mapping[Action, float]:
        return _uniform(game.legal_actions(state, seat))


class GreedyPlayer(PolicyPlayer):
    """Wins at once if it can, else stops what would win at once for the other seat, else plays at random."""

    def policy(self, game: Game[Any], state: Any, seat: Seat) -> Mapping[Action, float]:
        legal = game.legal_actions(state, seat)
        if wins := [a for a in game.threats(state, seat) if a in legal]:
            return _uniform(wins)
        others = [other for other in range(game.num_seats) if other != seat]
        blocks = {a for other in others for a in game.threats(state, other)} & set(legal)
        return _uniform(sorted(blocks) or legal)


class MinimaxPlayer(PolicyPlayer):
    """Plays an optimal action: of several it draws one by lot, or takes the first.

    Where best play is itself drawn by lot (simultaneous moves, hidden information) it plays the stored
    equilibrium: any action that is as good against that equilibrium could be exploited.
    """

    def __init__(self, name: str, *, ties: str = "random", by: str = "distance") -> None:
        super().__init__(name)
        _one_of(name, "ties", ties, ("random", "first"))
        _one_of(name, "by", by, ("distance", "value"))
        self.ties = ties
        self.by = by
        """distance: wins as fast and loses as slowly as it can; value: any action that keeps the result."""

    @property
    def config(self) -> Mapping[str, Any]:
        return {"player": self.name, "ties": self.ties, "by": self.by}

    async def start(self, game: Game[Any]) -> None:
        state = game.initial_state()
        try:
            for seat in game.seats_to_move(state):
                shared_solver(game).action_values(state, seat)
        except UnsolvedError as error:
            raise PlayerError(f"{self.name} can't play {game.spec}: {error}") from error

    def policy(self, game: Game[Any], state: Any, seat: Seat) -> Mapping[Action, float]:
        solver = shared_solver(game)
        if isinstance(solver, MixedSolver):
            return {action: share for action, share in solver.strategy(state, seat).items() if share > 0}
        values = solver.action_values(state, seat)
        best = max(values.values())
        optimal = [
            action
            for action, value in values.items()
            if (value == best if self.by == "distance" else value.payoff == best.payoff)
        ]
        return _uniform(optimal[:1] if self.ties == "first" else optimal)


class EpsilonPlayer(MinimaxPlayer):
    """Minimax that plays at random with probability epsilon."""

    def __init__(
        self, name: str, *, epsilon: float = 0.1, ties: str = "random", by: str = "distance"
    ) -> None:
        super().__init__(name, ties=ties, by=by)
        if not 0 <= epsilon <= 1:
            raise PlayerError(f"{name}: epsilon is a probability from 0 to 1, not {epsilon}")
        self.epsilon = epsilon

    @property
    def config(self) -> Mapping[str, Any]:
        return {**super().config, "epsilon": self.epsilon}

    def policy(self, game: Game[Any], state: Any, seat: Seat) -> Mapping[Action, float]:
        legal = game.legal_actions(state, seat)
        optimal = super().policy(game, state, seat)
        noise = self.epsilon / len(legal)
        return {a: noise + (1 - self.epsilon) * optimal.get(a, 0.0) for a in legal}


def _uniform(actions: tuple[Action, ...] | list[Action]) -> dict[Action, float]:
    return dict.fromkeys(actions, 1 / len(actions))


def _one_of(player: str, option: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise PlayerError(f"{player}: {option} is one of {', '.join(choices)}, not {value!r}")
