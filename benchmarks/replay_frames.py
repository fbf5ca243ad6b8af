"""How quickly a replay is painted, and how a long run opens: python benchmarks/replay_frames.py

Steps through whole matches on the boards that cost most, painting in software, without a screen; then opens
a run of many matches, looks at every page of its list and searches it. Each frame is that of a window.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arena.replay.window import Window

BOARDS = {
    "connect4": "columns with values",
    "chessending": "64 cells, arrows",
    "tictactoe(m=12,n=12,k=5)": "144 cells, the largest there is; its values are beyond the budget",
    "tictactoe(m=4,n=4,k=4)": "16 cells with values",
    "kayles(pins=20)": "a row",
    "mastermind": "64 actions with values",
    "sokoban": "100 turns",
}
"""Game -> what is dear in it."""
SIZES = ((1280, 800), (1920, 1080))
WORDS = "I look at every line that is open, at the threats of the other side, and then at what follows. " * 60


def arena(*words: str) -> None:
    """One command of ours."""
    command = [sys.executable, "-c", "from arena.cli import main; main()", *words]
    subprocess.run(command, check=True, capture_output=True)


def open_window(run: Path, size: tuple[int, int]) -> Window:
    """A window of that size on the list of a run."""
    from arena.replay.catalog import catalog_of
    from arena.replay.view import View
    from arena.replay.window import Window

    window = Window(catalog_of(run), View(), size)
    window.session.open_list()
    window.paint()
    return window


def stepping(run: Path, size: tuple[int, int]) -> list[tuple[float, float]]:
    """Milliseconds of each frame, by the clock and of the processor, while one steps forwards and back."""
    window = open_window(run, size)
    window.session.open(0)
    steps = len(window.session.story.steps) - 1 if window.session.story else 0
    window.paint()
    times = []
    for key in ["right"] * steps + ["left"] * steps + ["tab", "page down"] * 6:
        began, worked = time.perf_counter(), time.process_time()
        window.session.press(key)
        window.paint()
        times.append(((time.perf_counter() - began) * 1000, (time.process_time() - worked) * 1000))
    window.close()
    return times


def with_words(run: Path) -> None:
    """Give every attempt of a run a long reply, as models give them."""
    from dataclasses import replace

    from arena.record import from_line, to_line

    path = run / "matches.jsonl"
    records = [from_line(line) for line in path.read_text("utf-8").splitlines()]
    wordy = [
        replace(
            record,
            plies=tuple(
                replace(p, attempts=tuple(replace(a, text=f"{p.number} {WORDS}") for a in p.attempts))
                for p in record.plies
            ),
        )
        for record in records
    ]
    path.write_text("".join(to_line(record) + "\n" for record in wordy), "utf-8")


def boards(folder: Path) -> None:
    print(
        f"{'board':<26}{'window':>10}{'frames':>8}{'median ms':>11}{'worst':>7}{'processor':>11}{'worst':>7}"
    )
    for number, game in enumerate(BOARDS):
        run = folder / str(number)
        alone = game in ("mastermind", "sokoban")
        other = "random" if "m=12" in game else "epsilon?epsilon=0.3"  # which has to solve the board
        who = ["random"] if alone else ["random", "vs", other]
        arena(
            "match", *who, "--game", game, "--games", "1" if alone else "2", "--out", str(run), "--no-boards"
        )
        with_words(run)
        for size in SIZES:
            times = stepping(run, size)
            told = "".join(f"{statistics.median(t):>11.1f}{max(t):>7.1f}" for t in zip(*times, strict=True))
            print(f"{game:<26}{f'{size[0]}x{size[1]}':>10}{len(times):>8}{told}")


def resident() -> float:
    """MB that this process holds now; where that is not told, the most it held."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def long_run(folder: Path, matches: int) -> None:
    """Open, look at every page, search: seconds and memory after each."""
    run = folder / "long"
    arena("match", "random", "vs", "minimax", "--games", str(matches), "--out", str(run), "--no-boards")
    command = [sys.executable, str(Path(__file__).resolve()), "--open", str(run), "--since", f"{time.time()}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    print(f"\n{matches:,} matches: a new process shows the list after {done.stdout.splitlines()[-1]}")
    window = open_window(run, SIZES[0])
    for turn in ("first", "second"):
        cursor = -1
        window.session.press("home")
        while window.session.picker is not None and window.session.picker.cursor != cursor:
            cursor = window.session.picker.cursor
            window.session.press("page down")
            window.paint()
        print(f"every page looked at, {turn} time: {resident():.0f} MB")
    began, frames = time.perf_counter(), 0
    window.session.press("tab")
    while window.session.busy:
        window.session.tick(0.016)
        window.paint()
        frames += 1
    found, seconds = len(window.session.search.found), time.perf_counter() - began
    print(f"{found:,} matches with a blunder found in {seconds:.2f} s, {frames} frames, {resident():.0f} MB")
    window.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--matches", type=int, default=10_000)
    parser.add_argument("--open", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--since", type=float, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    if wanted.open:
        open_window(wanted.open, SIZES[0])
        print(f"{time.time() - wanted.since:.2f} s, {resident():.0f} MB")
        return
    with tempfile.TemporaryDirectory() as name:
        boards(Path(name))
        long_run(Path(name), wanted.matches)


if __name__ == "__main__":
    main()
