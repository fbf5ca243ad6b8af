"""What a state is worth to the seat that is to move, in one totally ordered, negatable type.

The order is the one every player of solved games expects: to lose now is worse than to lose later,
that is worse than a draw, and to win now is better than to win later. Every kind of game uses this one type:

* win/draw/loss games: payoff is -1, 0 or +1 and plies is the distance to the end under best play;
* score games: payoff is the margin, plies is None (a faster way to the same margin is no better);
* games with chance, simultaneous moves or hidden information: payoff is an expected return, plies is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache, total_ordering
from math import inf, isfinite


class Result(StrEnum):
    """The class of a value: what a player would call the position."""

    LOSS = "loss"
    DRAW = "draw"
    WIN = "win"


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """The value of a state for the seat to move.

    >>> Value(1, 1) > Value(1, 3) > Value(0, 9) > Value(-1, 4) > Value(-1, 2)
    True
    >>> -Value(1, 3)
    Value(payoff=-1, plies=3)
    """

    payoff: float
    """The return the seat to move gets under best play."""
    plies: int | None = None
    """Plies to the end under best play (draws: the longest way); None where speed is no part of the value."""

    @property
    def result(self) -> Result:
        if self.payoff > 0:
            return Result.WIN
        return Result.LOSS if self.payoff < 0 else Result.DRAW

    @property
    def _order(self) -> tuple[float, int]:
        if self.plies is None or self.payoff == 0:
            return (self.payoff, 0)  # all draws are equally good
        return (self.payoff, -self.plies if self.payoff > 0 else self.plies)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self._order == other._order

    def __hash__(self) -> int:
        return hash(self._order)

    def __lt__(self, other: Value) -> bool:
        return self._order < other._order

    def __neg__(self) -> Value:
        return Value(0 - self.payoff, self.plies)  # -x would turn a draw into -0.0

    def one_ply_earlier(self) -> Value:
        """The same value seen from the state one ply before, by the same seat."""
        return self if self.plies is None else Value(self.payoff, self.plies + 1)

    def __str__(self) -> str:
        """'win in 3', 'draw', 'loss in 2'; for scores and expectations 'win by 8', '+0.25 expected'."""
        if self.plies is not None:
            return "draw" if self.payoff == 0 else f"{self.result} in {self.plies}"
        return f"{self.payoff:+g}"


_COMPACT = re.compile(
    r"(?P<payoff>[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)(?:@(?P<plies>[0-9]{1,9}))?", re.ASCII
)


def format_value(value: Value) -> str:
    """Compact text for records: payoff, and after '@' the plies. The inverse of parse_value.

    >>> format_value(Value(-1, 4)), format_value(Value(0.25))
    ('-1@4', '+0.25')
    """
    payoff = int(value.payoff) if value.payoff == int(value.payoff) else value.payoff
    head = f"{payoff:+d}" if isinstance(payoff, int) else f"{payoff:+.17g}"
    return head if value.plies is None else f"{head}@{value.plies}"


@lru_cache(maxsize=4096)  # records hold few different values, many times
def parse_value(text: str) -> Value:
    """Read what format_value wrote; ValueError names the text otherwise."""
    match = _COMPACT.fullmatch(text)
    number = float(match["payoff"]) if match else inf
    if match is None or not isfinite(number):
        raise ValueError(f"not a value: {text!r} (expected for example '+1@3' or '-0.25')")
    payoff = int(number) if number == int(number) else number
    return Value(payoff, int(match["plies"]) if match["plies"] else None)
