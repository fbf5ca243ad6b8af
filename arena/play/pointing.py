"""What a click with the mouse makes of what is seen: pure."""

from __future__ import annotations

from dataclasses import replace

from arena.play.places import MORE, Places, buttons_of, chip_at, place_at
from arena.play.sight import Asked, Deed, Sight, chosen


def pointed(sight: Sight, places: Places, point: tuple[float, float]) -> tuple[Sight, Asked | None]:
    """A click: on a button, a chip, or a place of the board."""
    if sight.failed:
        return sight, Asked(Deed.LEAVE)
    for button in buttons_of(sight, places):
        if button.area.holds(*point):
            return sight, button.asked
    if not sight.to_move:
        return sight, None
    name = chip_at(sight, places, point)
    if name == MORE:
        return replace(sight, page=sight.page + 1), None
    if name is not None:
        return sight, Asked(Deed.PLAY, name)
    label = place_at(sight, places, point)
    return chosen(sight, label) if label else (replace(sight, path=(), told=""), None)
