"""Text that a model or a stranger wrote, made harmless for a page or for Markdown.

It stands between tags only, never in an attribute, an address or a style. Characters that act instead of
showing (escape sequences, turns of the writing direction, invisible letters) are written out by name, and
accents heaped on one letter are counted.
"""

from __future__ import annotations

import re
from html import escape

from arena.harmless import few_marks

SHORT = 300
"""Characters of what was said that stand open; more is folded."""


def visible(text: str) -> str:
    """The text with every character that acts made visible; line ends stay.

    >>> visible("a\\x1b[31m\\u202eb\\tc")
    'a␛[31m‹U+202E›b c'
    """
    text = text.replace("\r\n", "\n")
    if text.replace("\n", "").isprintable():  # nearly always, and a hundred times quicker
        return few_marks(text)
    return few_marks("".join(c if c.isprintable() or c == "\n" else _named(c) for c in text))


def _named(character: str) -> str:
    if character.isspace() and character not in "\x1c\x1d\x1e\x1f\x85\u2028\u2029":
        return " "
    code = ord(character)
    return chr(0x2400 + code) if code < 0x20 else f"‹U+{code:04X}›"


def html(text: str) -> str:
    """For the inside of an element."""
    return escape(visible(text))


def one_line(text: str, limit: int = 120) -> str:
    """For names and table cells: harmless, on one line, of bounded length; not escaped yet."""
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def opening_of(text: str, limit: int = SHORT) -> str:
    """The first lines of a text, cut at a bounded length."""
    lines = text.strip().split("\n")
    short = "\n".join(lines[:8])
    return short if len(short) <= limit else f"{short[:limit]}…"


_MARKUP = re.compile(r"([\\`*_{}\[\]|~!]|#(?=\s))")


def markdown(text: str, limit: int = 120) -> str:
    """For one line of Markdown, a table cell included.

    >>> markdown("a|b <script> [x](y)")
    'a\\\\|b &lt;script&gt; \\\\[x\\\\](y)'
    """
    marked = _MARKUP.sub(r"\\\1", escape(one_line(text, limit), quote=False))
    return marked.replace("://", "&#58;//")  # which some renderers make a link


def html_text(text: str) -> str:
    """Sentences for a page; what stands between backticks is code.

    >>> html_text("go on with `arena <run>`")
    'go on with <code>arena &lt;run&gt;</code>'
    """
    return "".join(f"<code>{html(part)}</code>" if code else html(part) for part, code in _spans(text))


def markdown_text(text: str) -> str:
    """The same for one paragraph of Markdown."""
    spans = ((one_line(part, 2000), part, code) for part, code in _spans(text))
    return "".join(
        f"`{line}`" if code else _outer_spaces(part, markdown(part, 2000)) for line, part, code in spans
    )


def _spans(text: str) -> list[tuple[str, bool]]:
    """The text cut at its backticks, with whether a piece stands between two."""
    parts = text.split("`")
    return [(part, n % 2 == 1 and n < len(parts) - 1 and bool(part.strip())) for n, part in enumerate(parts)]


def _outer_spaces(text: str, inner: str) -> str:
    """The spaces beside a piece of code, which no line begins or ends with."""
    return " " * text.startswith(" ") + inner + " " * (text.endswith(" ") and bool(text.strip()))


def fenced(text: str) -> str:
    """A block of code that holds the text, whatever fences stand in it."""
    shown = visible(text)
    longest = max((len(run) for run in re.findall(r"`+", shown)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{shown}\n{fence}"
