"""A match under way as shapes: the board, what may be done, what the coach says, and at the end the account.

Text that others wrote passes `one_line`, which names every character that acts instead of showing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeAlias

from arena.play.aim import areas_of, cell_area, open_places
from arena.play.ending import account, ending_words, moves_heading, moves_told, result_words
from arena.play.places import MORE, Places, brief, buttons_of, chip_areas, chip_text, pointed_action
from arena.play.sight import Sight
from arena.replay.layout import Area, in_a_row
from arena.report.safe_text import one_line
from arena.telling import tone_of
from games.base import Game, Seat
from players.coach import best_of
from renderers.scene import Tone, Where, scene_of, with_notes
from renderers.shapes import ROLE_OF_TONE, Box, Line, Shape, Words, moved, places_of, shapes_of
from renderers.theme import Role

Wrap: TypeAlias = Callable[[str, int, float], tuple[str, ...]]
"""Breaks a text into lines: the text, the height of its letters, and the width there is."""
Told: TypeAlias = tuple[str, Role, float]
"""A text, its role, and its size in letters."""

LEADING = 1.35
"""Height of a line, in letters."""


def table(sight: Sight, places: Places, wrap: Wrap) -> Iterator[Shape]:
    """Everything that is seen, back to front."""
    yield from _header(sight, places)
    yield from _board(sight, places)
    yield from _stacked(places.told, _told(sight), places.letter, wrap)
    if sight.to_move:
        yield from _chips(sight, places)
        yield from _entry(sight, places)
    yield from _buttons(sight, places)
    yield from _course(sight, places)
    yield from _footer(sight, places)


def _header(sight: Sight, places: Places) -> Iterator[Shape]:
    """What is played on the left, who plays on the right."""
    area, letter, split = places.header, places.letter, places.told.left
    if split <= area.left:  # the words stand below the board
        split = area.left + area.width * 0.56
    title, wide = one_line(sight.game.title, 200), split - area.left - letter
    yield Words(title, area.left, area.top + letter * 0.8, letter * 1.5, "ink", wide, left=True)
    you = f"You are {sight.game.seat_names[sight.seat]}." if len(sight.players) > 1 else "You play alone."
    yield Words(you, area.left, area.top + letter * 2.3, letter, _own(sight), wide, left=True)
    for seat, player in enumerate(sight.players):
        line = Area(split, area.top + seat * letter * 1.55, area.right - split, letter * 1.5)
        yield from _player(sight, seat, "you" if seat == sight.seat else one_line(player, 120), line, letter)


def _player(sight: Sight, seat: Seat, player: str, area: Area, letter: int) -> Iterator[Shape]:
    """The seat's name on its colour, and who sits there."""
    widest = max(len(name) for name in sight.game.seat_names)
    tag = Area(area.left, area.top, letter * (0.62 * widest + 0.9), area.height - 2)
    name, y = sight.game.seat_names[seat], tag.top + tag.height / 2
    yield Box(*tag, fill="second" if seat else "first")
    yield Words(name, tag.left + tag.width / 2, y, letter, "ground", tag.width)
    room = area.right - tag.right - letter / 2
    yield Words(player, tag.right + letter / 2, y, letter * 1.15, "ink", room, left=True)


def _own(sight: Sight) -> Role:
    return "second" if sight.seat else "first"


# The board ------------------------------------------------------------------------------------------------


def _board(sight: Sight, places: Places) -> Iterator[Shape]:
    area, scene = places.board, sight.scene
    if sight.values:
        scene = with_notes(scene, {name: brief(value) for name, value in sight.values.items()})
    for shape in shapes_of(scene, area.width, area.height, labels=True, margin=places.margin):
        yield moved(shape, area.left, area.top)
    if sight.to_move:
        yield from _preview(sight, places)
        yield from _open(sight, places)


def _open(sight: Sight, places: Places) -> Iterator[Shape]:
    """The places that may be clicked next, the best of them named by the coach, and those that are taken."""
    best = best_of(sight.values) if sight.values else ()
    good = open_places(tuple(choice for choice in sight.choices if choice.name in best), sight.path)
    wanted = open_places(sight.choices, sight.path)
    for label, area in areas_of(sight.scene, places.board, places.margin):
        if label in sight.path:
            yield _framed(area, "ink", 0.08)
        elif label in good:
            yield _framed(area, "good", 0.05)
        elif label in wanted:
            yield _framed(area, "ink" if sight.path else "rule", 0.03 if sight.path else 0.015)


def _framed(area: Area, role: Role, thick: float) -> Shape:
    inset = area.width * 0.07
    width, height = area.width - 2 * inset, area.height - 2 * inset
    return Box(area.left + inset, area.top + inset, width, height, stroke=role, thick=area.width * thick)


def _preview(sight: Sight, places: Places) -> Iterator[Shape]:
    """What the action under the mouse would change, where that is known."""
    name = pointed_action(sight, places)
    found = changes(sight.game, sight.state, sight.seat, name) if name else {}
    area = places.board
    placed = places_of(sight.scene, area.width, area.height, labels=True, margin=places.margin)
    for (grid, cell), mark in found.items():
        left, top, side, _ = spot = cell_area(placed[grid], cell, area)
        inset = side * 0.04
        yield Box(left + inset, top + inset, side - 2 * inset, side - 2 * inset, fill="changed")
        yield _framed(spot, _own(sight), 0.04)
        yield Words(mark, left + side / 2, top + side / 2, side * 0.5, "faint", side)


@lru_cache(maxsize=512)
def changes(game: Game[Any], state: Any, seat: Seat, name: str) -> dict[Where, str]:
    """The cells that an action changes, with the marks that come there; none where that is not its alone.

    It is worked out from what the seat sees, so it tells nothing that the seat does not know.
    """
    if game.seats_to_move(state) != (seat,) or game.hidden:
        return {}
    followers = game.transitions(state, {seat: game.parse_action(state, name)})
    if len(followers) != 1:
        return {}
    if _shapes(game, state) != _shapes(game, followers[0].state):
        return {}
    scene = scene_of(game, followers[0].state, before=state)
    return {(grid, cell): scene.grids[grid].cells[cell].mark for grid, cell in scene.changed}


def _shapes(game: Game[Any], state: Any) -> list[tuple[int, int]]:
    """Rows and columns of the grids: heaps come and go."""
    return [(grid.rows, grid.columns) for grid in game.layout(state)]


# Words ----------------------------------------------------------------------------------------------------


def _told(sight: Sight) -> Iterator[Told]:
    if sight.failed:
        yield "This can't be played.", "warn", 1.6
        yield one_line(sight.failed, 400), "ink", 1.1
        yield "Any key closes the window.", "faint", 1.0
        return
    if sight.record is not None:
        yield from _end_told(sight)
        return
    yield from _now_told(sight)
    if sight.notice:
        yield one_line(sight.notice, 300), "warn", 1.0
    if sight.told:
        yield one_line(sight.told, 200), "warn", 1.1
    if sight.cost:
        yield one_line(sight.cost, 200), "faint", 1.0
    if sight.values:
        best = ", ".join(best_of(sight.values)[:8])
        yield f"The coach: {max(sight.values.values())} with {best}.", "good", 1.1
    elif sight.coach:
        yield one_line(sight.coach, 300), "faint", 1.0


def _now_told(sight: Sight) -> Iterator[Told]:
    """Whose turn it is, and what was done last."""
    if sight.to_move:
        yield "Your turn.", _own(sight), 1.6
    else:
        yield one_line(f"{sight.waits_for} ...", 120), "faint", 1.6
    for ply in sight.history[-sight.game.num_seats :]:
        who = "you" if ply.seat == sight.seat else one_line(sight.players[ply.seat], 60)
        yield f"{who} played {one_line(ply.notation, 60)}", "ink", 1.1
    if sight.to_move:
        yield f"An action is {sight.game.action_help}.", "faint", 1.0


def _end_told(sight: Sight) -> Iterator[Told]:
    """The result, the account, each own move, and where the record is."""
    record = sight.record
    assert record is not None
    yield result_words(record, sight.seat), _own(sight), 2.0
    yield one_line(ending_words(record), 300), "ink", 1.1
    if sight.judging:
        yield "Your moves are being judged ...", "faint", 1.1
    else:
        yield account(record, sight.seat), "ink", 1.1
        if heading := moves_heading(record, sight.seat):
            yield heading, "faint", 1.0
        for words, tone in moves_told(record, sight.seat):
            yield one_line(words, 200), ROLE_OF_TONE[tone], 1.0
    yield f"Record: {sight.where}", "faint", 1.0
    yield f"See it again: arena replay {sight.where}", "faint", 1.0


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


# What may be clicked --------------------------------------------------------------------------------------


def _chips(sight: Sight, places: Places) -> Iterator[Shape]:
    best, under = best_of(sight.values) if sight.values else (), pointed_action(sight, places)
    for name, area in chip_areas(sight, places):
        good = name in best
        role = "ink" if name == under else "good" if good else "rule"
        yield Box(*area, fill="panel", stroke=role, thick=2 if name == under or good else 1)
        x, y = area.left + area.width / 2, area.top + area.height / 2
        text = "good" if good else "ink" if name else "faint"
        yield Words(chip_text(sight, name), x, y, places.letter, text, area.width)


def _entry(sight: Sight, places: Places) -> Iterator[Shape]:
    """The line on which an action is typed."""
    area, letter = places.entry, places.letter
    yield Box(*area, fill="panel", stroke="ink" if sight.typed else "rule", thick=1)
    text = sight.typed or "type an action, Enter plays it"
    role = "ink" if sight.typed else "faint"
    y = area.top + area.height / 2
    yield Words(text, area.left + letter * 0.6, y, letter, role, area.width - letter, left=True)
    if sight.typed:
        x = area.left + letter * (0.9 + 0.56 * len(sight.typed))
        yield Line((x, area.top + letter * 0.5), (x, area.bottom - letter * 0.5), "faint", 1)


def _buttons(sight: Sight, places: Places) -> Iterator[Shape]:
    for text, _, area in buttons_of(sight, places):
        over = sight.point is not None and area.holds(*sight.point)
        yield Box(*area, fill="panel", stroke="ink" if over else "rule", thick=2 if over else 1)
        x, y = area.left + area.width / 2, area.top + area.height / 2
        yield Words(text, x, y, places.letter, "ink", area.width)


def _course(sight: Sight, places: Places) -> Iterator[Shape]:
    """Every turn so far: who did what, and at the end what it was worth."""
    done = _turns(sight)
    for (name, seat, tone), area in zip(
        done, in_a_row(places.course, len(done), places.letter * 3.4), strict=True
    ):
        role = ROLE_OF_TONE[tone] if tone else "second" if seat else "first"
        width = max(area.width - 3, 1)
        yield Box(area.left + 1, area.top + 4, width, area.height - 8, stroke=role, thick=1)
        middle = area.top + area.height / 2
        yield Words(one_line(name, 12), area.left + 1 + width / 2, middle, places.letter, role, width)


def _turns(sight: Sight) -> list[tuple[str, Seat, Tone | None]]:
    if sight.record is None:
        return [(ply.notation, ply.seat, None) for ply in sight.history]
    judged = [(ply, None if ply.verdict is None else tone_of(ply)) for ply in sight.record.plies]
    return [(ply.action or "-", ply.seat, tone) for ply, tone in judged]


def _footer(sight: Sight, places: Places) -> Iterator[Shape]:
    area = places.footer
    more = "Page Up, Page Down: more actions   " if MORE in dict(chip_areas(sight, places)) else ""
    keys = f"{more}Esc: put back, then leave" if sight.to_move else ""
    told = f"coach asked: {sight.consulted}"
    y = area.top + area.height / 2
    yield Words(told, area.left, y, places.letter, "faint", area.width * 0.4, left=True)
    wide = places.letter * 0.5 * len(keys)
    yield Words(keys, area.right - wide, y, places.letter, "faint", wide * 1.2, left=True)
