"""What may go wrong around a tournament, met by the real command: one clear line, and nothing is lost."""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from arena.ledger import LEDGER, Ledger, read_ledger
from arena.record_stream import stream_file
from arena.resume import progress
from arena.run import CONFIG, MATCHES, RunError, read_config
from players.purse import Payment

if TYPE_CHECKING:
    from tests.conftest import FaultServer

ARENA = "from arena.cli import main; main()"
PLAYERS = ("--player=random", "--player=greedy", "--player=minimax")
DISK = 256 * 1024


def arena(*words: str | Path, code: str = ARENA, **more: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, "tournament", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **more)


def refused(*words: str | Path, **more: Any) -> str:
    """The one line of a command that refuses."""
    done = arena(*words, **more)
    assert (done.returncode, done.stdout) == (2, ""), done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def whole(run: Path) -> None:
    """Every scheduled match has been played, and no other."""
    found = sorted(record.match_id for record in stream_file(run).records())
    assert found == sorted(spec.match_id for spec in read_config(run).schedule())


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tournament of six matches."""
    folder = tmp_path_factory.mktemp("played") / "run"
    done = arena(*PLAYERS, f"--out={folder}", "--telling=quiet")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def run(played: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(played, tmp_path / "run"))


# Names and schemas ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('players = ["random", "nobody", "greedy"]', "unknown player 'nobody'"),
        (
            'players = ["random", "minimax?ties=none", "greedy"]',
            "minimax?ties=none: ties is one of random, first",
        ),
        ('players = ["random", "greedy", "random"]', "the player 'random' is named twice"),
        ('players = ["random", "greedy"]\ngames = ["nim", "go", "nim"]', "the game 'nim' is named twice"),
        ('players = ["random", "greedy"]\ngames = ["nim", "go"]', "unknown game 'go'"),
        ('players = ["random", "greedy"]\nplayers = ["minimax"]', "is not TOML"),
    ],
)
def test_names_that_mean_nothing_are_refused_before_anything_is_made(
    tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "t.toml").write_text(text)
    assert told in refused("t.toml", cwd=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["t.toml"]


def changed(**fields: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda config: {**config, **fields}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (changed(schema=99), "schema 99; this version reads schema 1"),
        (
            changed(pairing="knockout"),
            "pairing is one of match, round-robin, gauntlet, swiss, not 'knockout'",
        ),
        (changed(players=["random", "nobody", "greedy"]), "unknown player 'nobody'"),
        (changed(players=["random", "greedy", "random"]), "the player 'random' is named twice"),
        (changed(games=["go"]), "unknown game 'go'"),
        (lambda config: {"players": config["players"]}, "games, players and seed are expected"),
    ],
)
def test_a_config_that_says_something_else_is_refused_and_left_alone(
    run: Path, change: Callable[[dict[str, Any]], dict[str, Any]], told: str
) -> None:
    config = json.loads((run / CONFIG).read_text())
    (run / CONFIG).write_text(json.dumps(change(config)))
    before = (run / CONFIG).read_bytes(), (run / MATCHES).read_bytes()
    assert told in refused("--resume", run)
    assert ((run / CONFIG).read_bytes(), (run / MATCHES).read_bytes()) == before


@pytest.mark.parametrize("pairing", ["round-robin", "swiss"])
def test_records_of_another_schema_are_refused_and_left_alone(run: Path, pairing: str) -> None:
    config = json.loads((run / CONFIG).read_text())
    (run / CONFIG).write_text(json.dumps({**config, "pairing": pairing}))
    lines = (run / MATCHES).read_text().splitlines(keepends=True)
    later = json.dumps({**json.loads(lines[2]), "schema": 2}) + "\n"
    (run / MATCHES).write_text("".join([*lines[:2], later, *lines[3:5]]))
    before = (run / MATCHES).read_bytes()
    assert "matches.jsonl, line 3: record schema 2; this version reads schema 1" in refused("--resume", run)
    assert (run / MATCHES).read_bytes() == before


def edited(run: Path, number: int, change: Callable[[dict[str, Any]], object]) -> str:
    """Change one record where it stands; returns the id of its match."""
    lines = (run / MATCHES).read_text().splitlines()
    data = json.loads(lines[number])
    change(data)
    lines[number] = json.dumps(data)
    (run / MATCHES).write_text("\n".join(lines) + "\n")
    return str(data["match_id"])


@pytest.mark.parametrize("pairing", ["round-robin", "swiss"])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda data: data["plies"][1]["verdict"].update(regret=-5), "verdict.regret: no amount: -5"),
        (lambda data: data["plies"][1].update(action="77"), "plies.1.action: not an action: '77'"),
        (lambda data: data.update(seconds=-4), "seconds: no amount: -4"),
        (lambda data: data.update(returns=[9.0, 9.0]), "returns: it says completed with returns [9.0, 9.0]"),
        (
            lambda data: data.update(players=["greedy", "greedy"]),
            "players: greedy greedy where the schedule has",
        ),
        (lambda data: data.update(seed=5), "seed: 5 where the schedule has"),
    ],
)
def test_a_record_that_is_not_believed_is_named_and_its_match_is_missing(
    run: Path, pairing: str, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    config = replace(read_config(run), pairing=pairing)
    match_id = edited(run, 1, change)
    heard: list[str] = []
    found = progress(run, config, heard.append)
    assert match_id in {spec.match_id for spec in found.todo}
    (said,) = heard
    assert f"match {match_id}" in said
    assert told in said


def test_a_match_whose_record_is_not_believed_is_played_again(run: Path) -> None:
    before = {record.match_id: record.returns for record in stream_file(run).records()}
    match_id = edited(run, 1, lambda data: data.update(seconds=-4))
    done = arena("--resume", run, "--telling=quiet")
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"line 2 is passed over: match {match_id}: seconds: no amount: -4.0\n"
    assert {record.match_id: record.returns for record in stream_file(run).records()} == before
    assert len((run / MATCHES).read_text().splitlines()) == len(before) + 1


# A disk that fills ----------------------------------------------------------------------------------------


def full(folder: Path, *words: str, **more: Any) -> None:
    """The command stops with one line and the way on, and what it had finished can be read."""
    done = arena(*words, **more)
    told = done.stderr.splitlines()
    assert done.returncode == 1, done.stderr
    assert told[-2].startswith(f"Stopped: can't write to {folder}")
    assert told[-1] == f"Finished matches are kept. Go on with: arena tournament --resume {folder}"
    assert len(told) == 2, done.stderr


def filled(folder: Path, hold: Callable[..., Any] | None, free: Callable[[], None]) -> None:
    """A tournament that fills the disk, is gone on with in vain, and once more when there is room."""
    full(folder, *PLAYERS, "--rounds=50", f"--out={folder}", "--telling=quiet", preexec_fn=hold)
    kept = {record.match_id: record for record in stream_file(folder).records()}
    assert 20 < len(kept) < 300
    full(folder, "--resume", str(folder), "--telling=quiet", preexec_fn=hold)
    free()
    done = arena("--resume", folder, "--telling=quiet")
    assert done.returncode == 0, done.stderr
    whole(folder)
    assert {id_: stream_file(folder).find(id_) for id_ in kept} == kept


def small_files() -> None:
    """No file grows further: a write is cut short, and the next fails."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, resource.RLIM_INFINITY))


def test_a_file_that_can_not_grow_stops_the_run_which_is_finished_later(tmp_path: Path) -> None:
    filled(tmp_path / "run", small_files, lambda: None)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own; skipped where none may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(place)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_stops_the_run_which_is_finished_later(disk: Path) -> None:
    grow = ["mount", "-o", "remount,size=16m", str(disk)]
    filled(disk / "run", None, lambda: subprocess.run(grow, check=True) and None)


def test_a_payment_that_can_not_be_written_stops_the_run(fault_server: FaultServer, tmp_path: Path) -> None:
    """No traceback, no match that counts as played, and no pause before the run is over."""
    fault_server.answers({"choices": [{"message": {"content": "no idea"}}]})
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / LEDGER).write_text("\n" * DISK)
    players = [f"--player=local:m?base_url={fault_server.url}", "--player=random"]
    asked = ["--attempts=1", "--rounds=4", f"--out={folder}", "--telling=quiet"]
    full(folder, *players, *asked, preexec_fn=small_files)
    assert (folder / MATCHES).read_bytes() == b""
    done = arena("--resume", folder, "--telling=quiet")
    assert done.returncode == 0, done.stderr
    whole(folder)
    assert len(read_ledger(folder / LEDGER)) == 8


def test_a_payment_after_one_that_was_torn_has_a_line_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, payment = Ledger(tmp_path), Payment("m", 7, None, False)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(RunError, match="can't write to"):
            ledger.note(payment)
    (tmp_path / LEDGER).write_text('{"player": "m", "tok')
    ledger.note(payment)
    assert read_ledger(tmp_path / LEDGER) == [payment]


# A clock that jumps ---------------------------------------------------------------------------------------

JUMPING = """
import datetime, itertools, time
hours = itertools.cycle((0, 30000, -50000, 5, -5))
class Jumping(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)
wall, datetime.datetime = time.time, Jumping
time.time = lambda: wall() + 3600 * next(hours)
"""
"""Years forwards and backwards at every look."""


def test_a_clock_that_jumps_moves_nothing_but_dates(fault_server: FaultServer, tmp_path: Path) -> None:
    """Half a tournament with such a clock, and the other half: all in order, no duration below 0."""
    fault_server.answers("", 429, retry_after="Sun, 06 Nov 1994 08:49:37 GMT")
    fault_server.answers("", 429, retry_after="Fri, 31 Dec 2060 23:59:59 GMT")
    fault_server.answers({"choices": [{"message": {"content": "no idea"}}]})
    folder = tmp_path / "run"
    players = [f"--player=local:m?base_url={fault_server.url}", "--player=random", "--player=greedy"]
    asked = ["--attempts=1", "--seconds-per-turn=20", "--rounds=3", "--parallel=1", f"--out={folder}"]
    done = arena(*players, *asked, code=JUMPING + ARENA)
    assert done.returncode == 0, done.stderr
    assert " -" not in done.stderr, "no rate and no time left below 0"
    lines = (folder / MATCHES).read_text().splitlines(keepends=True)
    (folder / MATCHES).write_text("".join(lines[:7]))
    again = arena("--resume", folder, code=JUMPING + ARENA)
    assert again.returncode == 0, again.stderr
    whole(folder)
    records = list(stream_file(folder).records())
    assert all(record.seconds >= 0 for record in records)
    assert all(a.seconds >= 0 for record in records for ply in record.plies for a in ply.attempts)
    began = [datetime.fromisoformat(record.started) for record in records]
    assert began != sorted(began), "the clock did jump"
    assert [r.match_id for r in records] == [spec.match_id for spec in read_config(folder).schedule()]
    asked_again = sum("local" in line for line in lines[7:])
    assert len(read_ledger(folder / LEDGER)) == 12 + asked_again
