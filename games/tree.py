"""Walks over the whole tree of a game: states, perft, and exact results of known policies.

Good for games whose states fit into memory; nothing here samples.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from math import inf, prod
from time import monotonic
from typing import Generic, TypeAlias, TypeVar

from games.base import Action, Game, Joint, Seat, Transition

S = TypeVar("S", bound=Hashable)
Policy: TypeAlias = Callable[[S, Seat], Mapping[Action, float]]
"""How a player chooses: (state, its seat) -> probability of each legal action."""
NEGLIGIBLE = 1e-13
"""A probability that changes no result."""


def joints(game: Game[S], state: S) -> Iterator[Joint]:
    """Every way the seats to move can act together; the empty joint where chance moves."""
    seats = game.seats_to_move(state)
    for actions in itertools.product(*(game.legal_actions(state, seat) for seat in seats)):
        yield dict(zip(seats, actions, strict=True))


def successors(game: Game[S], state: S) -> Iterator[Transition[S]]:
    """Everything that may follow a state; nothing where the game is over."""
    if game.outcome(state) is None:
        for joint in joints(game, state):
            yield from game.transitions(state, joint)


def reachable(game: Game[S], limit: int | None = None) -> Iterator[S]:
    """Every state that can arise, each once, finished ones included; stops after `limit` of them."""
    start = game.initial_state()
    seen, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        yield state
        if limit is not None and len(seen) >= limit:
            continue
        for _, after in successors(game, state):
            if after not in seen and (limit is None or len(seen) < limit):
                seen.add(after)
                waiting.append(after)


def perft(game: Game[S], depth: int) -> int:
    """Number of ways to play exactly `depth` plies; plays that ended earlier are not counted.

    >>> from games.k_in_a_row import KInARow
    >>> [perft(KInARow(), depth) for depth in range(5)]
    [1, 9, 72, 504, 3024]
    """
    paths = {game.initial_state(): 1}
    for _ in range(depth):
        paths = _one_ply_on(game, paths)
    return sum(paths.values())


def count_endings(game: Game[S]) -> dict[tuple[float, ...], int]:
    """Number of complete plays by their returns."""
    totals: dict[tuple[float, ...], int] = defaultdict(int)
    paths = {game.initial_state(): 1}
    while paths:
        for state, ways in paths.items():
            if (outcome := game.outcome(state)) is not None:
                totals[outcome.returns] += ways
        paths = _one_ply_on(game, paths)
    return dict(totals)


def _one_ply_on(game: Game[S], paths: Mapping[S, int]) -> dict[S, int]:
    """Ways to reach each state after one more ply, from the ways to reach the states before it."""
    after: dict[S, int] = defaultdict(int)
    for state, ways in paths.items():
        for _, follower in successors(game, state):
            after[follower] += ways
    return dict(after)


def outcome_distribution(
    game: Game[S], policies: Sequence[Policy[S]], limit: int = 2_000_000, seconds: float = inf
) -> dict[tuple[float, ...], float]:
    """The exact probability of every result when these policies meet, by dynamic programming.

    Each policy sees what its seat may observe. Play that never ends counts under the empty key (); what
    chance may go round for ever ends as soon as all but NEGLIGIBLE of it is known. Raises UnsolvedError when
    more than `limit` states are met, or after so many seconds.
    """
    chain = _Chain(game, policies, limit, seconds)
    totals: dict[tuple[float, ...], float] = defaultdict(float)
    for state, p in zip(chain.states, chain.visits(), strict=True):
        if p > 0 and (outcome := game.outcome(state)) is not None:
            totals[outcome.returns] += p
    if (endless := 1 - sum(totals.values())) > 10 * NEGLIGIBLE:
        totals[()] += endless
    return dict(totals)


def expected_sums(
    game: Game[S],
    policies: Sequence[Policy[S]],
    counts: Callable[[S, Seat, Action], Sequence[float]],
    limit: int = 2_000_000,
    seconds: float = inf,
) -> tuple[float, ...]:
    """The expected sum over a match of what every action counts for, by dynamic programming.

    `counts` is asked with what the seat observes, its seat and the action, and always answers with as many
    numbers; () if nobody ever moves. Raises UnsolvedError as outcome_distribution does.
    """
    chain = _Chain(game, policies, limit, seconds)
    sums: list[float] = []
    for state, times in zip(chain.states, chain.visits(), strict=True):
        for seat in game.seats_to_move(state):
            seen = game.observe(state, seat)
            for action, share in policies[seat](seen, seat).items():
                if share > 0:
                    numbers = counts(seen, seat, action)
                    sums = sums or [0.0] * len(numbers)
                    sums = [old + times * share * new for old, new in zip(sums, numbers, strict=True)]
    return tuple(sums)


class _Chain(Generic[S]):
    """The states that policies meet and the probability of every step: each policy is asked once a state.

    Which states follow does not depend on how play came to one, so a game that can go round is as small as
    its states are few, however long its matches are.
    """

    def __init__(self, game: Game[S], policies: Sequence[Policy[S]], limit: int, seconds: float) -> None:
        self._game, self._seconds, self._until = game, seconds, monotonic() + seconds
        self.states: list[S] = [game.initial_state()]
        self._number = {self.states[0]: 0}
        self._steps: dict[tuple[int, int], float] = defaultdict(float)
        """From and to, by number."""
        for number, state in enumerate(self.states):  # which grows meanwhile
            self._check_time()
            if game.outcome(state) is None:
                for p, follower in _policy_step(game, state, policies):
                    self._steps[number, self._numbered(follower, limit)] += p

    def _numbered(self, state: S, limit: int) -> int:
        if state not in self._number:
            if len(self.states) >= limit:
                raise _unsolved(f"these policies meet more than {limit:,} states of {self._game.spec}")
            self._number[state] = len(self.states)
            self.states.append(state)
        return self._number[state]

    def _check_time(self) -> None:
        if monotonic() > self._until:
            raise _unsolved(f"{self._game.spec} takes more than {self._seconds:.0f} seconds")

    def visits(self) -> list[float]:
        """How often each state is met in a match, in the mean; of finished states the probability."""
        import numpy as np
        from scipy.sparse import csr_array

        size = len(self.states)
        places = np.array(list(self._steps), dtype=np.int64).reshape(-1, 2)
        chances = np.array(list(self._steps.values()), dtype=float)
        onwards = csr_array((chances, (places[:, 1], places[:, 0])), shape=(size, size))
        mass = np.zeros(size)
        mass[0] = 1.0
        met = mass.copy()
        for _ in range(4 * self._game.max_plies + 4):  # chance may move before, between and after plies
            mass = onwards @ mass
            met += mass
            if mass.sum() <= NEGLIGIBLE:
                break
            self._check_time()
        return [float(times) for times in met]


def _unsolved(why: str) -> Exception:
    from games.solvers.base import UnsolvedError  # whose package imports this module

    return UnsolvedError(f"not worked out: {why}")


def _policy_step(game: Game[S], state: S, policies: Sequence[Policy[S]]) -> Iterator[Transition[S]]:
    seats = game.seats_to_move(state)
    choices = [policies[seat](game.observe(state, seat), seat).items() for seat in seats]
    for combination in itertools.product(*choices):
        p = prod(share for _, share in combination)
        joint = {seat: action for seat, (action, _) in zip(seats, combination, strict=True)}
        if p > 0:
            for q, after in game.transitions(state, joint):
                yield Transition(p * q, after)
