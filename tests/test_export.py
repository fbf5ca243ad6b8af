"""Data out: tables that say what the records say, the page that explains them, and text to replay."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from arena.export import write_parquet, write_text
from arena.export_tables import TABLES, Table, fields_page
from arena.export_text import match_text
from arena.importers import import_llm_game_benchmark
from arena.judging import judge_record
from arena.match import MatchSpec, play_match
from arena.record import Ending, MatchRecord
from arena.run import RunError
from games.move_lists import play_moves
from games.registry import parse_game
from players.specs import make_player
from tests.test_cli import LOG, arena, printed, refused

PAGE = (Path(__file__).parent.parent / "docs/export.md").read_text("utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.S)
NASTY = 'a"b\\c}{\x1b[31m\u202e\n[Result "1-0"]'


@pytest.fixture(scope="module")
def published() -> list[MatchRecord]:
    return [judge_record(record) for record in list(import_llm_game_benchmark(LOG))[:40]]


def played(game: str, *names: str) -> MatchRecord:
    players = [make_player(name) for name in names]
    record = asyncio.run(play_match(MatchSpec(game, names, seed=1), players))
    return judge_record(record)


# Tables


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_field_is_documented_and_filled(table: Table, published: list[MatchRecord]) -> None:
    assert fields_page(table) in PAGE
    names = {column.name for column in table.columns}
    rows = [row for record in published for row in table.rows(record)]
    assert names == set().union(*rows), "every column comes from somewhere, and nothing else does"
    kinds: dict[str, tuple[type, ...]] = {
        "text": (str,),
        "int": (int,),
        "float": (int, float),
        "bool": (bool,),
    }
    for column in table.columns:
        values = [row[column.name] for row in rows if row.get(column.name) is not None]
        assert all(isinstance(value, kinds[column.type]) for value in values), column.name


def read_table(path: Path) -> list[dict[str, Any]]:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return rows


def test_tables_say_what_the_records_say(tmp_path: Path, published: list[MatchRecord]) -> None:
    pytest.importorskip("pyarrow")
    rows = write_parquet(published, tmp_path / "tables")
    plies = [ply for record in published for ply in record.plies]
    assert rows == {
        "matches": len(published),
        "plies": len(plies),
        "attempts": sum(len(ply.attempts) for ply in plies),
    }
    matches = read_table(tmp_path / "tables/matches.parquet")
    assert [row["match_id"] for row in matches] == [record.match_id for record in published]
    stored = read_table(tmp_path / "tables/plies.parquet")
    assert [row["regret"] for row in stored] == [ply.verdict and ply.verdict.regret for ply in plies]
    said = read_table(tmp_path / "tables/attempts.parquet")
    assert [row["text"] for row in said] == [a.text for ply in plies for a in ply.attempts]
    assert not list((tmp_path / "tables").glob("*.new"))


@pytest.mark.parametrize(("game", "names"), [("sliding", ["random"]), ("goofspiel", ["random", "minimax"])])
def test_games_of_one_seat_and_of_simultaneous_moves(tmp_path: Path, game: str, names: list[str]) -> None:
    pytest.importorskip("pyarrow")
    record = played(game, *names)
    write_parquet([record], tmp_path)
    (row,) = read_table(tmp_path / "matches.parquet")
    assert row["player_1"] == (names[1] if len(names) > 1 else None)
    assert json.loads(row["config_0"]) == record.configs[0]
    assert len(read_table(tmp_path / "plies.parquet")) == len(record.plies)


def test_a_failed_export_leaves_the_old_files(tmp_path: Path, published: list[MatchRecord]) -> None:
    pytest.importorskip("pyarrow")
    write_parquet(published[:2], tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def breaking() -> Any:
        yield published[0]
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError):
        write_parquet(breaking(), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_missing_pyarrow_is_named_with_its_extra(tmp_path: Path) -> None:
    with mock.patch.dict(sys.modules, {"pyarrow": None}), pytest.raises(RunError, match=r"\.\[parquet\]"):
        write_parquet([], tmp_path)


@pytest.mark.parametrize("query", QUERIES)
def test_the_one_liners_run(query: str, tmp_path: Path, published: list[MatchRecord]) -> None:
    pytest.importorskip("pyarrow")
    duckdb = pytest.importorskip("duckdb")
    write_parquet(published, tmp_path)
    with contextlib.chdir(tmp_path):
        assert query.count("\n") == 1, "a one-liner"
        rows = duckdb.sql(query).fetchall()
    claims = "claim_asked" in query  # the published log asks for none
    assert bool(rows) != claims


def test_there_are_one_liners() -> None:
    assert len(QUERIES) >= 5


# Text


def moves_of(text: str) -> str:
    """What is left of a match without tags, comments, numbers and the result."""
    moves = text.partition("\n\n")[2]
    words = re.sub(r"\{[^}]*\}", " ", moves).split()
    return " ".join(word for word in words[:-1] if not re.fullmatch(r"\d+\.", word))


@pytest.mark.parametrize(
    "spec",
    ["tictactoe", "tictactoe(wild)", "connect4(m=4,n=4)", "nim", "dotsandboxes(rows=1)", "sliding", "chomp"],
)
def test_the_moves_replay_the_match(spec: str) -> None:
    game = parse_game(spec)
    record = played(spec, *["random", "random"][: game.num_seats])
    play = play_moves(game, game.initial_state(), moves_of(match_text(record)))
    assert game.format_state(play.states[-1]) == record.final_state
    assert [step.notation for step in play.steps] == [ply.action for ply in record.plies]


def test_an_opening_is_part_of_the_moves(published: list[MatchRecord]) -> None:
    names = ("random", "random")
    spec = MatchSpec("tictactoe", names, seed=1, opening=("5", "1"))
    record = asyncio.run(play_match(spec, [make_player(name) for name in names]))
    text = match_text(record)
    assert "1. 5 2. 1 {opening} 3. " in text
    game = parse_game(record.game)
    play = play_moves(game, game.initial_state(), moves_of(text))
    assert game.format_state(play.states[-1]) == record.final_state


def test_verdicts_problems_and_endings_are_comments() -> None:
    text = match_text(played("tictactoe", "scripted:5,2,2", "scripted:1,4,9"))
    assert "{regret 1: " in text or "plies slower" in text
    assert "illegal attempt 2}" in text
    assert max(map(len, text.splitlines())) <= 92


def test_nothing_of_a_record_can_pose_as_markup(published: list[MatchRecord]) -> None:
    record = published[0]
    hostile = replace(record, players=(NASTY, NASTY), reason=NASTY, ending=Ending.COMPLETED)
    text = match_text(hostile)
    assert not {"\x1b", "\u202e"} & set(text)
    assert text.count("\n[") == match_text(record).count("\n[")
    assert moves_of(text) == moves_of(match_text(record))


def test_text_is_written_whole(tmp_path: Path, published: Sequence[MatchRecord]) -> None:
    assert write_text(published, tmp_path / "out.txt") == len(published)
    assert (tmp_path / "out.txt").read_text("utf-8").count("[Game ") == len(published)
    with pytest.raises(RunError, match="can't export to"):
        write_text(published, tmp_path / "no/folder.txt")


# Command


def test_the_command_writes_either(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    printed("match", "random", "vs", "minimax", "--games", "2", "--out", "run", cwd=tmp_path)
    assert "2 matches, " in printed("export", "run", "--parquet", "tables", cwd=tmp_path)
    data = json.loads(printed("export", "run", "--text", "out.txt", "--json", cwd=tmp_path))
    assert data == {"run": "run", "out": "out.txt", "matches": 2}
    assert "say what to write" in refused("export", "run", cwd=tmp_path)
    with (tmp_path / "run/matches.jsonl").open("a") as file:
        file.write("garbage\n")
    done = arena("export", "run", "--text", "out.txt", cwd=tmp_path)
    assert (done.returncode, "is passed over: not a match record" in done.stderr) == (0, True)
