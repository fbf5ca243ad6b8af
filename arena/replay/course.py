"""The whole match at a glance: a sign for each turn, or where there are many a column of telling height."""

from __future__ import annotations

from collections.abc import Iterator

from arena.replay.layout import Area, Layout, in_a_row
from arena.replay.story import Event, Step, Story, refusal_word
from arena.replay.view import View
from arena.telling import MARKS
from renderers.scene import Tone
from renderers.shapes import ROLE_OF_TONE, Box, Shape, Words

HEIGHTS: dict[Tone, float] = {Tone.OPTIMAL: 0.2, Tone.PLAYED: 0.2, Tone.WEAKER: 0.4, Tone.REGRET: 0.7}
"""Of a column, as a share; what is not named has all of it."""
WORDS_FROM, SIGNS_FROM = 2.6, 1.4
"""Widths in letters, from which on a turn has room for a word below its sign, and for a sign."""

WIDE = 0.42
"""Width of a letter of those words, in letters of the layout."""


def course_areas(story: Story, layout: Layout) -> list[Area]:
    """Where the steps stand in the course of the match."""
    return in_a_row(layout.course, len(story.steps), layout.letter * 3)


def course(story: Story, view: View, layout: Layout) -> Iterator[Shape]:
    """Every step; the one that is shown in a frame."""
    areas = course_areas(story, layout)
    for step, area in zip(story.steps, areas, strict=True):
        draw = _signed if area.width >= SIGNS_FROM * layout.letter else _column
        yield from draw(step, _tone(step, view), area, layout.letter)
    chosen = areas[view.number]
    yield Box(chosen.left - 1, chosen.top, max(chosen.width, 5), chosen.height, stroke="ink", thick=3)


def _tone(step: Step, view: View) -> Tone | None:
    """What is told of a step: without values no more than whether there was an action."""
    return step.tone if step.tone is None or view.values or step.tone is Tone.ILLEGAL else Tone.PLAYED


def _signed(step: Step, tone: Tone | None, area: Area, letter: int) -> Iterator[Shape]:
    role = ROLE_OF_TONE[tone] if tone else "faint"
    inner = Area(area.left + 1, area.top + 2, area.width - 3, area.height - 4)
    loud = tone in (Tone.BLUNDER, Tone.ILLEGAL)
    yield Box(*inner, fill=role if loud else "panel", stroke=role, thick=1)
    word = "claim" if Event.WRONG_CLAIM in step.events else _fitting(refusal_word(step.plies), area, letter)
    x, sign = inner.left + inner.width / 2, MARKS[tone] if tone else "start"
    y = inner.top + inner.height * (0.36 if word else 0.5)
    yield Words(sign, x, y, letter * (1.2 if tone else 0.8), "ground" if loud else role, inner.width)
    if word:
        said = word if area.width >= WORDS_FROM * letter else "!"
        y = inner.top + inner.height * 0.78
        yield Words(said, x, y, letter * 0.8, "ground" if loud else "bad", inner.width)


def _fitting(word: str, area: Area, letter: int) -> str:
    """A problem's own word, or a shorter one where it would be cut."""
    return word if len(word) * letter * WIDE <= area.width else "refused" if word else ""


def _column(step: Step, tone: Tone | None, area: Area, letter: int) -> Iterator[Shape]:
    """The worse, the higher; below it a dot for what was claimed wrongly or refused."""
    room = area.height - letter * 0.7
    high = room * (HEIGHTS.get(tone, 1.0) if tone else 0.1)
    width = max(area.width - (1 if area.width > 3 else 0), 1)
    yield Box(area.left, area.top + room - high, width, high, fill=ROLE_OF_TONE[tone] if tone else "faint")
    if step.events - {Event.BLUNDER}:
        side = min(width, letter * 0.45)
        yield Box(area.left + (width - side) / 2, area.bottom - letter * 0.5, side, letter * 0.45, fill="bad")
