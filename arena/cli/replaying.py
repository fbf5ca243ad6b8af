"""arena replay: look at a game as one looks at a chess analysis."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arena.cli.exporting import read_along
from arena.cli.output import console, progress_console, say
from arena.cli.records import Run, warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arena.record_stream import RecordStream
    from arena.replay.exports import Wanted
    from arena.replay.films import Look
    from arena.replay.story import Story
    from arena.replay.web import Choice


class ThemeName(StrEnum):
    """The themes of pictures and windows."""

    LIGHT = "light"
    DARK = "dark"


def replay(
    run: Run,
    match: Annotated[
        int | None, typer.Option(min=1, help="This match, counted from 1; a list of them if left out.")
    ] = None,
    ply: Annotated[
        int | None,
        typer.Option(min=0, help="Begin after this ply; of --png the one shown (the end, if left out)."),
    ] = None,
    web: Annotated[
        Path | None, typer.Option(metavar="OUT.html", help="Write one page that needs nothing else.")
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, help="Matches on a page; those with something to see come first.")
    ] = 200,
    png: Annotated[Path | None, typer.Option(help="Write a picture of one ply to this file.")] = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Write a picture of all plies side by side (.png).")
    ] = None,
    gif: Annotated[Path | None, typer.Option(help="Write a film that any page shows as a picture.")] = None,
    mp4: Annotated[Path | None, typer.Option(help="Write a film (needs the extra 'video').")] = None,
    speed: Annotated[float, typer.Option(min=0.1, max=10, help="Plies a second in films.")] = 1.0,
    size: Annotated[str | None, typer.Option(metavar="WxH", help="Pixels of a frame, as 480x640.")] = None,
    theme: Annotated[ThemeName, typer.Option(help="Colours.")] = ThemeName.LIGHT,
    full: Annotated[
        bool, typer.Option("--full", help="In pictures and films the whole window in place of a card.")
    ] = False,
    hidden: Annotated[bool, typer.Option("--hidden", help="Show there what the seats don't see.")] = False,
) -> None:
    """Look at matches ply by ply: what was played, what it gave away, and what the model said.

    In a window (press F1 in it for the keys); or written to files, which needs no screen: a page that can be
    opened and sent as it is, pictures, and films. Pictures and films are of one match, the first if none is
    named; several files may be asked for at once.

    \b
    Examples:
      arena replay results/RUN
      arena replay results/RUN --web replay.html
      arena replay results/RUN --match 2 --png ply4.png --ply 4
      arena replay results/RUN --match 2 --sheet match.png --gif match.gif --mp4 match.mp4
    """
    from arena.replay.exports import look_of, wanted_files

    wanted = wanted_files(png, ply, sheet, gif, mp4)
    if web is not None:
        _write_web(run, web, match, limit)
    if wanted:
        _write_films(run, match, look_of(theme.value, size, speed, full=full, hidden=hidden), wanted)
    if web is None and not wanted:
        from arena.replay.opening import show_run

        show_run(run, match, ply, theme.value, warn)


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


def _write_films(run: Path, match: int | None, look: Look, wanted: Sequence[Wanted]) -> None:
    """Write what is wanted; say which match it shows where none was named, or some line was passed over."""
    from arena.record_file import BadLine
    from arena.record_stream import stream_file
    from arena.replay.exports import check_wanted, match_of
    from arena.replay.plain import one_line

    check_wanted(wanted)
    stream, bad = stream_file(run), list[BadLine]()
    story = match_of(stream, match or 1, bad.append)
    warn(bad)
    _write(story, look, wanted)
    if bad or (match is None and len(stream.places) > 1):
        name = f"match {match or 1} (as `arena show` counts): {one_line(story.title)}"
        say(f"{name}, id {story.record.match_id}")


def _write(story: Story, look: Look, wanted: Sequence[Wanted]) -> None:
    """Make the files, with a bar on a terminal."""
    from rich.progress import Progress

    from arena.replay.exports import LARGE_FILE, smaller

    with Progress(console=progress_console(), transient=True) as progress:
        progress.disable = not progress.console.is_terminal
        for one in wanted:
            task = progress.add_task(one.path.name, total=len(story.steps))
            one.make(story, look, one.path, lambda task=task: progress.advance(task))  # type: ignore[misc]
    for one in wanted:
        size = one.path.stat().st_size
        hint = smaller(one, look) if size > LARGE_FILE else ""
        console().print(f"{one.path}: {size:,} bytes{hint}", markup=False, soft_wrap=True)
