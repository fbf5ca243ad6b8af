"""Runs a command and ends it, with all that it started, when the process that asked for it is gone.

    python keeper.py PARENT COMMAND ...
    python keeper.py PARENT end PID ...     the same for processes that run already

A process can be killed without a chance to clean up, and a server that outlives it would hold its memory for
good; so this small one (no imports beyond the standard library) stands between and looks after its parent. A
signal to the child at its parent's death would not do: for Linux its parent is the thread that started it.
Its own exit status is the command's. It is started as the leader of a new session, which is what it ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time

GRACE_S = 10.0
"""Between asking all processes to end and ending them."""
LOOK_S = 0.2


def keep(parent: int, command: list[str]) -> int:
    """The exit status of the command; does not return if the group had to be ended by force."""
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    while child.poll() is None and not asked and os.getppid() == parent:
        time.sleep(LOOK_S)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(0, signal.SIGTERM)
    try:
        return child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        os.killpg(0, signal.SIGKILL)
        raise


def watch(parent: int, pids: list[int]) -> int:
    """End processes that run already once the parent is gone."""
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return 0


if __name__ == "__main__":
    parent, *rest = int(sys.argv[1]), *sys.argv[2:]
    status = watch(parent, [int(pid) for pid in rest[1:]]) if rest[0] == "end" else keep(parent, rest)
    sys.exit(status if status >= 0 else 128 - status)
