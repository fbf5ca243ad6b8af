"""The list of matches: what is wanted of it, and its shapes. What is asked of it changes no file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from arena.replay.catalog import Catalog, Filter, Search
from arena.replay.layout import Area, in_a_row
from arena.replay.plain import one_line
from arena.replay.rows import Row
from arena.replay.story import Event
from renderers.shapes import Box, Shape, Words

ONLY: dict[Event | None, str] = {
    None: "all matches",
    Event.BLUNDER: "with a blunder",
    Event.ILLEGAL: "with a refused attempt",
    Event.WRONG_CLAIM: "with a wrong claim",
}
"""What one may narrow the list to by a key or a click."""


@dataclass(frozen=True, slots=True)
class Picker:
    """How the list is being looked at."""

    filter: Filter = Filter()
    cursor: int = 0
    """The row that is chosen, of those that were found."""

    def moved(self, rows: int, found: int) -> Picker:
        """With the cursor so many rows further, as far as there are rows."""
        return replace(self, cursor=min(max(self.cursor + rows, 0), max(found - 1, 0)))

    def typed(self, text: str) -> Picker:
        """With other words to look for."""
        return Picker(replace(self.filter, text=text))

    def only(self, event: Event | None) -> Picker:
        """Narrowed to matches in which this happens."""
        return Picker(replace(self.filter, event=event))


@dataclass(frozen=True, slots=True)
class ListLayout:
    """Where the parts of the list stand."""

    letter: float
    search: Area
    only: Area
    rows: Area
    footer: Area

    @property
    def row_height(self) -> float:
        return self.letter * 1.9

    @property
    def room(self) -> int:
        """How many rows are seen at once."""
        return max(1, int(self.rows.height / self.row_height))


def list_layout(width: float, height: float) -> ListLayout:
    """The layout of the list in a window."""
    letter = min(max(min(width * 0.55, height) / 40, 11), 36)
    search = Area(letter, letter, width - 2 * letter, letter * 2.2)
    only = Area(letter, search.bottom + letter * 0.5, search.width, letter * 2)
    footer = Area(letter, height - letter * 2, search.width, letter * 1.6)
    rows = Area(letter, only.bottom + letter * 2, search.width, footer.top - only.bottom - letter * 2.5)
    return ListLayout(letter, search, only, rows, footer)


def only_areas(layout: ListLayout) -> dict[Event | None, Area]:
    """Where one narrows the list by a click."""
    return dict(zip(ONLY, in_a_row(layout.only, len(ONLY), layout.letter * 14), strict=True))


def first_row(picker: Picker, layout: ListLayout, found: int) -> int:
    """The topmost row: the cursor stays in the middle where there are rows enough."""
    return min(max(picker.cursor - layout.room // 2, 0), max(found - layout.room, 0))


def row_at(picker: Picker, search: Search, layout: ListLayout, x: float, y: float) -> int | None:
    """The row below a point, by its number among those found."""
    if not layout.rows.holds(x, y):
        return None
    line = int((y - layout.rows.top) / layout.row_height)
    number = first_row(picker, layout, len(search.found)) + line
    return number if line < layout.room and number < len(search.found) else None


def list_shapes(
    catalog: Catalog, search: Search, picker: Picker, layout: ListLayout, notice: str
) -> Iterator[Shape]:
    """The shapes of the list; only the rows that are seen are read."""
    yield from _search_line(picker, layout)
    yield from _narrowing(picker, layout)
    yield from _heads(layout)
    first = first_row(picker, layout, len(search.found))
    for line, place in enumerate(search.found[first : first + layout.room]):
        top = layout.rows.top + line * layout.row_height
        area = Area(layout.rows.left, top, layout.rows.width, layout.row_height)
        yield from _row(place, catalog.row(place), area, layout.letter, first + line == picker.cursor)
    if not search.found:
        yield _nothing(search, layout)
    yield from _footer(catalog, search, layout, notice)


def _nothing(search: Search, layout: ListLayout) -> Words:
    """What stands where rows would, so that an empty page is not taken for an empty run."""
    text = "nothing found: Backspace for fewer letters, Tab for other matches, Esc for all of them"
    area, letter = layout.rows, layout.letter
    y = area.top + letter
    return Words(
        text if search.done else "searching ...",
        area.left + letter / 2,
        y,
        letter,
        "ink",
        area.width,
        left=True,
    )


def _search_line(picker: Picker, layout: ListLayout) -> Iterator[Shape]:
    area, letter = layout.search, layout.letter
    yield Box(*area, fill="panel", stroke="ink", thick=1)
    text = one_line(picker.filter.text, 200)
    hint = "type to search: number, game, players, ending"
    y, room = area.top + area.height / 2, area.width - letter
    shown = f"{text}_" if text else hint
    yield Words(shown, area.left + letter / 2, y, letter * 1.2, "ink" if text else "faint", room, left=True)


def _narrowing(picker: Picker, layout: ListLayout) -> Iterator[Shape]:
    for event, area in only_areas(layout).items():
        chosen = event is picker.filter.event
        inner = Area(area.left, area.top, area.width - 6, area.height)
        yield Box(*inner, fill="panel" if chosen else None, stroke="ink" if chosen else "rule", thick=1)
        x, y = inner.left + inner.width / 2, inner.top + inner.height / 2
        text = f"> {ONLY[event]}" if chosen else ONLY[event]
        yield Words(text, x, y, layout.letter, "ink" if chosen else "faint", inner.width)


COLUMNS = {
    "match": 0.0,
    "game": 0.055,
    "players": 0.175,
    "result": 0.4,
    "ending": 0.58,
    "plies": 0.74,
    "to see": 0.78,
}
"""Where the columns of the list begin, as shares of its width."""
NARROW = 60
"""With fewer letters than this in a row, there are fewer columns."""
FEW_COLUMNS = {"match": 0.0, "players": 0.09, "result": 0.42, "to see": 0.71}


def _columns(area: Area, letter: float) -> dict[str, float]:
    return COLUMNS if area.width >= NARROW * letter else FEW_COLUMNS


def _column(area: Area, letter: float, name: str) -> tuple[float, float]:
    """Where a column begins, and how wide it is."""
    columns = _columns(area, letter)
    begins, at = [*columns.values(), 1.0], list(columns).index(name)
    return area.left + begins[at] * area.width, (begins[at + 1] - begins[at]) * area.width * 0.98


def _heads(layout: ListLayout) -> Iterator[Shape]:
    for name in _columns(layout.rows, layout.letter):
        x, room = _column(layout.rows, layout.letter, name)
        y = layout.rows.top - layout.letter * 0.8
        yield Words(name, x + layout.letter / 2, y, layout.letter * 0.9, "faint", room, left=True)


def _row(place: int, row: Row, area: Area, letter: float, chosen: bool) -> Iterator[Shape]:
    if chosen:
        yield Box(*area, fill="changed", stroke="ink", thick=2)
    y, ink = area.top + area.height / 2, "bad" if row.problem else "ink"
    texts = _texts(place, row)
    for name in (name for name in _columns(area, letter) if name in texts):
        text, (x, room) = texts[name], _column(area, letter, name)
        if row.problem and name == "players":
            room = area.right - x
        role = "bad" if name == "to see" else ink
        yield Words(text, x + letter / 2, y, letter, role, room - letter / 2, left=True)


def _texts(place: int, row: Row) -> dict[str, str]:
    if row.problem:
        return {"match": f"{place + 1}", "players": f"can't be shown: {one_line(row.problem, 160)}"}
    return {
        "match": f"{place + 1}",
        "game": row.game,
        "players": " vs ".join(row.players),
        "result": row.result,
        "ending": row.ending,
        "plies": f"{row.plies}",
        "to see": row.to_see,
    }


def _footer(catalog: Catalog, search: Search, layout: ListLayout, notice: str) -> Iterator[Shape]:
    area, letter = layout.footer, layout.letter
    left, right = in_a_row(area, 2, area.width)
    way = "" if search.done else f", {search.seen:,} of {len(catalog):,} searched"
    text = notice or f"{len(search.found):,} of {len(catalog):,} matches{way}"
    y, role = area.top + area.height / 2, "bad" if notice else "ink"
    room = area.width if notice else left.width
    yield Words(text, left.left, y, letter, role, room, left=True)
    if not notice:
        keys = "Enter: open   Tab: narrow   Esc: back"
        yield Words(keys, right.left, y, letter, "faint", right.width, left=True)
