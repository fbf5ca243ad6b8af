"""Runs on disk: schedule, resume, torn and corrupt lines, judging again."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from arena.judging import judge_record
from arena.match import MatchSpec, play_match
from arena.record import Ending, MatchRecord, RecordError, Rules, from_line, to_line
from arena.record_file import BadLine, read_file
from arena.resume import still_to_play
from arena.run import (
    MATCHES,
    RunError,
    Writer,
    exclusive,
    match_config,
    read_config,
    replace_records,
    write_config,
)
from arena.runner import RunStopped, changes, make_players, play_run, with_configs
from games.k_in_a_row import KInARow, Marks
from games.solvers import NegamaxSolver
from games.values import Value
from players.base import Player, Reply, Turn
from players.completers.base import ProviderError
from players.completers.scripted import ScriptedCompleter
from players.llm import LLMPlayer
from players.prompts import STYLES
from players.specs import make_player


def read_run(folder: Path) -> tuple[list[MatchRecord], list[BadLine]]:
    file = read_file(folder)
    return file.records, file.bad


CONFIG = match_config("tictactoe", ("random", "greedy"), 4, seed=7)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "run"
    write_config(folder, CONFIG)
    yield folder


def match(spec: MatchSpec) -> MatchRecord:
    record = asyncio.run(play_match(spec, [make_player(name) for name in spec.players]))
    return judge_record(record)


def test_the_schedule_swaps_seats_in_pairs() -> None:
    specs = CONFIG.schedule()
    assert [spec.players for spec in specs[:2]] == [("random", "greedy"), ("greedy", "random")]
    assert [spec.pair for spec in specs] == [0, 0, 1, 1]
    assert len({spec.match_id for spec in specs}) == 4
    assert specs[0].pair_id == specs[1].pair_id != specs[2].pair_id


def test_a_record_survives_the_way_to_disk_and_back() -> None:
    record = match(CONFIG.schedule()[0])
    line = to_line(record)
    assert "\n" not in line
    assert from_line(line) == record
    assert json.loads(line)["plies"][0]["verdict"]["best"] == "+0@9"


def test_a_run_is_played_recorded_and_judged(run: Path) -> None:
    players = {name: make_player(name) for name in CONFIG.players}
    asyncio.run(play_run(run, CONFIG.schedule(), players))
    records, bad = read_run(run)
    assert (len(records), bad) == (4, [])
    assert all(ply.verdict is not None for record in records for ply in record.plies)
    assert still_to_play(run, read_config(run)) == ()


def test_resume_plays_what_is_missing_and_what_the_world_broke(run: Path) -> None:
    first, second, *rest = CONFIG.schedule()
    writer = Writer(run)
    writer.append(match(first))
    broken = replace(match(second), ending=Ending.ERROR, returns=None, reason="HTTP 500")
    writer.append(broken)
    writer.close()
    assert still_to_play(run, CONFIG) == (second, *rest)
    writer = Writer(run)
    writer.append(match(second))
    writer.close()
    records, _ = read_run(run)
    assert [r.match_id for r in records] == [first.match_id, second.match_id]
    assert records[1].ending is Ending.COMPLETED, "the last record of a match counts"


def test_a_forfeit_is_not_played_again(run: Path) -> None:
    config = replace(CONFIG, players=("scripted:1,2,3", "scripted:1,1,1"))
    spec = config.schedule()[0]
    forfeited = match(spec)
    assert forfeited.ending is Ending.ILLEGAL
    replace_records(run, [forfeited])
    assert spec not in still_to_play(run, config)


def test_a_torn_last_line_is_passed_over_and_the_next_record_stands_alone(run: Path) -> None:
    first, second, *_ = (match(spec) for spec in CONFIG.schedule())
    torn = to_line(first) + "\n" + to_line(second)[:200]
    (run / MATCHES).write_text(torn, encoding="utf-8")
    records, bad = read_run(run)
    assert (records, bad) == ([first], [])
    writer = Writer(run)
    writer.append(second)
    writer.close()
    records, bad = read_run(run)
    assert records == [first, second]
    assert [line.number for line in bad] == [2]


def test_a_corrupt_line_is_named_and_the_rest_goes_on(run: Path) -> None:
    record = match(CONFIG.schedule()[0])
    lines = ["{}", to_line(record), "not json", '{"schema": 1}']
    (run / MATCHES).write_text("\n".join(lines) + "\n", encoding="utf-8")
    records, bad = read_run(run)
    assert records == [record]
    assert [line.number for line in bad] == [1, 3, 4]
    assert isinstance(bad[0], BadLine)
    assert "match_id" in bad[0].why


def test_another_schema_is_refused_by_name() -> None:
    line = to_line(match(CONFIG.schedule()[0])).replace('"schema":1', '"schema":99')
    with pytest.raises(RecordError, match="record schema 99; this version reads schema 1"):
        from_line(line)


def test_a_folder_in_use_is_not_overwritten(run: Path) -> None:
    with pytest.raises(RunError, match="--resume"):
        write_config(run, CONFIG)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="can't write a run to"):
        write_config(tmp_path / "file" / "run", CONFIG)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"game": 1', '{"game":"x","players":1,"games":1,"seed":0}']
)
def test_a_config_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(RunError, match="not the config of a run"):
        read_config(tmp_path)


def test_a_config_survives_the_way_to_disk_and_back(tmp_path: Path) -> None:
    config = replace(CONFIG, rules=Rules(attempts=5, seconds_per_turn=2.5))
    write_config(tmp_path, config)
    assert read_config(tmp_path).schedule() == config.schedule()


def failing(*faults: ProviderError) -> LLMPlayer:
    return LLMPlayer("model", ScriptedCompleter(faults), STYLES["plain"])


def test_a_lasting_fault_stops_the_run_at_once(tmp_path: Path) -> None:
    config = match_config("tictactoe", ("model", "random"), 4, seed=0)
    write_config(tmp_path, config)
    players = {"model": failing(ProviderError("HTTP 401", fatal=True)), "random": make_player("random")}
    with pytest.raises(RunStopped, match="401"):
        asyncio.run(play_run(tmp_path, config.schedule(), players))
    records, _ = read_run(tmp_path)
    assert [r.ending for r in records] == [Ending.ERROR]


def test_passing_faults_in_a_row_stop_the_run(tmp_path: Path) -> None:
    config = match_config("tictactoe", ("model", "random"), 9, seed=0)
    write_config(tmp_path, config)
    faults = [ProviderError("HTTP 503") for _ in range(9)]
    players = {"model": failing(*faults), "random": make_player("random")}
    with pytest.raises(RunStopped):
        asyncio.run(play_run(tmp_path, config.schedule(), players))
    assert len(read_run(tmp_path)[0]) == 3


class Broken(Player):
    """Fails in a way that nobody foresaw."""

    async def choose(self, turn: Turn) -> Reply:
        raise OverflowError("too large")


def test_our_own_failures_in_a_row_stop_the_run_and_are_kept(tmp_path: Path) -> None:
    config = match_config("tictactoe", ("broken", "random"), 9, seed=0)
    write_config(tmp_path, config)
    players = {"broken": Broken("broken"), "random": make_player("random")}
    with pytest.raises(RunStopped, match="failure of the arena: OverflowError: too large"):
        asyncio.run(play_run(tmp_path, config.schedule(), players))
    records, bad = read_run(tmp_path)
    assert ([r.ending for r in records], bad) == ([Ending.ERROR] * 3, [])


def test_judging_again_gives_the_same_verdicts() -> None:
    record = match(CONFIG.schedule()[0])
    bare = replace(record, plies=tuple(replace(ply, verdict=None) for ply in record.plies))
    assert judge_record(bare) == record


def test_a_record_whose_plies_do_not_follow_is_refused() -> None:
    record = match(CONFIG.schedule()[0])
    plies = list(record.plies)
    plies[1] = replace(plies[1], state=".../.../...", seat=0)
    with pytest.raises(RecordError, match="does not lead to"):
        judge_record(replace(record, plies=tuple(plies)))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"game": "chequers"}, "unknown game"),
        ({"final_state": "XXX/XXX/XXX"}, "no play of tictactoe leads to"),
    ],
)
def test_a_record_of_something_else_is_refused(change: dict[str, str], words: str) -> None:
    with pytest.raises(RecordError, match=words):
        judge_record(replace(match(CONFIG.schedule()[0]), **change))  # type: ignore[arg-type]


def test_replacing_records_is_whole(run: Path) -> None:
    records = [match(spec) for spec in CONFIG.schedule()]
    replace_records(run, records)
    assert read_run(run)[0] == records
    assert sorted(path.name for path in run.iterdir()) == ["config.json", MATCHES]


def test_a_player_against_itself_plays_different_matches() -> None:
    specs = match_config("tictactoe", ("random", "random"), 4, seed=0).schedule()
    assert len({spec.match_id for spec in specs}) == 4
    assert [spec.pair_id == specs[0].pair_id for spec in specs] == [True, True, False, False]


def test_a_run_is_held_by_one_process_at_a_time(run: Path) -> None:
    with exclusive(run), pytest.raises(RunError, match="in use by another process"), exclusive(run):
        pass


class SlowJudge:
    """Values of tic-tac-toe that take their time."""

    def action_values(self, state: Marks, seat: int) -> dict[int, Value]:
        time.sleep(0.05)
        return NegamaxSolver(KInARow()).action_values(state, seat)


def test_a_slow_verdict_does_not_hold_up_play(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The match is on disk before its verdict, and the judged record follows and counts."""
    monkeypatch.setattr("arena.bench.PROMPT_VERDICT_S", 0.01)
    monkeypatch.setattr("arena.bench._solver", lambda game: SlowJudge())
    verdicts_at_finish: list[bool] = []
    awaited: list[int] = []
    asyncio.run(
        play_run(
            run,
            CONFIG.schedule(),
            {name: make_player(name) for name in CONFIG.players},
            finished=lambda record: verdicts_at_finish.append(record.plies[0].verdict is not None),
            judging=awaited.append,
        )
    )
    assert not any(verdicts_at_finish)
    assert awaited[0] > 0
    records, _ = read_run(run)
    assert len(records) == 4
    assert all(ply.verdict is not None for record in records for ply in record.plies)


def test_a_full_disk_stops_the_run_and_keeps_what_was_written(
    run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []

    def fsync(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) > 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("arena.run.os.fsync", fsync)
    with pytest.raises(RunStopped, match="No space left on device"):
        asyncio.run(play_run(run, CONFIG.schedule(), {n: make_player(n) for n in CONFIG.players}))
    assert len(read_run(run)[0]) >= 2


def test_a_player_that_is_not_what_it_was_is_named_on_resume() -> None:
    config = match_config("tictactoe", ("random", "epsilon?epsilon=0.1"), 2)
    began = with_configs(config, make_players(config.players), {})
    assert not list(changes(began, make_players(config.players)))
    other = {
        "random": make_players(["random"])["random"],
        config.players[1]: make_players(["minimax"])["minimax"],
    }
    (said,) = changes(began, other)
    assert said.startswith("epsilon?epsilon=0.1 is not configured as when the run began: ")
