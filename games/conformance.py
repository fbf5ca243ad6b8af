"""The contract, run: call check_game on a new game and it says what is wrong, and in which state.

    from games.conformance import check_game
    check_game(MyGame())

Small games are walked whole, larger ones by seeded random playouts.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Iterator
from dataclasses import FrozenInstanceError, dataclass, fields, is_dataclass
from functools import partial
from itertools import islice
from math import isclose
from typing import Generic, TypeVar

from games.base import Game, GameError, IllegalActionError, Seat, SequentialGame
from games.registry import GAMES, parse_game
from games.solvers import NegamaxSolver, Solver
from games.status import DRAW, outcome_status
from games.tree import joints, reachable, successors
from games.values import Value

S = TypeVar("S", bound=Hashable)


MOST_PLAYED = 1_500
"""So many states from playouts are checked; on large boards each takes many refusals to check."""


class ContractError(AssertionError):
    """A game breaks the contract; the message names the rule, the game and the state."""


@dataclass(frozen=True)
class Coverage:
    """What a check looked at."""

    states: int
    whole_tree: bool


def check_game(game: Game[S], *, playouts: int = 100, seed: int = 0, tree_limit: int = 6_000) -> Coverage:
    """Check every rule of the contract; raise ContractError at the first breach.

    Walks the whole game where it has fewer than `tree_limit` states, else `playouts` seeded random matches.
    """
    check = _Check(game)
    check.description()
    states = list(reachable(game, limit=tree_limit))
    whole = len(states) < tree_limit
    if not whole:
        played = dict.fromkeys(_playout_states(game, playouts, random.Random(seed)))
        states = list(islice(played, MOST_PLAYED))
    for state in states:
        check.ending(state)
    for state in states:
        check.state(state)
    for state in states[:: len(states) // 300 + 1]:  # the dearest rule, on an even sample
        check.symmetry(state)
    check.length(playouts, random.Random(seed))
    if whole and isinstance(game, SequentialGame):
        check.keys(states, NegamaxSolver(game))
    return Coverage(len(states), whole)


def _playout_states(game: Game[S], playouts: int, rng: random.Random) -> Iterator[S]:
    for _ in range(playouts):
        yield from _playout(game, rng)


def _playout(game: Game[S], rng: random.Random) -> Iterator[S]:
    state = game.initial_state()
    yield state
    for _ in range(4 * game.max_plies + 4):
        if game.outcome(state) is not None:
            return
        chosen = {seat: rng.choice(game.legal_actions(state, seat)) for seat in game.seats_to_move(state)}
        followers = game.transitions(state, chosen)
        state = rng.choices([t.state for t in followers], [t.probability for t in followers])[0]
        yield state


def _hashable(thing: object) -> bool:
    try:
        hash(thing)
    except TypeError:
        return False
    return True


class _Check(Generic[S]):
    """One method per group of rules; `self.game` is the game under check."""

    def __init__(self, game: Game[S]) -> None:
        self.game = game

    def demand(self, holds: bool, rule: str, state: S | None = None) -> None:
        if not holds:
            where = "" if state is None else f", in state {self.game.format_state(state)}"
            raise ContractError(f"{self.game.spec}: {rule}{where}")

    def description(self) -> None:
        game = self.game
        self.demand(is_dataclass(game), "a game is a frozen dataclass of its parameters")
        self.demand(len(game.seat_names) == game.num_seats, "seat_names has one name for each seat")
        self.demand(bool(game.rules) and bool(game.action_help), "rules and action_help say something")
        self.demand(_hashable(game), "a game is hashable")
        if GAMES.get(game.name) is type(game):
            self.demand(parse_game(game.spec) == game, "parse_game(game.spec) gives the game again")
        initial = game.initial_state()
        self.demand(game.outcome(initial) is None, "the initial state is not over", initial)
        self.demand(initial == game.initial_state(), "initial_state is always the same", initial)
        self.demand(_hashable(initial), "states are hashable", initial)
        self.order(initial)

    def state(self, state: S) -> None:
        self.frozen(state)
        self.turns(state)
        self.transitions(state)
        self.refusals(state)
        self.notation(state)

    def frozen(self, state: S) -> None:
        if is_dataclass(state):
            for field in fields(state):
                try:
                    setattr(state, field.name, getattr(state, field.name))
                except (FrozenInstanceError, AttributeError, TypeError):
                    continue
                self.demand(False, f"states are frozen, but {field.name} can be set", state)

    def ending(self, state: S) -> None:
        game, outcome = self.game, self.game.outcome(state)
        if outcome is None:
            return
        self.demand(game.seats_to_move(state) == (), "nobody is to move once the game is over", state)
        self.demand(len(outcome.returns) == game.num_seats, "an outcome has a return for each seat", state)
        low, high = game.return_range
        self.demand(all(low <= r <= high for r in outcome.returns), "returns lie in return_range", state)
        adds_up = isclose(sum(outcome.returns), 0, abs_tol=1e-9)
        self.demand(adds_up or not game.zero_sum, "returns of a zero-sum game add up to 0", state)
        drawn = game.num_seats > 1 and outcome_status(game, outcome) == DRAW
        self.demand(game.draws or not drawn, "a game that ends drawn has draws = True", state)

    def order(self, state: S) -> None:
        game, seats = self.game, self.game.seats_to_move(state)
        self.demand(list(seats) == sorted(set(seats)), "seats_to_move ascends without repeats", state)
        self.demand(game.simultaneous or len(seats) < 2, "several seats move: simultaneous = True", state)

    def turns(self, state: S) -> None:
        game, seats = self.game, self.game.seats_to_move(state)
        self.order(state)
        for seat in range(game.num_seats):
            actions = game.legal_actions(state, seat)
            self.demand(list(actions) == sorted(set(actions)), "legal_actions ascend without repeats", state)
            self.demand(bool(actions) == (seat in seats), "a seat has legal actions iff it is to move", state)
            threats = game.threats(state, seat)
            self.demand(
                seat not in seats or set(threats) <= set(actions),
                "threats of the seat to move are legal",
                state,
            )

    def transitions(self, state: S) -> None:
        if self.game.outcome(state) is not None:
            return
        before = self.game.format_state(state)
        for joint in joints(self.game, state):
            followers = self.game.transitions(state, joint)
            total = sum(t.probability for t in followers)
            self.demand(isclose(total, 1, abs_tol=1e-9), f"probabilities add up to {total}, not 1", state)
            self.demand(all(t.probability > 0 for t in followers), "probabilities are positive", state)
            self.demand(
                len({t.state for t in followers}) == len(followers), "each follower is listed once", state
            )
        self.demand(self.game.format_state(state) == before, "acting leaves the old state as it was", state)

    def refusals(self, state: S) -> None:
        """Every joint action that is not legal raises IllegalActionError."""
        legal = {seat: self.game.legal_actions(state, seat) for seat in range(self.game.num_seats)}
        top = max((a for actions in legal.values() for a in actions), default=0)
        seats = self.game.seats_to_move(state)
        good = {seat: legal[seat][0] for seat in seats}
        wrong = [{**good, seat: a} for seat in seats for a in (*range(-1, top + 2),) if a not in legal[seat]]
        wrong.append({**good, self.game.num_seats: 0})
        if seats:
            wrong.append({})
        for joint in wrong:
            try:
                self.game.transitions(state, joint)
            except IllegalActionError:
                continue
            except Exception as error:
                raised = f", not {error!r}"
            else:
                raised = ""
            self.demand(
                False, f"the illegal joint action {joint} is refused with IllegalActionError{raised}", state
            )

    def notation(self, state: S) -> None:
        game, text = self.game, self.game.format_state(state)
        self.demand(text.split() == [text], "the notation of a state is one word", state)
        self.demand(game.parse_state(text) == state, "parse_state undoes format_state", state)
        for seat in game.seats_to_move(state):
            seen = self.observation(state, seat)
            written = {action: game.format_action(seen, action) for action in game.legal_actions(state, seat)}
            self.demand(len(set(written.values())) == len(written), "actions have different notations", state)
            for action, word in written.items():
                self.demand(word.split() == [word], f"the notation {word!r} of an action is one word", state)
                self.demand(
                    game.parse_action(seen, word) == action, "parse_action undoes format_action", state
                )
        for nonsense in ("", " ", "?", "no such thing", "\u0661", "-1", "999999999999"):
            self._refuses_text(state, nonsense)

    def observation(self, state: S, seat: Seat) -> S:
        """What the seat sees: a state with its own notation, in which the seat may do the same."""
        game, seen = self.game, self.game.observe(state, seat)
        self.demand(game.hidden or seen == state, "what seats do not see needs hidden = True", state)
        self.demand(game.observe(seen, seat) == seen, "observing again shows the same", state)
        self.demand(game.seats_to_move(seen) == game.seats_to_move(state), "seats see who moves", state)
        same = game.legal_actions(seen, seat) == game.legal_actions(state, seat)
        self.demand(same, "a seat sees what it may do", state)
        text = game.format_state(seen)
        self.demand(text.split() == [text], "the notation of an observation is one word", state)
        self.demand(game.parse_state(text) == seen, "parse_state reads observations too", state)
        return seen

    def _refuses_text(self, state: S, nonsense: str) -> None:
        parsers: dict[str, Callable[[str], object]] = {
            "a state": self.game.parse_state,
            "an action": partial(self.game.parse_action, state),
        }
        for what, parse in parsers.items():
            try:
                parse(nonsense)
            except GameError:
                continue
            except Exception as error:
                raised = f" with a GameError, not {error!r}"
            else:
                raised = ""
            self.demand(False, f"{nonsense!r} is refused as the notation of {what}{raised}", state)

    def symmetry(self, state: S) -> None:
        game, key = self.game, self.game.canonical_key(state)
        images = list(game.images(state))
        self.demand(images[0].state == state, "the first image of a state is the state itself", state)
        for image in images:
            self.demand(
                game.canonical_key(image.state) == key, "all images have the same canonical key", state
            )
            for seat in game.seats_to_move(state):
                mapped = sorted(image.map_action(a) for a in game.legal_actions(state, seat))
                there = list(game.legal_actions(image.state, seat))
                self.demand(mapped == there, "map_action gives the image's legal actions", state)
        self._images_follow(state, images[-1].state)

    def _images_follow(self, state: S, image: S) -> None:
        here = sorted(repr(self.game.canonical_key(t.state)) for t in successors(self.game, state))
        there = sorted(repr(self.game.canonical_key(t.state)) for t in successors(self.game, image))
        self.demand(here == there, "an image leads to the images of what follows", state)

    def keys(self, states: list[S], solver: Solver[S]) -> None:
        values: dict[Hashable, Value] = {}
        for state in states:
            value = solver.value(state)
            same = values.setdefault(self.game.canonical_key(state), value) == value
            self.demand(same, "equal canonical keys mean equal value", state)

    def length(self, playouts: int, rng: random.Random) -> None:
        for _ in range(min(playouts, 20)):
            states = list(_playout(self.game, rng))
            plies = sum(1 for state in states if self.game.seats_to_move(state))
            ended = self.game.outcome(states[-1]) is not None
            self.demand(ended or self.game.endless, "every play ends, or endless says so", states[-1])
            self.demand(
                self.game.endless or plies <= self.game.max_plies,
                f"a play took {plies} plies, over max_plies",
                states[-1],
            )
