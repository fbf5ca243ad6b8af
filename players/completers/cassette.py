"""Cassettes: every exchange with a server on file, and the file in place of the server.

A line is a JSON object: first {"cassette": 1}; then {"player": ..., "server": ..., "facts": ...} for each
player that was made ready, and the exchanges (players/completers/exchange.py) in the order of their ends.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from players.base import PlayerError
from players.completers.base import ProviderError
from players.completers.exchange import Asked, Exchange, exchange_line, read_exchange
from players.completers.occasion import Occasion

SCHEMA = 1
"""Raised when a line changes its meaning."""


class Recorder:
    """The one writer of a cassette. The file is made with its first line: no run, no file."""

    def __init__(self, path: Path, *, goes_on: bool = False) -> None:
        """PlayerError if there is a file already, unless the recording goes on there."""
        self.path = path
        self._begun = goes_on and path.exists()
        if self._begun:
            Cassette(path)  # what is no cassette is not written to
            _mend(path)
        elif path.exists():
            raise PlayerError(
                f"{path} exists already, and a recording is never overwritten: name another file, "
                "or go on with the run it belongs to (--resume RUN --record FILE)"
            )

    def add_facts(self, player: str, server: str, facts: Mapping[str, Any]) -> None:
        """Note what is known of the server of a player that is ready."""
        data = {"player": player, "server": server, "facts": dict(facts)}
        self._append(json.dumps(data, ensure_ascii=False))

    def add(self, exchange: Exchange) -> None:
        """Append an exchange; ProviderError if it can't be written (a full disk)."""
        self._append(exchange_line(exchange))

    def _append(self, line: str) -> None:
        try:
            with self._opened() as file:
                file.write(line.encode("utf-8", "replace") + b"\n")
        except OSError as error:
            why = f"can't record to {self.path}: {error.strerror or error}"
            raise ProviderError(why, fatal=True) from error

    def _opened(self) -> BinaryIO:
        if not self._begun:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("xb") as file:
                file.write(json.dumps({"cassette": SCHEMA}).encode() + b"\n")
            self._begun = True
        return self.path.open("ab")


class Cassette:
    """A recording, ready to be played: each exchange is given once.

    Where a match was played again (after a fault, on --resume) its last exchanges count, as does its last
    record.
    """

    def __init__(self, path: Path) -> None:
        """Read it; PlayerError if it is none. Bodies stay in the file."""
        self.path = path
        self.servers: dict[str, dict[str, Mapping[str, Any]]] = {}
        """What was known of each server, by what stands for it and player."""
        self._left: dict[bytes, dict[Occasion | int, int]] = {}
        """Where exchanges not given yet begin: by request, then by occasion, or by place if it has none."""
        self._given: set[bytes] = set()
        self._matches: set[str] = set()
        """The matches that were recorded."""
        for place, data in _lines(path):
            self._note(place, data)

    def take(self, asked: Asked, occasion: Occasion) -> Exchange | None:
        """The exchange of this request on this occasion, else None.

        A match that was not recorded gets the first one left: it has none of its own.
        """
        key = _digest(asked)
        left = self._left.get(key, {})
        if not left or (occasion not in left and occasion.match in self._matches):
            return None
        self._given.add(key)
        place = left.pop(occasion if occasion in left else next(iter(left)))
        with self.path.open("rb") as file:
            file.seek(place)
            return read_exchange(json.loads(file.readline()))

    def facts(self, player: str, server: str) -> Mapping[str, Any]:
        """What was known of a player's server; of another player's, if this one was not recorded.

        The same name may have stood for two model files, or for one with two sets of options.
        """
        known = self.servers.get(server, {})
        return known.get(player) or next(iter(known.values()), {})

    def has_given(self, asked: Asked) -> bool:
        """Whether there was such a request, now used up."""
        return _digest(asked) in self._given

    def _note(self, place: int, data: Mapping[str, Any]) -> None:
        try:
            if "facts" in data:
                self.servers.setdefault(data["server"], {})[data["player"]] = dict(data["facts"])
                return
            exchange = read_exchange(data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise PlayerError(f"{self.path}: no exchange at byte {place}: {error!r}") from error
        left = self._left.setdefault(_digest(exchange.asked), {})
        key = exchange.occasion if exchange.occasion.match else place
        left.pop(key, None)
        left[key] = place
        self._matches |= {exchange.occasion.match} - {""}


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Where each line begins and what it says, without the header and lines that a crash tore."""
    place = 0
    try:
        with path.open("rb") as file:
            _check_header(path, file.readline(1000))
            place = file.tell()
            for line in file:
                if (data := _json(line)) is not None:
                    yield place, data if isinstance(data, dict) else {}
                place += len(line)
    except OSError as error:
        raise PlayerError(f"no cassette at {path}: {error.strerror or error}") from error


def _check_header(path: Path, line: bytes) -> None:
    header = _json(line)
    if not isinstance(header, dict) or "cassette" not in header:
        raise PlayerError(f'{path} is no cassette: its first line is not {{"cassette": {SCHEMA}}}')
    if header["cassette"] != SCHEMA:
        raise PlayerError(f"{path}: cassette schema {header['cassette']}; this version reads schema {SCHEMA}")


def _json(line: bytes) -> Any:
    """What a line says; None if it is torn."""
    try:
        return json.loads(line)
    except ValueError:
        return None


def _mend(path: Path) -> None:
    """Give a torn last line its end, so that the next exchange gets a line of its own."""
    with path.open("rb+") as file:
        file.seek(-1, 2)
        if file.read(1) != b"\n":
            file.write(b"\n")


def _digest(asked: Asked) -> bytes:
    return hashlib.sha256(f"{asked.server}\n{asked.path}\n".encode() + asked.body).digest()
