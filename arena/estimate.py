"""What a run may need before it is begun: matches, calls, tokens and money, from random play."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from random import Random
from statistics import fmean
from typing import Any

from arena.match import MatchSpec
from arena.run import RunConfig
from games.registry import parse_game
from players.base import Player, Turn
from players.compute import language_model
from players.compute.base import ComputePlayer
from players.prompts.examples import random_turns
from players.purse import MeteredCompleter

CHARACTERS_PER_TOKEN = 4
"""Of English in the usual vocabularies; boards take more tokens, so prompts are rather underestimated."""
SHORT_ANSWER, LONG_ANSWER = 500, 10_000
"""Tokens of an answer where no max_tokens bounds it, of a model that answers at once and one that reasons."""
PLAYS = 20
"""Random plays from which the length of a match is taken."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """For one player."""

    matches: int
    calls: int
    """In all its matches, if they last as long as random play; 0 for players who ask no model."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    """Of short answers."""
    completion_tokens_most: int = 0
    """If every answer is as long as max_tokens allows, or as one of a model that reasons."""
    dollars: float | None = 0.0
    """None where no price is known."""
    dollars_most: float | None = 0.0


def estimates(specs: Sequence[MatchSpec], players: Mapping[str, Player]) -> dict[str, Estimate]:
    """An estimate for each player; one reply a turn, no retries."""
    seats: Counter[tuple[str, str, int]] = Counter(
        (name, spec.game, seat) for spec in specs for seat, name in enumerate(spec.players)
    )
    return {name: _of(name, players[name], seats) for name in players}


def likely(config: RunConfig) -> Sequence[MatchSpec]:
    """The schedule; of a Swiss tournament one with as many rounds, in which everybody rests in turn."""
    if config.pairing != "swiss":
        return config.schedule()
    players = config.players
    shifts = (number % len(players) for number in range(config.rounds))
    rounds = (replace(config, players=players[n:] + players[:n], rounds=1) for n in shifts)
    return [spec for one in rounds for spec in one.schedule()]


def _of(name: str, player: Player, seats: Counter[tuple[str, str, int]]) -> Estimate:
    mine = {(game, seat): count for (who, game, seat), count in seats.items() if who == name}
    matches, model = sum(mine.values()), language_model(player)
    if model is None:
        return Estimate(matches, 0)
    each = player.calls_at_most if isinstance(player, ComputePlayer) else 1
    calls = tokens = 0.0
    for (game, seat), count in mine.items():
        met = _turns(game, seat)
        expected = each * count * len(met) / PLAYS
        calls += expected
        tokens += expected * fmean(_tokens(model.request(turn)) for turn in met[:PLAYS]) if met else 0
    most = model.sampling.max_tokens
    written = [calls * (min(most, SHORT_ANSWER) if most else SHORT_ANSWER), calls * (most or LONG_ANSWER)]
    dollars = (_dollars(model.completer, tokens, count) for count in written)
    return Estimate(matches, round(calls), round(tokens), *map(round, written), *dollars)


def _tokens(request: Any) -> float:
    return sum(len(message.content) for message in request.messages) / CHARACTERS_PER_TOKEN


def _dollars(completer: Any, prompt: float, written: float) -> float | None:
    if not isinstance(completer, MeteredCompleter) or completer.price is None:
        return None
    return completer.price.rates.dollars(round(prompt), round(written))


@lru_cache(maxsize=256)
def _turns(game: str, seat: int) -> tuple[Turn, ...]:
    """The turns of a seat in some random plays."""
    rng = Random(f"estimate of {game}")
    played = [random_turns(parse_game(game), rng) for _ in range(PLAYS)]
    return tuple(turn for turns in played for turn in turns if turn.seat == seat)
