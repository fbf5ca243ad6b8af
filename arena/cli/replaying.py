"""arena replay: a match as pictures and films."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from arena.cli.output import console, progress_console
from arena.cli.records import Run, warn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arena.replay.exports import Wanted
    from arena.replay.films import Look
    from arena.replay.story import Story


class ThemeName(StrEnum):
    """The themes of pictures."""

    LIGHT = "light"
    DARK = "dark"


def replay(
    run: Run,
    match: Annotated[int, typer.Option(min=1, help="Which match, counted from 1.")] = 1,
    png: Annotated[Path | None, typer.Option(help="Write a picture of one ply to this file.")] = None,
    ply: Annotated[
        int | None, typer.Option(min=0, help="The ply of the picture; 0 is the start, the end if left out.")
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Write a picture of all plies side by side (.png).")
    ] = None,
    gif: Annotated[Path | None, typer.Option(help="Write a film that any page shows as a picture.")] = None,
    mp4: Annotated[Path | None, typer.Option(help="Write a film (needs the extra 'video').")] = None,
    speed: Annotated[float, typer.Option(min=0.1, max=10, help="Plies a second.")] = 1.0,
    size: Annotated[str | None, typer.Option(metavar="WxH", help="Pixels of a frame, as 480x640.")] = None,
    theme: Annotated[ThemeName, typer.Option(help="Colours.")] = ThemeName.LIGHT,
    full: Annotated[bool, typer.Option("--full", help="The whole window in place of a card.")] = False,
    hidden: Annotated[bool, typer.Option("--hidden", help="Show what the seats don't see.")] = False,
) -> None:
    """Write a match as pictures and films, without a window.

    A frame shows the board with what every action was worth, and below it what was played, what that gave
    away, and what was falsely claimed. Several files may be asked for at once.

    \b
    Examples:
      arena replay results/RUN --match 2 --png ply4.png --ply 4
      arena replay results/RUN --match 2 --sheet match.png --gif match.gif --mp4 match.mp4
    """
    from arena.record_stream import stream_file
    from arena.replay.exports import check_wanted, look_of, match_of, wanted_files
    from arena.run import RunError

    wanted = wanted_files(png, ply, sheet, gif, mp4)
    if not wanted:
        raise RunError("say what to write: --png FILE, --sheet FILE, --gif FILE or --mp4 FILE")
    look = look_of(theme.value, size, speed, full=full, hidden=hidden)
    check_wanted(wanted)
    story = match_of(stream_file(run), match, lambda line: warn([line]))
    _write(story, look, wanted)


def _write(story: Story, look: Look, wanted: Sequence[Wanted]) -> None:
    """Make the files, with a bar on a terminal."""
    from rich.progress import Progress

    with Progress(console=progress_console(), transient=True) as progress:
        progress.disable = not progress.console.is_terminal
        for one in wanted:
            task = progress.add_task(one.path.name, total=len(story.steps))
            one.make(story, look, one.path, lambda task=task: progress.advance(task))  # type: ignore[misc]
    for one in wanted:
        console().print(f"{one.path}: {one.path.stat().st_size:,} bytes", markup=False, soft_wrap=True)
