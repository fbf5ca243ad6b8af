"""One match, from the opening to its ending, as one coroutine.

The match knows the rules and the players and nothing else: it is not judged here, not stored, not shown.
"""

from __future__ import annotations

import asyncio
import platform
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from random import Random
from typing import Any, TypeAlias

from arena.errors import RunError
from arena.facts import call_facts, completion_facts
from arena.ids import Terms, seed_of, terms
from arena.record import FORFEITS, Attempt, Ending, MatchRecord, Ply, Rules
from arena.soundness import forfeit_returns, readable
from games.base import Action, Game, Seat
from games.registry import parse_game
from games.status import status_after
from players.base import Played, Player, PlayerError, Problem, Rejected, Reply, Turn
from players.completers.base import NotRecorded, ProviderError
from players.completers.occasion import attempt_at


@dataclass(frozen=True, slots=True)
class MatchSpec:
    """A match before it is played. Its id follows from all the rest."""

    game: str
    players: tuple[str, ...]
    """Player strings by seat."""
    seed: int
    """Of the run; the match's own seed follows from it and the id."""
    pair: int = 0
    leg: int = 0
    """Which match of the pair: with the same player in both seats nothing else tells them apart."""
    opening: tuple[str, ...] = ()
    rules: Rules = Rules()

    @property
    def match_id(self) -> str:
        return self._terms(self.players).match_id(self.pair, self.leg)

    @property
    def pair_id(self) -> str:
        """The same for the two matches with seats swapped."""
        return self._terms(tuple(sorted(self.players))).match_id(self.pair, 0)

    @property
    def match_seed(self) -> int:
        return seed_of(self.seed, self.match_id)

    def _terms(self, players: tuple[str, ...]) -> Terms:
        return terms(self.game, players, self.seed, self.opening, self.rules)

    def difference(self, record: MatchRecord) -> str:
        """What the record of this match says that was not to be played, in words; '' if nothing."""
        due = {"game": self.game, "players": self.players, "opening": self.opening, "rules": self.rules}
        for name, value in (due | {"seed": self.match_seed}).items():
            if (said := getattr(record, name)) != value:
                return f"{name}: {_said(said)} where the schedule has {_said(value)}"
        return ""


def _said(value: Any) -> str:
    return " ".join(value) or "none" if isinstance(value, tuple) else f"{value}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something a spectator may want to see."""

    spec: MatchSpec
    game: Game[Any]
    state: Any
    seat: Seat
    """Whose turn it is, or was."""
    reply: Reply | None = None
    """None while the player thinks."""


Watch: TypeAlias = Callable[[Event], None]


def ignore(event: Event) -> None:
    """A spectator who looks away."""


async def play_match(spec: MatchSpec, players: Sequence[Player], watch: Watch = ignore) -> MatchRecord:
    """Play a match and return its record, without verdicts. A provider's fault ends it with Ending.ERROR."""
    return readable(await _Match(spec, players, watch).play())


class _Forfeit(Exception):
    """A seat has used up its attempts."""

    def __init__(self, seat: Seat, problem: Problem, why: str) -> None:
        super().__init__(why)
        self.seat = seat
        self.problem = problem
        self.why = why


class _Failure(Exception):
    """Something in a player went wrong that nobody foresaw: no fault of the world, and no player's."""


class _Match:
    """The state of one match under way: `state`, `history` and `plies` grow, all else stays."""

    def __init__(self, spec: MatchSpec, players: Sequence[Player], watch: Watch) -> None:
        self.spec = spec
        self.game = parse_game(spec.game)
        self.players = players
        self.watch = watch
        self.chance = Random(f"{spec.match_seed}/chance")
        self.rngs = [Random(f"{spec.match_seed}/seat {seat}") for seat in range(self.game.num_seats)]
        self.state = self.game.initial_state()
        self.history: tuple[Played, ...] = ()
        self.plies: list[Ply] = []
        self.number = 0

    async def play(self) -> MatchRecord:
        started, began = datetime.now(UTC), time.perf_counter()
        ending = await self._to_the_end()
        return MatchRecord(
            match_id=self.spec.match_id,
            pair_id=self.spec.pair_id,
            game=self.game.spec,
            players=self.spec.players,
            configs=tuple(player.config for player in self.players),
            opening=self.spec.opening,
            seed=self.spec.match_seed,
            rules=self.spec.rules,
            plies=tuple(self.plies),
            final_state=self.game.format_state(self.state),
            started=started.isoformat(timespec="seconds"),
            seconds=round(time.perf_counter() - began, 3),
            versions=versions(),
            **ending,
        )

    async def _to_the_end(self) -> dict[str, Any]:
        """Play; returns the fields of the record that say how it ended."""
        try:
            self._play_opening()
            while self.game.outcome(self.state) is None:
                if self.number >= self.game.max_plies:
                    zeros = (0.0,) * self.game.num_seats
                    return {
                        "ending": Ending.PLY_LIMIT,
                        "returns": zeros,
                        "reason": "the ply limit was reached",
                    }
                await self._play_ply()
        except _Forfeit as forfeit:
            return _forfeited(self.game, forfeit)
        except NotRecorded:
            raise
        except ProviderError as error:
            return {"ending": Ending.ERROR, "returns": None, "reason": str(error), "lasting": error.fatal}
        except _Failure as failure:
            traceback.print_exception(failure.__cause__)
            return {"ending": Ending.ERROR, "returns": None, "reason": str(failure)}
        outcome = self.game.outcome(self.state)
        assert outcome is not None
        return {"ending": Ending.COMPLETED, "returns": outcome.returns, "reason": outcome.reason}

    def _play_opening(self) -> None:
        for notation in self.spec.opening:
            self._advance({})  # chance that comes before
            (seat,) = self.game.seats_to_move(self.state)
            action = self.game.parse_action(self.state, notation)
            self.history += (Played(seat, action, notation),)
            self._advance({seat: action})
            self.number += 1

    async def _play_ply(self) -> None:
        seats = self.game.seats_to_move(self.state)
        if not seats:
            self._advance({})
            return
        joint = await self._joint(seats)
        self.history += tuple(
            Played(ply.seat, joint[ply.seat], ply.action, len(ply.attempts))
            for ply in self.plies[-len(seats) :]
            if ply.action is not None
        )
        self._advance(joint)
        self.number += 1

    async def _joint(self, seats: tuple[Seat, ...]) -> dict[Seat, Action]:
        """What the seats to move do; several choose at the same time, and all are heard before a failure."""
        if len(seats) == 1:
            return {seats[0]: await self._take_turn(seats[0])}
        turns = (self._take_turn(seat) for seat in seats)
        actions = await asyncio.gather(*turns, return_exceptions=True)
        for failure in actions:
            if isinstance(failure, BaseException):
                raise failure
        return {seat: action for seat, action in zip(seats, actions, strict=True) if isinstance(action, int)}

    def _advance(self, joint: Mapping[Seat, Action]) -> None:
        """Let the joint action happen, and chance where it has a say."""
        if not joint and self.game.seats_to_move(self.state):
            return
        followers = self.game.transitions(self.state, joint)
        weights = [t.probability for t in followers]
        self.state = self.chance.choices([t.state for t in followers], weights)[0]

    async def _take_turn(self, seat: Seat) -> Action:
        """Offer the turn until an attempt is accepted; the ply is noted either way."""
        legal = self.game.legal_actions(self.state, seat)
        attempts: list[Attempt] = []
        rejected: tuple[Rejected, ...] = ()
        accepted: Action | None = None
        try:
            while accepted is None:
                reply, seconds = await self._ask(seat, legal, rejected)
                attempts.append(self._attempt(reply, seconds))
                if reply.problem is None:
                    accepted = reply.action
                    continue
                rejected += (Rejected(reply.text, reply.problem, reply.why),)
                if len(rejected) >= self.spec.rules.attempts:
                    raise _Forfeit(seat, reply.problem, reply.why)
        finally:
            if attempts:
                self._note_ply(seat, accepted, attempts)
        return accepted

    def _note_ply(self, seat: Seat, accepted: Action | None, attempts: list[Attempt]) -> None:
        game, state = self.game, self.state
        self.plies.append(
            Ply(
                number=self.number,
                seat=seat,
                state=game.format_state(state),
                action=None if accepted is None else game.format_action(state, accepted),
                attempts=tuple(attempts),
                status=None if accepted is None else status_after(game, state, seat, accepted),
            )
        )

    async def _ask(
        self, seat: Seat, legal: tuple[Action, ...], rejected: tuple[Rejected, ...]
    ) -> tuple[Reply, float]:
        """One attempt, checked against the clock and the rules; and the seconds it took."""
        seen = self.game.observe(self.state, seat)
        clock = self.spec.rules.seconds_per_turn
        turn = Turn(self.game, seen, seat, legal, self.rngs[seat], self.history, rejected, clock)
        self.watch(Event(self.spec, self.game, self.state, seat))
        began = time.perf_counter()
        try:
            player = self.players[seat]
            with attempt_at(self.spec.match_id, seat, self.number, len(rejected)):
                reply = await asyncio.wait_for(player.choose(turn), None if player.keeps_clock else clock)
        except TimeoutError:
            why = f"no reply within {clock:g} s"
            reply = Reply(None, problem=Problem.TIMEOUT, why=why)
        except (ProviderError, PlayerError, RunError):  # the last: what was paid can't be written down
            raise
        except Exception as error:
            raise _Failure(f"failure of the arena: {type(error).__name__}: {error}") from error
        if reply.problem is None and reply.action not in legal:
            reply = replace(reply, problem=Problem.ILLEGAL, why=self._why_illegal(turn, reply.action))
        seconds = time.perf_counter() - began
        self.watch(Event(self.spec, self.game, self.state, seat, reply))
        return reply, seconds

    def _why_illegal(self, turn: Turn, action: Action | None) -> str:
        if action is None:
            return "the reply names no action"
        return f"{self.game.format_action(turn.state, action)} is not a legal action here"

    def _attempt(self, reply: Reply, seconds: float) -> Attempt:
        named = None if reply.action is None else self.game.format_action(self.state, reply.action)
        return Attempt(
            text=reply.text,
            action=named,
            problem=reply.problem,
            why=reply.why,
            claim=reply.claim,
            seconds=round(seconds, 4),
            completion=None if reply.completion is None else completion_facts(reply.completion),
            calls=tuple(map(call_facts, reply.calls)),
            note=reply.note,
        )


@lru_cache(maxsize=1)
def versions() -> Mapping[str, str]:
    """The versions of what determines a result."""
    return {"exact-arena": version("exact-arena"), "python": platform.python_version()}


def _forfeited(game: Game[Any], forfeit: _Forfeit) -> dict[str, Any]:
    return {
        "ending": FORFEITS[forfeit.problem],
        "returns": forfeit_returns(game, forfeit.seat),
        "reason": f"{game.seat_names[forfeit.seat]} forfeits: {forfeit.why}",
        "culprit": forfeit.seat,
    }
