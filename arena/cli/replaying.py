"""arena replay: look at a game as one looks at a chess analysis."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arena.cli.exporting import read_along
from arena.cli.output import console
from arena.cli.records import Run

if TYPE_CHECKING:
    from arena.record_stream import RecordStream
    from arena.replay.web import Choice


def replay(
    run: Run,
    web: Annotated[
        Path | None, typer.Option(metavar="OUT.html", help="Write one page that needs nothing else.")
    ] = None,
    match: Annotated[int | None, typer.Option(min=1, help="Only this match, counted from 1.")] = None,
    limit: Annotated[
        int, typer.Option(min=1, help="Matches on a page; those with something to see come first.")
    ] = 200,
) -> None:
    """Look at matches ply by ply: what was played, what it gave away, and what the model said.

    The page is one file that can be opened and sent as it is: no network, keys (press ? in it), light and
    dark, phones. Its address names the ply, as in replay.html#m3.5.

    \b
    Examples:
      arena replay results/RUN --web replay.html
      arena replay results/RUN --web replay.html --match 2
    """
    from arena.run import RunError

    if web is None:
        raise RunError("say what to make: --web OUT.html")
    _write_web(run, web, match, limit)


def _write_web(run: Path, web: Path, match: int | None, limit: int) -> None:
    from arena.record_stream import stream_file
    from arena.replay.web import write_page
    from arena.run import RunError

    if web.suffix.lower() not in (".html", ".htm"):
        raise RunError(f"a page ends in .html, not as in {str(web)!r}")  # nor is a record overwritten
    stream = stream_file(run)
    choice = _choice(run, stream, match, limit)
    write_page(web, run, stream, choice)
    shown = "1 match" if len(choice.shown) == 1 else f"{len(choice.shown):,} matches"
    console().print(f"{shown} written to {web}", markup=False, soft_wrap=True)


def _choice(run: Path, stream: RecordStream, match: int | None, limit: int) -> Choice:
    from arena.replay.web import choose, choose_one
    from arena.run import RunError

    records = read_along(stream)
    choice = choose(records, limit) if match is None else choose_one(records, match, run)
    if not choice.shown:
        raise RunError(f"no matches in {run} (arena show {run} tells of every line)")
    return choice
