"""A step of a replay as a card: board, bar of the value, caption, and the match so far at the foot.

What films and contact sheets show, where a whole window would be too much to read in a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from arena.replay.captions import Line, captions
from arena.replay.layout import Area, in_a_row
from arena.replay.story import Event, Step, Story
from arena.replay.view import View
from arena.report.safe_text import one_line
from games.base import Seat
from games.values import Value
from renderers.scene import Scene, Tone
from renderers.shapes import ROLE_OF_TONE, TITLE_LETTERS, TITLE_LINES, Box, Shape, Words, moved, shapes_of
from renderers.theme import Role

HEIGHTS: dict[Tone, float] = {
    Tone.OPTIMAL: 0.25,
    Tone.WEAKER: 0.45,
    Tone.REGRET: 0.7,
    Tone.BLUNDER: 1.0,
    Tone.ILLEGAL: 1.0,
    Tone.PLAYED: 0.25,
    Tone.BEST: 0.25,
}
"""How high a turn stands at the foot, so that what went wrong is seen without its colour."""

WIDE = 1.45
"""A card with more width than so many times its height has its caption beside the board."""
LINE = 1.65
"""Height of a line of the caption, in letters."""


@dataclass(frozen=True, slots=True)
class CardLayout:
    """Where the parts of a card stand."""

    letter: float
    title: Area
    bar: Area
    board: Area
    caption: Area
    course: Area


def card_layout(width: int, height: int, lines: int = 4, *, titled: bool = True) -> CardLayout:
    """The layout of a card with room for so many lines; without its title where a sheet has one for all.

    The caption stands below the board, or beside it on a card that is wide.
    """
    wide = width > WIDE * height
    letter = min(width / (44 if wide else 22), height / 16.5)
    gap = letter * 0.6
    inner = width - 2 * gap
    title = Area(gap, gap * 0.7, inner, letter * 2.3 if titled else 0)
    course = Area(gap, height - letter * 1.5, inner, letter)
    middle = Area(gap, title.bottom + gap * 0.5, inner, course.top - title.bottom - gap * 1.5)
    place = _beside if wide else _below
    bar, board, caption = place(middle, letter, lines * LINE * letter)
    return CardLayout(letter, title, bar, board, caption, course)


def _below(area: Area, letter: float, words: float) -> tuple[Area, Area, Area]:
    """Bar and board above the caption, which takes no more than half the height."""
    caption = min(words, area.height / 2)
    high = area.height - caption - letter * 0.6
    bar = Area(area.left, area.top, letter * 0.9, high)
    board = Area(bar.right, area.top, area.width - 2 * bar.width, high)
    return bar, board, Area(area.left, area.bottom - caption, area.width, caption)


def _beside(area: Area, letter: float, words: float) -> tuple[Area, Area, Area]:
    """Bar and board at the left, the caption at half height at the right."""
    bar = Area(area.left, area.top, letter * 0.9, area.height)
    board = Area(bar.right, area.top, min(area.width * 0.55, area.height * 1.2), area.height)
    high = min(words, area.height)
    left = board.right + letter * 0.6
    return bar, board, Area(left, area.top + (area.height - high) / 2, area.right - left, high)


def card_height(story: Story, width: int, *, lines: int, titled: bool = True) -> int:
    """The height at which the board fills a card of this width; of boards that are high, a square's."""
    high = 4 * width
    layout = card_layout(width, high, lines, titled=titled)
    around = high - layout.board.height
    last = len(story.steps) - 1
    boards = [_board_height(story.scene(n), layout) for n in (0, last)]
    return round(around + min(max(boards), layout.board.width))


def _board_height(scene: Scene, layout: CardLayout) -> float:
    """All grids have the same share of the height, as much as the highest needs."""
    margin, width = _margin(scene, layout), layout.board.width
    needed = (
        grid.rows * (width - 2 * margin) / grid.columns
        + 2 * margin
        + len(wrap(grid.title, TITLE_LETTERS)) * width / TITLE_LINES
        + bool(grid.column_labels) * margin
        for grid in scene.grids
    )
    return max(max(needed, default=0.0) * len(scene.grids), layout.letter * 8)


def _margin(scene: Scene, layout: CardLayout) -> float:
    """Around the board; columns are named in it."""
    return layout.letter * (1.4 if any(grid.column_labels for grid in scene.grids) else 0.3)


def card(story: Story, view: View, layout: CardLayout) -> Iterator[Shape]:
    """The shapes of a card, back to front."""
    if layout.title.height:
        yield from _title(story, view, layout)
    yield from _bar(story, view, layout)
    yield from _board(story, view, layout)
    yield from _caption(captions(story, view.number, values=view.values), layout)
    yield from _course(story, view, layout.course)


def _title(story: Story, view: View, layout: CardLayout) -> Iterator[Shape]:
    area, letter = layout.title, layout.letter
    count = f"{view.number} / {len(story.steps) - 1}"
    wide = letter * 0.6 * len(count)
    line = area.top + letter * 0.6
    name = story.game.title + _whose(story, view)
    yield Words(name, area.left, line, letter * 0.9, "faint", area.width - wide, left=True)
    yield Words(count, area.right - wide / 2, line, letter * 0.9, "faint", wide * 1.2)
    players = one_line(story.title, 120)
    yield Words(players, area.left, line + letter * 1.2, letter, "ink", area.width, left=True)


def _whose(story: Story, view: View) -> str:
    """Who sees the board so, where not everybody does."""
    if not story.game.hidden:
        return ""
    name = story.game.seat_names[_acting(story, view)]
    return ", everything shown" if view.hidden else f", as {name} sees it"


def _bar(story: Story, view: View, layout: CardLayout) -> Iterator[Shape]:
    """The value of the position, filled from below with what the seat in view may expect."""
    area, value = layout.bar, story.steps[view.number].value
    if not view.values or value is None or story.game.num_seats == 1:
        return
    share = _share(story, value, view)
    own, other = ("first", "second") if view.seat == 0 else ("second", "first")
    yield Box(*area, fill=other)
    yield Box(area.left, area.bottom - area.height * share, area.width, area.height * share, fill=own)
    yield Box(area.left - 2, area.top + area.height / 2 - 1, area.width + 4, 2, fill="ink")
    yield from _ends(story, view, area)


def _ends(story: Story, view: View, area: Area) -> Iterator[Shape]:
    """Whose end of the bar is whose, for the colours of marks are also those of good and bad."""
    names = story.game.seat_names
    if len(names) == 2:
        marks = names if max(map(len, names)) == 1 else ("1", "2")
        middle, size = area.left + area.width / 2, area.width * 0.85
        yield Words(marks[1 - view.seat], middle, area.top + size * 0.7, size, "ground", area.width)
        yield Words(marks[view.seat], middle, area.bottom - size * 0.7, size, "ground", area.width)


def _share(story: Story, value: Value, view: View) -> float:
    """How much of the bar belongs to the seat in view."""
    low, high = story.game.return_range
    share = min(max((value.payoff - low) / (high - low), 0.0), 1.0)
    return share if view.seat == 0 else 1 - share


def _acting(story: Story, view: View) -> Seat:
    """The seat that acted, or at the start will act."""
    plies = story.steps[max(view.number, min(1, len(story.steps) - 1))].plies
    return plies[0].seat if plies else 0


def _board(story: Story, view: View, layout: CardLayout) -> Iterator[Shape]:
    seen_by = None if view.hidden or not story.game.hidden else _acting(story, view)
    scene = story.scene(view.number, values=view.values, seen_by=seen_by)
    area = layout.board
    for shape in shapes_of(scene, area.width, area.height, labels=True, margin=_margin(scene, layout)):
        yield moved(shape, area.left, area.top)


def _caption(lines: Sequence[Line], layout: CardLayout) -> Iterator[Shape]:
    """One below the other; what is loud stands on a band of its colour."""
    area, letter = layout.caption, layout.letter
    high = min(area.height / max(len(lines), 1), letter * LINE)
    for number, line in enumerate(lines):
        top = area.top + number * high
        if line.loud:
            yield Box(area.left, top + 1, area.width, high - 2, fill=line.role)
        size = min(high * 0.72, letter * (1.25 if line.loud else 1.1))
        role = "ground" if line.loud else line.role
        yield Words(line.text, area.left + area.width / 2, top + high / 2, size, role, area.width)


def _course(story: Story, view: View, area: Area) -> Iterator[Shape]:
    """The match so far: the higher a turn stands, the more it gave away."""
    places = in_a_row(area, len(story.steps) - 1, area.width)
    for number, (step, place) in enumerate(zip(story.steps[1:], places, strict=True), 1):
        gap = min(2.0, place.width / 5)
        if number > view.number:
            yield Box(place.left, place.bottom - 2, place.width - gap, 2, fill="rule")
            continue
        role, share = _standing_out(step, view)
        high = max(area.height * share, 3)
        yield Box(place.left, place.bottom - high, place.width - gap, high, fill=role)


def _standing_out(step: Step, view: View) -> tuple[Role, float]:
    """The colour and the height of a turn at the foot."""
    if step.events & {Event.ILLEGAL, Event.WRONG_CLAIM}:
        return "bad", 1.0
    tone = step.tone if step.tone and view.values else Tone.PLAYED
    return ("faint" if tone is Tone.PLAYED else ROLE_OF_TONE[tone]), HEIGHTS[tone]
