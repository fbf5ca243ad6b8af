"""A story as pictures: one of a step, a sheet of all, and the frames of a film with the time each is shown.

Surfaces of pygame are memory; no window is opened and no display is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, sqrt
from typing import TYPE_CHECKING

from arena.replay.captions import captions
from arena.replay.card import card, card_height, card_layout
from arena.replay.drawing import draw
from arena.replay.story import Story
from arena.replay.view import View
from arena.report.safe_text import one_line
from arena.run import RunError
from renderers.shapes import Words
from renderers.surface import Painter, window_library
from renderers.theme import Theme, theme_of

if TYPE_CHECKING:
    import pygame
    from PIL.Image import Image

Size = tuple[int, int]
WINDOW = (1280, 800)
CARD_WIDTH, SMALL_WIDTH = 480, 300
"""Of a card, and of one in a sheet; its height follows from its board."""
HEADER = 64
"""Height of what stands above a sheet."""
LARGEST_SHEET = 16_000
"""Pixels a side: what readers of PNG and browsers still show."""
START_HOLD, EVENT_HOLD, END_HOLD = 1.5, 1.75, 3.0
"""Times a step's time that the start, a step in which something is to be seen, and the end are shown."""


@dataclass(frozen=True, slots=True)
class Look:
    """How frames look, and how long each is shown."""

    theme: str = "light"
    full: bool = False
    """The whole window in place of a card."""
    hidden: bool = False
    """Whether what the seats don't see is shown."""
    size: Size | None = None
    """Of a frame; one that suits what is shown if None."""
    speed: float = 1.0
    """Steps a second."""


@dataclass(frozen=True)
class Film:
    """A story as frames, all of one size, with their boards at one place."""

    story: Story
    look: Look
    in_sheet: bool = False
    """Frames are small then, and leave it to the sheet to say who plays."""

    @cached_property
    def lines(self) -> int:
        """Lines of the longest caption, for which every frame leaves room."""
        return max(len(captions(self.story, number)) for number in range(len(self.story.steps)))

    @cached_property
    def size(self) -> Size:
        """Pixels of a frame."""
        if self.look.size or self.look.full:
            return self.look.size or WINDOW
        width = SMALL_WIDTH if self.in_sheet else CARD_WIDTH
        height = card_height(self.story, width, lines=self.lines, titled=not self.in_sheet)
        return width, height // 2 * 2

    @property
    def seconds(self) -> tuple[float, ...]:
        """How long each frame is shown."""
        holds = [EVENT_HOLD if step.events else 1.0 for step in self.story.steps]
        holds[0], holds[-1] = START_HOLD, END_HOLD
        return tuple(hold / self.look.speed for hold in holds)

    def frames(self) -> Iterator[Image]:
        """One picture for each step, drawn when it is asked for."""
        return (self.picture(number) for number in range(len(self.story.steps)))

    def picture(self, number: int) -> Image:
        """One step."""
        return _image(self.surface(number), self.look.theme)

    def surface(self, number: int) -> pygame.Surface:
        """One step as pygame draws it."""
        theme, view = self.look.theme, View(number, hidden=self.look.hidden, theme=self.look.theme)
        surface = _blank(self.size, theme)
        if self.look.full:
            draw(surface, self.story, view)
            return surface
        painter = Painter(surface, theme_of(theme))
        for shape in card(self.story, view, card_layout(*self.size, self.lines, titled=not self.in_sheet)):
            painter.paint(shape)
        return surface


def sheet(story: Story, look: Look) -> Iterator[Image | None]:
    """All steps side by side: None for each that is drawn, then the sheet. RunError if it is too large."""
    film = Film(story, look, in_sheet=True)
    width, height = film.size
    columns = sheet_columns(len(story.steps), width, height)
    whole = (columns * width, HEADER + ceil(len(story.steps) / columns) * height)
    if max(whole) > LARGEST_SHEET:
        raise RunError(f"a sheet of {whole[0]}x{whole[1]} pixels is too large; choose a smaller --size")
    surface = _blank(whole, look.theme)
    _write_header(surface, story, look.theme)
    for number in range(len(story.steps)):
        place = (number % columns * width, HEADER + number // columns * height)
        surface.blit(film.surface(number), place)
        yield None
    yield _image(surface, look.theme)


def sheet_columns(count: int, width: int, height: int) -> int:
    """So many columns that the sheet is a little wider than high, and its last row as full as can be."""
    wanted = max(1, min(count, round(sqrt(count * 1.3 * height / width))))
    near = range(max(1, wanted - 1), min(count, wanted + 1) + 1)
    return min(near, key=lambda columns: (-count % columns, abs(columns - wanted)))


def _blank(size: Size, theme: str) -> pygame.Surface:
    surface: pygame.Surface = window_library().Surface(size)
    surface.fill(theme_of(theme)["ground"])
    return surface


def _write_header(surface: pygame.Surface, story: Story, theme: str) -> None:
    painter, width = Painter(surface, theme_of(theme)), surface.get_width()
    title = f"{story.game.title}: {one_line(story.title, 200)}"
    painter.paint(Words(title, 16, HEADER * 0.36, HEADER * 0.36, "ink", width - 32, left=True))
    ending = one_line(story.ending, 200)
    painter.paint(Words(ending, 16, HEADER * 0.76, HEADER * 0.26, "faint", width - 32, left=True))


def _image(surface: pygame.Surface, theme: str) -> Image:
    """The surface in the colours of the theme's palette: a quarter of the bytes, and no difference to see."""
    from PIL import Image

    data = window_library().image.tobytes(surface, "RGB")
    image = Image.frombytes("RGB", surface.get_size(), data)
    return image.quantize(palette=_palette(theme), dither=Image.Dither.NONE)


FORE = ("ink", "faint", "first", "second", "good", "warn", "bad")
BACK = ("ground", "panel", "changed", "lit")
LEVELS = 8
COLOURS = 255
"""One place of a palette is left over: in a GIF it stands for what is as it was."""


@lru_cache(maxsize=4)
def _palette(theme: str) -> Image:
    """One palette for all frames of a theme: its colours, and the steps from each that writes to its grounds.

    A smooth edge is a mixture of two colours, so nothing else comes up in a frame. All frames share it, and
    a film keeps still where nothing happens.
    """
    from PIL import Image

    colours = list(dict.fromkeys(_mixtures(theme_of(theme))))[:COLOURS]
    spare = [colours[0]] * (COLOURS - len(colours))  # or they would be black, which is a colour
    image = Image.new("P", (1, 1))
    image.putpalette([part for colour in (*colours, *spare) for part in colour])
    return image


def _mixtures(theme: Theme) -> Iterator[tuple[int, ...]]:
    yield from (_rgb(colour) for colour in theme.values())
    for back in BACK:
        levels = LEVELS if back == "ground" else LEVELS // 2
        for fore in FORE:
            yield from (_between(theme[back], theme[fore], n / levels) for n in range(1, levels))


def _between(one: str, other: str, share: float) -> tuple[int, ...]:
    return tuple(round(a + (b - a) * share) for a, b in zip(_rgb(one), _rgb(other), strict=True))


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))
