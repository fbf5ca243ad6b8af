"""How busy the arena keeps a server, and what a call costs it, against a server of fixed latency.

    python benchmarks/throughput.py [--matches 2000] [--latency 0.25] [--places 32]

Ideal is what a perfect client would take: calls x latency / places. The processor time is that of the whole
arena process: prompts, requests, parsing, rules, referee, records on disk.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from arena.match import versions
from arena.record import Ending
from arena.record_file import read_file
from arena.run import RunConfig, match_config, write_config
from arena.runner import make_players, play_run, start_players, with_configs

SERVER = Path(__file__).with_name("fixed_latency.py")


@contextmanager
def server(latency: float, places: int) -> Iterator[int]:
    """The port of a server of its own."""
    command = [sys.executable, str(SERVER), str(latency), str(places)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def play(config: RunConfig, folder: Path, parallel: int) -> None:
    """The run, as `arena match` plays it."""
    players = make_players(config.players)
    await start_players(config, players)
    write_config(folder, with_configs(config, players, versions()))
    await play_run(folder, config.schedule(), players, parallel=parallel)


def measure(name: str, matches: int, latency: float, places: int, options: str) -> None:
    """Play and print one line: calls, share of the ideal, processor time for a call."""
    with server(latency, places) as port, tempfile.TemporaryDirectory() as folder:
        url = f"http://127.0.0.1:{port}/v1"
        player = f"local:fixed?base_url={url}&style=listed&concurrency={places}{options}"
        config = match_config("tictactoe", (player, "random"), matches)
        began, worked = time.perf_counter(), time.process_time()
        asyncio.run(play(config, Path(folder), parallel=places * 2))
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
        records = read_file(Path(folder)).records
    assert len(records) == matches
    assert all(record.ending is Ending.COMPLETED for record in records)
    calls = sum(ply.attempts[0].completion is not None for record in records for ply in record.plies)
    ideal = calls * latency / places
    print(
        f"{name:12} {matches} matches, {calls} calls: {seconds:.1f} s, achieved/ideal {ideal / seconds:.3f}, "
        f"arena CPU {1000 * worked / calls:.2f} ms a call",
        flush=True,
    )


def main() -> None:
    """Measure with and without streaming."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--matches", type=int, default=2000)
    parser.add_argument("--latency", type=float, default=0.25)
    parser.add_argument("--places", type=int, default=32)
    a = parser.parse_args()
    print(f"latency {a.latency:g} s, {a.places} places, tictactoe, style listed, against random")
    measure("warm-up", 100, 0.01, a.places, "")
    measure("streamed", a.matches, a.latency, a.places, "")
    measure("unstreamed", a.matches, a.latency, a.places, "&stream=no")


if __name__ == "__main__":
    main()
