"""What the players said and were asked: texts of any length in a pane that scrolls.

Text from a record passes `visible`, which names every character that acts instead of showing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from arena.record import Attempt, Ply
from arena.replay.layout import Area, Layout, in_a_row
from arena.replay.plain import one_line, visible
from arena.replay.story import Step, Story
from arena.replay.told import LEADING, Wrap
from arena.replay.view import Pane, View
from arena.report.matches import shortened
from arena.telling import prompt_of, reasoning_of
from renderers.shapes import Box, Shape, Words


def tab_areas(layout: Layout) -> dict[Pane, Area]:
    """Where one chooses what is shown of what was said."""
    return dict(zip(Pane, in_a_row(layout.tabs, len(Pane), layout.letter * 8), strict=True))


def tabs(view: View, layout: Layout) -> Iterator[Shape]:
    """The names of the panes; the one that is open stands on the ground of the pane."""
    for pane, area in tab_areas(layout).items():
        chosen = pane is view.pane
        inner = Area(area.left, area.top + 4, area.width - 4, area.height - 4)
        yield Box(*inner, fill="panel" if chosen else None, stroke="faint" if chosen else "rule", thick=1)
        x, y = inner.left + inner.width / 2, inner.top + inner.height / 2
        yield Words(pane.value, x, y, layout.letter, "ink" if chosen else "faint", inner.width)


def pane_lines(story: Story, view: View, layout: Layout, wrap: Wrap) -> tuple[str, ...]:
    """Every line of what was said, as wide as the pane."""
    width = layout.pane.width - layout.letter * 1.2
    return wrap(_said(story, story.steps[view.number], view.pane), layout.letter, width)


def lines_in(layout: Layout) -> int:
    """How many lines the pane shows at once."""
    return max(1, int((layout.pane.height - layout.letter * 0.8) / (layout.letter * LEADING)))


def furthest(story: Story, view: View, layout: Layout, wrap: Wrap) -> int:
    """How many lines may be above the pane: beyond that nothing would come."""
    return max(0, len(pane_lines(story, view, layout, wrap)) - lines_in(layout))


def pane(story: Story, view: View, layout: Layout, wrap: Wrap) -> Iterator[Shape]:
    """As much as there is room for, from where it is scrolled to."""
    area, letter = layout.pane, layout.letter
    yield Box(*area, fill="panel")
    lines, room = pane_lines(story, view, layout, wrap), lines_in(layout)
    first = min(view.scroll, max(0, len(lines) - room))
    for number, line in enumerate(islice(lines, first, first + room)):
        y = area.top + letter * 0.4 + (number + 0.5) * letter * LEADING
        yield Words(line, area.left + letter / 2, y, letter, "ink", area.width * 1.1, left=True)
    if len(lines) > room:
        track = area.height * room / len(lines)
        yield Box(area.right - 5, area.top + area.height * first / len(lines), 4, track, fill="faint")


def _said(story: Story, step: Step, pane: Pane) -> str:
    """What is in a pane; of several seats, and of several attempts, one below the other."""
    parts = [
        _heading(story, step, ply, number, attempt) + _text(attempt, pane)
        for ply in step.plies
        for number, attempt in enumerate(ply.attempts, 1)
    ]
    return visible("\n\n".join(shortened(part) for part in parts)) or "(nothing was said here)"


def _heading(story: Story, step: Step, ply: Ply, number: int, attempt: Attempt) -> str:
    """What stands above a text where there are several; '' where it is the only one."""
    seat = story.game.seat_names[ply.seat] + " " + one_line(story.record.players[ply.seat], 60)
    several = f"attempt {number}" if len(ply.attempts) > 1 else ""
    problem = f"({attempt.problem.value})" if attempt.problem else ""
    parts = [seat if len(step.plies) > 1 else "", several, problem]
    return f"--- {' '.join(filter(None, parts))}\n" if parts[0] or several else ""


def _text(attempt: Attempt, pane: Pane) -> str:
    text = {
        Pane.REPLY: lambda: attempt.text,
        Pane.REASONING: lambda: reasoning_of(attempt),
        Pane.PROMPT: lambda: prompt_of(attempt),
    }[pane]()
    return text.strip() or f"(no {pane.value})"
