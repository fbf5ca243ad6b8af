"""What was done, what it was worth and what was claimed; and every action there was, with its value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from arena.record import Ply
from arena.referee import parsed_values
from arena.replay.layout import ROW, Area, Layout, in_a_row, layout_of
from arena.replay.plain import one_line
from arena.replay.story import Event, Step, Story
from arena.replay.view import View
from arena.telling import MARKS, is_claim_right, short_value, tone_of, verdict_words
from games.values import Value
from renderers.scene import Tone
from renderers.shapes import ROLE_OF_TONE, Box, Shape, Words
from renderers.theme import Role

Wrap: TypeAlias = Callable[[str, int, float], tuple[str, ...]]
"""Breaks a text into lines: the text, the height of its letters, and the width there is."""

LEADING = 1.35
"""Height of a line, in letters."""
SHRINK = (1.0, 0.9, 0.8, 0.7)
"""How much smaller letters are tried until all that is told fits."""
LONGEST = 1000
"""Letters of a reason that are looked at."""


class Told(NamedTuple):
    """A paragraph."""

    text: str
    role: Role
    size: float
    """In letters."""
    banner: bool = False
    """On a ground of its role, so that it is seen first."""


def told(story: Story, view: View, layout: Layout, wrap: Wrap, *, keys: bool = False) -> Iterator[Shape]:
    """The paragraphs on a step, below each other."""
    paragraphs, area = tuple(_told(story, view, keys)), layout.told
    for share in SHRINK:
        lines = _lines(paragraphs, layout.letter * share, area.width, wrap)
        if _height(lines, layout.letter * share) <= area.height:
            break
    yield from _stacked(area, lines, layout.letter * share)


def _told(story: Story, view: View, keys: bool) -> Iterator[Told]:
    step = story.steps[view.number]
    if not step.plies:
        opening = " ".join(story.record.opening)
        yield Told("The start" + (f", after the opening {one_line(opening)}" if opening else ""), "ink", 1.4)
        yield Told(f"To see: {to_see(story, view, keys)}", "ink", 1.1)
    for ply in step.plies:
        yield from _ply_told(story, view, ply)
    answer = story.answer(view.number) if view.values else ""
    if answer:
        yield Told(one_line(answer, 160), "bad", 1.1)
    standing = story.standing(view.number)
    if view.number == len(story.steps) - 1:
        yield Told(f"The end. {one_line(story.ending, 200)}", "ink", 1.0)
    elif standing and view.values:
        yield Told(f"now: {standing}", "ink", 1.0)


EVENTS: Mapping[Event, tuple[str, str]] = {
    Event.BLUNDER: ("b", "blunder"),
    Event.WRONG_CLAIM: ("c", "wrong claim"),
    Event.ILLEGAL: ("i", "refused attempt"),
}
"""What one looks for, by which key, in words."""


def to_see(story: Story, view: View, keys: bool) -> str:
    """What one may look for in a match, and by which keys: 'b: next of 5 blunders, c: 1 wrong claim'."""
    parts = []
    for event, (key, word) in EVENTS.items():
        count = sum(event in step.events for step in story.steps)
        if count and (view.values or event is not Event.BLUNDER):
            several = f"{'next of ' * keys}{count} {word}s"
            parts.append(f"{key}: " * keys + (several if count > 1 else f"1 {word}"))
    return ", ".join(parts) or "no blunder, no wrong claim, no refused attempt"


def _ply_told(story: Story, view: View, ply: Ply) -> Iterator[Told]:
    name = f"{story.game.seat_names[ply.seat]} {one_line(story.record.players[ply.seat], 60)}"
    did = f"plays {one_line(ply.action, 60)}" if ply.action is not None else "has no accepted action"
    yield Told(f"ply {ply.number + 1}: {name} {did}", "ink", 1.3)
    if view.values and verdict_words(ply):
        yield _verdict(ply)
        if ply.verdict and (ply.verdict.regret or ply.verdict.plies_lost):
            yield Told(f"best: {one_line(', '.join(ply.verdict.best_actions), 120)}", "good", 1.1)
    if ply.claim is not None and ply.status is not None:
        yield _claim(ply.claim, ply.status, is_claim_right(ply))
    for number, attempt in enumerate(ply.attempts, 1):
        if attempt.problem is not None:
            said = f"attempt {number} {attempt.problem.value}: {one_line(attempt.why[:LONGEST], 160)}"
            yield Told(said, "bad", 1.0)
        if attempt.note:
            yield Told(one_line(attempt.note[:LONGEST], 160), "faint", 1.0)


def _verdict(ply: Ply) -> Told:
    tone = tone_of(ply)
    size = 1.4 if tone is Tone.BLUNDER else 1.2
    return Told(
        f"{MARKS[tone]} {one_line(verdict_words(ply), 200)}", ROLE_OF_TONE[tone], size, tone is Tone.BLUNDER
    )


def _claim(said: str, truth: str, right: bool) -> Told:
    words = f"says: {one_line(said, 60)}"
    if right:
        return Told(f"{words} (right)", "good", 1.1)
    return Told(f"{words}; truth: {one_line(truth, 60)} (WRONG)", "bad", 1.2)


def _lines(paragraphs: Sequence[Told], letter: float, width: float, wrap: Wrap) -> list[Told]:
    return [
        paragraph._replace(text=line)
        for paragraph in paragraphs
        for line in wrap(
            paragraph.text, int(letter * paragraph.size), width - letter * 0.5 * paragraph.banner
        )
    ]


def _height(lines: Sequence[Told], letter: float) -> float:
    return sum(letter * line.size * LEADING for line in lines)


def _stacked(area: Area, lines: Sequence[Told], letter: float) -> Iterator[Shape]:
    """Lines below each other, as many as there is room for."""
    y = area.top
    for text, role, size, banner in lines:
        high = letter * size * LEADING
        if y + high > area.bottom + 1:
            return
        if banner:
            yield Box(area.left, y, area.width, high, fill=role)
        x = area.left + letter * 0.4 * banner
        yield Words(
            text, x, y + high / 2, letter * size, "ground" if banner else role, area.width * 1.07, left=True
        )
        y += high


def layout_for(story: Story, width: int, height: int) -> Layout:
    """The layout of a window in which a match is shown: its actions get no more room than they need."""
    layout, (count, longest) = layout_of(width, height), story.most_actions
    share = layout.moves.width / (story.game.num_seats if story.game.simultaneous else 1)
    columns = max(1, int(share / _chip_width(longest, layout.letter)))
    return layout_of(width, height, -(-count // columns))


def values(story: Story, step: Step, layout: Layout) -> Iterator[Shape]:
    """Every legal action with its value, the best first; of several seats beside each other."""
    judged = [ply for ply in step.plies if ply.verdict is not None]
    for ply, part in zip(judged, in_a_row(layout.moves, len(judged), layout.moves.width), strict=True):
        yield from _values(story, ply, part, layout.letter)


def _values(story: Story, ply: Ply, area: Area, letter: int) -> Iterator[Shape]:
    assert ply.verdict is not None
    ranked = sorted(parsed_values(ply.verdict).items(), key=lambda item: item[1], reverse=True)
    heading = Area(area.left, area.top, area.width - letter, letter * 1.6)
    seat, alone = story.game.seat_names[ply.seat], story.game.num_seats == 1
    text = f"{seat} could play, best first ({_legend(ranked[0][1], alone)}):"
    if len(text) * letter * 0.38 > heading.width:  # the help says it too
        text = f"{seat} could play, best first:"
    yield Words(
        text, heading.left, heading.top + letter * 0.7, letter * 0.95, "ink", heading.width, left=True
    )
    below = Area(area.left, heading.bottom, area.width, max(area.bottom - heading.bottom, 0))
    yield from _chips(ply, ranked, below, letter)


def _legend(value: Value, alone: bool) -> str:
    """What the values of these actions mean, for somebody who sees them for the first time."""
    if value.plies is None:
        return "+1: 1 point expected"
    return "W3: solved in 3, -1: not in time" if alone else "W3: wins in 3 plies, D: draws, L2: loses in 2"


def _chips(ply: Ply, ranked: list[tuple[str, Value]], area: Area, letter: int) -> Iterator[Shape]:
    """As many actions as there is room for, the played one among them."""
    longest = max(len(_chip_text(name, value)) for name, value in ranked)
    width, high = min(_chip_width(longest, letter), area.width), letter * ROW
    columns, rows = max(1, int(area.width / width)), max(1, int(area.height / high))
    shown = ranked if len(ranked) <= columns * rows else _chosen(ply, ranked, columns * rows - 1)
    for number, (name, value) in enumerate(shown):
        row, column = divmod(number, columns)
        place = Area(area.left + column * width, area.top + row * high, width, high)
        yield from _chip(ply, name, value, place, letter)
    if len(shown) < len(ranked):
        x, y = area.left + (columns - 0.5) * width, area.top + (rows - 0.5) * high
        yield Words(f"+{len(ranked) - len(shown)} more", x, y, letter, "faint", width)


def _chip_width(longest: int, letter: int) -> float:
    return letter * max(4.5, 0.6 * longest + 1.2)


def _chosen(ply: Ply, ranked: list[tuple[str, Value]], room: int) -> list[tuple[str, Value]]:
    """The best, and what was played in any case."""
    best = ranked[:room]
    played = [item for item in ranked[room:] if item[0] == ply.action]
    return [*best[: max(room - len(played), 0)], *played]


def _chip(ply: Ply, name: str, value: Value, area: Area, letter: int) -> Iterator[Shape]:
    assert ply.verdict is not None
    best, played = name in ply.verdict.best_actions, name == ply.action
    role = ROLE_OF_TONE[tone_of(ply)] if played else "good" if best else "faint"
    inner = Area(area.left, area.top + 2, area.width - 5, area.height - 5)
    yield Box(
        *inner,
        fill="panel",
        stroke=role if played or best else "rule",
        thick=max(2, letter // 6) if played else 1,
    )
    x, y = inner.left + inner.width / 2, inner.top + inner.height / 2
    yield Words(_chip_text(name, value), x, y, letter, role if played or best else "ink", inner.width)


def _chip_text(name: str, value: Value) -> str:
    return f"{one_line(name, 24)}: {short_value(value)}"
