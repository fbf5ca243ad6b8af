"""Which matches stand behind which number: how many, and the first of them by name."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field

from arena.record import MatchRecord
from arena.report.data import Evidence, MatchRef

KEPT = 12
"""Matches that are listed behind one number; the others are counted."""


@dataclass(slots=True)
class _Pile:
    key: str
    title: str
    total: int = 0
    shown: list[MatchRef] = field(default_factory=list)
    last: int = 0


class Witnesses:
    """Collects matches by what they are evidence of, one match after the other."""

    def __init__(self) -> None:
        self._piles: dict[Hashable, _Pile] = {}
        self._current = MatchRef(0, "", "", (), "", "")

    def enter(self, record: MatchRecord) -> None:
        """What is noted from now on is about this match."""
        number = self._current.number + 1
        self._current = reference(record, number)

    @property
    def current(self) -> MatchRef:
        return self._current

    def note(self, about: Hashable, title: str) -> str:
        """This match stands behind what `about` names; returns the key of all that do."""
        pile = self._piles.get(about)
        if pile is None:
            pile = self._piles[about] = _Pile(f"e{len(self._piles) + 1}", title)
        if pile.last != self._current.number:
            pile.last = self._current.number
            pile.total += 1
            if len(pile.shown) < KEPT:
                pile.shown.append(self._current)
        return pile.key

    def key(self, about: Hashable) -> str:
        """The key of what was noted; '' if nothing was."""
        pile = self._piles.get(about)
        return pile.key if pile else ""

    def evidence(self) -> dict[str, Evidence]:
        return {
            pile.key: Evidence(pile.title, pile.total, tuple(pile.shown)) for pile in self._piles.values()
        }

    def in_turn(self) -> Iterator[MatchRef]:
        """Matches worth showing: the first of every pile, then the second of every pile, and so on."""
        for rank in range(KEPT):
            for pile in self._piles.values():
                if rank < len(pile.shown):
                    yield pile.shown[rank]


def reference(record: MatchRecord, number: int) -> MatchRef:
    """A match as it is named in lists."""
    returns = "not scored" if record.returns is None else " : ".join(f"{r:+g}" for r in record.returns)
    return MatchRef(number, record.match_id, record.game, record.players, str(record.ending), returns)
