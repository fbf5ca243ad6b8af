"""The event loop's window: a coroutine that takes what happens at it and paints what is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

from arena.play.desk import Desk
from arena.play.places import places_for
from arena.play.screen import FRAME_S, Act, Happening, Screen
from arena.play.sight import Sight
from arena.play.table import table
from renderers.shapes import Shape
from renderers.surface import wrapped


async def pump(screen: Screen, desk: Desk) -> None:
    """Keep the window alive until it is cancelled; who closes it leaves."""
    while True:
        for happening in screen.happenings():
            pass_on(desk, happening, screen.size)
        screen.show(desk.sight, partial(_shapes, desk.sight, screen.size))
        await asyncio.sleep(FRAME_S)


def _shapes(sight: Sight, size: tuple[int, int]) -> Iterator[Shape]:
    return table(sight, places_for(*size, over=sight.record is not None), wrapped)


def pass_on(desk: Desk, happening: Happening, size: tuple[int, int]) -> None:
    """Tell the desk what the person did."""
    match happening.act:
        case Act.KEY | Act.TURN:
            desk.key(happening.key)
        case Act.CLICK:
            desk.click(happening.point, size)
        case Act.MOVE:
            desk.point(happening.point)
        case Act.CLOSE:
            desk.leave()
