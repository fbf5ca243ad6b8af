"""The view of a tournament under way: every part on lines of its own, endings and points counted."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console

from arena.cli.output import Telling
from arena.cli.scoreboard import Scoreboard
from arena.match import MatchSpec
from arena.record import Ending, MatchRecord, Rules
from players.purse import Purse

SPEC = MatchSpec("tictactoe", ("strong", "weak"), seed=0)
WON = MatchRecord(
    match_id=SPEC.match_id, pair_id=SPEC.pair_id, game=SPEC.game, players=SPEC.players, configs=({}, {}),
    opening=(), seed=0, rules=Rules(), plies=(), final_state="", ending=Ending.COMPLETED, returns=(1.0, -1.0),
    reason="",
)  # fmt: skip
BROKEN = replace(WON, ending=Ending.ERROR, returns=None, reason="HTTP 503")


def test_the_view_has_progress_a_bar_and_the_standings() -> None:
    board = Scoreboard(Console(file=io.StringIO()), 10, ["weak", "strong"], Purse(), Telling.QUIET)
    for record in (WON, WON, BROKEN, replace(WON, returns=(0.0, 0.0))):
        board.finished(record)
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(board.view())
    progress, bar, heading, first, second, fault = console.export_text().splitlines()
    assert progress.startswith("3/10 matches")
    assert progress.endswith("error: 1")
    assert set(bar.strip()) <= set("━╸╺ ")
    assert heading.split() == ["player", "points", "of"]
    assert [first.split(), second.split()] == [["strong", "2.5", "3"], ["weak", "0.5", "3"]]
    assert fault.strip() == "last fault: HTTP 503"


def test_what_was_not_told_match_by_match_is_not_shown_as_nothing() -> None:
    """Baselines are counted only: no table of zeros, no tokens where nobody is asked for any."""
    board = Scoreboard(Console(file=io.StringIO()), 10, ["weak", "strong"], Purse(), Telling.QUIET)
    board.counted(4)
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(board.view())
    progress, _bar = console.export_text().splitlines()
    assert progress.startswith("4/10 matches")
    assert "tokens" not in progress
    board.finished(WON)
    console.print(board.view())
    assert "Points of 1 of the 5 matches so far; at the end of all." in console.export_text()


def test_players_go_by_labels() -> None:
    names = ["local:m?base_url=http://127.0.0.1/v1", "minimax"]
    board = Scoreboard(Console(file=io.StringIO()), 10, names, Purse(), Telling.QUIET)
    board.finished(replace(WON, players=tuple(names)))
    console = Console(width=80, file=io.StringIO(), record=True)
    console.print(board.view())
    assert ["local:m", "1", "1"] in [line.split() for line in console.export_text().splitlines()]
