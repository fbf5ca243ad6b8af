"""Small things of grammar that the rules of several games need."""

from __future__ import annotations

from collections.abc import Sequence


def plural(count: int, noun: str) -> str:
    """A number of things.

    >>> plural(1, "row"), plural(3, "row"), plural(2, "box")
    ('1 row', '3 rows', '2 boxes')
    """
    ending = "" if count == 1 else "es" if noun.endswith("x") else "s"
    return f"{count} {noun}{ending}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in a sentence.

    >>> listed(["rock", "paper", "scissors"], "or")
    'rock, paper or scissors'
    """
    *before, end = words
    return f"{', '.join(before)} {last} {end}" if before else end
