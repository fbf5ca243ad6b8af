"""A match that is over, and the latest blunder, in lines of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from arena.harmless import inert
from arena.record import MatchRecord, Ply
from arena.telling import ending_told, tone_of, verdict_words
from games.registry import parse_game
from renderers.scene import Tone, scene_of
from renderers.text import boxed


def match_line(record: MatchRecord, number: int) -> str:
    """A match in one line: who, how it ended, and what was given away."""
    points = " : ".join(f"{r:+g}" for r in record.returns or ())
    told = f"match {number}  {record.game}  {inert(' vs '.join(record.players))}"
    ending = inert(ending_told(record)) + (f" ({points})" if points else "")
    return f"{told}  {ending}  {summary(record)}".rstrip()


def summary(record: MatchRecord) -> str:
    """The verdicts of a match in numbers: '5 optimal, 1 blunder'."""
    tones = Counter(tone_of(ply) for ply in record.plies if ply.verdict is not None or ply.action is None)
    bare = sum(ply.action is not None and ply.verdict is None for ply in record.plies)
    parts = [f"{count} {tone.value}" for tone in Tone if (count := tones[tone])]
    return ", ".join([*parts, *([f"{bare} not judged"] if bare else [])])


def final_board(record: MatchRecord) -> str:
    """The board as the match left it."""
    game = parse_game(record.game)
    return boxed(scene_of(game, game.parse_state(record.final_state)))


def blunder_lines(record: MatchRecord) -> Iterator[str]:
    """The last blunder of a match: who did what where, and what would have been better."""
    blunders = [ply for ply in record.plies if ply.verdict is not None and ply.verdict.blunder]
    if blunders:
        yield from _blunder(record, blunders[-1])


def _blunder(record: MatchRecord, ply: Ply) -> Iterator[str]:
    game, verdict = parse_game(record.game), ply.verdict
    assert verdict is not None
    who = f"{inert(record.players[ply.seat], 60)} ({game.seat_names[ply.seat]})"
    yield f"{who} plays {ply.action} at {ply.state}  {record.game}, ply {ply.number + 1}"
    yield f"{verdict_words(ply)}; better: {', '.join(verdict.best_actions[:6])}"
