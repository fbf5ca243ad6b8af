"""Matches between baselines, by the hundred thousand: the same records, from pieces that are made once.

What a baseline may do in a state, and what the record says of each ply, depends on the state alone. So the
states that have been met are kept, each ply with its piece of JSON, and a match is a walk from one to the
next with the same draws as in arena.match. Verdicts come from the solver when a piece is made.
"""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from arena.ids import seed_of, terms
from arena.match import MatchSpec, versions
from arena.record import SCHEMA, Attempt, Ending, Ply
from arena.referee import judged
from games.base import Action, SequentialGame
from games.registry import parse_game
from games.solvers import UnsolvedError, shared_solver
from games.status import status_of
from games.tree import reachable
from players.base import Player
from players.baselines import PolicyPlayer

SMALL = 20_000
"""States of a game whose tree is kept in memory without another thought."""

_PLY = TypeAdapter(Ply)


def is_for(game: str, players: Sequence[Player]) -> bool:
    """Whether matches can be played here: policies only, a small game in turns, without chance."""
    policies = all(isinstance(p, PolicyPlayer) and type(p).choose is PolicyPlayer.choose for p in players)
    return policies and _small(game) is not None


@lru_cache(maxsize=256)
def _small(spec: str) -> SequentialGame[Any] | None:
    """The game if it is sequential and has few states."""
    game = parse_game(spec)
    if isinstance(game, SequentialGame) and sum(1 for _ in reachable(game, SMALL + 1)) <= SMALL:
        return game
    return None


class Pieces:
    """What records of a game say of each ply, in JSON: made when a ply is first met."""

    def __init__(self, game: SequentialGame[Any]) -> None:
        self.game = game
        self._values = lru_cache(maxsize=4096)(shared_solver(game).action_values)
        self._made: dict[tuple[int, Any, Action], tuple[bytes, Any]] = {}

    def ply(self, number: int, state: Any, action: Action) -> tuple[bytes, Any]:
        """The ply with what stands behind it, and the state that it leads to: None if that is the end."""
        key = number, state, action
        if key not in self._made:
            after = self.game.next_state(state, action)
            told = _PLY.dump_json(self._ply(number, state, action, after))
            ending = self.ending(after)
            self._made[key] = (told + (ending or b","), None if ending else after)
        return self._made[key]

    def ending(self, state: Any) -> bytes:
        """The record from the end of its plies to its result, for a state that is one; empty for others."""
        outcome = self.game.outcome(state)
        if outcome is None:
            return b""
        told = {
            "final_state": self.game.format_state(state),
            "ending": Ending.COMPLETED,
            "returns": outcome.returns,
            "reason": outcome.reason,
            "culprit": None,
            "lasting": False,
        }
        return f"],{_fields(told)},".encode()

    def _ply(self, number: int, state: Any, action: Action, after: Any) -> Ply:
        game, seat = self.game, self.game.seat_to_move(state)
        named = game.format_action(state, action)
        verdict, unjudged = None, ""
        try:
            verdict = judged(game, self._values(state, seat), state, seat, action)
        except UnsolvedError as error:
            unjudged = str(error)
        return Ply(
            number=number,
            seat=seat,
            state=game.format_state(state),
            action=named,
            attempts=(Attempt(text=named, action=named, problem=None, why="", claim=None, seconds=0.0),),
            status=status_of(game, after),
            verdict=verdict,
            unjudged=unjudged,
        )


@dataclass(slots=True)
class _Place:
    """A state at a ply, and what the player whose turn it is may do there."""

    number: int
    state: Any
    seat: int
    actions: list[Action]
    shares: list[float]
    """Their probabilities added up."""
    steps: list[_Step | None]
    """Where each action leads, as far as it has been taken."""


_Step: TypeAlias = tuple[bytes, _Place | None]
"""A piece of the record, and the place behind it; None at the end of the match."""


class BaselineTable:
    """Matches between the same players in the same seats, under the same terms; `spec` is one of them."""

    def __init__(self, spec: MatchSpec, players: Mapping[str, PolicyPlayer], pieces: Pieces) -> None:
        self._seed, self._opening = spec.seed, spec.opening
        self._players = [players[name] for name in spec.players]
        self._pieces = pieces
        common = (spec.seed, spec.opening, spec.rules)
        self._terms = terms(spec.game, spec.players, *common)
        self._pair_terms = terms(spec.game, tuple(sorted(spec.players)), *common)
        self._draws = [Random() for _ in spec.players]
        self._places: dict[tuple[int, Any], _Place] = {}
        self._start = self._opened()
        self._head, self._rules = self._same_for_all(spec)

    def play(self, spec: MatchSpec, told: list[bytes]) -> None:
        """Add the record of a match, piece by piece, but for its end, which tells the time."""
        match_id = self._terms.match_id(spec.pair, spec.leg)
        pair_id = self._pair_terms.match_id(spec.pair, 0)
        seed = seed_of(self._seed, match_id)
        begin = f'{{"match_id":"{match_id}","pair_id":"{pair_id}",{self._head},"seed":{seed},{self._rules}'
        told.append(begin.encode())
        for seat, draws in enumerate(self._draws):
            draws.seed(f"{seed}/seat {seat}")
        piece, place = self._start
        told.append(piece)
        while place is not None:
            shares = place.shares
            # what Random.choices does with these weights, without what it does around it
            drawn = bisect(shares, self._draws[place.seat].random() * shares[-1], 0, len(shares) - 1)
            piece, place = place.steps[drawn] or self._step(place, drawn)
            told.append(piece)

    def _opened(self) -> _Step:
        game = self._pieces.game
        state = game.initial_state()
        for notation in self._opening:
            state = game.next_state(state, game.parse_action(state, notation))
        ending = self._pieces.ending(state)
        return ending, None if ending else self._place(len(self._opening), state)

    def _place(self, number: int, state: Any) -> _Place:
        if (number, state) not in self._places:
            game = self._pieces.game
            seat = game.seat_to_move(state)
            shares = self._players[seat].policy(game, state, seat)
            added = list(accumulate(shares.values()))
            self._places[number, state] = _Place(number, state, seat, [*shares], added, [None] * len(added))
        return self._places[number, state]

    def _step(self, place: _Place, drawn: int) -> _Step:
        piece, after = self._pieces.ply(place.number, place.state, place.actions[drawn])
        step = piece, None if after is None else self._place(place.number + 1, after)
        place.steps[drawn] = step
        return step

    def _same_for_all(self, spec: MatchSpec) -> tuple[str, str]:
        """The parts of a record around its seed that are the same for every match here."""
        configs = [dict(player.config) for player in self._players]
        game = self._pieces.game.spec
        head = {"game": game, "players": spec.players, "configs": configs, "opening": spec.opening}
        return _fields(head), _fields({"rules": asdict(spec.rules)}) + ',"plies":['


class BaselineHall:
    """A table for each game, its players, opening and rules."""

    def __init__(self, players: Mapping[str, Player]) -> None:
        self._players = {name: p for name, p in players.items() if isinstance(p, PolicyPlayer)}
        self._tables: dict[tuple[Any, ...], BaselineTable] = {}
        self._pieces: dict[str, Pieces] = {}

    def lines(self, specs: Sequence[MatchSpec]) -> bytes:
        """The records of the matches, a line each."""
        told: list[bytes] = []
        ending = _ending()
        for spec in specs:
            key = spec.game, spec.players, spec.opening, spec.rules, spec.seed
            (self._tables.get(key) or self._table(key, spec)).play(spec, told)
            told.append(ending)
        return b"".join(told)

    def _table(self, key: tuple[Any, ...], spec: MatchSpec) -> BaselineTable:
        if spec.game not in self._pieces:
            game = _small(spec.game)
            assert game is not None, f"{spec.game} is not played here, see is_for"
            self._pieces[spec.game] = Pieces(game)
        self._tables[key] = BaselineTable(spec, self._players, self._pieces[spec.game])
        return self._tables[key]


def _ending() -> bytes:
    """How the records of matches end that are played now; each takes microseconds, which are no seconds."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = {"started": now, "seconds": 0.0, "versions": dict(versions()), "source": {}, "schema": SCHEMA}
    return f"{_fields(told)}}}\n".encode()


def _fields(data: Mapping[str, Any]) -> str:
    """Fields of a record, without the braces around them."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))[1:-1]
