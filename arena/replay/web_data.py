"""A match as plain data for a page: texts, shapes and boards stand once and are named by number.

Every text passes `visible` here, whoever wrote it, so that nothing in a page acts instead of showing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from arena.record import Attempt, MatchRecord, Ply
from arena.replay.story import Step, Story
from arena.report.matches import shortened
from arena.report.safe_text import one_line, visible
from arena.spending import quantity_of
from arena.telling import is_claim_right, prompt_of, reasoning_of, tone_of, verdict_words
from games.base import Game
from games.values import parse_value
from renderers.scene import Scene
from renderers.svg import Element, board_elements

Data: TypeAlias = dict[str, Any]
ALL = "all"
"""The view that hides nothing; other views are seats."""
PARAGRAPH = "\n\n"
"""Prompts of a match differ in their last paragraphs only, so each paragraph is a text of its own."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Things that stand once; their numbers are their places."""

    numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, thing: Any) -> int:
        return self.numbers.setdefault(thing, len(self.numbers))


@dataclass(frozen=True, slots=True)
class Shared:
    """What the matches of a page have in common."""

    texts: Pool = field(default_factory=Pool)
    shapes: Pool = field(default_factory=Pool)
    boards: Pool = field(default_factory=Pool)

    def text(self, text: str) -> int:
        """The number of a text that anybody may have written, of bounded length and harmless."""
        return self.texts.number(visible(shortened(text)))

    def line(self, text: str, limit: int = 400) -> int:
        """The same for what belongs on one line."""
        return self.texts.number(one_line(text, limit))

    def paragraphs(self, text: str) -> list[int]:
        return [self.text(part) for part in shortened(text).split(PARAGRAPH)] if text else []

    def board(self, scene: Scene) -> int:
        width, height, elements = board_elements(scene)
        shapes = tuple(self.shapes.number(_harmless(element)) for element in elements)
        return self.boards.number((round(width), round(height), self.line(scene.notation), shapes))


def _harmless(element: Element) -> Element:
    return element._replace(text=one_line(element.text))


def match_data(record: MatchRecord, number: int, shared: Shared) -> Data:
    """A match with all that its page tells of it; whatever is empty is left out."""
    story, line = Story(record), shared.line
    game = story.game
    return _told(
        number=number,
        id=line(record.match_id, 64),
        game=line(game.title),
        spec=line(game.spec),
        players=[line(name) for name in record.players],
        seats=[line(name) for name in game.seat_names[: game.num_seats]],
        ending=line(str(record.ending)),
        result=line(_result(record, game)),
        reason=line(record.reason),
        opening=line(" ".join(record.opening)) if record.opening else None,
        started=line(record.started) if record.started else None,
        hidden=int(game.hidden),
        steps=[_step(story, n, shared) for n in range(len(story.steps))],
    )


def _result(record: MatchRecord, game: Game[Any]) -> str:
    returns = zip(game.seat_names, record.returns or (), strict=False)
    return ", ".join(f"{name} {amount:+g}" for name, amount in returns) or "not scored"


def _step(story: Story, number: int, shared: Shared) -> Data:
    step = story.steps[number]
    return _told(
        value=_value(story, number, shared),
        tone=step.tone and step.tone.value,
        events=sorted(event.value for event in step.events),
        answer=shared.line(story.answer(number)) if story.answer(number) else None,
        seat=_seat(story.steps[number : number + 2]),
        boards=_boards(story, number, shared),
        plies=[_ply(story.game, ply, shared) for ply in step.plies],
    )


def _seat(steps: tuple[Step, ...]) -> int | None:
    """Who acted; at the start who will."""
    return next((ply.seat for step in steps for ply in step.plies), None)


def _boards(story: Story, number: int, shared: Shared) -> Data:
    """For each view the board without values and with them."""
    views = {ALL: None} | ({str(n): n for n in range(story.game.num_seats)} if story.game.hidden else {})
    return {
        view: [shared.board(story.scene(number, values=told, seen_by=seat)) for told in (False, True)]
        for view, seat in views.items()
    }


def _value(story: Story, number: int, shared: Shared) -> list[int] | None:
    """The share of the bar that is the first seat's, in percent, and the value in words."""
    value, (low, high) = story.steps[number].value, story.game.return_range
    if value is None:
        return None
    share = (value.payoff - low) / (high - low) if high > low else 0.5
    words = story.standing(number) or end_words(story.game, value.payoff)
    return [round(100 * min(max(share, 0), 1)), shared.line(words)]


def end_words(game: Game[Any], payoff: float) -> str:
    """What came of a match: 'X has won', 'draw', '+8 for First'."""
    names = game.seat_names
    if len(names) == 1 or not game.speed_matters:
        return f"{payoff:+g} for {names[0]}"
    return f"{names[payoff < 0]} has won" if payoff else "draw"


def _ply(game: Game[Any], ply: Ply, shared: Shared) -> Data:
    verdict = ply.verdict
    best = ", ".join(verdict.best_actions) if verdict and (verdict.regret or verdict.plies_lost) else ""
    return _told(
        number=ply.number + 1,
        seat=ply.seat,
        action=None if ply.action is None else shared.line(ply.action, 80),
        tone=tone_of(ply).value,
        verdict=shared.line(verdict_words(ply)) if verdict_words(ply) else None,
        best=shared.line(best) if best else None,
        claim=_claim(ply, shared),
        values=list(_values(ply, shared)),
        attempts=[_attempt(attempt, shared) for attempt in ply.attempts],
    )


def _claim(ply: Ply, shared: Shared) -> list[int] | None:
    """What was claimed, what is true, and whether that is the same."""
    if ply.claim is None or ply.status is None:
        return None
    return [shared.line(ply.claim), shared.line(ply.status), int(is_claim_right(ply))]


def _values(ply: Ply, shared: Shared) -> Iterator[list[int]]:
    """Every legal action, the best first: its name, its value in words, and whether none is better."""
    if ply.verdict is None:
        return
    best = set(ply.verdict.best_actions)
    values = {name: parse_value(text) for name, text in ply.verdict.values.items()}
    for name in sorted(values, key=lambda name: values[name], reverse=True):
        yield [shared.line(name, 80), shared.line(str(values[name])), int(name in best)]


def _attempt(attempt: Attempt, shared: Shared) -> Data:
    asked, thought = prompt_of(attempt), reasoning_of(attempt)
    is_model = attempt.completion is not None or bool(attempt.calls)
    return _told(
        said=shared.text(attempt.text) if is_model or attempt.problem is not None else None,
        action=None if attempt.action is None else shared.line(attempt.action, 80),
        problem=None if attempt.problem is None else shared.line(str(attempt.problem)),
        why=shared.line(attempt.why, 600) if attempt.why else None,
        thought=shared.text(thought) if thought else None,
        asked=shared.paragraphs(asked),
        calls=[[shared.line(c.purpose), shared.line(c.found), shared.text(c.text)] for c in attempt.calls],
        note=shared.line(attempt.note, 600) if attempt.note else None,
        cost=shared.line(_cost(attempt)) if is_model else None,
    )


def _cost(attempt: Attempt) -> str:
    """Seconds, tokens and dollars of a reply, as far as they are known."""
    shapes: Mapping[str, str] = {
        "seconds": "{:.1f} s",
        "prompt_tokens": "{:,.0f} tokens in",
        "completion_tokens": "{:,.0f} out",
        "reasoning_tokens": "{:,.0f} of them thinking",
        "dollars": "${:.4f}",
    }
    known = ((shape, quantity_of([attempt], quantity)) for quantity, shape in shapes.items())
    return ", ".join(shape.format(amount) for shape, amount in known if amount is not None)


def _told(**facts: Any) -> Data:
    return {name: fact for name, fact in facts.items() if fact is not None and fact != []}
