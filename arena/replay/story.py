"""A match as a story: its positions in order, and what led from each to the next.

Pure functions over a record, which know no window and no page. Values are those of the record's verdicts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import Any

from arena.record import MatchRecord, Ply
from arena.telling import ending_told, is_claim_right, notes_of, tone_of, value_words
from games.base import Game, Seat
from games.registry import parse_game
from games.values import Value, parse_value
from players.base import Problem
from renderers.scene import Scene, Tone, scene_of, with_notes, with_signs

MOST_BEST = 4
"""Answers that are named, of those that are equally good."""


class Event(StrEnum):
    """What one looks for in a match."""

    BLUNDER = "blunder"
    ILLEGAL = "illegal"
    """An attempt was refused, for whatever reason."""
    WRONG_CLAIM = "wrong claim"


@dataclass(frozen=True)
class Step:
    """A position, and the plies that led to it: none at the start, several where seats choose at once."""

    plies: tuple[Ply, ...]
    before: str | None
    """The state in which the plies were chosen; None at the start."""
    after: str
    value: Value | None
    """Of the position, for the first seat; None where no verdict tells it."""

    @cached_property
    def tone(self) -> Tone | None:
        """The worst of what was done."""
        tones = [tone_of(ply) for ply in self.plies]
        return max(tones, key=list(Tone).index) if tones else None

    @cached_property
    def events(self) -> frozenset[Event]:
        """What there is to see in it."""
        return frozenset(event for ply in self.plies for event in events_of(ply))


@dataclass(frozen=True)
class Story:
    """A match from its start to its end."""

    record: MatchRecord

    @cached_property
    def game(self) -> Game[Any]:
        return parse_game(self.record.game)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The start, then one step for each turn; one without an accepted action leaves the board alone."""
        record = self.record
        turns = [tuple(plies) for _, plies in groupby(record.plies, key=lambda ply: ply.number)]
        states = [*(turn[0].state for turn in turns), record.final_state]
        values = [*_values(self.game, turns), _final_value(record)]
        start = Step((), None, states[0], values[0])
        return start, *(Step(turn, states[n], states[n + 1], values[n + 1]) for n, turn in enumerate(turns))

    @cached_property
    def most_actions(self) -> tuple[int, int]:
        """How many actions a seat had at most, and the letters of the longest one with its value."""
        told = [notes_of(ply) for ply in self.record.plies]
        longest = (len(f"{name}: {value}") for notes in told for name, value in notes.items())
        return max(map(len, told), default=0), max(longest, default=0)

    @property
    def title(self) -> str:
        """Who plays whom, with the marks they play."""
        names = zip(self.record.players, self.game.seat_names, strict=True)
        return " vs ".join(f"{name} ({mark})" for name, mark in names)

    def standing(self, number: int) -> str:
        """What a position is worth: 'X wins in 3', 'draw', '+0.5 for First'; '' where nobody knows."""
        value, names = self.steps[number].value, self.game.seat_names
        if value is None or number == len(self.steps) - 1:
            return ""
        if len(names) == 1:
            return _alone(value, self.game.speed_matters)
        if value.plies is None:
            return f"{value.payoff:+.3g} for {names[0]}{self._as_seen(number)}"
        return f"{names[value.payoff < 0]} wins in {value.plies}" if value.payoff else "draw"

    def answer(self, number: int) -> str:
        """What refutes a step that gave something away: 'then best for X: 5 (win in 1)', or ''.

        It is told by the verdict on the next turn, so there must be one, and of another seat. With hidden
        information it would rest on what the first did not know.
        """
        if self.game.hidden:
            return ""
        turns = [step.plies for step in self.steps[number : number + 2]]
        if len(turns) < 2 or {len(plies) for plies in turns} != {1}:
            return ""
        (ply,), (reply,) = turns
        if ply.verdict is None or not ply.verdict.regret or reply.verdict is None or ply.seat == reply.seat:
            return ""
        best, worth = reply.verdict.best_actions[:MOST_BEST], value_words(parse_value(reply.verdict.best))
        return f"then best for {self.game.seat_names[reply.seat]}: {', '.join(best)} ({worth})"

    def _as_seen(self, number: int) -> str:
        """Whose knowledge a value rests on: with hidden information that of the seat that acted."""
        acting = self.steps[max(number, 1)].plies
        return f", as {self.game.seat_names[acting[0].seat]} sees it" * self.game.hidden

    @property
    def ending(self) -> str:
        """How the match ended, and what each seat got."""
        record = self.record
        points = " : ".join(f"{r:+g}" for r in record.returns or ())
        return ending_told(record) + (f" ({points})" if points else "")

    def find(self, event: Event, after: int, direction: int = 1) -> int | None:
        """The next step, or with -1 the one before, that shows the event."""
        places = range(after + direction, len(self.steps) if direction > 0 else -1, direction)
        return next((n for n in places if event in self.steps[n].events), None)

    def scene(self, number: int, *, values: bool = True, seen_by: Seat | None = None) -> Scene:
        """The position after a step, with signs of what was played and, with values, of what could have been.

        With seen_by only what that seat may see.
        """
        step = self.steps[number]
        scene = self._plain(step.after, seen_by, step.before)
        if step.before is None:
            return scene
        before = with_signs(self._plain(step.before, seen_by), self._signs(step, values))
        signed = replace(scene, signs=before.signs)
        return with_notes(signed, notes_of(step.plies[0])) if values and len(step.plies) == 1 else signed

    def _plain(self, notation: str, seen_by: Seat | None, before: str | None = None) -> Scene:
        return scene_of(
            self.game,
            self._state(notation, seen_by),
            before=None if before is None else self._state(before, seen_by),
        )

    def _state(self, notation: str, seen_by: Seat | None) -> Any:
        state = self.game.parse_state(notation)
        return state if seen_by is None else self.game.observe(state, seen_by)

    def _signs(self, step: Step, values: bool) -> Iterator[tuple[Tone, tuple[str, ...]]]:
        for ply in step.plies:
            yield from ((tone, self.game.where(name)) for tone, name in _signs(ply, values))


def _signs(ply: Ply, values: bool) -> Iterator[tuple[Tone, str]]:
    """What is said of which action, the most important last."""
    best = ply.verdict.best_actions if ply.verdict and values else ()
    yield from ((Tone.BEST, name) for name in best if name != ply.action)
    refused = {a.action for a in ply.attempts if a.problem is Problem.ILLEGAL and a.action is not None}
    yield from ((Tone.ILLEGAL, name) for name in sorted(refused))
    if ply.action is not None:
        yield (tone_of(ply) if values else Tone.PLAYED), ply.action


def events_of(ply: Ply) -> Iterator[Event]:
    """What there is to see in a ply."""
    if ply.verdict is not None and ply.verdict.blunder:
        yield Event.BLUNDER
    if any(attempt.problem is not None for attempt in ply.attempts):
        yield Event.ILLEGAL
    if not is_claim_right(ply):
        yield Event.WRONG_CLAIM


def refusal_word(plies: Iterable[Ply]) -> str:
    """What was wrong with the attempts that were refused: their problem's own word, or one for several."""
    words = {attempt.problem.value for ply in plies for attempt in ply.attempts if attempt.problem}
    return words.pop() if len(words) == 1 else "refused" if words else ""


def _alone(value: Value, speed: bool) -> str:
    """What one who plays alone may still get."""
    if value.plies is not None and value.payoff > 0:
        return f"can be solved in {value.plies}"
    return "can't be solved any more in time" if speed else f"{value.payoff:+.3g} expected"


def _values(game: Game[Any], turns: Sequence[tuple[Ply, ...]]) -> Iterator[Value | None]:
    """The values of all positions but the last.

    With hidden information what was played tells, for the next seat knows other things: a value in its eyes
    would jump though nothing was given away.
    """
    for number, turn in enumerate(turns):
        seen = game.hidden and number > 0
        yield _value(game, turns[number - 1], played=True) if seen else _value(game, turn)


def _value(game: Game[Any], plies: tuple[Ply, ...], *, played: bool = False) -> Value | None:
    """The value for the first seat of the best, or of what was played, as the verdicts on a turn tell."""
    for ply in plies:
        if ply.verdict is not None and (ply.seat == 0 or game.zero_sum):
            value = parse_value(ply.verdict.played if played else ply.verdict.best)
            return value if ply.seat == 0 else -value
    return None


def _final_value(record: MatchRecord) -> Value | None:
    return None if record.returns is None else Value(record.returns[0], 0)
