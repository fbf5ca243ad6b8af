"""A match move by move, and a blunder with what was said: what a record holds, as report data."""

from __future__ import annotations

from collections.abc import Iterator

from arena.record import MatchRecord, Ply
from arena.report.data import Blunder, MatchDetail, PlyLine
from arena.report.evidence import reference
from arena.report.tally import Dear
from arena.telling import is_claim_right, reasoning_of, verdict_words
from games.registry import parse_game
from games.values import parse_value

LONGEST = 20_000
"""Characters of one reply that are taken into a report; the whole stands in the record."""


def blunder_of(record: MatchRecord, dear: Dear) -> Blunder:
    """The ply of a match that gave so much away."""
    ply = record.plies[dear.ply]
    verdict = ply.verdict
    assert verdict is not None and ply.action is not None
    last = ply.attempts[-1]
    is_model = last.completion is not None
    return Blunder(
        player=record.players[ply.seat],
        game=record.game,
        match_id=record.match_id,
        match=dear.number,
        ply=dear.ply + 1,
        seat=parse_game(record.game).seat_names[ply.seat],
        state=ply.state,
        action=ply.action,
        best_actions=verdict.best_actions,
        best=str(parse_value(verdict.best)),
        played=str(parse_value(verdict.played)),
        regret=verdict.regret,
        times=dear.times,
        said=shortened(last.text) if is_model else "",
        reasoning=shortened(reasoning_of(last)),
    )


def shortened(text: str) -> str:
    """A text of bounded length that says how much is missing."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]} ... ({len(text):,} characters; the whole is in the record)"


def detail_of(record: MatchRecord, number: int) -> MatchDetail:
    """A match as it is shown in full."""
    return MatchDetail(
        ref=reference(record, number),
        reason=record.reason,
        opening=" ".join(record.opening),
        seats=parse_game(record.game).seat_names[: len(record.players)],
        plies=tuple(_line(record, index, ply) for index, ply in enumerate(record.plies)),
        final_state=record.final_state,
    )


def _line(record: MatchRecord, index: int, ply: Ply) -> PlyLine:
    seat = parse_game(record.game).seat_names[ply.seat]
    verdict = ply.verdict
    return PlyLine(
        number=index + 1,
        who=f"{seat} {record.players[ply.seat]}",
        action=ply.action or "",
        verdict=_verdict(ply),
        dear=verdict is not None and verdict.regret > 0,
        state=ply.state,
        best_actions=verdict.best_actions if verdict else (),
        notes=tuple(_notes(ply)),
        said=tuple(shortened(a.text) for a in ply.attempts if a.completion is not None),
    )


def _verdict(ply: Ply) -> str:
    best = f"; best {' '.join(ply.verdict.best_actions)}" if ply.verdict and ply.verdict.regret else ""
    return verdict_words(ply) + best


def _notes(ply: Ply) -> Iterator[str]:
    for attempt in ply.attempts:
        if attempt.problem is not None:
            yield f"{attempt.problem} attempt: {attempt.why}"
    if not is_claim_right(ply):
        yield f"claims {ply.claim}; it is {ply.status}"
