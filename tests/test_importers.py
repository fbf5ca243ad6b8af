"""Other people's logs, judged again: the numbers an independent referee found for them, to the digit."""

from __future__ import annotations

from pathlib import Path

import pytest

from arena.importers import LogError, import_llm_game_benchmark
from arena.judging import judge_record
from arena.metrics import PlayerStats, player_stats, results
from arena.record import Ending, MatchRecord

LOG = Path(__file__).parent / "data/llm-game-logs/tic-tac-toe_list_240617-110645_all_moves.csv"


@pytest.fixture(scope="module")
def judged() -> list[MatchRecord]:
    return [judge_record(record) for record in import_llm_game_benchmark(LOG)]


def test_results_are_those_of_the_board(judged: list[MatchRecord]) -> None:
    assert len(judged) == 150
    assert dict(results(judged)) == {
        "first seat wins": 96,
        "second seat wins": 38,
        "draw": 15,
        "forfeit by seat 0": 1,
    }


# player: attempts, illegal, unparsable, optimal, judged, value lost, wins taken/offered, blocks made/due
PUBLISHED = {
    "gpt-4-turbo": (185, 6, 19, 117, 160, 51, 16, 25, 27, 56),
    "gpt-4o": (163, 0, 0, 119, 163, 55, 27, 40, 15, 43),
    "meta.llama3-70b-instruct-v1:0": (173, 0, 0, 125, 173, 71, 20, 55, 13, 33),
    "gemini-1.5-flash": (172, 0, 0, 122, 172, 61, 31, 51, 10, 38),
    "gemini-1.5-pro": (162, 0, 0, 114, 162, 60, 25, 47, 5, 34),
    "anthropic.claude-3-sonnet-20240229-v1:0": (174, 1, 0, 114, 173, 70, 15, 41, 16, 50),
}


@pytest.mark.parametrize("player", PUBLISHED)
def test_each_model_scores_what_is_known(judged: list[MatchRecord], player: str) -> None:
    assert row(player_stats(judged)[player]) == PUBLISHED[player]


def row(s: PlayerStats) -> tuple[float, ...]:
    return (
        s.attempts,
        s.problems.get("illegal", 0),
        s.problems.get("unparsable", 0),
        s.optimal,
        s.judged,
        s.regret,
        s.wins_taken,
        s.wins_offered,
        s.blocks_made,
        s.blocks_due,
    )


def test_the_disqualified_match_keeps_every_attempt(judged: list[MatchRecord]) -> None:
    (match,) = [r for r in judged if r.ending is not Ending.COMPLETED]
    assert match.culprit == 0
    assert match.source["result"] == "disqualified1st"
    assert match.plies[-1].action is None
    assert [a.why for a in match.plies[-1].attempts] == ["Already Taken"] * 4


def changed(tmp_path: Path, old: str, new: str) -> Path:
    """The first match of the log with something changed."""
    head, *rows = LOG.read_text("utf-8").splitlines(keepends=True)
    first = [row for row in rows if row.split(",")[0] == rows[0].split(",")[0]][:6]
    path = tmp_path / "log.csv"
    path.write_text((head + "".join(first)).replace(old, new), "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("winner1st", "winner2nd", "the file says 'winner2nd', the board says 'winner1st'"),
        ("tic-tac-toe", "chess", "unknown GameType 'chess'"),
        ('"Valid"', '"Splendid"', "unknown MoveOutcome 'Splendid'"),
        ("MoveOutcome", "Outcome", "no column 'MoveOutcome'"),
        ('1,1,2,2,"Valid"', '1,2,2,2,"Valid"', "out of turn"),
    ],
)
def test_a_log_that_contradicts_the_rules_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(LogError, match=words):
        list(import_llm_game_benchmark(changed(tmp_path, old, new)))


# Connect four: a larger log that lies beside the checkout where there is one

CONNECT_FOUR = (
    Path(__file__).parents[2] / "shared/data/llm-game-logs/connect-four_list_240612-203105_all_moves.csv"
)
# player: attempts, illegal, wins taken/offered, blocks made/due
PUBLISHED_CONNECT_FOUR = {
    "meta.llama3-70b-instruct-v1:0": (244, 0, 22, 33, 7, 39),
    "gemini-1.5-flash": (259, 0, 22, 35, 7, 50),
    "gemini-1.5-pro": (372, 47, 25, 42, 14, 47),
    "gpt-4-turbo": (446, 109, 28, 49, 14, 43),
    "gpt-4o": (413, 77, 28, 52, 2, 35),
    "anthropic.claude-3-sonnet-20240229-v1:0": (384, 8, 22, 87, 4, 34),
}


@pytest.mark.skipif(not CONNECT_FOUR.exists(), reason="the log is not at hand")
def test_the_connect_four_log() -> None:
    records = list(import_llm_game_benchmark(CONNECT_FOUR))
    assert dict(results(records)) == {
        "first seat wins": 113,
        "second seat wins": 34,
        "forfeit by seat 1": 2,
        "not scored": 1,
    }
    found = {
        name: (s.attempts, s.rejected, s.wins_taken, s.wins_offered, s.blocks_made, s.blocks_due)
        for name, s in player_stats(records).items()
    }
    assert found == PUBLISHED_CONNECT_FOUR
