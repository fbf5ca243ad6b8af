"""The results that the end of a run tells: those of its records, read quickly."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from arena.estimates import points_of_all
from arena.metrics import player_stats
from arena.record import Ending, from_line, to_line
from arena.record_stream import stream_file
from arena.results import results_of
from arena.run import MATCHES, match_config
from arena.runner import make_players, play_run

CONFIG = match_config("tictactoe", ("minimax", "random"), 40)


def test_the_points_are_those_of_the_records(tmp_path: Path) -> None:
    asyncio.run(play_run(tmp_path, CONFIG.schedule(), make_players(CONFIG.players)))
    found = points_of_all(results_of(tmp_path))
    whole = player_stats(stream_file(tmp_path).records())
    assert {name: (e.value, e.n) for name, e in found.items()} == {
        name: (s.points / s.matches, s.matches) for name, s in whole.items()
    }
    assert sum(s.points for s in whole.values()) == 40


def test_the_last_line_of_a_match_counts_and_torn_ones_do_not(tmp_path: Path) -> None:
    asyncio.run(play_run(tmp_path, CONFIG.schedule()[:1], make_players(CONFIG.players)))
    line = (tmp_path / MATCHES).read_text()
    lost = replace(from_line(line), ending=Ending.ERROR, returns=None, reason="no answer")
    (tmp_path / MATCHES).write_text(to_line(lost) + "\n" + line[:99] + "\n" + line + "{}\n" + line[:50])
    assert [result.returns for result in results_of(tmp_path)] == [from_line(line).returns]
    (tmp_path / MATCHES).write_text(line + to_line(lost) + "\n")
    assert [result.returns for result in results_of(tmp_path)] == [None]
