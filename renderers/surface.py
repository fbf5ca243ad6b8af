"""Shapes on a surface of pygame: what windows show and films are made of.

pygame-ce is wanted, not the older pygame, which has no smooth circles; `window_library` says so.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from math import hypot
from types import ModuleType
from typing import TYPE_CHECKING

from games.extras import install
from renderers.shapes import Box, Line, Point, Ring, Shape, Words
from renderers.theme import Colour, Theme

if TYPE_CHECKING:
    import pygame

MEASURED = 8
"""So many of a letter are measured together, because widths are rounded."""
MOST_LETTERS = 4096
"""Letters whose widths are remembered; of a text in all the letters there are no more."""
KEPT_TEXTS = 600
"""Pictures of texts that are remembered: some frames full. A line of a wide window takes a tenth of a MB."""
SMALLEST = 7
"""Letters are not made smaller than this, in pixels."""

READABLE = 0.7
"""Lines of text are not made smaller than this share of their size; what is too long is cut instead."""
LEGIBLE = 9
"""Nor smaller than this, in pixels, unless they are meant to be."""


class NoWindowError(RuntimeError):
    """Windows can't be had here; the message says what would help."""


def window_library() -> ModuleType:
    """pygame; NoWindowError names the extra if it is missing or too old."""
    import os

    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    try:
        import pygame
    except ImportError as error:
        raise NoWindowError(f"windows and films need pygame: {install('window')}") from error
    if not hasattr(pygame.draw, "aacircle"):
        raise NoWindowError(
            f"pygame {pygame.version.ver} is too old: pip uninstall pygame; {install('window')}"
        )
    if not pygame.font.get_init():
        pygame.font.init()
    return pygame


class Painter:
    """Paints shapes on one surface with one theme."""

    def __init__(self, surface: pygame.Surface, theme: Theme) -> None:
        self._pygame = window_library()
        self.surface = surface
        self.theme = theme

    def paint(self, shape: Shape) -> None:
        """One shape, over what is there."""
        match shape:
            case Box():
                self._box(shape)
            case Line():
                self._line(shape)
            case Ring(x, y, radius, role, thick):
                width = max(1, round(thick))
                self._pygame.draw.aacircle(self.surface, self.theme[role], (x, y), radius, width)
            case Words():
                self._words(shape)

    def _box(self, box: Box) -> None:
        left, top = round(box.left), round(box.top)
        right, bottom = round(box.left + box.width), round(box.top + box.height)
        sides = self._pygame.Rect(left, top, right - left, bottom - top)
        if box.fill:
            self._pygame.draw.rect(self.surface, self.theme[box.fill], sides)
        if box.stroke:
            self._pygame.draw.rect(self.surface, self.theme[box.stroke], sides, max(1, round(box.thick)))

    def _line(self, line: Line) -> None:
        colour, thick = self.theme[line.role], max(1, round(line.thick))
        if line.start[0] == line.end[0] or line.start[1] == line.end[1]:
            self._straight(line.start, line.end, colour, thick)
        else:
            self._slanting(line.start, line.end, colour, thick)
        for point in (line.start, line.end) if line.rounded and thick > 2 else ():
            self._pygame.draw.aacircle(self.surface, colour, point, thick / 2)

    def _straight(self, start: Point, end: Point, colour: Colour, thick: int) -> None:
        """A line along an axis has sharp edges."""
        left, right = sorted((start[0], end[0]))
        top, bottom = sorted((start[1], end[1]))
        across, along = (thick, 0) if left == right else (0, thick)
        sides = (
            round(left - across / 2),
            round(top - along / 2),
            max(round(right - left), across),
            max(round(bottom - top), along),
        )
        self.surface.fill(colour, sides)

    def _slanting(self, start: Point, end: Point, colour: Colour, thick: int) -> None:
        """A filled rectangle with smooth edges: pygame's own smooth lines are thinner the more they slant."""
        from pygame import gfxdraw

        length = hypot(end[0] - start[0], end[1] - start[1])
        x, y = (end[1] - start[1]) / length * thick / 2, (start[0] - end[0]) / length * thick / 2
        corners = [
            (p[0] + sign * x, p[1] + sign * y) for p, sign in ((start, 1), (start, -1), (end, -1), (end, 1))
        ]
        ink = self._pygame.Color(colour)
        gfxdraw.filled_polygon(self.surface, corners, ink)
        gfxdraw.aapolygon(self.surface, corners, ink)

    def _words(self, words: Words) -> None:
        if words.text:
            least = READABLE if words.left else 0.0  # the words on a board are centred, and say little
            shown = fitted(words.text, int(words.size), words.room * 0.94, self.theme[words.role], least)
            point = (round(words.x), round(words.y))
            self.surface.blit(
                shown, shown.get_rect(midleft=point) if words.left else shown.get_rect(center=point)
            )


@lru_cache(maxsize=64)
def wrapped(text: str, size: int, width: float) -> tuple[str, ...]:
    """The lines of a text, broken between words, or within a word that is too wide for a line."""
    widths = letter_widths(size)
    return tuple(piece for line in text.split("\n") for piece in _pieces(line, widths, width))


def _pieces(line: str, widths: LetterWidths, width: float) -> Iterator[str]:
    ends = list(accumulate(map(widths.__getitem__, line)))
    start, done = 0, 0.0
    while line and ends[-1] - done > width:
        fits = max(bisect_right(ends, done + width, start), start + 1)
        space = line.rfind(" ", start, fits + 1)
        cut = space if space > start else fits
        yield line[start:cut]
        start = cut + len(line[cut:]) - len(line[cut:].lstrip(" ")) if space > start else cut
        if start >= len(line):
            return
        done = ends[start - 1]
    yield line[start:]


class LetterWidths(dict[str, float]):
    """The width of each letter, found when it is met: to measure whole lines takes far longer."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def __missing__(self, letter: str) -> float:
        width = float(font_for(letter, self._size).size(letter * MEASURED)[0] / MEASURED)
        if len(self) < MOST_LETTERS:
            self[letter] = width
        return width


@lru_cache(maxsize=64)
def letter_widths(size: int) -> LetterWidths:
    """The widths of letters of that height."""
    return LetterWidths(size)


@lru_cache(maxsize=KEPT_TEXTS)
def fitted(text: str, size: int, room: float, colour: Colour, least: float = 0.0) -> pygame.Surface:
    """The text as a picture, made smaller until it fits its room; at its least size it is cut."""
    smallest = max(SMALLEST, int(size * least), min(size, LEGIBLE) if least else 0)
    while size > smallest and font_for(text, size).size(text)[0] > room:
        size = max(int(size * 0.9), smallest)
    return written(clipped(text, size, room), size, colour)


def clipped(text: str, size: int, room: float) -> str:
    """As much of the beginning as there is room for, with an ellipsis where something is missing."""
    ours = font_for(text, size)
    if ours.size(text)[0] <= room:
        return text
    fits = bisect_right(range(len(text)), room, key=lambda end: ours.size(f"{text[:end].rstrip()}…")[0])
    return f"{text[: max(fits - 1, 0)].rstrip()}…"


@lru_cache(maxsize=KEPT_TEXTS)
def written(text: str, size: int, colour: Colour) -> pygame.Surface:
    """The text as a picture, in the first font that has all its letters."""
    return font_for(text, size).render(text, True, colour)


def font_for(text: str, size: int) -> pygame.font.Font:
    """Our own font, or one of the system's that has letters which ours lacks."""
    ours = font(size)
    if text.isascii() or None not in ours.metrics(text):
        return ours
    others = (system_font(name, size) for name in OTHER_FONTS)
    return next((f for f in others if f is not None and None not in f.metrics(text)), ours)


OTHER_FONTS = (
    "dejavusans",
    "notosans",
    "segoeui",
    "arialunicodems",
    "notosanscjksc",
    "microsoftyahei",
    "pingfangsc",
)


@lru_cache(maxsize=64)
def font(size: int) -> pygame.font.Font:
    """The font that pictures are written with; it comes with Pillow."""
    return window_library().font.Font(io.BytesIO(_font_file()), max(size, SMALLEST))  # type: ignore[no-any-return]


@lru_cache(maxsize=128)
def system_font(name: str, size: int) -> pygame.font.Font | None:
    """A font of the system, if it is there."""
    path = window_library().font.match_font(name)
    return window_library().font.Font(path, max(size, SMALLEST)) if path else None


@lru_cache(maxsize=1)
def _font_file() -> bytes:
    from PIL import ImageFont

    found = ImageFont.load_default(20)
    assert isinstance(found, ImageFont.FreeTypeFont), "Pillow was built without FreeType"
    assert isinstance(found.path, io.BytesIO)
    return found.path.getvalue()
