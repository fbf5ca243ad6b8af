"""Hidden information: equilibria of two-seat zero-sum games by the sequence-form linear program.

An information set is what a seat sees: the notation of its observation. A sequence is what a seat did on the
way to it; with perfect recall every information set has one sequence of its seat behind it, and a strategy is
a plan: the probability that the seat plays each sequence (Koller, Megiddo, von Stengel 1996). The tree is
walked once, and each seat's plan is one linear program. Games without perfect recall are refused.

Two plans are kept for each seat:
* the equilibrium, of all equilibria one that reaches as many information sets as it can;
* the trembling plan: an equilibrium of the game in which every action has at least the probability TREMBLE.
  It says what to do, and what to expect, where no equilibrium leads ("off the path").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar

from games.base import Action, Game, Joint, Seat
from games.solvers.base import DEFAULT_BUDGET, TOLERANCE, Budget, Meter, UnsolvedError, expected
from games.tree import Policy, joints
from games.values import Value

S = TypeVar("S", bound=Hashable)
Plan: TypeAlias = Sequence[float]
"""The probability that a seat plays each of its sequences, chance and the other seat willing."""

TREMBLE = 0.01
"""Least probability of every action in the trembling plan; less drowns in the linear program's tolerance."""
ON_PATH = 1e-6
"""An information set that chance and the other seat's equilibrium reach more rarely is off the path."""


@dataclass
class InformationSet(Generic[S]):
    """What one seat knows at one point, and how one gets there."""

    seen: S
    actions: tuple[Action, ...]
    parent: int
    """The seat's own sequence that leads here."""
    first: int
    """Its sequences are first, first + 1, ...: one for each action."""
    ways: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    """The other seat's sequences that lead here, with the probability of the chance moves."""

    @property
    def sequences(self) -> range:
        return range(self.first, self.first + len(self.actions))


class BestResponse(NamedTuple):
    """The most that a seat can get against a fixed policy, and by what: observation text -> action."""

    payoff: float
    actions: Mapping[str, Action]


class SequenceFormSolver(Generic[S]):
    """Equilibrium, best responses and exploitability; each is worked out at the first question."""

    def __init__(self, game: Game[S], budget: Budget = DEFAULT_BUDGET) -> None:
        if game.num_seats != 2 or not game.zero_sum:
            raise UnsolvedError(f"{game.spec} is not a zero-sum game of two seats")
        self.game = game
        self.budget = budget
        self._sets: tuple[dict[str, InformationSet[S]], ...] = ({}, {})
        self._sizes = [1, 1]  # number of sequences of each seat; 0 is the empty one
        self._payoffs: dict[tuple[int, int], float] = defaultdict(float)  # chance * return of seat 0
        self._walk()

    # The Solver protocol

    def value(self, state: S) -> Value:
        """Before the deal the value of the game for seat 0; else what the seat to move can expect there."""
        outcome = self.game.outcome(state)
        if outcome is not None:
            return expected(outcome.returns[0])
        if state == self.game.initial_state():
            return expected(self.game_value)
        seats = self.game.seats_to_move(state)
        if not seats:
            raise UnsolvedError(
                f"{self.game.spec}: no value for {self.game.format_state(state)}, where chance moves"
            )
        return max(self.action_values(state, seats[0]).values())

    def action_values(self, state: S, seat: Seat) -> dict[Action, Value]:
        """What each action earns, given only what the seat sees, if it goes on as well as possible.

        The other seat plays its stored equilibrium; off the path (see `on_path`) its trembling plan, and the
        result is then exact against that plan, but other plans would be as good a yardstick.
        """
        if seat not in self.game.seats_to_move(state):
            return {}
        here = self._information_set(state, seat)
        plans = self.equilibrium if self.on_path(state, seat) else self.trembling
        totals = self._totals(seat, plans[1 - seat])
        reach = _reach(here, plans[1 - seat])
        values = (_rounded(totals[s] / reach) for s in here.sequences)
        return dict(zip(here.actions, values, strict=True))

    def strategy(self, state: S, seat: Seat) -> dict[Action, float]:
        """The stored equilibrium; where the seat itself would never have come, its best actions alike."""
        if seat not in self.game.seats_to_move(state):
            return {}
        here, plan = self._information_set(state, seat), self.equilibrium[seat]
        if plan[here.parent] > TOLERANCE:
            return {a: plan[s] / plan[here.parent] for a, s in zip(here.actions, here.sequences, strict=True)}
        values = self.action_values(state, seat)
        best = [action for action in values if values[action] == max(values.values())]
        return {action: (action in best) / len(best) for action in values}

    def on_path(self, state: S, seat: Seat) -> bool:
        """Whether the other seat's equilibrium and chance lead to what this seat sees now."""
        return _reach(self._information_set(state, seat), self.equilibrium[1 - seat]) > ON_PATH

    # Policies

    @property
    def game_value(self) -> float:
        """The expected return of seat 0, exact within TOLERANCE."""
        ceiling, floor = self._best(0, self.equilibrium[1]), -self._best(1, self.equilibrium[0])
        return (ceiling + floor) / 2

    def best_response(self, seat: Seat, policy: Policy[S]) -> BestResponse:
        """The best the seat can do against a policy of the other seat that it knows."""
        totals = self._totals(seat, self._plan_of(policy, 1 - seat))
        chosen = {
            text: here.actions[max(range(len(here.actions)), key=lambda i: totals[here.first + i])]
            for text, here in self._sets[seat].items()
        }
        return BestResponse(totals[0], chosen)

    def nash_conv(self, policies: Sequence[Policy[S]]) -> float:
        """What both seats together could gain by a best response to the other: 0 in equilibrium only."""
        return sum(self.best_response(seat, policies[1 - seat]).payoff for seat in (0, 1))

    def exploitability(self, policies: Sequence[Policy[S]]) -> float:
        """Half of NashConv: what a seat loses on average to an opponent who knows its policy."""
        return self.nash_conv(policies) / 2

    # Plans

    @cached_property
    def equilibrium(self) -> tuple[Plan, Plan]:
        """The plans of both seats, proved: neither can gain more than TOLERANCE by leaving it."""
        plans = (self._solve(0, 0.0), self._solve(1, 0.0))
        gain = self._best(0, plans[1]) + self._best(1, plans[0])
        if gain > TOLERANCE:
            raise UnsolvedError(f"{self.game.spec}: the plans found can still be beaten by {gain:.2g}")
        return plans

    @cached_property
    def trembling(self) -> tuple[Plan, Plan]:
        """The plans in which every action keeps at least the probability TREMBLE."""
        return (self._solve(0, TREMBLE), self._solve(1, TREMBLE))

    def _solve(self, seat: Seat, tremble: float) -> Plan:
        from games.solvers.plan_program import best_plan  # imports scipy

        rows = {
            (i, j) if seat == 0 else (j, i): p if seat == 0 else -p for (i, j), p in self._payoffs.items()
        }
        own, other = ([(h.parent, h.sequences) for h in self._sets[s].values()] for s in (seat, 1 - seat))
        found = best_plan(rows, own, other, tremble)
        if found is None:
            raise UnsolvedError(f"{self.game.spec}: the linear program of seat {seat} was not solved")
        return self._normalised(found, seat)

    def _normalised(self, plan: Plan, seat: Seat) -> Plan:
        """The same plan without float noise: shares of every information set add up to 1 exactly."""
        exact = [1.0] * self._sizes[seat]
        for here in self._sets[seat].values():  # parents come before children
            weights = [max(0.0, plan[s]) for s in here.sequences]
            total = sum(weights)
            for s, weight in zip(here.sequences, weights, strict=True):
                exact[s] = exact[here.parent] * (weight / total if total > TOLERANCE else 1 / len(weights))
        return exact

    def _plan_of(self, policy: Policy[S], seat: Seat) -> Plan:
        plan = [1.0] * self._sizes[seat]
        for here in self._sets[seat].values():
            shares = policy(here.seen, seat)
            for s, action in zip(here.sequences, here.actions, strict=True):
                plan[s] = plan[here.parent] * shares.get(action, 0.0)
        return plan

    def _best(self, seat: Seat, plan: Plan) -> float:
        return self._totals(seat, plan)[0]

    def _totals(self, seat: Seat, plan: Plan) -> list[float]:
        """For each sequence of the seat, what it earns from there on with best play against a plan.

        Weighted with how often chance and the other seat's plan lead there; entry 0 is the whole game.
        """
        totals = [0.0] * self._sizes[seat]
        for (i, j), payoff in self._payoffs.items():
            totals[i if seat == 0 else j] += payoff * plan[j] if seat == 0 else -payoff * plan[i]
        for here in reversed(self._sets[seat].values()):  # children come after their parents
            totals[here.parent] += max(totals[s] for s in here.sequences)
        return totals

    # The tree

    def _information_set(self, state: S, seat: Seat) -> InformationSet[S]:
        text = self._text(state, seat)
        if text not in self._sets[seat]:
            raise UnsolvedError(f"{self.game.spec}: seat {seat} never comes to see {text!r}")
        return self._sets[seat][text]

    def _text(self, state: S, seat: Seat) -> str:
        return self.game.format_state(self.game.observe(state, seat))

    def _walk(self) -> None:
        """Visit every history, number the sequences, add up the payoffs."""
        waiting, meter = [(self.game.initial_state(), (0, 0), 1.0)], Meter(self.game.spec, self.budget)
        while waiting:
            state, sequences, chance = waiting.pop()
            meter.spend(partial(self.game.format_state, state))
            outcome = self.game.outcome(state)
            if outcome is not None:
                self._payoffs[sequences] += chance * outcome.returns[0]
            else:
                waiting += self._followers(state, sequences, chance)

    def _followers(
        self, state: S, sequences: tuple[int, int], chance: float
    ) -> Iterator[tuple[S, tuple[int, int], float]]:
        seats = self.game.seats_to_move(state)
        here = {seat: self._enter(state, seat, sequences, chance) for seat in seats}
        for joint in joints(self.game, state):
            after = [_sequence(here, joint, seat, sequences) for seat in (0, 1)]
            for p, follower in self.game.transitions(state, joint):
                yield follower, (after[0], after[1]), chance * p

    def _enter(self, state: S, seat: Seat, sequences: tuple[int, int], chance: float) -> InformationSet[S]:
        """The information set of a seat in a state, new or known, and one more way to it."""
        text, legal = self._text(state, seat), self.game.legal_actions(state, seat)
        here = self._sets[seat].get(text)
        if here is None:
            seen, first = self.game.observe(state, seat), self._sizes[seat]
            here = self._sets[seat][text] = InformationSet(seen, legal, sequences[seat], first)
            self._sizes[seat] += len(legal)
        if here.parent != sequences[seat] or here.actions != legal:
            raise UnsolvedError(
                f"{self.game.spec} has no perfect recall: seat {seat} sees {text!r} after different actions "
                f"of its own"
            )
        here.ways[sequences[1 - seat]] += chance
        return here


def _sequence(
    here: Mapping[Seat, InformationSet[Any]], joint: Joint, seat: Seat, before: tuple[int, int]
) -> int:
    """The seat's sequence after a joint action; the same as before if it had nothing to choose."""
    if seat not in here:
        return before[seat]
    return here[seat].first + here[seat].actions.index(joint[seat])


def _reach(here: InformationSet[Any], plan: Plan) -> float:
    """How often chance and the other seat's plan lead to an information set."""
    return sum(chance * plan[j] for j, chance in here.ways.items())


def _rounded(payoff: float) -> Value:
    """Rounded to what a rarely reached information set can be known to."""
    return Value(round(payoff, 6) + 0.0)
