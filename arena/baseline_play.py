"""Matches between baselines, by the hundred thousand: the same records, from pieces that are made once.

What a baseline may do in a state, and what the record says of each ply, depends on the state alone. So the
tree of the plies that have been met is kept, each with its line of JSON, and a match is a walk down this tree
with the same draws as in arena.match. Verdicts come from the solver when a piece is made.
"""

from __future__ import annotations

import json
import time
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any

from pydantic import TypeAdapter

from arena.match import MatchSpec, versions
from arena.record import SCHEMA, Attempt, Ending, Ply, Rules
from arena.referee import judge
from games.base import Action, Game
from games.registry import parse_game
from games.solvers import Solver, UnsolvedError, shared_solver
from games.status import status_after
from games.tree import reachable
from players.base import Player
from players.baselines import PolicyPlayer

SMALL = 20_000
"""States of a game whose tree is kept in memory without another thought."""

_PLY = TypeAdapter(Ply)


def is_for(game: str, players: Sequence[Player]) -> bool:
    """Whether matches can be played here: policies only, a small game in turns, without chance."""
    policies = all(isinstance(p, PolicyPlayer) and type(p).choose is PolicyPlayer.choose for p in players)
    return policies and _is_small(parse_game(game))


@lru_cache(maxsize=256)
def _is_small(game: Game[Any]) -> bool:
    """Nothing hidden, few states, one seat to move in each, and nothing left to chance."""
    if game.hidden or game.simultaneous:
        return False
    for count, state in enumerate(reachable(game, SMALL + 1), 1):
        if count > SMALL:
            return False
        if game.outcome(state) is not None:
            continue
        seats = game.seats_to_move(state)
        if len(seats) != 1 or any(
            len(game.transitions(state, {seats[0]: action})) != 1
            for action in game.legal_actions(state, seats[0])
        ):
            return False
    return True


@dataclass(slots=True)
class _Place:
    """A state at a ply, with what has been met below it."""

    number: int
    state: Any
    seat: int
    shares: dict[str, tuple[list[Action], list[float]]] = field(default_factory=dict)
    """Of each player: actions, and their probabilities added up."""
    steps: dict[Action, tuple[str, _Place | _End]] = field(default_factory=dict)
    """Of each action: its line of the record, and where it leads."""


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a match, and what the record says of it."""

    told: str


class BaselineTable:
    """Plays matches of one game by the same rules from the same opening."""

    def __init__(self, spec: MatchSpec, players: Mapping[str, PolicyPlayer]) -> None:
        self._game = parse_game(spec.game)
        self._players = players
        self._solver: Solver[Any] = shared_solver(self._game)
        self._spec = spec
        self._start = self._opened(spec)
        self._heads: dict[tuple[str, ...], tuple[str, str]] = {}

    def line(self, spec: MatchSpec) -> str:
        """The record of a match as one line of JSON, verdicts included."""
        began = time.perf_counter()
        seed = spec.match_seed
        draws = [Random(f"{seed}/seat {seat}") for seat in range(len(spec.players))]
        place: _Place | _End = self._start
        plies: list[str] = []
        while isinstance(place, _Place):
            player = spec.players[place.seat]
            actions, added = place.shares.get(player) or self._shares(place, player)
            # what Random.choices does with these weights, without what it does around it
            drawn = bisect(added, draws[place.seat].random() * added[-1], 0, len(added) - 1)
            action = actions[drawn]
            step = place.steps.get(action) or self._step(place, action)
            plies.append(step[0])
            place = step[1]
        head, rules = self._head(spec)
        return (
            f'{{"match_id":"{spec.match_id}","pair_id":"{spec.pair_id}",{head},"seed":{seed},{rules},'
            f'"plies":[{",".join(plies)}],{place.told},"started":"{_now()}",'
            f'"seconds":{round(time.perf_counter() - began, 3)},"versions":{_versions()},"source":{{}},'
            f'"schema":{SCHEMA}}}'
        )

    def _opened(self, spec: MatchSpec) -> _Place | _End:
        game, state = self._game, self._game.initial_state()
        for notation in spec.opening:
            seat = game.seats_to_move(state)[0]
            state = game.transitions(state, {seat: game.parse_action(state, notation)})[0].state
        return self._place(len(spec.opening), state)

    def _place(self, number: int, state: Any) -> _Place | _End:
        outcome = self._game.outcome(state)
        if outcome is None:
            return _Place(number, state, self._game.seats_to_move(state)[0])
        told = {
            "final_state": self._game.format_state(state),
            "ending": Ending.COMPLETED,
            "returns": outcome.returns,
            "reason": outcome.reason,
            "culprit": None,
            "lasting": False,
        }
        return _End(_json(told)[1:-1])

    def _shares(self, place: _Place, player: str) -> tuple[list[Action], list[float]]:
        shares = self._players[player].policy(self._game, place.state, place.seat)
        place.shares[player] = list(shares), list(accumulate(shares.values()))
        return place.shares[player]

    def _step(self, place: _Place, action: Action) -> tuple[str, _Place | _End]:
        game, state = self._game, place.state
        after = game.transitions(state, {place.seat: action})[0].state
        told = _PLY.dump_json(self._ply(place, action)).decode()
        place.steps[action] = told, self._place(place.number + 1, after)
        return place.steps[action]

    def _ply(self, place: _Place, action: Action) -> Ply:
        game, state, seat = self._game, place.state, place.seat
        named = game.format_action(state, action)
        verdict, unjudged = None, ""
        try:
            verdict = judge(game, self._solver, state, seat, action)
        except UnsolvedError as error:
            unjudged = str(error)
        return Ply(
            number=place.number,
            seat=seat,
            state=game.format_state(state),
            action=named,
            attempts=(Attempt(text=named, action=named, problem=None, why="", claim=None, seconds=0.0),),
            status=status_after(game, state, seat, action),
            verdict=verdict,
            unjudged=unjudged,
        )

    def _head(self, spec: MatchSpec) -> tuple[str, str]:
        """The parts of the record that are the same for every match between these players in these seats."""
        if spec.players not in self._heads:
            configs = [dict(self._players[name].config) for name in spec.players]
            head = {
                "game": self._game.spec,
                "players": spec.players,
                "configs": configs,
                "opening": spec.opening,
            }
            self._heads[spec.players] = _json(head)[1:-1], _json({"rules": asdict(spec.rules)})[1:-1]
        return self._heads[spec.players]


class BaselineHall:
    """A table for each game, opening and rules."""

    def __init__(self, players: Mapping[str, Player]) -> None:
        self._players = {name: p for name, p in players.items() if isinstance(p, PolicyPlayer)}
        self._tables: dict[tuple[str, tuple[str, ...], Rules], BaselineTable] = {}

    def lines(self, specs: Sequence[MatchSpec]) -> Iterator[str]:
        """The record of each match, played when it is asked for."""
        for spec in specs:
            key = spec.game, spec.opening, spec.rules
            if key not in self._tables:
                self._tables[key] = BaselineTable(spec, self._players)
            yield self._tables[key].line(spec)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _versions() -> str:
    return _json(dict(versions()))
