"""What stands below a board in a film or a sheet: what was done, what it was worth, what was falsely claimed.

Pure functions from a story to lines of text. Of a player its name without options: all of it is in the title.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from arena.record import Ply
from arena.replay.plain import one_line
from arena.replay.story import Step, Story
from arena.telling import is_claim_right, plies_lost_words, tone_of, value_words, verdict_words
from games.values import parse_value
from renderers.scene import Tone
from renderers.shapes import ROLE_OF_TONE
from renderers.theme import Role

LONGEST = 90
"""Letters of a line; what is longer is cut, or it would be too small to read."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a caption."""

    text: str
    role: Role = "ink"
    loud: bool = False
    """To be seen at once: a blunder, a refused attempt, a wrong claim."""


def captions(story: Story, number: int, *, values: bool = True) -> tuple[Line, ...]:
    """The lines below the board of a step; without values, nothing that tells how good an action was."""
    step = story.steps[number]
    done = (*_step_lines(story, step, values), *_answer(story, number, values))
    lines = done or tuple(_start_lines(story, number, values))
    return (*lines, Line(f"end: {_ending(story)}")) if number == len(story.steps) - 1 else lines


def caption_text(story: Story, number: int, *, values: bool = True) -> str:
    """The caption on one line: 'ply 4: O smollm2 plays 9 - BLUNDER: draw -> loss in 4'."""
    return " - ".join(line.text for line in captions(story, number, values=values))


def _start_lines(story: Story, number: int, values: bool) -> Iterator[Line]:
    opening = " ".join(story.record.opening)
    yield Line(f"after the opening {one_line(opening, LONGEST)}" if opening else "start")
    standing = story.standing(number)
    if values and standing:
        yield Line(f"under best play: {standing}", "faint")


def _step_lines(story: Story, step: Step, values: bool) -> Iterator[Line]:
    """One turn; where several seats choose at once, what each did and gave away is one line."""
    plies = sorted(step.plies, key=lambda ply: ply.seat)
    if len(plies) > 1:
        yield Line(f"ply {plies[0].number + 1}, at once:", "faint")
        yield from (_short_line(story, ply, values) for ply in plies)
        return
    for ply in plies:
        yield Line(f"ply {ply.number + 1}: {_who(story, ply)} {_did(ply)}")
        yield from _refusals(ply)
        if values and verdict_words(ply):
            yield _verdict_line(ply)
        yield from _wrong_claim(ply)


def _short_line(story: Story, ply: Ply, values: bool) -> Line:
    worth = f" - {_worth(ply)}" if values and verdict_words(ply) else ""
    tone = tone_of(ply)
    loud = tone is Tone.ILLEGAL or (bool(worth) and tone is Tone.BLUNDER)
    role = ROLE_OF_TONE[tone] if worth or loud else "ink"
    return Line(f"{_who(story, ply)} {_did(ply)}{worth}", role, loud)


def _refusals(ply: Ply) -> Iterator[Line]:
    """What was tried and not accepted; the same thing tried again is one line."""
    refused = [(a.action, a.problem) for a in ply.attempts if a.problem is not None]
    for (action, problem), same in groupby(refused):
        what = "a reply" if action is None else f"tried {one_line(action, 40)}"
        times = len(list(same))
        first = "first " if ply.action is not None else ""
        often = f" ({times} times)" if times > 1 else ""
        yield Line(f"{first}{what}: {problem.value.upper()}{often}", "bad", loud=True)


def _verdict_line(ply: Ply) -> Line:
    tone = tone_of(ply)
    role = "faint" if tone is Tone.PLAYED else ROLE_OF_TONE[tone]
    return Line(_worth(ply), role, loud=tone is Tone.BLUNDER)


def _worth(ply: Ply) -> str:
    """The verdict as short as can be: both values tell how much was given away."""
    verdict = ply.verdict
    if verdict is None:
        return one_line(verdict_words(ply), LONGEST)
    if tone_of(ply) is Tone.OPTIMAL:
        return f"optimal: {value_words(parse_value(verdict.played))}"
    word = "BLUNDER" if verdict.blunder else "regret" if verdict.regret else plies_lost_words(verdict)
    return f"{word}: {value_words(parse_value(verdict.best))} -> {value_words(parse_value(verdict.played))}"


def _wrong_claim(ply: Ply) -> Iterator[Line]:
    if ply.claim is not None and ply.status is not None and not is_claim_right(ply):
        text = f"says: {one_line(ply.claim, 40)}; truth: {one_line(ply.status, 40)}"
        yield Line(text, "bad", loud=True)


def _answer(story: Story, number: int, values: bool) -> Iterator[Line]:
    """What refutes an error."""
    answer = story.answer(number) if values else ""
    if answer:
        yield Line(one_line(answer, LONGEST), "bad")


def _who(story: Story, ply: Ply) -> str:
    """The seat and the player's name without its options."""
    return f"{story.game.seat_names[ply.seat]} {one_line(story.record.players[ply.seat].split('?')[0], 40)}"


def _did(ply: Ply) -> str:
    return f"plays {one_line(ply.action, 60)}" if ply.action is not None else "has no accepted action"


def _ending(story: Story) -> str:
    """Why the match ended, and the points of each seat."""
    record = story.record
    points = " : ".join(f"{points:+g}" for points in record.returns or ())
    return one_line(record.reason or record.ending.value, LONGEST) + (f" ({points})" if points else "")
