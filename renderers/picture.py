"""A Scene as a picture, drawn by Pillow: what a model is shown and what documents print.

Marks are told apart by shape, not by colour alone. By default empty cells carry no label, so a picture
says no more than the rows view does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap
from typing import TYPE_CHECKING, TypeAlias

from games.layout import Cell, Grid
from renderers.scene import Scene

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

Colour: TypeAlias = str
SMOOTH = 3
"""Drawn this many times larger and scaled down, because Pillow's lines have hard edges."""
TITLE_LETTERS, TITLE_LINES = 44, 20
"""Longest line of a title, and how many lines of titles would fill a picture."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of a picture."""

    ground: Colour
    ink: Colour
    faint: Colour
    first: Colour
    second: Colour
    changed: Colour
    lit: Colour


THEMES: Mapping[str, Theme] = {
    "light": Theme("#ffffff", "#24292f", "#8c959f", "#b42318", "#0b57d0", "#fff3c4", "#c9f0d0"),
    "dark": Theme("#16181d", "#e6e8eb", "#7d8590", "#ff8a7a", "#7ab8ff", "#4a3f14", "#1d4a2b"),
}


def picture(scene: Scene, *, theme: str = "light", size: int = 512, labels: bool = False) -> Image:
    """The scene as a square RGB image of size x size pixels. ValueError names the themes there are."""
    from PIL import Image, ImageDraw

    if theme not in THEMES:
        raise ValueError(f"unknown theme {theme!r}; there are: {', '.join(THEMES)}")
    if not 32 <= size <= 4096:
        raise ValueError(f"size {size} is out of range; a picture has 32 to 4096 pixels a side")
    colours, side = THEMES[theme], size * SMOOTH
    image = Image.new("RGB", (side, side), colours.ground)
    _Artist(ImageDraw.Draw(image), colours, labels).scene(scene, side)
    return image.resize((size, size), Image.Resampling.LANCZOS)


@lru_cache(maxsize=64)
def _font(pixels: int) -> FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.load_default(max(pixels, 6))
    assert not isinstance(font, ImageFont.ImageFont), "Pillow was built without FreeType"
    return font


class _Artist:
    """Draws one scene with one theme; lengths are pixels of the large picture."""

    def __init__(self, pen: ImageDraw, colours: Theme, labels: bool) -> None:
        self.pen = pen
        self.colours = colours
        self.labels = labels

    def scene(self, scene: Scene, side: int) -> None:
        footer = side // 12 if scene.caption else 0
        if not scene.grids:
            self.text(scene.notation, side / 2, (side - footer) / 2, side // 12, self.colours.ink, side)
        height = (side - footer) / max(len(scene.grids), 1)
        for number, grid in enumerate(scene.grids):
            changed = {cell for where, cell in scene.changed if where == number}
            self.grid(grid, changed, number * height, side, height)
        if footer:
            self.text(scene.caption, side / 2, side - footer / 2, side // 22, self.colours.ink, side)

    def grid(self, grid: Grid, changed: set[int], top: float, width: float, height: float) -> None:
        margin = min(width, height) / 14
        title = wrap(grid.title, TITLE_LETTERS)
        named = bool(grid.column_labels) and (self.labels or not title)
        heading = len(title) * width / TITLE_LINES + named * margin
        step = min((width - 2 * margin) / grid.columns, (height - 2 * margin - heading) / grid.rows)
        left = (width - step * grid.columns) / 2
        top = top + heading + (height - heading - step * grid.rows) / 2
        self.title(title, top - named * margin, width)
        if named and self.labels:
            self.column_labels(grid, left, top, step, int(min(margin * 0.7, step * 0.4)))
        for index, cell in enumerate(grid.cells):
            row, column = divmod(index, grid.columns)
            self.cell(cell, left + column * step, top + row * step, step, index in changed)
        self.rules(grid, left, top, step)

    def title(self, lines: list[str], bottom: float, width: float) -> None:
        """The lines above a grid, which say what it shows: as large above three grids as above one."""
        height = width / TITLE_LINES
        for number, line in enumerate(reversed(lines)):
            y = bottom - (number + 0.6) * height
            self.text(line, width / 2, y, int(height * 0.7), self.colours.ink, width)

    def column_labels(self, grid: Grid, left: float, top: float, step: float, size: int) -> None:
        for column, label in enumerate(grid.column_labels):
            self.text(label, left + (column + 0.5) * step, top - size, size, self.colours.faint, step)

    def rules(self, grid: Grid, left: float, top: float, step: float) -> None:
        width = max(round(step / 40), SMOOTH)
        right, bottom = left + step * grid.columns, top + step * grid.rows
        for column in range(grid.columns + 1):
            x = left + column * step
            self.pen.line([(x, top), (x, bottom)], fill=self.colours.ink, width=width)
        for row in range(grid.rows + 1):
            y = top + row * step
            self.pen.line([(left, y), (right, y)], fill=self.colours.ink, width=width)

    def cell(self, cell: Cell, left: float, top: float, step: float, changed: bool) -> None:
        if cell.lit or changed:
            fill = self.colours.lit if cell.lit else self.colours.changed
            self.pen.rectangle([left, top, left + step, top + step], fill=fill)
        middle = (left + step / 2, top + step / 2)
        if cell.mark == "X":
            self.cross(*middle, step)
        elif cell.mark == "O":
            self.ring(*middle, step)
        elif cell.mark:
            self.text(cell.mark, *middle, int(step * 0.5), self.colours.ink, step)
        elif self.labels and cell.label:
            self.text(cell.label, *middle, int(step * 0.28), self.colours.faint, step)

    def cross(self, x: float, y: float, step: float) -> None:
        arm, width = step * 0.29, round(step * 0.1)
        for slope in (1, -1):
            ends = [(x - arm, y - slope * arm), (x + arm, y + slope * arm)]
            self.pen.line(ends, fill=self.colours.first, width=width)
            for end_x, end_y in ends:  # round the ends
                box = [end_x - width / 2, end_y - width / 2, end_x + width / 2, end_y + width / 2]
                self.pen.ellipse(box, fill=self.colours.first)

    def ring(self, x: float, y: float, step: float) -> None:
        radius = step * 0.34
        box = [x - radius, y - radius, x + radius, y + radius]
        self.pen.ellipse(box, outline=self.colours.second, width=round(step * 0.1))

    def text(self, text: str, x: float, y: float, size: int, colour: Colour, room: float) -> None:
        """Text centred on (x, y), made smaller until it fits into the room."""
        font = _font(size)
        while size > 8 and self.pen.textlength(text, font=font) > room * 0.94:
            size = int(size * 0.9)
            font = _font(size)
        self.pen.text((x, y), text, fill=colour, font=font, anchor="mm")
