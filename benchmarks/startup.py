"""Start-up time of `arena --help`, beside that of an empty Python process.

python benchmarks/startup.py [runs]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import typer": [sys.executable, "-c", "import typer"],
    "arena --help": [sys.executable, "-c", "from arena.cli import main; main()", "--help"],
}


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(runs + 1):  # in turn, so that a slow moment hits all of them; the first round warms up
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    base = statistics.median(times["python -c pass"][1:])
    for name, measured in times.items():
        middle = statistics.median(measured[1:])
        spread = f"{min(measured[1:]):.3f}-{max(measured[1:]):.3f}"
        print(f"{name:16} median {middle:.3f} s ({spread}, n={runs}), {middle / base:.1f} x an empty Python")


if __name__ == "__main__":
    main()
