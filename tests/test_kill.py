"""A tournament that is killed at any instant loses nothing: the same matches, each once, the same results."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from arena.record import Ending, MatchRecord
from arena.record_stream import stream_file
from arena.run import CONFIG, read_config

SERVER = Path(__file__).parent.parent / "benchmarks/fixed_latency.py"
ARENA = [sys.executable, "-c", "from arena.cli import main; main()", "tournament"]


@pytest.fixture
def url() -> Iterator[str]:
    """A model that answers after a while, always the same to the same question."""
    command = [sys.executable, str(SERVER), "0.05", "64"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}/v1"
        server.terminate()


def command(url: str, folder: Path, rounds: int) -> list[str]:
    """Begin the tournament, or go on with it."""
    if (folder / CONFIG).exists():
        return [*ARENA, "--resume", str(folder), "--telling", "quiet"]
    model = f"local:fixed?base_url={url}&style=listed&concurrency=64"
    players = [f"--player={name}" for name in (model, "random", "minimax")]
    asked = [f"--rounds={rounds}", "--parallel=32", f"--out={folder}", "--telling=quiet"]
    return [*ARENA, *players, *asked]


def play(url: str, folder: Path, rounds: int) -> None:
    done = subprocess.run(command(url, folder, rounds), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def kill(url: str, folder: Path, rounds: int, after_s: float) -> None:
    """Let it run for so long, and end it without warning."""
    with subprocess.Popen(
        command(url, folder, rounds), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        time.sleep(after_s)
        process.kill()
        said = process.stderr.read() if process.stderr else ""
    assert "Traceback" not in said, said


def what_happened(record: MatchRecord) -> tuple[Any, ...]:
    """A match without what a clock says."""
    plies = [(ply.state, ply.action, ply.verdict, [a.text for a in ply.attempts]) for ply in record.plies]
    return record.game, record.players, record.seed, plies, record.ending, record.returns


def survives(url: str, tmp_path: Path, kills: int, rounds: int) -> None:
    chance = random.Random(7)
    killed, undisturbed = tmp_path / "killed", tmp_path / "undisturbed"
    for _ in range(kills):
        kill(url, killed, rounds, chance.uniform(0.3, 2.5))
    play(url, killed, rounds)
    play(url, undisturbed, rounds)
    scheduled = [spec.match_id for spec in read_config(killed).schedule()]
    found = {record.match_id: record for record in stream_file(killed).records()}
    assert sorted(found) == sorted(scheduled)
    assert all(record.ending is Ending.COMPLETED and record.plies for record in found.values())
    for expected in stream_file(undisturbed).records():
        assert what_happened(found[expected.match_id]) == what_happened(expected)


def test_twenty_kills(url: str, tmp_path: Path) -> None:
    survives(url, tmp_path, kills=20, rounds=40)


@pytest.mark.soak
def test_two_hundred_kills(url: str, tmp_path: Path) -> None:
    """At least 2,000 matches: three pairings, both seats, 350 rounds are 2,100."""
    survives(url, tmp_path, kills=200, rounds=350)
