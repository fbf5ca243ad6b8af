"""Impartial games: Grundy values and other closed forms, and the search that adds distances.

An impartial game gives both seats the same actions, so its value for the mover depends on the position alone.
Under normal play (who can't move loses) a sum of positions is lost for the mover if and only if the exclusive
or of their Grundy values is 0 (Sprague 1935, Grundy 1939). That tells who wins, not how soon. So:

* where speed matters, HeapSolver searches, with one entry per canonical key;
* where it doesn't (speed=no), ClosedFormSolver answers for any size, and its values carry no plies.

Tests hold the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from math import isqrt
from typing import Any, TypeVar

from games.base import Action, Game, Seat, SequentialGame
from games.grundys_game import GrundysGame, Sizes
from games.heaps import Heaps
from games.kayles import Kayles, Row
from games.nim import Nim
from games.solvers.base import Budget, UnsolvedError
from games.solvers.negamax import NegamaxSolver
from games.values import Value
from games.wythoff import Wythoff

S = TypeVar("S", bound=Hashable)


# Grundy values ---------------------------------------------------------------------------------------------


def mex(values: Iterable[int]) -> int:
    """The least whole number, 0 included, that is not among the values.

    >>> mex([0, 1, 3])
    2
    """
    taken = set(values)
    return next(n for n in range(len(taken) + 1) if n not in taken)


def nim_sum(values: Iterable[int]) -> int:
    """The exclusive or: the Grundy value of a sum of positions."""
    total = 0
    for value in values:
        total ^= value
    return total


@cache
def kayles_grundy(pins: int) -> int:
    """The Grundy value of an unbroken row of pins.

    >>> [kayles_grundy(n) for n in range(12)]
    [0, 1, 2, 3, 1, 4, 3, 2, 1, 4, 2, 6]
    """
    return mex(
        kayles_grundy(left) ^ kayles_grundy(pins - hit - left)
        for hit in (1, 2)
        for left in range(pins - hit + 1)
    )


@cache
def split_grundy(size: int) -> int:
    """The Grundy value of one heap in Grundy's game.

    >>> [split_grundy(n) for n in range(11)]
    [0, 0, 0, 1, 0, 2, 1, 0, 2, 1, 0]
    """
    return mex(split_grundy(part) ^ split_grundy(size - part) for part in range(1, (size + 1) // 2))


# Who wins: True if the seat to move does -------------------------------------------------------------------


def nim_wins(sizes: tuple[int, ...], misere: bool = False) -> bool:
    """Bouton's rule; in misere play it holds while a heap of two or more is left, and turns round after."""
    if misere and max(sizes) < 2:
        return nim_sum(sizes) == 0
    return nim_sum(sizes) != 0


def wythoff_wins(sizes: tuple[int, ...], misere: bool = False) -> bool:
    """The mover loses at (floor(k * phi), floor(k * phi) + k); misere play differs only up to (2, 2).

    floor(k * phi) = (k + isqrt(5 k^2)) // 2 in whole numbers: floating point fails for large heaps.
    """
    low, high = sorted(sizes)
    if misere and high <= 2:
        return (low, high) not in ((0, 1), (2, 2))
    k = high - low
    return low != (k + isqrt(5 * k * k)) // 2


def _heap_wins(game: Nim | Wythoff, state: Heaps) -> bool:
    wins = nim_wins if isinstance(game, Nim) else wythoff_wins
    return wins(state.sizes, game.misere)


def _kayles_wins(game: Kayles, state: Row) -> bool:
    return nim_sum(map(kayles_grundy, game.runs(state))) != 0


def _split_wins(game: GrundysGame, state: Sizes) -> bool:
    return nim_sum(map(split_grundy, state)) != 0


CLOSED_FORMS: Mapping[type[Game[Any]], Callable[[Any, Any], bool]] = {
    Nim: _heap_wins,
    Wythoff: _heap_wins,
    Kayles: _kayles_wins,
    GrundysGame: _split_wins,
}
"""Game -> (game, state) -> whether the seat to move wins."""


# Solvers ---------------------------------------------------------------------------------------------------


class HeapSolver(NegamaxSolver[S]):
    """Negamax that keeps one value per canonical key: all orders of equal heaps, and both seats, share it."""

    def __init__(self, game: SequentialGame[S], budget: Budget) -> None:
        super().__init__(game, budget)
        self._by_key: dict[Hashable, Value] = {}

    def _solve(self, state: S) -> Value:
        key = self.game.canonical_key(state)
        known = self._by_key.get(key)
        if known is None:
            known = self._by_key[key] = self._work_out(state)
        return known


class ClosedFormSolver(NegamaxSolver[S]):
    """Who wins by the closed form, in any size; for games in which speed is no part of the value."""

    def __init__(self, game: SequentialGame[S]) -> None:
        if game.speed_matters or type(game) not in CLOSED_FORMS:
            raise UnsolvedError(f"no closed form gives the value of {game.spec}")
        super().__init__(game)
        self._mover_wins = CLOSED_FORMS[type(game)]

    def _solve(self, state: S) -> Value:
        return Value(1.0 if self._mover_wins(self.game, state) else -1.0)

    def _after(self, state: S, action: Action, seat: Seat) -> Value:
        return -self._solve(self.game.next_state(state, action))


def solver(game: SequentialGame[S], budget: Budget) -> NegamaxSolver[S]:
    """Search where speed matters, the closed form where it does not."""
    return HeapSolver(game, budget) if game.speed_matters else ClosedFormSolver(game)
