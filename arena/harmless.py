"""Text from outside (models, providers, strangers' files) made harmless for a terminal or a text file."""

from __future__ import annotations

from itertools import groupby
from unicodedata import category

MOST_MARKS = 3
"""Accents that a letter keeps: more than any language sets on one, and too few to reach the line above."""


def inert(text: str, limit: int = 300) -> str:
    """Text from outside made harmless for a terminal: no control characters, one line, not too long.

    Control characters are those that isprintable() refuses: C0 and C1, and category Cf, which turns the
    direction of text round or hides letters.

    >>> inert("a\\x1b[31mred\\nline \\u202edesrever")
    'a?[31mred / line ?desrever'
    """
    shown = " / ".join(line.strip() for line in inert_lines(text))
    return shown if len(shown) <= limit else f"{shown[:limit]} ... ({len(text)} characters)"


def inert_lines(text: str) -> list[str]:
    """The lines of a text, harmless and at full length; empty ones are left out.

    >>> inert_lines("one\\n\\n  two\\x07")
    ['one', '  two?']
    """
    return [harmless(line).rstrip() for line in text.splitlines() if line.strip()]


def harmless(line: str) -> str:
    """One line of text with a '?' for every character that acts instead of showing."""
    return few_marks("".join(c if c.isprintable() else " " if c.isspace() else "?" for c in line))


def few_marks(text: str) -> str:
    """The text with the accents that are heaped on one letter counted, for they leave their place.

    >>> few_marks("e" + "\\u0301" * 9) == "e" + "\\u0301" * 3 + "‹6 marks›"
    True
    """
    if text.isascii():  # nearly always, and far quicker
        return text
    runs = ((marks, "".join(run)) for marks, run in groupby(text, _is_mark))
    return "".join(_counted(run) if marks and len(run) > MOST_MARKS else run for marks, run in runs)


def _counted(marks: str) -> str:
    return f"{marks[:MOST_MARKS]}‹{len(marks) - MOST_MARKS} marks›"


def _is_mark(character: str) -> bool:
    """Whether it is drawn on the letter before it."""
    return category(character)[0] == "M"
