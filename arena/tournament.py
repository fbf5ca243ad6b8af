"""A whole tournament in one TOML file: what may stand there, and the run it stands for.

games = ["tictactoe", "connect4"]
players = ["o3", "smollm2", "minimax"]
pairing = "round-robin"     # or gauntlet, swiss, match
openings = "balanced"       # or none, canonical, the path of a file
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from random import Random
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from arena.openings import openings
from arena.record import Rules
from arena.run import RunConfig, RunError
from arena.schedule import PAIRINGS
from games.registry import parse_game

PAIRS = 200
"""Of a comparison from the start of the game."""


@dataclass(frozen=True, slots=True)
class Tournament:
    """What a file says, or the command line over it; every field has a default but the players."""

    players: tuple[str, ...] = ()
    games: tuple[str, ...] = ("tictactoe",)
    pairing: str = "round-robin"
    """One of arena.schedule.PAIRINGS."""
    rounds: int = 1
    openings: str = "none"
    """none, canonical, balanced, or a file."""
    opening_plies: int = 2
    opening_limit: int | None = None
    """So many openings of each game, drawn by lot."""
    seed: int = 0
    attempts: int = 3
    seconds_per_turn: float | None = None
    parallel: int = 16
    """Matches under way at once."""
    max_cost: float | None = None
    max_tokens_total: int | None = None


def read_tournament(path: Path) -> Tournament:
    """The tournament of a TOML file; RunError names the field that is wrong and what there is."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"can't read {path}: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise RunError(f"{path} is not TOML: {error}") from error
    return with_fields(Tournament(), data, str(path))


def with_fields(tournament: Tournament, given: Mapping[str, Any], where: str) -> Tournament:
    """The tournament with other values for some fields."""
    known = get_type_hints(Tournament)
    for name, value in given.items():
        if name not in known:
            raise RunError(f"{where}: unknown field {name!r}; there are: {', '.join(known)}")
        if not _is_a(value, known[name]):
            raise RunError(f"{where}: {name} is {_in_words(known[name])}, not {value!r}")
    changes: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in given.items()}
    return replace(tournament, **changes)


def resolve(tournament: Tournament, command: str = "") -> RunConfig:
    """The run that a tournament stands for, openings drawn; RunError or ParameterError if it can't be."""
    t = _checked(tournament)
    games = tuple(parse_game(game).spec for game in t.games)
    drawn = {
        game: openings(parse_game(game), t.openings, t.opening_plies, t.opening_limit, t.seed)
        for game in (games if t.openings != "none" else ())
    }
    return RunConfig(
        games,
        t.players,
        t.pairing,
        t.rounds,
        openings=drawn,
        seed=t.seed,
        rules=Rules(t.attempts, t.seconds_per_turn),
        parallel=t.parallel,
        max_cost=t.max_cost,
        max_tokens_total=t.max_tokens_total,
        command=command,
    )


def pairs_of_two(tournament: Tournament, pairs: int | None, sprt: str = "", command: str = "") -> RunConfig:
    """The run of so many pairs between two players at one game; if None, PAIRS, or each opening once.

    Openings come in an order drawn by lot, and again when all have been: a sequential test that stops early
    has then met a sample of them and not the first in the alphabet. What repeats is no use without a test.
    """
    config = resolve(replace(tournament, pairing="match"), command)
    drawn = config.openings.get(config.games[0], ())
    mixed = tuple(Random(f"{config.seed}/order of openings").sample(drawn, len(drawn)))
    pairs = pairs or (max(PAIRS, len(drawn)) if sprt else len(drawn) or PAIRS)
    rounds = -(-pairs // max(1, len(drawn)))
    openings = {config.games[0]: mixed} if drawn else {}
    return replace(config, openings=openings, rounds=rounds, matches=2 * pairs, sprt=sprt)


def _checked(t: Tournament) -> Tournament:
    """The tournament itself; RunError for what no run can be made of."""
    if t.pairing not in PAIRINGS:
        raise RunError(f"pairing is one of {', '.join(PAIRINGS)}, not {t.pairing!r}")
    if len(t.players) < 2:
        raise RunError(f"a tournament needs at least two players, not {len(t.players)}")
    for kind, names in (("player", t.players), ("game", t.games)):
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            raise RunError(f"the {kind} {twice[0]!r} is named twice")
    for name in ("rounds", "attempts", "parallel", "opening_limit"):
        value = getattr(t, name)
        if value is not None and value < 1:
            raise RunError(f"{name} is at least 1, not {value}")
    if t.opening_plies < 0:
        raise RunError(f"opening_plies is at least 0, not {t.opening_plies}")
    if not t.games:
        raise RunError("a tournament needs at least one game")
    return t


def _is_a(value: Any, kind: Any) -> bool:
    if isinstance(kind, UnionType):
        return any(_is_a(value, one) for one in get_args(kind))
    if get_origin(kind) is tuple:
        return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) if kind is float else isinstance(value, kind)


def _in_words(kind: Any) -> str:
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    (said,) = (one for one in kinds if one is not NoneType)
    if get_origin(said) is tuple:
        return "a list of texts"
    return {str: "a text", int: "a whole number", float: "a number"}[said]


FIELDS = tuple(field.name for field in fields(Tournament))
