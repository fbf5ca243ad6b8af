"""Matches made up for tests."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from arena.judging import judge_fresh
from arena.match import MatchSpec, play_match
from arena.record import MatchRecord
from games.registry import parse_game
from games.solvers import shared_solver
from players.base import Player
from players.completers.base import Completion, ProviderError
from players.completers.scripted import ScriptedCompleter
from players.llm import LLMPlayer
from players.prompts import STYLES
from players.specs import make_player


def model(*answers: str | Completion | ProviderError) -> LLMPlayer:
    """A language model that says what it is told."""
    return LLMPlayer("model", ScriptedCompleter(answers), STYLES["plain"])


def match_of(*seats: Player | str, **changes: object) -> MatchRecord:
    """A judged match; players as objects or player strings."""
    players = [make_player(p) if isinstance(p, str) else p for p in seats]
    spec = replace(
        MatchSpec("tictactoe", tuple(p.name for p in players), 0),
        **changes,  # type: ignore[arg-type]
    )
    record = asyncio.run(play_match(spec, players))
    return judge_fresh(record, shared_solver(parse_game(spec.game)))


def blundering() -> MatchRecord:
    """X: 1, a wrong claim at 2 after an illegal attempt, 3 does not come: O blocks late and X wins by 7."""
    talker = model(
        "<think>The corner.</think>Answer: 1\nStatus: in play",
        "Answer: 9\nStatus: in play",
        "Answer: 2\nStatus: X has won",
        "Answer: 3\nStatus: X has won",
    )
    return match_of(talker, "scripted:9,8")
