"""A replay as shapes: board, values, verdict, claims, and what was said, at their places in the window.

Text from a record passes `visible`, which names every character that acts instead of showing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeAlias

from arena.record import Attempt, Ply
from arena.referee import parsed_values
from arena.replay.layout import Area, Layout, in_a_row
from arena.replay.story import Event, Step, Story
from arena.replay.view import Pane, View
from arena.report.matches import shortened
from arena.report.safe_text import one_line, visible
from arena.telling import is_claim_right, prompt_of, reasoning_of, short_value, tone_of, verdict_words
from games.values import Value
from renderers.scene import Tone
from renderers.shapes import ROLE_OF_TONE, Box, Shape, Words, moved, shapes_of
from renderers.theme import Role

Wrap: TypeAlias = Callable[[str, int, float], tuple[str, ...]]
"""Breaks a text into lines: the text, the height of its letters, and the width there is."""
Told: TypeAlias = tuple[str, Role, float]
"""A text, its role, and its size in letters."""

LEADING = 1.35
"""Height of a line, in letters."""
MARKS: dict[Tone, str] = {
    Tone.OPTIMAL: "=",
    Tone.SLOWER: "~",
    Tone.REGRET: "?",
    Tone.BLUNDER: "??",
    Tone.ILLEGAL: "#",
    Tone.PLAYED: "-",
}
"""What stands for a turn in the course of the match."""


def frame(story: Story, view: View, layout: Layout, wrap: Wrap) -> Iterator[Shape]:
    """The shapes of a replay, back to front, without overlays."""
    step = story.steps[view.number]
    yield from _header(story, layout)
    yield from _bar(story, view, layout)
    yield from _board(story, view, layout.board)
    yield from _stacked(layout.told, _told(story, view, step), layout.letter, wrap)
    if view.values:
        yield from _moves(step, layout)
    yield from _tabs(view, layout)
    yield from _pane(step, view, layout, wrap)
    yield from _course(story, view, layout)
    yield from _footer(story, view, step, layout)


def _header(story: Story, layout: Layout) -> Iterator[Shape]:
    area, letter = layout.header, layout.letter
    title = f"{story.game.title}: {one_line(story.title, 200)}"
    yield Words(title, area.left, area.top + letter, letter * 1.4, "ink", area.width, left=True)
    ending = one_line(story.ending, 200)
    yield Words(ending, area.left, area.top + letter * 2.5, letter, "faint", area.width, left=True)


def _bar(story: Story, view: View, layout: Layout) -> Iterator[Shape]:
    """The value of the position, filled from below with what the seat in view may expect."""
    area, value = layout.bar, story.steps[view.number].value
    if not view.values or value is None:
        return
    share = _share(story, value, view)
    own, other = ("first", "second") if view.seat == 0 else ("second", "first")
    yield Box(*area, fill=other)
    top = area.top + area.height * (1 - share)
    yield Box(area.left, top, area.width, area.height * share, fill=own)
    yield Box(*area, stroke="ink", thick=1)
    middle = area.top + area.height / 2
    yield Box(area.left - 4, middle - 1, area.width + 8, 2, fill="ink")


def _share(story: Story, value: Value, view: View) -> float:
    """How much of the bar belongs to the seat in view."""
    low, high = story.game.return_range
    share = min(max((value.payoff - low) / (high - low), 0.0), 1.0)
    return share if view.seat == 0 else 1 - share


def _board(story: Story, view: View, area: Area) -> Iterator[Shape]:
    seen_by = None if view.hidden or not story.game.hidden else _onlooker(story, view)
    scene = story.scene(view.number, values=view.values, seen_by=seen_by)
    margin = min(area.width, area.height) / 16
    for shape in shapes_of(scene, area.width, area.height, labels=True, margin=margin):
        yield moved(shape, area.left, area.top)


def _onlooker(story: Story, view: View) -> int:
    """Whose knowledge is shown of a game with hidden information."""
    return min(view.seat, story.game.num_seats - 1)


def _told(story: Story, view: View, step: Step) -> Iterator[Told]:
    """What was done, what it was worth, and what was claimed."""
    if not step.plies:
        opening = " ".join(story.record.opening)
        yield "start" + (f" after the opening {one_line(opening)}" if opening else ""), "ink", 1.5
    for ply in step.plies:
        yield from _ply_told(story, view, ply)
    standing = story.standing(view.number)
    if view.number == len(story.steps) - 1:
        yield f"The end. {one_line(story.ending, 200)}", "ink", 1.0
    elif standing and view.values:
        yield f"now: {standing}", "ink", 1.0


def _ply_told(story: Story, view: View, ply: Ply) -> Iterator[Told]:
    name = f"{story.game.seat_names[ply.seat]} {one_line(story.record.players[ply.seat], 60)}"
    did = f"plays {one_line(ply.action, 60)}" if ply.action is not None else "has no accepted action"
    tone = tone_of(ply)
    yield f"ply {ply.number + 1}: {name} {did}", "ink", 1.3
    if view.values and verdict_words(ply):
        yield one_line(verdict_words(ply), 200), ROLE_OF_TONE[tone], 1.5 if tone is Tone.BLUNDER else 1.2
    if view.values and ply.verdict and (ply.verdict.regret or ply.verdict.plies_lost):
        yield f"best: {one_line(', '.join(ply.verdict.best_actions), 120)}", "good", 1.0
    if ply.claim is not None and ply.status is not None:
        right = is_claim_right(ply)
        word = "right" if right else f"WRONG, truth: {one_line(ply.status, 60)}"
        yield f"says: {one_line(ply.claim, 60)}; {word}", "good" if right else "bad", 1.1
    for number, attempt in enumerate(ply.attempts, 1):
        if attempt.problem is not None:
            yield f"attempt {number} {attempt.problem.value}: {one_line(attempt.why, 160)}", "bad", 1.0


def _stacked(area: Area, told: Iterable[Told], letter: int, wrap: Wrap) -> Iterator[Shape]:
    """Lines below each other, as many as there is room for."""
    y = area.top
    for text, role, size in told:
        for line in wrap(text, int(letter * size), area.width):
            y += letter * size * LEADING
            if y > area.bottom:
                return
            middle = y - letter * size * LEADING / 2
            yield Words(line, area.left, middle, letter * size, role, area.width * 1.1, left=True)


def _moves(step: Step, layout: Layout) -> Iterator[Shape]:
    """Every legal action with its value, the best first; of several seats beside each other."""
    judged = [ply for ply in step.plies if ply.verdict is not None]
    area, letter = layout.moves, layout.letter
    for ply, part in zip(judged, in_a_row(area, len(judged), area.width), strict=True):
        yield from _values(ply, part, letter)


def _values(ply: Ply, area: Area, letter: int) -> Iterator[Shape]:
    assert ply.verdict is not None
    ranked = sorted(parsed_values(ply.verdict).items(), key=lambda item: item[1], reverse=True)
    width = letter * max(5.5, 0.62 * max(len(f"{name} {short_value(value)}") for name, value in ranked) + 1.5)
    columns, rows = max(1, int(area.width / width)), max(1, int(area.height / (letter * 1.9)))
    room = columns * rows
    shown = ranked if len(ranked) <= room else ranked[: room - 1]
    for number, (name, value) in enumerate(shown):
        row, column = divmod(number, columns)
        chip = Area(area.left + column * width, area.top + row * letter * 1.9, width, letter * 1.9)
        yield from _chip(ply, name, value, chip, letter)
    if len(shown) < len(ranked):
        x, y = area.left + (columns - 0.5) * width, area.top + (rows - 0.5) * letter * 1.9
        yield Words(f"+{len(ranked) - len(shown)} more", x, y, letter, "faint", width)


def _chip(ply: Ply, name: str, value: Value, area: Area, letter: int) -> Iterator[Shape]:
    assert ply.verdict is not None
    best, played = name in ply.verdict.best_actions, name == ply.action
    role = ROLE_OF_TONE[tone_of(ply)] if played else "good" if best else "faint"
    inner = Area(area.left + 2, area.top + 2, area.width - 6, area.height - 4)
    yield Box(*inner, fill="panel", stroke=role if played or best else "rule", thick=3 if played else 1)
    x, y = area.left + area.width / 2 - 1, area.top + area.height / 2
    yield Words(f"{name} {short_value(value)}", x, y, letter, role if played or best else "ink", inner.width)


def tab_areas(layout: Layout) -> dict[Pane, Area]:
    """Where one chooses what is shown of what was said."""
    return dict(zip(Pane, in_a_row(layout.tabs, len(Pane), layout.letter * 8), strict=True))


def _tabs(view: View, layout: Layout) -> Iterator[Shape]:
    for pane, area in tab_areas(layout).items():
        chosen = pane is view.pane
        inner = Area(area.left, area.top + 4, area.width - 4, area.height - 4)
        yield Box(*inner, fill="panel" if chosen else None, stroke="rule", thick=1)
        x, y = inner.left + inner.width / 2, inner.top + inner.height / 2
        yield Words(pane.value, x, y, layout.letter, "ink" if chosen else "faint", inner.width)


def pane_lines(step: Step, view: View, layout: Layout, wrap: Wrap) -> tuple[str, ...]:
    """Every line of what was said, as wide as the pane."""
    return wrap(_said(step, view.pane), layout.letter, layout.pane.width - layout.letter)


def lines_in(layout: Layout) -> int:
    """How many lines the pane shows at once."""
    return max(1, int((layout.pane.height - layout.letter * 0.8) / (layout.letter * LEADING)))


def _pane(step: Step, view: View, layout: Layout, wrap: Wrap) -> Iterator[Shape]:
    area, letter = layout.pane, layout.letter
    yield Box(*area, fill="panel")
    lines, room = pane_lines(step, view, layout, wrap), lines_in(layout)
    first = min(view.scroll, max(0, len(lines) - room))
    for number, line in enumerate(islice(lines, first, first + room)):
        y = area.top + letter * 0.4 + (number + 0.5) * letter * LEADING
        yield Words(line, area.left + letter / 2, y, letter, "ink", area.width * 1.1, left=True)
    if len(lines) > room:
        track = area.height * room / len(lines)
        yield Box(area.right - 5, area.top + area.height * first / len(lines), 4, track, fill="faint")


def _said(step: Step, pane: Pane) -> str:
    """What is in a pane; of several seats, and of several attempts, one below the other."""
    parts = [
        _heading(step, ply, number, attempt) + _text(attempt, pane)
        for ply in step.plies
        for number, attempt in enumerate(ply.attempts, 1)
    ]
    return visible("\n\n".join(shortened(part) for part in parts)) or "(nothing was said here)"


def _heading(step: Step, ply: Ply, number: int, attempt: Attempt) -> str:
    """What stands above a text where there are several; '' where it is the only one."""
    seat = f"seat {ply.seat + 1} " if len(step.plies) > 1 else ""
    several = f"attempt {number}" if len(ply.attempts) > 1 else ""
    problem = f" ({attempt.problem.value})" if attempt.problem else ""
    return f"--- {seat}{several}{problem}\n" if seat or several else ""


def _text(attempt: Attempt, pane: Pane) -> str:
    text = {
        Pane.REPLY: lambda: attempt.text,
        Pane.REASONING: lambda: reasoning_of(attempt),
        Pane.PROMPT: lambda: prompt_of(attempt),
    }[pane]()
    return text.strip() or f"(no {pane.value})"


def course_areas(story: Story, layout: Layout) -> list[Area]:
    """Where the steps stand in the course of the match."""
    return in_a_row(layout.course, len(story.steps), layout.letter * 3)


def _course(story: Story, view: View, layout: Layout) -> Iterator[Shape]:
    """The whole match at a glance: a sign for each turn."""
    for number, (step, area) in enumerate(zip(story.steps, course_areas(story, layout), strict=True)):
        tone = step.tone if view.values or step.tone is Tone.ILLEGAL else Tone.PLAYED
        role = ROLE_OF_TONE[tone] if tone else "faint"
        inner = Area(area.left + 1, area.top + 2, max(area.width - 3, 1), area.height - 4)
        chosen = number == view.number
        yield Box(*inner, fill="panel", stroke="ink" if chosen else role, thick=3 if chosen else 1)
        x = inner.left + inner.width / 2
        yield Words(
            MARKS[tone] if tone else "o",
            x,
            inner.top + inner.height * 0.4,
            layout.letter * 1.2,
            role,
            inner.width,
        )
        below = (
            "claim" if Event.WRONG_CLAIM in step.events else "illegal" if Event.ILLEGAL in step.events else ""
        )
        yield Words(below, x, inner.top + inner.height * 0.82, layout.letter * 0.7, "bad", inner.width)


def _footer(story: Story, view: View, step: Step, layout: Layout) -> Iterator[Shape]:
    area, letter = layout.footer, layout.letter
    y = area.top + area.height / 2
    where = f"step {view.number} of {len(story.steps) - 1}   {_spent(step)}"
    yield Words(where, area.left, y, letter, "faint", area.width * 0.6, left=True)
    playing = f"playing, {view.speed:g} a second" if view.playing else "? help"
    yield Words(playing, area.right - letter * 6, y, letter, "faint", letter * 12)


def _spent(step: Step) -> str:
    """Clock and tokens of a step."""
    attempts = [attempt for ply in step.plies for attempt in ply.attempts]
    usages = [facts.get("usage") or {} for attempt in attempts for facts in attempt.completions]
    parts = [f"{sum(a.seconds for a in attempts):.1f} s"] if attempts else []
    if usages:
        asked, said = (
            sum(u.get(name) or 0 for u in usages) for name in ("prompt_tokens", "completion_tokens")
        )
        parts.append(f"{asked:,} + {said:,} tokens")
    dollars = sum(u.get("dollars") or 0 for u in usages)
    return ", ".join([*parts, *([f"${dollars:.4f}"] if dollars else [])])
