"""How quickly long runs are read, and in how much memory: python benchmarks/reading.py --matches 100000

Plays some matches of tic-tac-toe, writes them again and again under fresh ids, and reads it in a process
of its own for each use: records one by one, as Parquet, as text, as a report; or the whole file at once.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REAL = 200
"""Matches that are really played."""


def synthetic_run(folder: Path, matches: int) -> None:
    """A run of so many records: real ones, under ids of their own, two to a pair."""
    command = "from arena.cli import main; main()"
    words = ["match", "epsilon?epsilon=0.3", "vs", "random", "--games", str(REAL), "--out", str(folder)]
    subprocess.run([sys.executable, "-c", command, *words], check=True, capture_output=True)
    path = folder / "matches.jsonl"
    real = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    with path.open("w", encoding="utf-8") as file:
        for number in range(matches):
            record = real[number % REAL] | {"match_id": f"{number:016x}", "pair_id": f"{number // 2:016x}"}
            file.write(json.dumps(record, separators=(",", ":")) + "\n")


def use(what: str, folder: Path) -> None:
    """One way of reading, in this process."""
    from arena.record_stream import stream_file

    if what == "stream":
        for _ in stream_file(folder).records():
            pass
    elif what == "whole file":
        from arena.record_file import read_file

        read_file(folder)
    else:
        from arena.cli import app

        out = {
            "parquet": ["--parquet", "tables"],
            "text": ["--text", "matches.txt"],
            "report": ["--out", "."],
        }
        command = "report" if what == "report" else "export"
        app([command, str(folder), *out[what]], standalone_mode=False)


def measure(what: str, folder: Path) -> tuple[float, float]:
    """Seconds and peak MB of one way of reading, in a process of its own."""
    words = [sys.executable, str(Path(__file__).resolve()), "--use", what, "--folder", str(folder)]
    done = subprocess.run(words, check=True, capture_output=True, text=True, cwd=folder)
    seconds, peak = map(float, done.stdout.splitlines()[-1].split())
    return seconds, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matches", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--uses", nargs="+", default=["stream", "parquet", "text", "report"])
    parser.add_argument("--use", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.use:
        began = time.perf_counter()
        use(wanted.use, wanted.folder)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(time.perf_counter() - began, peak)
        return
    print(f"{'use':<12}{'matches':>9}{'file MB':>9}{'seconds':>9}{'matches/s':>11}{'peak MB':>9}")
    for matches in wanted.matches:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            synthetic_run(folder, matches)
            size = (folder / "matches.jsonl").stat().st_size / 1e6
            for what in wanted.uses:
                seconds, peak = measure(what, folder)
                rate = f"{matches / seconds:>11,.0f}{peak:>9.0f}"
                print(f"{what:<12}{matches:>9,}{size:>9.1f}{seconds:>9.1f}{rate}", flush=True)


if __name__ == "__main__":
    main()
