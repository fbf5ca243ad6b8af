"""Scores of connect four positions that were dear to search, kept on disk: one line per position.

A line is 'key score' (see Geometry.key; the score is for the player to move). Lines are only ever appended;
one that a crash cut short is skipped. The file's name holds the board and the version of this format.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from games.solvers.cache import cache_folder

VERSION = 1


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
        except FileNotFoundError:
            return {}
        whole_lines = text[: text.rfind("\n") + 1].splitlines()
        return {int(key): int(score) for key, score in (line.split() for line in whole_lines)}

    def get(self, key: int) -> int | None:
        return self._scores.get(key)

    def items(self) -> Iterator[tuple[int, int]]:
        yield from self._scores.items()

    def put(self, key: int, score: int) -> None:
        self._scores[key] = score
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="ascii") as file:
            file.write(f"{key} {score}\n")
