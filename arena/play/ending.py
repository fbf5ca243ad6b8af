"""What is told of a match when it is over: the result, and what the person gave away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from arena.record import Ending, MatchRecord, Ply
from arena.telling import has_left, tone_of, verdict_words
from games.base import Seat
from players.coach import ASKED
from renderers.scene import Tone


def result_words(record: MatchRecord, seat: Seat) -> str:
    """How it ended for a seat, in a word or two."""
    if record.ending is Ending.ERROR or record.returns is None:
        return "Not scored."
    own, *others = record.returns[seat], *record.returns[:seat], *record.returns[seat + 1 :]
    if not others:
        return "Solved." if own > 0 else "Not solved."
    if own == max(others):
        return "A draw."
    return "You win." if own > max(others) else "You lose."


def ending_words(record: MatchRecord) -> str:
    """Why it ended, and with which returns."""
    points = " : ".join(f"{r:+g}" for r in record.returns or ())
    if has_left(record):
        return f"{record.reason[0].upper()}{record.reason[1:]}."
    return record.reason + (f" ({points})" if points else "")


def own_plies(record: MatchRecord, seat: Seat) -> list[Ply]:
    """What a seat did."""
    return [ply for ply in record.plies if ply.seat == seat and ply.action is not None]


def account(record: MatchRecord, seat: Seat) -> str:
    """A seat's moves in numbers: '4 moves: 3 optimal, 1 blunder; 2 given away; coach asked 1 time'."""
    plies = own_plies(record, seat)
    judged = [ply for ply in plies if ply.verdict is not None]
    tones = Counter(tone_of(ply) for ply in judged)
    parts = [f"{n} {tone.value}" for tone in Tone if (n := tones[tone])]
    parts += [f"{len(plies) - len(judged)} not judged"] * (len(judged) < len(plies))
    told = f"{_times(len(plies), 'move')}: {', '.join(parts)}" if plies else "no move"
    lost = sum(ply.verdict.regret for ply in judged if ply.verdict)
    return f"{told}; given away: {lost:g}; coach asked: {_times(asked_coach(plies), 'time')}"


def asked_coach(plies: list[Ply]) -> int:
    """In how many of them the coach was asked."""
    return sum(any(ASKED in attempt.note for attempt in ply.attempts) for ply in plies)


def moves_heading(record: MatchRecord, seat: Seat) -> str:
    """In which order the moves are told, where it is not that of the match."""
    plies = own_plies(record, seat)
    in_order = sorted(plies, key=lambda ply: -_lost(ply)) == plies
    return "" if in_order else "Your moves, the dearest first:"


def moves_told(record: MatchRecord, seat: Seat) -> Iterator[tuple[str, Tone]]:
    """Each move of a seat with what it gave away, and its tone; the dearest first."""
    plies = sorted(own_plies(record, seat), key=lambda ply: (-_lost(ply), ply.number))
    for ply in plies:
        best = ply.verdict.best_actions if ply.verdict and _lost(ply) else ()
        better = f"; better: {', '.join(best[:6])}" if best else ""
        coach = ", asked the coach" if asked_coach([ply]) else ""
        yield f"ply {ply.number + 1}: {ply.action}  {verdict_words(ply)}{better}{coach}", tone_of(ply)


def _lost(ply: Ply) -> float:
    """What orders the moves: returns first, then plies."""
    verdict = ply.verdict
    return 0.0 if verdict is None else verdict.regret + (verdict.plies_lost or 0) / 1000


def _times(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")
