"""What every command prints with: one console for people on stdout, one for progress on stderr, JSON."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.harmless import inert as inert
from arena.harmless import inert_lines as inert_lines

if TYPE_CHECKING:
    from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout; progress goes to stderr.")]
GameSpec = Annotated[
    str, typer.Argument(metavar="GAME", help="For example tictactoe or 'tictactoe(m=3,n=4,k=3)'.")
]


class Telling(StrEnum):
    """How much is told while a tournament goes on."""

    LIVE = "live"
    QUIET = "quiet"
    JSON = "json"


def console() -> Console:
    """For results, on stdout."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def progress_console() -> Console:
    """For progress, on stderr."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def say(text: str) -> None:
    """A line about something that is not as it should be, on stderr; what it quotes may be long."""
    progress_console().print(inert(text, 600), style="yellow", markup=False, soft_wrap=True)


def print_json(data: Any) -> None:
    """Data as JSON on stdout."""
    json.dump(data, sys.stdout, ensure_ascii=_ascii_only(), indent=2)
    sys.stdout.write("\n")


def print_json_line(line: str) -> None:
    """One line that is JSON already, on stdout, in letters that the terminal can show."""
    typer.echo(json.dumps(json.loads(line)) if _ascii_only() else line)


def _ascii_only() -> bool:
    """Whether stdout can't carry every letter: JSON then escapes them, where plain text gets a '?'."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return not encoding.lower().startswith("utf")
