"""A whole tournament in one TOML file: what may stand there, and the run it stands for.

games = ["tictactoe", "connect4"]
players = ["o3", "smollm2", "minimax"]
pairing = "round-robin"     # or gauntlet, swiss, match
openings = "balanced"       # or none, canonical, the path of a file
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from random import Random
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from arena.limits import check_numbers
from arena.openings import NoOpenings, openings
from arena.record import Rules
from arena.run import RunConfig, RunError
from arena.schedule import PAIRINGS, Opening, check_plan
from games.registry import parse_game
from players.base import Player

PAIRS = 200
"""Of a comparison from the start of the game."""
COMMAND_LINE_ONLY = frozenset(
    ("executor", "workers", "address", "grace", "out", "resume", "record", "replay", "cache", "telling")
)
"""Options that say how and where a tournament is played this time, and not what it is."""


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
            raise RunError(f"{where}: {_unknown(name, value, known)}")
        if not _is_a(value, known[name]):
            raise RunError(f"{where}: {name} is {_in_words(known[name])}, not {value!r}")
    check_numbers(given)
    return replace(tournament, **{name: _as_kept(value, known[name]) for name, value in given.items()})


def resolve(tournament: Tournament, command: str = "") -> RunConfig:
    """The run that a tournament stands for, openings drawn; RunError or ParameterError if it can't be."""
    t = _checked(tournament)
    config = RunConfig(
        tuple(parse_game(game).spec for game in t.games),
        t.players,
        t.pairing,
        t.rounds,
        openings=_drawn(t),
        seed=t.seed,
        rules=Rules(t.attempts, t.seconds_per_turn),
        parallel=t.parallel,
        max_cost=t.max_cost,
        max_tokens_total=t.max_tokens_total,
        command=command,
    )
    check_plan(config)
    return config


def _drawn(t: Tournament) -> dict[str, tuple[Opening, ...]]:
    """The openings of each game that has any; RunError if none has."""
    drawn: dict[str, tuple[Opening, ...]] = {}
    missing: NoOpenings | None = None
    for game in map(parse_game, t.games if t.openings != "none" else ()):
        try:
            drawn[game.spec] = openings(game, t.openings, t.opening_plies, t.opening_limit, t.seed)
        except NoOpenings as error:
            missing = error
    if missing is not None and not drawn:
        raise missing
    return drawn


def without_openings(config: RunConfig) -> tuple[str, ...]:
    """The games that are played from their start, while others have openings."""
    return tuple(game for game in config.games if config.openings and game not in config.openings)


def refuse_twins(players: Mapping[str, Player]) -> None:
    """RunError names two players that are one and the same: their results would be halves of one."""
    met: list[tuple[str, type[Player], dict[str, Any]]] = []
    for name, player in players.items():
        config = {field: value for field, value in player.config.items() if field != "player"}
        for other, kind, same in met:
            if (kind, same) == (type(player), config):
                raise RunError(f"the players {other!r} and {name!r} are the same; leave one out")
        met.append((name, type(player), config))


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
    config = replace(config, openings=openings, rounds=rounds, matches=2 * pairs, sprt=sprt)
    check_plan(config)
    return config


def _checked(t: Tournament) -> Tournament:
    """The tournament itself; RunError for what no run can be made of."""
    if t.pairing not in PAIRINGS:
        raise RunError(f"pairing is one of {', '.join(PAIRINGS)}, not {t.pairing!r}")
    check_numbers(asdict(t))
    for kind, names in (("player", t.players), ("game", t.games)):
        if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
            raise RunError(f"the {kind} {twice[0]!r} is named twice")
    met: dict[str, str] = {}
    for game in t.games:
        if (other := met.setdefault(parse_game(game).spec, game)) != game:
            raise RunError(f"the games {other!r} and {game!r} are the same; leave one out")
    if not t.games:
        raise RunError("a tournament needs at least one game")
    if not t.players or len(t.players) < max(parse_game(game).num_seats for game in t.games):
        raise RunError(f"a tournament needs at least two players, not {len(t.players)}; puzzles need one")
    return t


def _unknown(name: str, value: Any, known: Iterable[str]) -> str:
    if name in COMMAND_LINE_ONLY:
        return f"{name} is no part of a tournament; say --{name} on the command line"
    if isinstance(value, dict):
        return f"there is no table [{name}]; the fields stand at the top of the file"
    return f"unknown field {name!r}; there are: {', '.join(known)}"


def _as_kept(value: Any, kind: Any) -> Any:
    """Lists as tuples; 2 where 2.0 is meant, so that both have the same matches."""
    if isinstance(value, list):
        return tuple(value)
    return float(value) if isinstance(value, int) and float in get_args(kind) else value


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
