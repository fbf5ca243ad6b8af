"""Where the parts of a match under way stand in the window, and what lies under a point of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from arena.play.aim import areas_of, label_at, open_places
from arena.play.sight import Asked, Deed, Sight, chosen, is_free
from arena.record import Ending
from arena.replay.layout import Area, layout_of
from arena.telling import short_value
from games.values import Value

MORE = ""
"""The name of the chip that turns the page: no action is called so."""


@dataclass(frozen=True, slots=True)
class Places:
    """The parts of the window: the board on the left, words and chips on the right, the course below."""

    letter: int
    header: Area
    board: Area
    told: Area
    chips: Area
    entry: Area
    """Where what is typed stands."""
    buttons: Area
    course: Area
    footer: Area

    @property
    def margin(self) -> float:
        """Around the grids of the board."""
        return min(self.board.width, self.board.height) / 16


class Button(NamedTuple):
    """Something to click that stands for a key."""

    text: str
    asked: Asked
    area: Area


def places_for(width: int, height: int, *, over: bool = False) -> Places:
    """The parts of a window of this size; at the end the words need the room of the chips."""
    whole = layout_of(width, height)
    letter, words = whole.letter, whole.told
    bottom = whole.pane.bottom
    buttons = Area(words.left, bottom - letter * 2.4, words.width, letter * 2.4)
    entry = Area(words.left, buttons.top - letter * 3.2, words.width, letter * 2.4)
    split = buttons.top - letter if over else words.bottom
    told = Area(words.left, words.top, words.width, split - words.top)
    chips = Area(words.left, split, words.width, 0 if over else entry.top - split - letter * 0.8)
    left = whole.bar.left
    board = Area(left, whole.board.top, whole.board.right - left, whole.board.height)
    return Places(letter, whole.header, board, told, chips, entry, buttons, whole.course, whole.footer)


def chip_areas(sight: Sight, places: Places) -> list[tuple[str, Area]]:
    """The actions on this page of the chips; MORE turns the page."""
    names, letter, area = sight.offered, places.letter, places.chips
    width = letter * max(4.0, 0.62 * max((len(chip_text(sight, name)) for name in names), default=0) + 1.6)
    width, height = min(width, area.width), letter * 2.2
    columns, rows = max(1, int(area.width / width)), max(1, int(area.height / height))
    shown = _page(names, columns * rows, sight.page)
    spots = (divmod(number, columns) for number in range(len(shown)))
    return [
        (name, Area(area.left + column * width, area.top + row * height, width - 6, height - 6))
        for name, (row, column) in zip(shown, spots, strict=True)
    ]


def _page(names: tuple[str, ...], room: int, page: int) -> tuple[str, ...]:
    """As many as there is room for; the last place turns the page where there are more."""
    if len(names) <= room:
        return names
    size = max(room - 1, 1)
    first = page % -(-len(names) // size) * size
    return (*names[first : first + size], MORE)


def chip_text(sight: Sight, name: str) -> str:
    """An action, with what the coach says of it."""
    if name == MORE:
        return "more ..."
    return f"{name}  {brief(sight.values[name])}" if sight.values else name


def brief(value: Value) -> str:
    """A value where there is little room: expectations are rounded, which the coach's words are not.

    >>> brief(Value(0.567752)), brief(Value(1, 3))
    ('+0.568', 'W3')
    """
    return short_value(replace(value, payoff=round(value.payoff, 3)))


def buttons_of(sight: Sight, places: Places) -> list[Button]:
    """What can be asked for just now."""
    found = []
    if sight.record is not None and not sight.judging:
        swaps = len(sight.players) > 1 and sight.record.ending is not Ending.ERROR
        found.append((f"again{', seats swapped' if swaps else ''} (Enter)", Asked(Deed.AGAIN)))
    elif sight.to_move and sight.values is None:
        found.append((f"coach ({'c' if is_free(sight, 'c') else 'Tab'})", Asked(Deed.COACH)))
    found.append(("leave (Esc)", Asked(Deed.LEAVE)))
    area, gap, left, buttons = places.buttons, places.letter, places.buttons.left, []
    wide = sum(0.55 * len(text) + 2 for text, _ in found) * gap
    scale = min(1.0, (area.width - gap * (len(found) - 1)) / wide)
    for text, asked in found:
        width = gap * (0.55 * len(text) + 2) * scale
        buttons.append(Button(text, asked, Area(left, area.top, width, area.height)))
        left += width + gap
    return buttons


def place_at(sight: Sight, places: Places, point: tuple[float, float]) -> str | None:
    """The label of the board under a point."""
    wanted = open_places(sight.choices, sight.path) | open_places(sight.choices, ())
    return label_at(areas_of(sight.scene, places.board, places.margin, headed=True), wanted, point)


def chip_at(sight: Sight, places: Places, point: tuple[float, float]) -> str | None:
    """The action whose chip lies under a point."""
    return next((name for name, area in chip_areas(sight, places) if area.holds(*point)), None)


def pointed_action(sight: Sight, places: Places) -> str | None:
    """The action that a click would play where the mouse is; None where it would play none."""
    if sight.point is None or not sight.to_move:
        return None
    label = place_at(sight, places, sight.point)
    asked = chosen(sight, label)[1] if label else None
    return asked.name if asked else chip_at(sight, places, sight.point) or None
