"""A run: a folder with config.json, which says everything that was asked for, and matches.jsonl.

Records are appended whole by one writer and flushed to disk; a torn last line is ignored on reading.
A match that ended in ERROR is played again on resume; the last record of a match is the one that counts.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from arena.match import MatchSpec
from arena.record import SCHEMA, Ending, MatchRecord, Rules, to_line
from games.registry import parse_game

CONFIG, MATCHES, LOCK = "config.json", "matches.jsonl", ".lock"


class RunError(Exception):
    """A run's folder can't be made, read or resumed; the message names the path and the cause."""


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What `arena match` was asked for, defaults resolved: enough to play it all again."""

    game: str
    players: tuple[str, ...]
    """Two; one is enough for a game of one seat."""
    games: int
    seed: int
    rules: Rules = Rules()
    configs: tuple[Mapping[str, Any], ...] = ()
    """Full configuration of the players."""
    versions: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    max_cost: float | None = None
    """Dollars that the run may spend; these two determine no result, only how far the run goes."""
    max_tokens_total: int | None = None
    schema: int = SCHEMA

    def schedule(self) -> tuple[MatchSpec, ...]:
        """Every match, before the first is played: pairs with the seats swapped.

        In a game of one seat the players take turns at the same puzzle.
        """
        legs = len(self.players)
        return tuple(
            MatchSpec(self.game, self._seated(n), self.seed, n // legs, n % legs, rules=self.rules)
            for n in range(self.games)
        )

    def _seated(self, number: int) -> tuple[str, ...]:
        turned = number % len(self.players)
        in_turn = self.players[turned:] + self.players[:turned]
        return in_turn[: parse_game(self.game).num_seats]


def new_run_folder(config: RunConfig) -> Path:
    """results/<UTC time>_<who>_<game>, not made yet; names are reduced to harmless characters."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H%M%S")
    words = [*config.players, config.game]
    slug = "_".join(re.sub(r"[^A-Za-z0-9.=-]+", "-", word).strip("-.")[:40] for word in words)
    return Path("results", f"{stamp}_{slug}")


def write_config(folder: Path, config: RunConfig) -> None:
    """Make the run's folder; RunError if it can't be written or holds a run already."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / MATCHES).exists() or (folder / CONFIG).exists():
            raise RunError(
                f"{folder} holds a run already; go on with --resume {folder} or choose another --out"
            )
        text = json.dumps(asdict(config), indent=2, ensure_ascii=False)
        (folder / CONFIG).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise RunError(f"can't write a run to {folder}: {error.strerror or error}") from error


def read_config(folder: Path) -> RunConfig:
    """The config of a run; RunError if there is none or it can't be read."""
    path = folder / CONFIG
    try:
        data = json.loads(path.read_text("utf-8"))
        known = {f.name for f in dataclasses.fields(RunConfig)}
        if not isinstance(data, dict) or not {"game", "players", "games", "seed"} <= set(data):
            raise ValueError("game, players, games and seed are expected")
        fields = {name: value for name, value in data.items() if name in known}
        fields["players"] = tuple(fields["players"])
        return RunConfig(**{**fields, "rules": Rules(**fields.get("rules", {}))})
    except OSError as error:
        raise RunError(f"no run at {folder}: {path.name}: {error.strerror or error}") from error
    except (ValueError, TypeError) as error:
        raise RunError(f"{path} is not the config of a run: {error}") from error


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold a run's folder alone; RunError if another process does. Whoever writes to a run holds it."""
    from filelock import FileLock, Timeout

    where = folder.parent if folder.is_file() else folder
    try:
        lock = FileLock(where / LOCK, timeout=0)
        with lock:
            yield
    except Timeout:
        raise RunError(f"{where} is in use by another process; wait until it has finished") from None
    except OSError as error:
        raise RunError(f"can't write to {where}: {error.strerror or error}") from error


class Writer:
    """The one writer of a run's records."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / MATCHES
        self._busy = threading.Lock()
        try:
            self._file = self._path.open("ab")
            if self._file.tell() and not _ends_whole(self._path):
                self._file.write(b"\n")  # a crash tore the last line: the next record gets a line of its own
        except OSError as error:
            raise RunError(f"can't write to {self._path}: {error.strerror or error}") from error

    def append(self, *records: MatchRecord) -> None:
        """Append records and see them onto the disk; RunError if that fails (a full disk)."""
        try:
            with self._busy:
                self._file.write(b"".join(to_line(record).encode() + b"\n" for record in records))
                self._file.flush()
                os.fsync(self._file.fileno())
        except OSError as error:
            raise RunError(f"can't write to {self._path}: {error.strerror or error}") from error

    def close(self) -> None:
        with self._busy, suppress(OSError):  # what could not be written has been reported by append
            self._file.close()


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def missing(config: RunConfig, records: list[MatchRecord]) -> tuple[MatchSpec, ...]:
    """The scheduled matches that are still to be played: never recorded, or ended by a fault of the world."""
    done = {record.match_id for record in records if record.ending is not Ending.ERROR}
    return tuple(spec for spec in config.schedule() if spec.match_id not in done)


def replace_records(folder: Path, records: list[MatchRecord]) -> None:
    """Write a run's records anew, whole or not at all (after judging)."""
    path = folder if folder.is_file() else folder / MATCHES
    fresh = path.with_suffix(".jsonl.new")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.writelines(to_line(record) + "\n" for record in records)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise RunError(f"can't write {path}: {error.strerror or error}") from error
