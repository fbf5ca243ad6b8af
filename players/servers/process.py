"""A server of our own: started, waited for until it is healthy, ended with us whatever happens to us."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from players.base import PlayerError
from players.servers import keeper
from players.servers.logs import causes, meaningful, tail

LOOK_S = 0.25
LINE_EVERY_S = 10.0
"""How often a line tells of the progress where it can't be rewritten."""
SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Launch:
    """What is to be run, and how to know that it serves."""

    name: str
    """In words, for progress and errors."""
    command: tuple[str, ...]
    health_url: str
    log: Path
    """Where everything it prints is kept."""
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """All of it."""
    timeout_s: float = 1800.0
    """A large model is read for many minutes."""


class ServerDied(PlayerError):
    """The server ended before it served; the message says what its log says."""


class ServerProcess:
    """One process, and all that it starts, behind a keeper that ends it when we are gone."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self._keeper: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._keeper is not None and self._keeper.poll() is None

    async def start(self) -> None:
        """Return when it answers; ServerDied or PlayerError, and nothing left running, if it never does."""
        self._spawn()
        progress = _Progress(self.launch.name, sys.stderr)
        try:
            await self._healthy(progress)
        except BaseException:
            self.stop()
            raise
        finally:
            progress.end()

    def stop(self) -> None:
        """End it: asked first, forced if it does not listen. Does nothing if it has ended."""
        if self._keeper is None:
            return
        atexit.unregister(self.stop)
        self._keeper.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._keeper.wait(keeper.GRACE_S + 5)
        _kill_group(self._keeper.pid)
        self._keeper.wait()
        self._keeper = None

    def _spawn(self) -> None:
        launch = self.launch
        launch.log.parent.mkdir(parents=True, exist_ok=True)
        with launch.log.open("wb") as log:
            self._keeper = subprocess.Popen(
                keeper_command(*launch.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=launch.environment,
                start_new_session=True,  # Ctrl-C on our terminal is ours to deal with; and one group to end
            )
        atexit.register(self.stop)

    async def _healthy(self, progress: _Progress) -> None:
        began = time.monotonic()
        while not await asyncio.to_thread(_answers, self.launch.health_url):
            self._refuse_dead()
            if time.monotonic() - began > self.launch.timeout_s:
                raise PlayerError(self._told(f"did not serve within {self.launch.timeout_s:g} s"))
            progress.show(time.monotonic() - began, self._last_line())
            await asyncio.sleep(LOOK_S)
        self._refuse_dead()  # else it was somebody else's server that answered

    def _refuse_dead(self) -> None:
        status = None if self._keeper is None else self._keeper.poll()
        if status is not None:
            raise ServerDied(self._told(f"ended with exit status {status} before it served"))

    def _told(self, what: str) -> str:
        said = causes(meaningful(tail(self.launch.log)))
        lines = "".join(f"\n  {line[:SHOWN_CHARACTERS]}" for line in said) or "\n  (nothing)"
        return f"{self.launch.name} {what}; its log ({self.launch.log}) says:{lines}"

    def _last_line(self) -> str:
        return (meaningful(tail(self.launch.log)) or ["starting"])[-1]


def keeper_command(*rest: str) -> list[str]:
    """The command of a keeper that looks after us."""
    return [sys.executable, "-I", str(Path(keeper.__file__)), str(os.getpid()), *rest]


class _Progress:
    """How the start goes on: one line that is rewritten on a terminal, a line now and then elsewhere."""

    def __init__(self, name: str, stream: TextIO) -> None:
        self._name, self._stream, self._next = name, stream, LINE_EVERY_S
        self._terminal = stream.isatty()

    def show(self, seconds: float, line: str) -> None:
        printable = "".join(c for c in line if c.isprintable())
        text = f"Starting {self._name}: {seconds:.0f} s; {printable}"
        if self._terminal:
            print(f"\r\x1b[K{text[: _columns(self._stream) - 1]}", end="", file=self._stream, flush=True)
        elif seconds >= self._next:
            self._next += LINE_EVERY_S
            print(text[:SHOWN_CHARACTERS], file=self._stream, flush=True)

    def end(self) -> None:
        if self._terminal:
            print("\r\x1b[K", end="", file=self._stream, flush=True)


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _answers(url: str) -> bool:
    """Whether a GET is answered with 200; proxies are for other machines."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return int(answer.status) == 200
    except (OSError, urllib.error.URLError, ValueError):
        return False


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # all have ended; macOS says the latter
        os.killpg(leader, signal.SIGKILL)
