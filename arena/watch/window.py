"""The last finished match in a window, played by itself; when it ends, the newest follows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from arena.play.screen import FRAME_S, Act, Screen
from arena.replay.drawing import draw
from arena.replay.layout import Area
from arena.replay.story import Story
from arena.replay.view import View, at
from arena.watch.controls import Control, pressed
from arena.watch.strip import Standing, help_panel, split, strip
from renderers.shapes import Shape, Words
from renderers.surface import Painter
from renderers.theme import theme_of

if TYPE_CHECKING:
    import pygame

    from arena.record import MatchRecord

REST_S = 3.0
"""How long the end of a match is looked at before the next begins."""


@dataclass(frozen=True, slots=True)
class Showing:
    """A match that is shown step by step, by the clock."""

    story: Story
    view: View
    since: float
    """When this step was first seen."""
    number: int = 0
    """Of the match in the run; the newest may be another one by now."""

    @property
    def at_the_end(self) -> bool:
        return self.view.number == len(self.story.steps) - 1

    def rested(self, now: float) -> bool:
        """Whether its end has been looked at for long enough."""
        return self.at_the_end and now - self.since >= REST_S


def begun(record: MatchRecord, view: View, now: float, number: int = 0) -> Showing:
    """A match from its start, looked at as the one before."""
    return Showing(Story(record), replace(view, number=0, scroll=0, playing=True), now, number)


def later(showing: Showing, now: float) -> Showing:
    """One step further when it is time."""
    if showing.at_the_end or now - showing.since < 1 / showing.view.speed:
        return showing
    view = at(showing.view, showing.view.number + 1, showing.story)
    return replace(showing, view=replace(view, playing=True), since=now)


def refreshed(showing: Showing, newest: MatchRecord) -> Showing:
    """The same match, once its verdicts are known."""
    if newest.match_id != showing.story.record.match_id or newest is showing.story.record:
        return showing
    return replace(showing, story=Story(newest))


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is seen."""

    showing: Showing | None
    control: Control
    standing: Standing
    theme: str

    @property
    def doing(self) -> str:
        """Whether the match goes on, in a word."""
        if self.standing.total and self.standing.over >= self.standing.total:
            rest = "every match is over"
        else:
            rest = "... waiting for the next match"
        return "> playing" if self.showing and not self.showing.at_the_end else rest


def watch_window(
    screen: Screen,
    newest: Callable[[], MatchRecord | None],
    view: View,
    standing: Callable[[], Standing] = Standing,
) -> None:
    """Show what is newest, match after match, until the window is closed. Nothing holds up reading."""
    showing, control = None, Control(speed=view.speed)
    while not (control := _heard(control, screen)).closed:
        record, now = newest(), time.monotonic()
        if record is not None:
            looked = replace(view, speed=control.speed)
            showing = _next(showing, control, record, looked, now, standing().number)
            control = replace(control, newest=False)
        picture = Picture(showing, control, standing(), view.theme)
        screen.paint(picture, lambda surface, seen=picture: paint(surface, seen))  # type: ignore[misc]
        screen.retitle(f"{picture.standing.over}/{picture.standing.total}" * bool(picture.standing.total))
        time.sleep(FRAME_S)


def _heard(control: Control, screen: Screen) -> Control:
    """What the person did since the last time."""
    for happening in screen.happenings():
        if happening.act is Act.CLOSE:
            return replace(control, closed=True)
        if happening.act is Act.KEY:
            control = pressed(control, happening.key)
    return control


def _next(
    showing: Showing | None, control: Control, record: MatchRecord, view: View, now: float, number: int
) -> Showing:
    """The match that is shown from now on, and its step; a pause is a rest that does not end."""
    if showing is None or control.newest:
        return begun(record, view, now, number)
    showing = replace(showing, view=replace(showing.view, speed=view.speed, playing=not control.paused))
    if control.paused:
        return replace(refreshed(showing, record), since=now)
    if showing.rested(now) and _is_new(showing, record):
        return begun(record, view, now, number)
    return later(refreshed(showing, record), now)


def _is_new(showing: Showing, record: MatchRecord) -> bool:
    return record.match_id != showing.story.record.match_id


def paint(surface: pygame.Surface, picture: Picture) -> None:
    """The match, the strip below it, and the help if it is wanted."""
    theme, (width, height) = theme_of(picture.theme), surface.get_size()
    low, letter = split(width, height)
    surface.fill(theme["ground"])
    if picture.showing is not None:
        above = surface.subsurface((0, 0, width, height - low))
        draw(above, picture.showing.story, picture.showing.view)
    painter = Painter(surface, theme)
    for shape in _over(picture, width, height, low, letter):
        painter.paint(shape)


def _over(picture: Picture, width: int, height: int, low: int, letter: int) -> Iterator[Shape]:
    if picture.showing is None:
        wait = "waiting for the first match ..."
        yield Words(wait, width / 2, (height - low) / 2, 24, "faint", width)
    area = Area(0, height - low, width, low)
    number = picture.showing.number if picture.showing else 0
    yield from strip(replace(picture.standing, number=number), picture.control, picture.doing, area)
    if picture.control.help:
        yield from help_panel(width, height, letter)
