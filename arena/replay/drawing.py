"""A replay painted on a surface: the window's picture, and that of every film."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arena.replay.frame import frame
from arena.replay.told import layout_for
from renderers.surface import Painter, wrapped
from renderers.theme import theme_of

if TYPE_CHECKING:
    import pygame

    from arena.replay.story import Story
    from arena.replay.view import View


def draw(surface: pygame.Surface, story: Story, view: View) -> None:
    """Fill the surface with what is to be seen."""
    theme = theme_of(view.theme)
    surface.fill(theme["ground"])
    painter = Painter(surface, theme)
    for shape in frame(story, view, layout_for(story, *surface.get_size()), wrapped):
        painter.paint(shape)
