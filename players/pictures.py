"""The board as a model sees it in a picture, which says no more than the rows view does.

Nothing is marked as new, nothing labelled unless asked. What a game lights up for people is left out too:
the sliding puzzle lights the tiles that lie where they belong.
"""

from __future__ import annotations

import hashlib
import io
import struct
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from players.completers.base import Picture
from renderers.picture import picture
from renderers.scene import Scene

if TYPE_CHECKING:
    from players.prompts.style import PromptStyle


def board_picture(scene: Scene, style: PromptStyle) -> Picture:
    """The picture that a style shows of a scene."""
    png = png_of(_unlit(scene), style.picture_size, style.picture_theme, style.picture_labels)
    return Picture(png, style.picture_detail or None)


def _unlit(scene: Scene) -> Scene:
    grids = (
        replace(grid, cells=tuple(replace(cell, lit=False) for cell in grid.cells)) for grid in scene.grids
    )
    return replace(scene, grids=tuple(grids), changed=frozenset())


@lru_cache(maxsize=1024)
def png_of(scene: Scene, size: int, theme: str, labels: bool) -> bytes:
    """The scene as a PNG file, always the same bytes; matches meet the same boards often."""
    written = io.BytesIO()
    picture(scene, size=size, theme=theme, labels=labels).save(written, format="PNG")
    return written.getvalue()


def fingerprint(shown: Picture) -> str:
    """SHA-256 of the PNG file, which names a picture where it is not shown."""
    return hashlib.sha256(shown.png).hexdigest()


def picture_size(shown: Picture) -> str:
    """Width and height in pixels, as the header of the file tells them: '512x512'."""
    return "{}x{}".format(*struct.unpack(">II", shown.png[16:24]))
