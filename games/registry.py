"""Every game by name, and the text that names a game with its parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import Field, fields
from functools import lru_cache
from typing import Any

from games.base import Game, ParameterError
from games.breakthrough import Breakthrough
from games.chess_endings import ChessEnding
from games.chomp import Chomp
from games.connect4 import ConnectFour
from games.dotsandboxes import DotsAndBoxes
from games.goofspiel import Goofspiel
from games.grundys_game import GrundysGame
from games.hexagons import Hex
from games.k_in_a_row import KInARow
from games.kalah import Kalah
from games.kayles import Kayles
from games.liars_dice import LiarsDice
from games.mastermind import Mastermind
from games.matrix_games import MatrixGame, RockPaperScissors
from games.nim import Nim
from games.notakto import Notakto
from games.numberscrabble import NumberScrabble
from games.orderchaos import OrderAndChaos
from games.othello import Othello
from games.pig import Pig
from games.poker import KuhnPoker, LeducPoker
from games.sliding import Sliding
from games.sokoban import Sokoban
from games.suggestions import unknown
from games.wythoff import Wythoff

AnyGame = Game[Any]

GAMES: Mapping[str, type[AnyGame]] = {
    "tictactoe": KInARow,
    "connect4": ConnectFour,
    "notakto": Notakto,
    "numberscrabble": NumberScrabble,
    "orderchaos": OrderAndChaos,
    "nim": Nim,
    "wythoff": Wythoff,
    "kayles": Kayles,
    "grundy": GrundysGame,
    "chomp": Chomp,
    "dotsandboxes": DotsAndBoxes,
    "hex": Hex,
    "othello": Othello,
    "kalah": Kalah,
    "breakthrough": Breakthrough,
    "chessending": ChessEnding,
    "pig": Pig,
    "rps": RockPaperScissors,
    "matrix": MatrixGame,
    "goofspiel": Goofspiel,
    "kuhn": KuhnPoker,
    "leduc": LeducPoker,
    "liarsdice": LiarsDice,
    "mastermind": Mastermind,
    "sliding": Sliding,
    "sokoban": Sokoban,
}
"""The shelf: name -> class. A new game is one file and one line here."""

_SPEC = re.compile(r"\s*(?P<name>[A-Za-z][A-Za-z0-9_-]*)\s*(?:\((?P<parameters>[^()]*)\))?\s*", re.ASCII)
_WORDS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@lru_cache(maxsize=256)
def parse_game(spec: str) -> AnyGame:
    """The game a spec names: 'tictactoe', 'tictactoe(m=3,n=4,k=3)', 'tictactoe(misere)'.

    Raises ParameterError that names the valid games or parameters.
    """
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise ParameterError(f"not a game: {spec!r} (write it as tictactoe or tictactoe(m=3,n=4,k=3))")
    kind = GAMES.get(match["name"])
    if kind is None:
        raise ParameterError(unknown("game", match["name"], GAMES))
    return kind(**_parse_parameters(kind, match["parameters"] or "", spec))


def _parse_parameters(kind: type[AnyGame], text: str, spec: str) -> dict[str, object]:
    known: dict[str, Field[Any]] = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    given: dict[str, object] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = (word.strip() for word in part.partition("="))
        if key not in known:
            takes = ", ".join(known) or "none"
            raise ParameterError(f"{spec!r}: unknown parameter {key!r}; {kind.name} takes: {takes}")
        if key in given:
            raise ParameterError(f"{spec!r}: parameter {key!r} is given twice")
        if equals and not value:
            raise ParameterError(f"{spec!r}: parameter {key!r} has no value")
        given[key] = _parse_parameter(known[key].default, key, value, spec)
    return given


def _parse_parameter(default: object, key: str, value: str, spec: str) -> object:
    """Read a value as the kind of thing its default is; a yes/no parameter may stand alone."""
    if isinstance(default, bool):
        if value and value.lower() not in _WORDS:
            raise ParameterError(f"{spec!r}: {key} is yes or no, not {value!r}")
        return _WORDS[value.lower()] if value else True
    if isinstance(default, int):
        if not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII):
            raise ParameterError(f"{spec!r}: {key} is a whole number, not {value!r}")
        return int(value)
    return value
