"""Walks over the whole tree of a game: states, perft, and exact results of known policies.

Good for games whose states fit into memory; nothing here samples.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from math import prod
from typing import TypeAlias, TypeVar

from games.base import Action, Game, Joint, Seat, Transition

S = TypeVar("S", bound=Hashable)
Policy: TypeAlias = Callable[[S, Seat], Mapping[Action, float]]
"""How a player chooses: (state, its seat) -> probability of each legal action."""


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
    game: Game[S], policies: Sequence[Policy[S]], limit: int = 2_000_000
) -> dict[tuple[float, ...], float]:
    """The exact probability of every result when these policies meet, by dynamic programming.

    Each policy sees what its seat may observe. Play that never ends counts under the empty key ().
    Raises UnsolvedError when more than `limit` states are met, the same state at two plies counted twice.
    """
    totals: dict[tuple[float, ...], float] = defaultdict(float)
    unfinished: dict[S, float] = {}
    for layer in _layers(game, policies, limit):
        unfinished = {}
        for state, p in layer.items():
            if (outcome := game.outcome(state)) is not None:
                totals[outcome.returns] += p
            else:
                unfinished[state] = p
    if unfinished:
        totals[()] += sum(unfinished.values())
    return dict(totals)


def expected_sums(
    game: Game[S],
    policies: Sequence[Policy[S]],
    counts: Callable[[S, Seat, Action], Sequence[float]],
    limit: int = 2_000_000,
) -> tuple[float, ...]:
    """The expected sum over a match of what every action counts for, by dynamic programming.

    `counts` is asked with what the seat observes, its seat and the action, and always answers with as many
    numbers; () if nobody ever moves. Raises UnsolvedError as outcome_distribution does.
    """
    sums: list[float] = []
    for layer in _layers(game, policies, limit):
        for state, p in layer.items():
            for seat in game.seats_to_move(state):
                seen = game.observe(state, seat)
                for action, share in policies[seat](seen, seat).items():
                    if share > 0:
                        numbers = counts(seen, seat, action)
                        sums = sums or [0.0] * len(numbers)
                        sums = [old + p * share * new for old, new in zip(sums, numbers, strict=True)]
    return tuple(sums)


def _layers(game: Game[S], policies: Sequence[Policy[S]], limit: int) -> Iterator[Mapping[S, float]]:
    """The probability of every state, ply by ply; finished states stand in their layer only."""
    met = 1
    mass: Mapping[S, float] = {game.initial_state(): 1.0}
    for _ in range(4 * game.max_plies + 4):  # chance may move before, between and after plies
        yield mass
        after: dict[S, float] = defaultdict(float)
        for state, p in mass.items():
            if game.outcome(state) is None:
                for q, follower in _policy_step(game, state, policies):
                    after[follower] += p * q
            if met + len(after) > limit:
                raise _beyond(game, limit)
        mass, met = after, met + len(after)
        if not mass:
            return
    yield mass


def _beyond(game: Game[S], limit: int) -> Exception:
    from games.solvers.base import UnsolvedError  # whose package imports this module

    return UnsolvedError(f"not worked out: these policies meet more than {limit:,} states of {game.spec}")


def _policy_step(game: Game[S], state: S, policies: Sequence[Policy[S]]) -> Iterator[Transition[S]]:
    seats = game.seats_to_move(state)
    choices = [policies[seat](game.observe(state, seat), seat).items() for seat in seats]
    for combination in itertools.product(*choices):
        p = prod(share for _, share in combination)
        joint = {seat: action for seat, (action, _) in zip(seats, combination, strict=True)}
        if p > 0:
            for q, after in game.transitions(state, joint):
                yield Transition(p * q, after)
