"""What is said of an action, where it lies on the board: a frame, a word and an arrow, over what lies there.

A word stands on the frame's lower line, so that the mark within stays whole. Of an action that is a column it
stands at the cell that the action changed; where there is none, below the board.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from math import atan2, cos, hypot, sin

from renderers.forms import Box, Line, Placed, Point, Shape, Spot, Words
from renderers.scene import Sign, Tone
from renderers.theme import Role

ROLE_OF_TONE: dict[Tone, Role] = {
    Tone.BEST: "good",
    Tone.OPTIMAL: "good",
    Tone.WEAKER: "warn",
    Tone.REGRET: "bad",
    Tone.BLUNDER: "bad",
    Tone.ILLEGAL: "bad",
    Tone.PLAYED: "ink",
}
SHORT: dict[Tone, str] = {
    Tone.BEST: "+",
    Tone.OPTIMAL: "ok",
    Tone.WEAKER: "~",
    Tone.REGRET: "?",
    Tone.BLUNDER: "??",
    Tone.ILLEGAL: "#",
    Tone.PLAYED: "-",
}
"""In place of a word that would be too small to read."""
LEAST, LIKED = 9.0, 12.0
"""Height of the smallest words that can be read, and of those that are read with ease."""
BELOW_MARK, ABOVE_NEXT = 0.84, 1.16
"""Where a cell's mark ends and that of the cell below begins, as shares of its height."""
LETTER, CAPITAL = 0.56, 0.7
"""Width of a letter, as a share of its height, roughly."""


def signed(sign: Sign, place: Placed, changed: Collection[int], margin: float) -> Iterator[Shape]:
    """A frame and a word where the action lies; an arrow from where it begins."""
    ends = [
        place.spot(cell) for _, cell in sign.cells if cell < place.rows * place.columns
    ]  # heaps come and go
    if len(ends) > 1:
        yield from _arrow(ends[0], ends[-1], ROLE_OF_TONE[sign.tone])
    for spot in ends[-1:]:
        yield from _on_cell(sign.tone, spot)
    for _, column in sign.columns:
        yield from _on_column(sign.tone, place, column, changed, margin)


def _on_cell(tone: Tone, spot: Spot) -> Iterator[Shape]:
    left, top, step = spot
    yield from _frame(tone, left, top, step, step)
    yield from _word(tone, left + step / 2, top, step)


def _on_column(
    tone: Tone, place: Placed, column: int, changed: Collection[int], margin: float
) -> Iterator[Shape]:
    """What was done in a column lies where it changed one cell; all else is said below the board."""
    done = [cell for cell in changed if cell % place.columns == column]
    if len(done) == 1 and not _unmade(tone):
        yield from _on_cell(tone, place.spot(done[0]))
        return
    left, top, step = place.spot(column)
    yield from _frame(tone, left, top, step, place.rows * step)
    text, size = _fitting(tone, min(margin * 0.7, step * 0.42), step * 0.92)
    below = top + place.rows * step + margin * 0.45
    yield Words(text, left + step / 2, below, size, ROLE_OF_TONE[tone], step)


def _unmade(tone: Tone) -> bool:
    """Best and illegal are no moves that were made."""
    return tone in (Tone.BEST, Tone.ILLEGAL)


def _frame(tone: Tone, left: float, top: float, width: float, height: float) -> Iterator[Shape]:
    """Of what was not made it is a broken line."""
    unmade = _unmade(tone)
    inset, thick = width * (0.09 if unmade else 0.04), max(1.0, width * (0.03 if unmade else 0.06))
    sides = (left + inset, top + inset, width - 2 * inset, height - 2 * inset)
    frame = Box(*sides, stroke=ROLE_OF_TONE[tone], thick=thick)
    yield from _broken(frame, width / 10) if unmade else (frame,)


def _word(tone: Tone, x: float, top: float, width: float) -> Iterator[Shape]:
    """The word on a ground of its own, over whatever lies there; of what was made on its frame's colour."""
    text, size = _fitting(tone, max(width * 0.17, min(LIKED, width * 0.34)), width * 0.86)
    wide, high = min(width * 0.92, _width(text, size) + size * 0.7), size * 1.05
    role, unmade = ROLE_OF_TONE[tone], _unmade(tone)
    top += min(width * BELOW_MARK, width * ABOVE_NEXT - high)
    yield Box(x - wide / 2, top, wide, high, fill="ground" if unmade else role)
    yield Words(text, x, top + high / 2, size, role if unmade else "ground", wide)


def _fitting(tone: Tone, size: float, room: float) -> tuple[str, float]:
    """The word and its height; what stands for it, larger, where it would be too small."""
    text = tone.value.upper() if tone is Tone.BLUNDER else tone.value
    size = max(size, LEAST)
    fits = min(size, size * room / _width(text, size))
    return (text, fits) if fits >= LEAST else (SHORT[tone], max(room * 0.4, LEAST))


def _width(text: str, size: float) -> float:
    return (CAPITAL if text.isupper() else LETTER) * len(text) * size


def _broken(box: Box, dash: float) -> Iterator[Shape]:
    right, bottom = box.left + box.width, box.top + box.height
    corners = [
        (box.left, box.top),
        (right, box.top),
        (right, bottom),
        (box.left, bottom),
        (box.left, box.top),
    ]
    for start, end in pairwise(corners):
        yield from _dashes(start, end, dash, box.stroke or "ink", box.thick)


def _dashes(start: Point, end: Point, dash: float, role: Role, thick: float) -> Iterator[Shape]:
    length = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
    count = 2 * max(1, round(length / dash / 2)) + 1
    for number in range(0, count, 2):
        yield Line(_along(start, end, number / count), _along(start, end, (number + 1) / count), role, thick)


def _arrow(start: Spot, end: Spot, role: Role) -> Iterator[Shape]:
    """From one cell into another."""
    a, b, step = _middle(start), _middle(end), start[2]
    length = max(hypot(b[0] - a[0], b[1] - a[1]), step)
    # what lies in the two cells stays readable
    tail, tip = _along(a, b, 0.3 * step / length), _along(a, b, 1 - 0.4 * step / length)
    yield Line(tail, tip, role, step * 0.06, rounded=True)
    angle = atan2(tail[1] - tip[1], tail[0] - tip[0])
    for turn in (-0.5, 0.5):
        barb = (tip[0] + cos(angle + turn) * step * 0.2, tip[1] + sin(angle + turn) * step * 0.2)
        yield Line(tip, barb, role, step * 0.06, rounded=True)


def _middle(spot: Spot) -> Point:
    return spot[0] + spot[2] / 2, spot[1] + spot[2] / 2


def _along(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
