"""The window: it hears keys and mouse, paints what a session shows, and sleeps while nothing changes."""

from __future__ import annotations

import time
from collections.abc import Hashable
from types import ModuleType
from typing import TYPE_CHECKING

from arena.replay.layout import SMALLEST
from arena.replay.session import Session
from renderers.screens import open_screen
from renderers.surface import Painter, window_library, wrapped
from renderers.theme import theme_of

if TYPE_CHECKING:
    import pygame

    from arena.replay.catalog import Catalog
    from arena.replay.view import View

LARGEST = (1600, 1000)
"""Of a new window; a smaller screen makes it smaller, and it can be made larger."""
OF_SCREEN = 0.85
"""Share of the screen that a new window takes at most."""
FRAME_MS = 16
IDLE_MS = 500
"""The longest sleep: an interrupt from the terminal is heard within it."""
DOUBLE_S = 0.4


class Window:
    """One window with one session."""

    def __init__(self, catalog: Catalog, view: View, size: tuple[int, int] | None = None) -> None:
        """A window that suits the screen, or of that size; NoWindowError where there is no screen."""
        self._pygame = window_library()
        screen = _open_screen(self._pygame)
        size = size or (min(LARGEST[0], screen[0]), min(LARGEST[1], screen[1]))
        self._window = self._pygame.Window("exact-arena", size, resizable=True, allow_high_dpi=True)
        self._window.minimum_size = min(SMALLEST[0], size[0]), min(SMALLEST[1], size[1])
        self.surface = self._window.get_surface()
        self.session = Session(catalog, wrapped, self.surface.get_size(), view)
        self._painted: Hashable = None
        self._clicked = (0.0, 0.0, 0.0)

    def close(self) -> None:
        """Give the screen back."""
        self._window.destroy()
        self._pygame.display.quit()

    def run(self) -> None:
        """Until it is closed."""
        last = time.perf_counter()
        while not self.session.over:
            for event in self._events():
                self.hear(event)
            now = time.perf_counter()
            self.session.tick(now - last)
            last = now
            self.paint()

    def _events(self) -> list[pygame.event.Event]:
        """What has happened; waits for it as long as nothing goes on by itself."""
        first = self._pygame.event.wait(FRAME_MS if self.session.busy else IDLE_MS)
        return [event for event in (first, *self._pygame.event.get()) if event.type != self._pygame.NOEVENT]

    def paint(self) -> None:
        """Paint anew if anything is different from what is shown."""
        self.surface = self._window.get_surface()  # another one after a change of size
        self.session.size = self.surface.get_size()
        if self.session.look == self._painted:
            return
        theme = theme_of(self.session.view.theme)
        self.surface.fill(theme["ground"])
        painter = Painter(self.surface, theme)
        for shape in self.session.shapes():
            painter.paint(shape)
        self._window.title = self.session.title
        self._window.flip()
        self._painted = self.session.look

    def hear(self, event: pygame.event.Event) -> None:
        """One event of SDL."""
        here = self._pygame
        if event.type in (here.QUIT, here.WINDOWCLOSE):
            self.session.over = True
        elif event.type == here.WINDOWEXPOSED:
            self._painted = None
        elif event.type == here.KEYDOWN:
            self.session.press(here.key.name(event.key), event.unicode)
        elif event.type == here.MOUSEBUTTONDOWN and event.button == here.BUTTON_LEFT:
            self._click(*self._pixels(event.pos))
        elif event.type == here.MOUSEMOTION and event.buttons[0]:
            self.session.drag(*self._pixels(event.pos))
        elif event.type == here.MOUSEWHEEL and event.y:
            self.session.wheel(-event.y, *self._pixels(here.mouse.get_pos()))

    def _click(self, x: float, y: float) -> None:
        now = time.perf_counter()
        before, *where = self._clicked
        self._clicked = (now, x, y)
        if now - before < DOUBLE_S and abs(where[0] - x) + abs(where[1] - y) < self.session.layout.letter:
            self.session.double_click(x, y)
        else:
            self.session.click(x, y)

    def _pixels(self, point: tuple[float, float]) -> tuple[float, float]:
        """A place in the window in pixels of the surface, which are smaller where the screen is fine."""
        (wide, high), (across, down) = self.session.size, self._window.size
        return point[0] * wide / across, point[1] * high / down


def _open_screen(here: ModuleType) -> tuple[int, int]:
    """What of the screen a window may take; NoWindowError where there is no screen."""
    wide, high = open_screen(here)
    return int(wide * OF_SCREEN), int(high * OF_SCREEN)
