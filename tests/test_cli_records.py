"""Records on the command line: damaged files, hostile text, narrow terminals, terminals without Unicode."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from arena.cli.boards import match_view
from arena.cli.output import inert, inert_lines
from arena.cli.tables import stats_tables
from arena.importers import import_llm_game_benchmark
from arena.judging import judge_record
from arena.record import MatchRecord, from_line
from arena.record_file import read_file, rewrite
from arena.report.safe_text import visible
from arena.run import RunError
from tests.test_cli import LOG, arena, printed

NASTY = "\x1b[31mred\u202e\x9b"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    printed("match", "scripted:1,2,3", "scripted:4,5", "--games", "2", "--out", "run", cwd=tmp_path)
    return tmp_path / "run"


def lines_of(run: Path) -> list[str]:
    return (run / "matches.jsonl").read_text("utf-8").splitlines(keepends=True)


def write(run: Path, *lines: str) -> Path:
    (run / "matches.jsonl").write_text("".join(lines), "utf-8")
    return run


# Damaged files


def test_a_bad_record_is_named_and_the_others_are_shown(run: Path) -> None:
    first, second = lines_of(run)
    bad = json.loads(second)
    bad["plies"][2]["seat"] = 7
    write(run, first, "\n", json.dumps(bad) + "\n")
    done = arena("show", run)
    assert "match 1: scripted:1,2,3 (X)" in done.stdout
    assert f"line 3 is passed over: match {bad['match_id']}: plies.2.seat: there is no seat 7" in done.stderr
    assert done.returncode == 0
    assert arena("judge", run).returncode == 1


def test_a_torn_line_in_the_middle_is_kept_and_the_rest_is_judged(run: Path) -> None:
    first, second = lines_of(run)
    bare = json.loads(second)
    for ply in bare["plies"]:
        ply["verdict"] = None
    write(run, first, first[:300] + "\n", json.dumps(bare) + "\n")
    done = arena("judge", run)
    assert (done.returncode, "line 2 is passed over: torn line (cut off in the middle)" in done.stderr) == (
        0,
        True,
    )
    assert lines_of(run) == [first, first[:300] + "\n", second], "judged, and the torn line as it was"


@pytest.mark.parametrize(
    ("right", "wrong", "told", "refused"),
    [
        ('"opening":[]', '"opening":["9"]', "line 1 is left as it was and not counted", 1),
        ('"returns":[1.0,-1.0]', '"returns":[-1.0,1.0]', "line 1 is passed over", 0),
    ],
)
def test_what_is_refused_stays_as_it_was_and_is_not_counted(
    run: Path, right: str, wrong: str, told: str, refused: int
) -> None:
    first, second = lines_of(run)
    assert right in first
    wrong = first.replace(right, wrong)
    write(run, wrong, second)
    done = arena("judge", run, "--json")
    assert done.returncode == 1
    assert told in done.stderr
    assert json.loads(done.stdout)["refused"] == refused
    assert json.loads(done.stdout)["matches"] == 1
    assert lines_of(run) == [wrong, second]


def test_bytes_that_are_no_text_are_kept(run: Path) -> None:
    path = run / "matches.jsonl"
    path.write_bytes(path.read_bytes() + b'{"match_id":"\xff\xfe"}\n')
    before = path.read_bytes()
    assert arena("judge", run).returncode == 1
    assert path.read_bytes() == before


def test_a_file_that_grows_meanwhile_is_left_alone(run: Path) -> None:
    file = read_file(run)
    with (run / "matches.jsonl").open("a") as matches:
        matches.write("more\n")
    with pytest.raises(RunError, match="is being written to"):
        rewrite(file, {})
    assert lines_of(run)[-1] == "more\n"


def test_nothing_but_garbage_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "garbage").write_text("this is\nno record")
    done = arena("show", tmp_path / "garbage")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)


# Hostile and long text


def test_inert_text_has_no_control_characters() -> None:
    assert inert("a\x00b\x85\u202ec\u200bd\xa0e") == "a?b / ?c?d e"
    assert inert_lines("one\x1b\n\n  two") == ["one?", "  two"]


def test_accents_heaped_on_a_letter_are_counted() -> None:
    heap = "e" + "\u0301\u0336\u20dd" * 1000
    for told in (inert(heap, 5000), visible(heap), visible(heap + "\x1b").removesuffix("␛")):
        assert told == "e\u0301\u0336\u20dd‹2997 marks›"
    for real in ("Vi\u0065\u0302\u0323t", "ที่นี่", "नि", "שָׁלוֹם", "❤\ufe0f"):
        assert inert(real) == visible(real) == real


def test_nothing_of_a_record_reaches_the_terminal_raw(run: Path) -> None:
    data = json.loads(lines_of(run)[0])
    data["players"] = [NASTY, NASTY]
    data["opening"] = [NASTY]
    data["reason"] = NASTY
    for ply in data["plies"]:
        ply["unjudged"], ply["verdict"], ply["status"] = NASTY, None, NASTY
        ply["attempts"][0] |= {"text": NASTY, "claim": NASTY, "completion": {"reasoning": NASTY}}
    write(run, json.dumps(data) + "\n")
    for words in (("show", run), ("show", run, "--full"), ("judge", run)):
        done = arena(*words)
        said = done.stdout + done.stderr
        assert "red" in said
        assert not {"\x1b", "\u202e", "\x9b"} & set(said)


def test_full_keeps_lines_and_long_words(run: Path) -> None:
    data = json.loads(lines_of(run)[0])
    data["plies"][0]["attempts"][0] |= {"text": "first\n" + "x" * 500 + "\nlast", "completion": {}}
    write(run, json.dumps(data) + "\n")
    out = printed("show", run, "--full")
    assert out.count("x") == 500 + printed("show", run).count("x") - 152, "the word is whole"
    assert "first / " not in out
    assert any(line.rstrip().endswith("  last") for line in out.splitlines())


# Tables and boards at any width


def rendered(width: int, *parts: object) -> str:
    console = Console(width=width, file=io.StringIO(), highlight=False)
    for part in parts:
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.fixture(scope="module")
def published() -> list[MatchRecord]:
    return [judge_record(record) for record in import_llm_game_benchmark(LOG)]


def only(records: list[MatchRecord], players: int) -> list[MatchRecord]:
    names = list(dict.fromkeys(name for record in records for name in record.players))[:players]
    return [record for record in records if set(record.players) <= set(names)]


@pytest.mark.parametrize(("width", "players"), [(80, 2), (110, 3), (110, 6), (160, 6)])
def test_numbers_are_whole_where_there_is_room(
    published: list[MatchRecord], width: int, players: int
) -> None:
    text = rendered(width, *stats_tables(only(published, players)))
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    assert ("119/163 73.01 %" in text) == (players == 6)
    assert text.count("by forfeit") == 1, "all players in one table"


@pytest.mark.parametrize("width", [24, 40])
def test_nothing_is_cut_off_on_a_narrow_terminal(published: list[MatchRecord], width: int) -> None:
    text = rendered(width, *stats_tables(published))
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= width
    letters = "".join(text.split())
    for words in ("119/163", "73.01", "blunders", "blocks"):
        assert words in letters


def test_boards_stand_above_the_text_where_both_do_not_fit(published: list[MatchRecord]) -> None:
    text = rendered(30, *match_view(published[0], 1))
    assert "…" not in text
    assert "|  D  |  D  |  D  |" in text


def test_a_match_is_shown_without_unicode(run: Path) -> None:
    data = json.loads(lines_of(run)[0])
    data["players"] = ["modèle", "二"]
    write(run, json.dumps(data) + "\n")
    for words in (["show"], ["show", "--json"], ["judge", "--json"]):
        done = subprocess.run(
            [sys.executable, "-c", "from arena.cli import main; main()", *words, run],
            capture_output=True,
            env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(Path(__file__).parent.parent)},
            check=True,
        )
        text = done.stdout.decode("ascii")
        assert ("mod?le" in text) if words == ["show"] else ("mod\\u00e8le" in text)


# Import


def test_an_imported_folder_says_where_it_comes_from(tmp_path: Path) -> None:
    printed("import", LOG, "--out", "run", cwd=tmp_path)
    config = json.loads((tmp_path / "run/config.json").read_text("utf-8"))
    assert config["imported"]["format"] == "llm-game-benchmark"
    assert config["imported"]["file"] == LOG.name
    assert (config["matches"], config["games"]) == (150, ["tictactoe"])
    assert "not the config of a run" in arena("match", "--resume", "run", cwd=tmp_path).stderr


def test_records_of_a_run_are_sound(run: Path) -> None:
    parse: Callable[[str], MatchRecord] = from_line
    assert [parse(line).match_id for line in lines_of(run)] == [r.match_id for r in read_file(run).records]
