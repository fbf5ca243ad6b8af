"""A Scene as a picture, drawn by Pillow: what a model is shown and what documents print.

Marks are told apart by shape, not by colour alone. By default empty cells carry no label, so a picture
says no more than the rows view does.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from renderers.scene import Scene
from renderers.shapes import Box, Line, Ring, Shape, Words, shapes_of
from renderers.theme import Theme, theme_of

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

SMOOTH = 3
"""Drawn this many times larger and scaled down, because Pillow's lines have hard edges."""


def picture(scene: Scene, *, theme: str = "light", size: int = 512, labels: bool = False) -> Image:
    """The scene as a square RGB image of size x size pixels. ValueError names the themes there are."""
    from PIL import Image, ImageDraw

    colours, side = theme_of(theme), size * SMOOTH
    if not 32 <= size <= 4096:
        raise ValueError(f"size {size} is out of range; a picture has 32 to 4096 pixels a side")
    image = Image.new("RGB", (side, side), colours["ground"])
    pen = ImageDraw.Draw(image)
    for shape in shapes_of(scene, side, side, labels=labels, thinnest=SMOOTH):
        _paint(pen, shape, colours)
    return image.resize((size, size), Image.Resampling.LANCZOS)


@lru_cache(maxsize=64)
def _font(pixels: int) -> FreeTypeFont:
    from PIL import ImageFont

    font = ImageFont.load_default(max(pixels, 6))
    assert not isinstance(font, ImageFont.ImageFont), "Pillow was built without FreeType"
    return font


def _paint(pen: ImageDraw, shape: Shape, colours: Theme) -> None:
    match shape:
        case Box():
            _box(pen, shape, colours)
        case Line():
            _line(pen, shape, colours)
        case Ring(x, y, radius, role, thick):
            box = [x - radius, y - radius, x + radius, y + radius]
            pen.ellipse(box, outline=colours[role], width=round(thick))
        case Words():
            _words(pen, shape, colours)


def _box(pen: ImageDraw, box: Box, colours: Theme) -> None:
    fill = colours[box.fill] if box.fill else None
    stroke = colours[box.stroke] if box.stroke else None
    sides = [box.left, box.top, box.left + box.width, box.top + box.height]
    pen.rectangle(sides, fill=fill, outline=stroke, width=round(box.thick))


def _line(pen: ImageDraw, line: Line, colours: Theme) -> None:
    colour, width = colours[line.role], round(line.thick)
    pen.line([line.start, line.end], fill=colour, width=width)
    for x, y in (line.start, line.end) if line.rounded else ():
        pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=colour)


def _words(pen: ImageDraw, words: Words, colours: Theme) -> None:
    """Text centred on its point, made smaller until it fits into the room."""
    size = int(words.size)
    font = _font(size)
    while size > 8 and pen.textlength(words.text, font=font) > words.room * 0.94:
        size = int(size * 0.9)
        font = _font(size)
    pen.text((words.x, words.y), words.text, fill=colours[words.role], font=font, anchor="mm")
