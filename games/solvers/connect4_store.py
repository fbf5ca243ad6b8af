"""Scores of connect four positions that were dear to search, kept on disk: one line per position.

A line is 'key score check' (see Geometry.key; the score is for the player to move). Lines are only ever
appended; one that is damaged or cut short is skipped. The name of the file holds the
board and the version of this format.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from zlib import crc32

from games.solvers.cache import cache_folder

VERSION = 2


class ScoreStore:
    """A dict on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, m: int, n: int) -> ScoreStore:
        """The user's store for a board of m rows and n columns."""
        return cls(cache_folder() / f"connect4-{m}x{n}-scores-v{VERSION}.txt")

    @cached_property
    def _scores(self) -> dict[int, int]:
        try:
            text = self.path.read_text("ascii")
        except (OSError, UnicodeDecodeError):  # nothing kept, or nothing that can be read
            return {}
        whole_lines = text[: text.rfind("\n") + 1].splitlines()
        return dict(entry for line in whole_lines if (entry := _entry(line)))

    def get(self, key: int) -> int | None:
        return self._scores.get(key)

    def items(self) -> Iterator[tuple[int, int]]:
        yield from self._scores.items()

    def put(self, key: int, score: int) -> None:
        self._scores[key] = score
        line = f"{key} {score}"
        with suppress(OSError):  # what can't be kept is searched again another time
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="ascii") as file:
                file.write(f"{line} {_check(line)}\n")


def _entry(line: str) -> tuple[int, int] | None:
    """The key and score of a line; None if it is damaged."""
    words = line.split(" ")
    if len(words) != 3 or words[2] != _check(f"{words[0]} {words[1]}"):
        return None
    return int(words[0]), int(words[1])


def _check(line: str) -> str:
    """What a line must end with: a damaged score must not be believed."""
    return f"{crc32(line.encode()):08x}"
