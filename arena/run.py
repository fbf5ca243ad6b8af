"""A run: a folder with config.json, which says everything that was asked for, and matches.jsonl.

Records are appended whole by one writer and flushed to disk; a torn last line is ignored on reading.
A match that ended in ERROR is played again on resume; the last record of a match is the one that counts.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shlex
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from arena.errors import RunError as RunError
from arena.match import MatchSpec
from arena.record import SCHEMA, MatchRecord, Rules, to_line
from arena.schedule import PAIRINGS, Opening, schedule, size

CONFIG, MATCHES, LOCK = "config.json", "matches.jsonl", ".lock"


@dataclass(frozen=True, slots=True)
class RunConfig:
    """What was asked for, defaults resolved: enough to play it all again. A Plan for arena.schedule."""

    games: tuple[str, ...]
    players: tuple[str, ...]
    pairing: str = "match"
    """Who meets whom, one of arena.schedule.PAIRINGS."""
    rounds: int = 1
    """How often every pairing is played, on every opening, from every seat."""
    matches: int | None = None
    """The schedule ends after so many."""
    openings: Mapping[str, tuple[Opening, ...]] = field(default_factory=dict)
    """Of each game; the start of the game where none is named."""
    seed: int = 0
    rules: Rules = Rules()
    parallel: int = 1
    """Matches under way at once; no part of any result."""
    configs: tuple[Mapping[str, Any], ...] = ()
    """Full configuration of the players."""
    versions: Mapping[str, str] = field(default_factory=dict)
    command: str = ""
    max_cost: float | None = None
    """Dollars that the run may spend; these two determine no result, only how far the run goes."""
    max_tokens_total: int | None = None
    sprt: str = ""
    """The sequential test that may end the run before its last match: elo0,elo1,alpha,beta."""
    schema: int = SCHEMA

    def schedule(self, records: Iterable[MatchRecord] = ()) -> tuple[MatchSpec, ...]:
        """Every match that is known, before the first is played (Swiss: with the results so far)."""
        return schedule(self, records)[: self.matches]

    @property
    def size(self) -> int:
        """The number of matches, of all rounds."""
        return size(self) if self.matches is None else min(size(self), self.matches)


def match_config(game: str, players: tuple[str, ...], matches: int, seed: int = 0, **more: Any) -> RunConfig:
    """So many matches of one game between the same players, in pairs with the seats swapped.

    In a game of one seat the players take turns at the same puzzle.
    """
    rounds = -(-matches // len(players))
    return RunConfig((game,), players, rounds=rounds, matches=matches, seed=seed, **more)


def new_run_folder(config: RunConfig) -> Path:
    """results/<UTC time>_<who>_<game>, not made yet; names are reduced to harmless characters."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%d_%H%M%S")
    words = [*config.players[:4], *config.games[:2]]
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
        _put(folder, config)
    except OSError as error:
        raise RunError(f"can't write a run to {folder}: {error.strerror or error}") from error


def ask_for_more(folder: Path, matches: int) -> RunConfig:
    """The run of a folder with so many matches from now on; those asked for before stay the same."""
    config = dataclasses.replace(read_config(folder), matches=matches, rounds=matches)
    try:
        _put(folder, config)
    except OSError as error:
        raise RunError(f"can't write a run to {folder}: {error.strerror or error}") from error
    return config


def _put(folder: Path, config: RunConfig) -> None:
    """Whole or not at all: half a config could neither be resumed nor begun."""
    text = json.dumps(asdict(config), indent=2, ensure_ascii=False) + "\n"
    fresh = folder / f"{CONFIG}.new"
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(folder / CONFIG)


def read_config(folder: Path) -> RunConfig:
    """The config of a run; RunError if there is none or it can't be read."""
    path = folder / CONFIG
    try:
        return _config(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise RunError(f"no run at {folder}: {path.name}: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RunError(f"{path} is not the config of a run: {error}") from error


def other_schema(folder: Path) -> str:
    """What to say of a config that another version wrote; '' of ours, and where there is none."""
    try:
        data = json.loads((folder / CONFIG).read_text("utf-8"))
    except (OSError, ValueError):
        return ""
    schema = data.get("schema", SCHEMA) if isinstance(data, dict) else SCHEMA
    if schema == SCHEMA:
        return ""
    asked = "what was asked for is not known"
    return f"{folder / CONFIG} is of schema {schema}, this version reads schema {SCHEMA}: {asked}"


def resume_command(config: RunConfig, folder: Path) -> str:
    """The command that goes on with a run: that which began it.

    >>> resume_command(RunConfig(("nim",), ("a", "b"), command="arena match a b"), Path("results/x"))
    'arena match --resume results/x'
    """
    begun = "match" if config.pairing == "match" else "tournament"
    asked = config.command.split()[1:2]
    word = asked[0] if asked and asked[0] in ("match", "compare", "tournament") else begun
    return f"arena {word} --resume {shlex.quote(str(folder))}"


def why_no_records(where: Path, cause: str) -> str:
    """What to say where there are no records: a run that has not begun, a folder of runs, or nothing."""
    path = where if where.is_file() else where / MATCHES
    if (where / CONFIG).exists() and not (path.exists() and path.stat().st_size):
        with suppress(RunError):
            begins = resume_command(read_config(where), where)
            return f"nothing has been played yet in {where}; go on with: {begins}"
    if below := sorted(str(path.parent) for path in where.glob(f"*/{MATCHES}")):
        return f"{where} is no run but holds {len(below)}; name one of them: {', '.join(below)}"
    return f"no records at {path}: {cause}"


def _as_now(data: dict[str, Any]) -> dict[str, Any]:
    """A config of before there were tournaments: one game, and the number of matches under `games`."""
    matches, legs = data["games"], len(data["players"])
    return {**data, "games": [data["game"]], "matches": matches, "rounds": -(-matches // legs)}


def _check(data: dict[str, Any]) -> None:
    """ValueError for what no schedule can be made of."""
    if data.get("schema", SCHEMA) != SCHEMA:
        raise ValueError(f"schema {data['schema']}; this version reads schema {SCHEMA}")
    pairing, players = data.get("pairing", "match"), data["players"]
    if pairing not in PAIRINGS:
        raise ValueError(f"pairing is one of {', '.join(PAIRINGS)}, not {pairing!r}")
    if pairing != "match" and (twice := [name for name in players if players.count(name) > 1]):
        raise ValueError(f"the player {twice[0]!r} is named twice")  # its matches would have one id


def _config(data: Any) -> RunConfig:
    if not isinstance(data, dict) or not {"games", "players", "seed"} <= set(data):
        raise ValueError("games, players and seed are expected")
    if "game" in data:
        data = _as_now(data)
    _check(data)
    known = {f.name for f in dataclasses.fields(RunConfig)}
    given = {name: value for name, value in data.items() if name in known}
    given |= {name: tuple(given[name]) for name in ("games", "players", "configs") if name in given}
    openings = {game: tuple(map(tuple, found)) for game, found in given.get("openings", {}).items()}
    return RunConfig(**{**given, "openings": openings, "rules": Rules(**given.get("rules", {}))})


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


def in_use(folder: Path) -> bool:
    """Whether a process holds the run. Who only looks asks this: the lock is given back at once.

    Where that can't be found out, as in a folder that may only be read, somebody may well hold it.
    """
    if not (folder / LOCK).exists():
        return False
    try:
        with exclusive(folder):
            return False
    except RunError:
        return True


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
        self.append_lines(b"".join(map(as_line, records)))

    def append_lines(self, lines: bytes) -> None:
        """The same for records that are lines already, each with its newline."""
        try:
            with self._busy:
                self._file.write(lines)
                self._file.flush()
                os.fsync(self._file.fileno())
        except OSError as error:
            raise RunError(f"can't write to {self._path}: {error.strerror or error}") from error

    def close(self) -> None:
        with self._busy, suppress(OSError):  # what could not be written has been reported by append
            self._file.close()


def as_line(record: MatchRecord) -> bytes:
    """A record as it stands in a file of matches."""
    return to_line(record).encode() + b"\n"


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


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
