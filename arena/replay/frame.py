"""A replay as shapes: board, values, verdict, claims, and what was said, at their places in the window.

Text from a record passes `visible`, which names every character that acts instead of showing.
"""

from __future__ import annotations

from collections.abc import Iterator

from arena.replay.course import course, course_areas
from arena.replay.layout import Area, Layout
from arena.replay.pane import lines_in, pane, pane_lines, tab_areas, tabs
from arena.replay.plain import one_line
from arena.replay.rows import short_names
from arena.replay.story import Step, Story
from arena.replay.told import Wrap, told, values
from arena.replay.view import View
from arena.telling import MARKS
from games.base import Seat
from games.values import Value
from renderers.scene import Scene, Tone
from renderers.shapes import Box, Shape, Words, moved, shapes_of
from renderers.theme import Role

__all__ = ["Wrap", "course_areas", "frame", "lines_in", "pane_lines", "tab_areas"]

SEAT_ROLES: tuple[Role, ...] = ("first", "second")
LEGEND: dict[Tone, str] = {
    Tone.OPTIMAL: "optimal",
    Tone.WEAKER: "weaker",
    Tone.REGRET: "regret",
    Tone.BLUNDER: "blunder",
    Tone.ILLEGAL: "no action",
}
"""What the signs of the course mean."""
MAIN_KEYS = "arrows: step   b: next blunder   F1: help"
"""What films don't say, because they have no keys."""
WIDE = 0.45
"""Width of a letter of the foot line, in its height: rather too much, so that nothing runs into anything."""


def frame(story: Story, view: View, layout: Layout, wrap: Wrap, *, keys: bool = False) -> Iterator[Shape]:
    """The shapes of a replay, back to front, without overlays; with the main keys or without."""
    step = story.steps[view.number]
    yield from _header(story, layout)
    yield from _bar(story, view, layout)
    yield from _board(story, view, layout)
    yield from told(story, view, layout, wrap, keys=keys)
    if view.values:
        yield from values(story, step, layout)
    yield from tabs(view, layout)
    yield from pane(story, view, layout, wrap)
    yield from course(story, view, layout)
    yield from _footer(story, view, step, layout, MAIN_KEYS if keys else "")


def _header(story: Story, layout: Layout) -> Iterator[Shape]:
    """What is played and how it ended on the left, who plays on the right."""
    area, letter = layout.header, layout.letter
    beside = layout.told.left > area.left  # else the words stand below the board
    split = layout.told.left if beside else area.left + area.width * 0.56
    wide = split - area.left - letter
    title, ending = one_line(story.game.title, 200), one_line(story.ending, 200)
    yield Words(title, area.left, area.top + letter * 0.8, letter * 1.5, "ink", wide, left=True)
    yield Words(ending, area.left, area.top + letter * 2.3, letter, "ink", wide, left=True)
    for seat, player in enumerate(short_names(story.record.players)):
        line = Area(split, area.top + seat * letter * 1.55, area.right - split, letter * 1.5)
        yield from _player(story, seat, one_line(player, 120), line, letter)


def _player(story: Story, seat: Seat, player: str, area: Area, letter: int) -> Iterator[Shape]:
    """The seat's name on its colour, and who sits there."""
    widest = max(len(name) for name in story.game.seat_names)
    tag = Area(area.left, area.top, letter * (0.62 * widest + 0.9), area.height - 2)
    y = tag.top + tag.height / 2
    yield Box(*tag, fill=SEAT_ROLES[seat % 2])
    yield Words(story.game.seat_names[seat], tag.left + tag.width / 2, y, letter, "ground", tag.width)
    room = area.right - tag.right - letter / 2
    yield Words(player, tag.right + letter / 2, y, letter * 1.15, "ink", room, left=True)


def _bar(story: Story, view: View, layout: Layout) -> Iterator[Shape]:
    """The value of the position, filled from below with what the seat in view may expect."""
    area, value = layout.bar, story.steps[view.number].value
    if not view.values or value is None:
        return
    share = _share(story, value, view)
    own, other = SEAT_ROLES if view.seat == 0 else SEAT_ROLES[::-1]
    yield Box(*area, fill=other if story.game.num_seats > 1 else "panel")
    top = area.top + area.height * (1 - share)
    yield Box(area.left, top, area.width, area.height * share, fill=own)
    yield Box(*area, stroke="ink", thick=1)
    middle = area.top + area.height / 2
    yield Box(area.left - 4, middle - 1, area.width + 8, 2, fill="ink")
    yield from _ends(story, view, layout)


def _ends(story: Story, view: View, layout: Layout) -> Iterator[Shape]:
    """Whose colour is whose, by the first letter of their names."""
    area, names = layout.bar, story.game.seat_names
    if len(names) == 1:
        return
    x, letter = area.left + area.width / 2, layout.letter
    for name, y in ((names[view.seat], area.bottom - letter), (names[1 - view.seat], area.top + letter)):
        yield Words(name[0], x, y, letter, "ground", area.width * 1.2)


def _share(story: Story, value: Value, view: View) -> float:
    """How much of the bar belongs to the seat in view."""
    low, high = story.game.return_range
    share = min(max((value.payoff - low) / (high - low), 0.0), 1.0)
    return share if view.seat == 0 else 1 - share


def _board(story: Story, view: View, layout: Layout) -> Iterator[Shape]:
    area, letter = layout.board, layout.letter
    words = _whose(story, view)
    below = letter * 1.6 * bool(words)
    margin = min(area.width, area.height) / 16
    scene = board_scene(story, view)
    for shape in shapes_of(scene, area.width, area.height - below, labels=True, margin=margin):
        yield moved(shape, area.left, area.top)
    yield Words(words, area.left + area.width / 2, area.bottom - letter * 0.8, letter, "ink", area.width)


def _whose(story: Story, view: View) -> str:
    """Who sees the board so; '' where everybody does."""
    if not story.game.hidden:
        return ""
    name = story.game.seat_names[onlooker(story, view)]
    return "everything is shown" if view.hidden else f"as {name} sees it"


def board_scene(story: Story, view: View) -> Scene:
    """The board: of a game with hidden information what one seat may see, or all of it."""
    seen_by = None if view.hidden or not story.game.hidden else onlooker(story, view)
    return story.scene(view.number, values=view.values, seen_by=seen_by)


def onlooker(story: Story, view: View) -> Seat:
    """Whose knowledge is shown: that of the seat that acted, or in the other view that of the next."""
    plies = story.steps[max(view.number, min(1, len(story.steps) - 1))].plies
    acting = plies[0].seat if plies else 0
    return (acting + view.seat) % story.game.num_seats


def _footer(story: Story, view: View, step: Step, layout: Layout, keys: str) -> Iterator[Shape]:
    """Where one is on the left, the keys on the right, and between them what signs mean, if there is room."""
    area, letter = layout.footer, layout.letter
    said, y = "   ".join(_where(story, view, step)), area.top + area.height / 2
    of_keys = len(keys) * letter * WIDE
    yield Words(said, area.left, y, letter, "ink", area.width - of_keys - letter, left=True)
    yield Words(keys, area.right - of_keys, y, letter, "ink", of_keys, left=True)
    legend = "   ".join(f"{MARKS[tone]} {word}" for tone, word in LEGEND.items())
    of_legend = len(legend) * letter * WIDE
    left = area.right - of_keys - letter * 2 * bool(keys) - of_legend
    if view.values and left > area.left + len(said) * letter * WIDE + letter:
        yield Words(legend, left, y, letter, "ink", of_legend, left=True)


def _where(story: Story, view: View, step: Step) -> list[str]:
    """Which step it is, and what it cost."""
    parts = [
        f"step {view.number} of {len(story.steps) - 1}",
        *_spent(step, story.record.rules.seconds_per_turn),
    ]
    if view.playing:
        parts.insert(1, f"playing {view.speed:g} a second")
    return parts


def _spent(step: Step, limit: float | None) -> list[str]:
    """Clock, tokens and dollars of a step."""
    attempts = [attempt for ply in step.plies for attempt in ply.attempts]
    usages = [facts.get("usage") or {} for attempt in attempts for facts in attempt.completions]
    clock = f" (at most {limit:g} s a reply)" if limit else ""
    parts = [f"{sum(a.seconds for a in attempts):.1f} s{clock}"] if attempts else []
    if usages:
        asked, said = (
            sum(u.get(name) or 0 for u in usages) for name in ("prompt_tokens", "completion_tokens")
        )
        parts.append(f"{asked:,} tokens in, {said:,} out")
    dollars = sum(u.get("dollars") or 0 for u in usages)
    return [*parts, *([f"${dollars:.4f}"] if dollars else [])]
