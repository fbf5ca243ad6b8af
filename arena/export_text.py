"""A match as text in the manner of PGN: tags in brackets, then numbered moves with comments.

A number stands for a turn: one move, or those of all seats that move at once. Without tags, numbers and
comments, the moves of a game without chance are a move list (games/move_lists.py) that replays the match.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from arena.harmless import inert
from arena.record import MatchRecord, Ply
from arena.telling import plies_lost_words
from games.base import Game, SequentialGame
from games.registry import parse_game
from games.values import parse_value

WIDTH = 92


def match_text(record: MatchRecord) -> str:
    """One match, with an empty line between tags and moves and one at the end."""
    game = parse_game(record.game)
    tags = "\n".join(f'[{name} "{_quoted(value)}"]' for name, value in _tags(record, game))
    moves = " ".join([*_moves(record, game), _result(record)])
    wrapped = textwrap.fill(moves, WIDTH, break_long_words=False, break_on_hyphens=False)
    return f"{tags}\n\n{wrapped}\n"


def _tags(record: MatchRecord, game: Game[Any]) -> Iterator[tuple[str, str]]:
    yield "Game", record.game
    yield "Date", record.started[:10].replace("-", ".") or "????.??.??"
    for seat, player in enumerate(record.players):
        yield f"Seat{seat}", player
        if game.seat_names[seat] not in ("First", "Second"):
            yield f"Name{seat}", game.seat_names[seat]
    yield "Result", _result(record)
    yield "Returns", " ".join(f"{r:+g}" for r in record.returns or ())
    yield "Ending", str(record.ending)
    yield "Reason", record.reason
    yield "Match", record.match_id
    yield "Pair", record.pair_id


def _result(record: MatchRecord) -> str:
    """As PGN writes it: 1-0, 0-1, 1/2-1/2; * where the match is not scored; the return of a lone seat."""
    returns = record.returns
    if returns is None:
        return "*"
    if len(returns) == 1:
        return f"{returns[0]:+g}"
    if returns[0] == returns[1]:
        return "1/2-1/2"
    return "1-0" if returns[0] > returns[1] else "0-1"


def _moves(record: MatchRecord, game: Game[Any]) -> Iterator[str]:
    for number, action in enumerate(record.opening, 1):
        yield f"{number}. {action}"
    if record.opening:
        yield "{opening}"
    first = len(record.opening) + 1
    turns = groupby(record.plies, key=lambda ply: ply.number)
    for number, (_, turn) in enumerate(turns, first):
        plies = list(turn)
        if any(ply.action for ply in plies):
            yield f"{number}."
        if not isinstance(game, SequentialGame):
            yield _comment(f"in {plies[0].state}")  # chance, or what both seats did, led here
        for ply in plies:
            yield from _move(ply, game)
    yield _comment(record.reason)


def _move(ply: Ply, game: Game[Any]) -> Iterator[str]:
    if ply.action is not None:
        yield ply.action
    for attempt in ply.attempts:
        if attempt.problem is not None:
            what = f"{game.seat_names[ply.seat]}: {attempt.problem} attempt"
            yield _comment(f"{what} {attempt.action}" if attempt.action else what)
    verdict = ply.verdict
    if verdict is not None and (verdict.regret or verdict.plies_lost):
        cost = f"regret {verdict.regret:g}" if verdict.regret else plies_lost_words(verdict)
        values = f"{parse_value(verdict.best)} -> {parse_value(verdict.played)}"
        yield _comment(f"{cost}: {values}; best {' '.join(verdict.best_actions)}")
    if ply.claim is not None and ply.status is not None and ply.claim != ply.status:
        yield _comment(f"claims {ply.claim}, it is {ply.status}")


def _comment(text: str) -> str:
    """A comment; what would end it early is made harmless."""
    return "{" + inert(text, 200).replace("{", "(").replace("}", ")") + "}"


def _quoted(text: str) -> str:
    return inert(text, 500).replace("\\", "\\\\").replace('"', '\\"')
