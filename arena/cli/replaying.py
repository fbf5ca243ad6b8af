"""arena replay: look at matches in a window."""

from __future__ import annotations

from typing import Annotated

import typer

from arena.cli.records import Run


def replay(
    run: Run,
    match: Annotated[
        int | None, typer.Option(min=1, help="This match, counted from 1; a list of them if left out.")
    ] = None,
    ply: Annotated[int | None, typer.Option(min=0, help="Begin after this ply.")] = None,
    theme: Annotated[str, typer.Option(help="light or dark.")] = "light",
) -> None:
    """Look at matches in a window.

    The board with the exact value of every action, what was played and what it gave away, and what the model
    was asked, said and claimed. F1 shows the keys.

    \b
    Example:
      arena replay results/RUN --match 2
    """
    from arena.replay.opening import show_run

    show_run(run, match, ply, theme)
