"""Text that a model or a stranger wrote, made harmless for pictures: `safe_text`, in letters that fonts have.

Pages show an escape as a symbol of its own, which the font of pictures lacks: here it is written by number.
"""

from __future__ import annotations

import re

from arena.report import safe_text

ACTING = re.compile(r"[\x00-\x08\x0e-\x1f]")
"""Of the first 32 characters those that are no space."""


def visible(text: str) -> str:
    """The text with every character that acts written out; line ends stay.

    >>> visible("a\\x1b[31m\\u202eb\\tc")
    'a‹U+001B›[31m‹U+202E›b c'
    """
    return safe_text.visible(_spelled(text))


def one_line(text: str, limit: int = 120) -> str:
    """For a name or a cell: harmless, on one line, of bounded length."""
    return safe_text.one_line(_spelled(text), limit)


def _spelled(text: str) -> str:
    return ACTING.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)
