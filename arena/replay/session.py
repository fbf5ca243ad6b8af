"""A person before a run: which match is open, how it is looked at, and what keys and mouse make of that.

It knows no window: whatever has keys, a mouse and a size can hold one, a test included.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace

from arena.record import RecordError
from arena.replay.catalog import Catalog, Filter, Search
from arena.replay.course import course_areas
from arena.replay.frame import frame
from arena.replay.help import help_shapes
from arena.replay.keys import KEYS, Errand, Wish
from arena.replay.layout import SMALLEST, Layout, layout_of
from arena.replay.pane import furthest, tab_areas
from arena.replay.picker import Picker, list_layout, list_shapes, only_areas, row_at
from arena.replay.picker_keys import pressed
from arena.replay.plain import one_line
from arena.replay.rows import short_names
from arena.replay.story import Story
from arena.replay.told import Wrap, layout_for
from arena.replay.view import SCROLL_LINES, Command, View, after, at
from games.base import GameError
from renderers.shapes import Shape, Words

SLICE_S = 0.008
"""How long a search may go on before the next picture."""


@dataclass
class Session:
    """What is open now."""

    catalog: Catalog
    wrap: Wrap
    size: tuple[int, int]
    view: View = View()
    place: int | None = None
    """Of the match that is open; None before one is."""
    story: Story | None = None
    picker: Picker | None = None
    """None while a match is looked at."""
    notice: str = ""
    """What went wrong last."""
    over: bool = False
    search: Search = field(init=False)
    _since: float = 0.0
    """Seconds since the last step, while it plays."""

    def __post_init__(self) -> None:
        self.search = Search(self.catalog)

    # What is to be seen ----------------------------------------------------------------------------------

    @property
    def look(self) -> Hashable:
        """All that the picture follows from: while this stays, so does the picture."""
        search = (len(self.search.found), self.search.seen) if self.picker else ()
        return self.place, self.view, self.picker, search, self.notice, self.size

    @property
    def title(self) -> str:
        """For the window's frame."""
        if self.story is None or self.place is None or self.picker:
            return f"exact-arena: {len(self.catalog):,} matches"
        which = f"match {self.place + 1:,} of {len(self.catalog):,}"
        players = one_line(" vs ".join(short_names(self.story.record.players)))
        return f"exact-arena: {which}, {self.story.game.title}, {players}"

    @property
    def layout(self) -> Layout:
        return layout_of(*self.size) if self.story is None else layout_for(self.story, *self.size)

    def shapes(self) -> Iterator[Shape]:
        """The picture, back to front."""
        if self.size[0] < SMALLEST[0] or self.size[1] < SMALLEST[1]:
            yield _too_small(self.size)
            return
        if self.picker is not None or self.story is None:
            layout = list_layout(*self.size)
            yield from list_shapes(self.catalog, self.search, self.picker or Picker(), layout, self.notice)
        else:
            yield from frame(self.story, self.view, self.layout, self.wrap, keys=True)
        if self.view.help:
            yield from help_shapes(*self.size)

    # Time ------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something goes on by itself."""
        return self.view.playing or (self.picker is not None and not self.search.done)

    def tick(self, seconds: float) -> None:
        """So much time has passed."""
        if self.picker is not None:
            self.search.go_on(SLICE_S)
        elif self.story is not None and self.view.playing:
            self._since += seconds
            if self._since >= 1 / self.view.speed:
                self._since = 0.0
                self.view = after(self.view, Command.NEXT, self.story)

    # Keys ------------------------------------------------------------------------------------------------

    def press(self, key: str, text: str = "") -> None:
        """A key by its name, and what it writes."""
        if self.view.help:  # any key closes the help
            self.view = replace(self.view, help=False)
        elif self.picker is not None:
            self._press_in_list(key, text)
        else:
            wish = KEYS.get(text) or KEYS.get(key)
            if wish is not None:
                self.wish(wish)

    def wish(self, wish: Wish) -> None:
        """Do what was asked for."""
        self.notice = ""
        match wish:
            case Errand.MATCHES:
                self.open_list()
            case Errand.NEXT_MATCH | Errand.LAST_MATCH:
                self._neighbour(1 if wish is Errand.NEXT_MATCH else -1)
            case Errand.CLOSE:
                self.over = True
            case Command() if self.story is not None:
                self._since = 0.0
                self.view = after(self.view, wish, self.story)
                self._within()

    def _within(self) -> None:
        """Scrolled no further than to the end of the text."""
        if self.story is not None and self.view.scroll:
            most = furthest(self.story, self.view, self.layout, self.wrap)
            self.view = replace(self.view, scroll=min(self.view.scroll, most))

    def _press_in_list(self, key: str, text: str) -> None:
        assert self.picker is not None
        if key == "escape":
            self._back_from_list(self.picker)
        elif key in ("return", "enter"):
            self.open_row(self.picker.cursor)
        elif key == "f1":
            self.view = replace(self.view, help=True)
        else:
            room = list_layout(*self.size).room
            self._list(pressed(self.picker, key, text, len(self.search.found), room))

    def _back_from_list(self, picker: Picker) -> None:
        """One thing at a time: first what is looked for goes, then the list; where nothing is open, all."""
        if picker.filter != Filter():
            self._list(Picker())
        else:
            self.picker, self.over = None, self.story is None

    def open_list(self) -> None:
        """Show the list, with the match that is open under the cursor."""
        found, place = self.search.found, self.place
        near = found.index(place) if place is not None and place in found else 0
        self.view = replace(self.view, playing=False)
        self.picker = Picker(self.search.filter, near)

    def _list(self, picker: Picker) -> None:
        if picker.filter != self.search.filter:
            self.search = Search(self.catalog, picker.filter)
        self.picker, self.notice = picker, ""

    # Matches ---------------------------------------------------------------------------------------------

    def open_row(self, number: int) -> None:
        """Open the match in a row of the list."""
        if number < len(self.search.found):
            self.open(self.search.found[number])

    def open(self, place: int, step: int = 0) -> None:
        """Open a match; where it can't be shown, say why and stay."""
        try:
            story = Story(self.catalog.record(place))
            step = min(step, len(story.steps) - 1)
        except (RecordError, GameError) as error:
            self.notice = f"match {place + 1} can't be shown: {error}"
            self.picker = self.picker or Picker(self.search.filter)
            return
        seat = min(self.view.seat, story.game.num_seats - 1)
        self.place, self.story, self.picker, self.notice = place, story, None, ""
        self.view = at(replace(self.view, playing=False, seat=seat), step, story)

    def _neighbour(self, way: int) -> None:
        """The match after this one, or before it, of those in the list."""
        here, found = self.place, self.search.found
        ahead = [p for p in found if here is None or (p - here) * way > 0]
        if ahead:
            self.open(ahead[0] if way > 0 else ahead[-1])

    # Mouse -----------------------------------------------------------------------------------------------

    def click(self, x: float, y: float) -> None:
        """The button went down, or moved while it was."""
        if self.view.help:
            self.view = replace(self.view, help=False)
        elif self.picker is not None:
            self._click_in_list(x, y)
        elif self.story is not None:
            self._click_in_match(self.story, x, y)

    def _click_in_match(self, story: Story, x: float, y: float) -> None:
        if self.drag(x, y):
            return
        if self.layout.bar.holds(x, y):
            self.wish(Command.FLIP)
        for pane, area in tab_areas(self.layout).items():
            if area.holds(x, y):
                self.view = replace(self.view, pane=pane, scroll=0)

    def drag(self, x: float, y: float) -> bool:
        """Go to the turn below the pointer; whether there was one."""
        if self.story is None or self.picker is not None:
            return False
        areas = course_areas(self.story, self.layout)
        number = next((n for n, area in enumerate(areas) if area.holds(x, y)), None)
        if number is not None and number != self.view.number:
            self.view = at(self.view, number, self.story)
        return number is not None

    def double_click(self, x: float, y: float) -> None:
        """Twice in a short time."""
        if self.picker is None and self.layout.board.holds(x, y):
            self.wish(Command.PLAY)

    def _click_in_list(self, x: float, y: float) -> None:
        assert self.picker is not None
        layout = list_layout(*self.size)
        number = row_at(self.picker, self.search, layout, x, y)
        if number is not None:
            self.open_row(number)
        for event, area in only_areas(layout).items():
            if area.holds(x, y):
                self._list(self.picker.only(event))

    def wheel(self, lines: int, x: float, y: float) -> None:
        """Turned by so many notches, downwards."""
        if self.picker is not None:
            self._list(self.picker.moved(lines * 3, len(self.search.found)))
        elif self.layout.board.holds(x, y) or self.layout.course.holds(x, y):
            self.wish(Command.NEXT if lines > 0 else Command.BACK)
        else:
            scroll = max(0, self.view.scroll + lines * SCROLL_LINES)
            self.view = replace(self.view, scroll=scroll)
            self._within()


def _too_small(size: tuple[int, int]) -> Words:
    """All that is said where there is no room for more."""
    wide, high = size
    return Words("make the window larger", wide / 2, high / 2, min(wide / 12, 20), "ink", wide)
