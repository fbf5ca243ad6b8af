"""What every command prints with: one console for people on stdout, one for progress on stderr, JSON."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout; progress goes to stderr.")]
GameSpec = Annotated[
    str, typer.Argument(metavar="GAME", help="For example tictactoe or 'tictactoe(m=3,n=4,k=3)'.")
]


def console() -> Console:
    """For results, on stdout."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def progress_console() -> Console:
    """For progress, on stderr."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def print_json(data: Any) -> None:
    """Data as JSON on stdout."""
    json.dump(data, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def inert(text: str, limit: int = 300) -> str:
    """Text from outside made harmless for a terminal: no control characters, one line, not too long.

    >>> inert("a\\x1b[31mred\\nline")
    'a?[31mred / line'
    """
    lines = " / ".join(line.strip() for line in text.splitlines() if line.strip())
    shown = "".join(c if c.isprintable() else "?" for c in lines)
    return shown if len(shown) <= limit else f"{shown[:limit]} ... ({len(text)} characters)"
