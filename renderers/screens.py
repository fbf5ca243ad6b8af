"""Opening the screen: whether there is one that somebody sees, and how large it is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from renderers.surface import NoWindowError

UNSEEN = ("offscreen", "dummy")
"""Drivers that SDL falls back on where there is no screen: windows open there and nobody sees them."""
NO_DISPLAY = "there is no display to open a window on"
SESSION = "XDG_RUNTIME_DIR"


def open_screen(pygame: ModuleType) -> tuple[int, int]:
    """Get SDL's display ready; the size of the screen. NoWindowError where nobody would see a window."""
    wanted = os.environ.get("SDL_VIDEODRIVER", "")
    try:
        with _without_a_word():
            pygame.display.init()
        driver = pygame.display.get_driver()
        if driver in UNSEEN and driver not in wanted:
            pygame.display.quit()
            raise NoWindowError(NO_DISPLAY)
        wide, high = pygame.display.get_desktop_sizes()[0]
    except pygame.error as error:
        raise NoWindowError(f"{NO_DISPLAY} ({error})") from error
    return int(wide), int(high)


@contextmanager
def _without_a_word() -> Iterator[None]:
    """Wayland's library writes a line of its own to the terminal where the session's folder is not named."""
    given = os.environ.get(SESSION)
    if given is not None and Path(given).is_absolute():
        yield
        return
    os.environ[SESSION] = tempfile.gettempdir()
    try:
        yield
    finally:
        os.environ.pop(SESSION)
        if given is not None:
            os.environ[SESSION] = given
