"""From a run on disk to an open window, or one line that says why not and what else would show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from arena.record import RecordError
from arena.replay.catalog import Catalog, catalog_of
from arena.replay.story import Story
from arena.replay.view import View
from arena.replay.window import Window
from arena.run import RunError
from games.base import GameError
from renderers.surface import NoWindowError, window_library
from renderers.theme import theme_of

if TYPE_CHECKING:
    from arena.record_file import BadLine


def show_run(
    run: Path, match: int | None, ply: int | None, theme: str, tell: Callable[[Sequence[BadLine]], None]
) -> None:
    """Open a window on a match, or on the list of several, and stay until it is closed.

    Lines that name no match are told: matches are counted without them.
    """
    catalog, view = catalog_of(run), _view(theme)
    tell(catalog.stream.strays)
    place = _place(catalog, run, match)
    step = 0 if place is None else step_of(catalog, place, ply)
    try:
        window = Window(catalog, view)
    except NoWindowError as error:
        raise NoWindowError(f"{error}; {_instead(run, match)}") from error
    try:
        if place is None:
            window.session.open_list()
            window.session.notice = catalog.passed_over
        else:
            window.session.open(place, step)
        window.run()
    finally:
        window.close()


def _view(theme: str) -> View:
    try:
        theme_of(theme)
    except ValueError as error:
        raise RunError(str(error)) from error
    return View(theme=theme)


def _place(catalog: Catalog, run: Path, match: int | None) -> int | None:
    """Which match is wanted: the one that was named, else the only one, else none yet.

    Beside a line that is passed over the only one is not what somebody may have meant.
    """
    if match is not None and match > len(catalog):
        raise RunError(f"{run} has {len(catalog)} matches; there is no match {match}")
    if match is None:
        return 0 if len(catalog) == 1 and not catalog.stream.strays else None
    return match - 1


def step_of(catalog: Catalog, place: int, ply: int | None) -> int:
    """The step of a match at which a ply was played; RunError where the match, or the ply, can't be shown."""
    try:
        steps = Story(catalog.record(place)).steps
    except (RecordError, GameError) as error:
        others = f"; the other matches: arena replay {catalog.stream.path}" if len(catalog) > 1 else ""
        raise RunError(f"match {place + 1} can't be shown: {error}{others}") from error
    numbers = [0, *(step.plies[0].number + 1 for step in steps[1:])]
    if ply is not None and ply not in numbers:
        played = f"plies {numbers[1]} to {numbers[-1]}" if len(numbers) > 1 else "no plies"
        raise RunError(f"match {place + 1} has {played}; there is no ply {ply}")
    return 0 if ply is None else numbers.index(ply)


def _instead(run: Path, match: int | None) -> str:
    """What shows a match without a window."""
    number = match or 1
    film = " and --gif FILE" if _films_can_be_made() else ""
    return (
        f"without one there are `arena replay {run} --match {number} --web PAGE.html`{film}, "
        f"and on the terminal `arena show {run} --match {number}`"
    )


def _films_can_be_made() -> bool:
    """Films need the library of windows, though no window: what fails for the same reason is no way out."""
    try:
        window_library()
    except NoWindowError:
        return False
    return True
