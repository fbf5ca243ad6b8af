"""The last finished match in a window, played by itself; when it ends, the newest follows."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from arena.play.screen import FRAME_S, Act, Happening, Screen
from arena.replay.drawing import draw
from arena.replay.story import Story
from arena.replay.view import View, at
from renderers.shapes import Words

if TYPE_CHECKING:
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

    @property
    def at_the_end(self) -> bool:
        return self.view.number == len(self.story.steps) - 1

    def rested(self, now: float) -> bool:
        """Whether its end has been looked at for long enough."""
        return self.at_the_end and now - self.since >= REST_S


def begun(record: MatchRecord, view: View, now: float) -> Showing:
    """A match from its start, looked at as the one before."""
    return Showing(Story(record), replace(view, number=0, scroll=0, playing=True), now)


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


def watch_window(screen: Screen, newest: Callable[[], MatchRecord | None], view: View) -> None:
    """Show what is newest, match after match, until the window is closed. Nothing holds up reading."""
    showing: Showing | None = None
    while not any(_closes(happening) for happening in screen.happenings()):
        record, now = newest(), time.monotonic()
        if record is not None and (showing is None or (showing.rested(now) and _is_new(showing, record))):
            showing = begun(record, view, now)
        elif record is not None and showing is not None:
            showing = later(refreshed(showing, record), now)
        _paint(screen, showing)
        time.sleep(FRAME_S)


def _is_new(showing: Showing, record: MatchRecord) -> bool:
    return record.match_id != showing.story.record.match_id


def _closes(happening: Happening) -> bool:
    return happening.act is Act.CLOSE or (happening.act is Act.KEY and happening.key in ("escape", "q"))


def _paint(screen: Screen, showing: Showing | None) -> None:
    if showing is not None:
        seen = (showing.story.record, showing.view)
        screen.paint(seen, lambda surface: draw(surface, showing.story, showing.view))
        return
    width, height = screen.size
    waiting = Words("waiting for the first match ...", width / 2, height / 2, 24, "faint", width)
    screen.show("waiting", lambda: [waiting])
