"""A window on the screen: shapes go in, keys and clicks come out. All of pygame's window is in here."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from renderers.screens import open_screen
from renderers.shapes import Shape
from renderers.surface import NoWindowError, Painter, window_library
from renderers.theme import theme_of

if TYPE_CHECKING:
    import pygame

SIZE = (1180, 760)
SMALLEST = (480, 360)
FRAME_S = 1 / 60
NAMES = {"return": "enter", "[enter]": "enter", "pageup": "page up", "pagedown": "page down"}
"""What we call keys that pygame calls otherwise."""


class Act(Enum):
    """What happened at the window."""

    KEY = auto()
    CLICK = auto()
    MOVE = auto()
    CLOSE = auto()
    TURN = auto()
    """Of the wheel: up or down."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that a person did."""

    act: Act
    key: str = ""
    point: tuple[float, float] = (0, 0)


def why_no_window() -> str:
    """Why there can be no window here; '' if there can."""
    try:
        window_library()
    except NoWindowError as error:
        return str(error)
    shown = ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not any(map(os.environ.get, shown)):
        return "there is no display"
    return _why_unseen()


def _why_unseen() -> str:
    """A display may be named that is gone: SDL then opens windows that nobody sees."""
    pygame = window_library()
    try:
        open_screen(pygame)
    except NoWindowError as error:
        return str(error)
    pygame.display.quit()
    return ""


class Screen:
    """One window. To be used as a context, so that it is closed whatever happens."""

    def __init__(self, title: str, theme: str, size: tuple[int, int] = SIZE) -> None:
        self._pygame = window_library()
        self._title = title
        self._theme = theme
        self._asked_size = size
        self._shown: object = None

    def __enter__(self) -> Screen:
        open_screen(self._pygame)
        try:
            self._surface = self._pygame.display.set_mode(self._asked_size, self._pygame.RESIZABLE)
        except self._pygame.error as error:
            raise NoWindowError(f"no window can be opened: {error}") from error
        self._pygame.display.set_caption(self._title)
        self._pygame.key.set_repeat(400, 50)
        return self

    def __exit__(self, *error: object) -> None:
        self._pygame.display.quit()

    def retitle(self, more: str) -> None:
        """Say more behind the window's title."""
        title = f"{self._title} {more}".rstrip()
        if self._pygame.display.get_caption()[0] != title:
            self._pygame.display.set_caption(title)

    @property
    def size(self) -> tuple[int, int]:
        """Of what can be drawn on; a window made very small is drawn on as if it were larger."""
        width, height = self._surface.get_size()
        return max(width, SMALLEST[0]), max(height, SMALLEST[1])

    def show(self, seen: object, shapes: Callable[[], Iterable[Shape]]) -> None:
        """Fill the window with the shapes of what is seen."""
        self.paint(seen, lambda surface: _painted(surface, self._theme, shapes()))

    def paint(self, seen: object, paint: Callable[[pygame.Surface], None]) -> None:
        """Let somebody paint what is seen; what is there already is not painted again."""
        if (seen, self.size) != self._shown:
            paint(self._surface)
            self._pygame.display.flip()
            self._shown = (seen, self.size)

    def happenings(self) -> Iterator[Happening]:
        """What the person did since the last time."""
        for event in self._pygame.event.get():
            happening = self._happening(event)
            if happening is not None:
                yield happening

    def _happening(self, event: pygame.event.Event) -> Happening | None:
        game = self._pygame
        if event.type == game.QUIT:
            return Happening(Act.CLOSE)
        if event.type == game.KEYDOWN:
            return Happening(Act.KEY, self._key(event))
        if event.type == game.MOUSEMOTION:
            return Happening(Act.MOVE, point=event.pos)
        if event.type == game.MOUSEBUTTONDOWN and event.button == 1:
            return Happening(Act.CLICK, point=event.pos)
        if event.type == game.MOUSEWHEEL:
            return Happening(Act.TURN, "page up" if event.y > 0 else "page down")
        if event.type in (game.VIDEORESIZE, game.WINDOWEXPOSED):
            self._shown = None  # what was painted may be gone
        return None

    def _key(self, event: pygame.event.Event) -> str:
        """The letter that a key writes, or the name of one that writes none."""
        letter: str = getattr(event, "unicode", "")
        if len(letter) == 1 and letter.isprintable() and not letter.isspace():
            return letter
        name: str = self._pygame.key.name(event.key)
        return NAMES.get(name, name) if len(name) > 1 else ""


def _painted(surface: pygame.Surface, name: str, shapes: Iterable[Shape]) -> None:
    theme = theme_of(name)
    surface.fill(theme["ground"])
    painter = Painter(surface, theme)
    for shape in shapes:
        painter.paint(shape)
