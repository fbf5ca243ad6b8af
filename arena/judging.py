"""Verdicts on whole records: each ply's action against the exact solver, each claim against the truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Any

from arena.record import MatchRecord, Ply, RecordError
from arena.referee import Verdict, judge
from arena.soundness import check_record
from games.base import Action, Game, GameError, Seat
from games.registry import parse_game
from games.solvers import Solver, UnsolvedError, shared_solver
from games.status import status_after


def judge_record(record: MatchRecord, solver: Solver[Any] | None = None) -> MatchRecord:
    """The record with a verdict on every accepted action; older verdicts are made again.

    Raises RecordError if the record can't have come from this game: an unknown state or action, plies that
    don't follow from the start and from each other, or a result that is not the board's.
    """
    check_record(_bare(record))  # old verdicts may be anything, they are made again
    try:
        game = parse_game(record.game)
        _check_course(game, record)  # before solving, which is dear
        plies = _judged_backwards(game, record.plies, solver or shared_solver(game))
    except GameError as error:
        raise RecordError(f"match {record.match_id}: {error}") from error
    return replace(record, plies=plies)


def judge_fresh(record: MatchRecord, solver: Solver[Any]) -> MatchRecord:
    """The same for a match that has just been played here: that it follows the rules need not be checked."""
    return replace(record, plies=_judged_backwards(parse_game(record.game), record.plies, solver))


def _bare(record: MatchRecord) -> MatchRecord:
    return replace(record, plies=tuple(replace(ply, verdict=None) for ply in record.plies))


@lru_cache(maxsize=1 << 14)
def _verdict(game: Game[Any], solver: Solver[Any], state: Any, seat: Seat, action: Action) -> Verdict:
    """The referee's verdict; the first plies of many matches are the same."""
    return judge(game, solver, state, seat, action)


def _judged_backwards(game: Game[Any], plies: tuple[Ply, ...], solver: Solver[Any]) -> tuple[Ply, ...]:
    """Judge from the end on: what is below a state is solved first, and where a state is beyond the budget
    all before it are too."""
    judged: list[Ply] = []
    beyond = ""
    for ply in reversed(plies):
        judged.append(_judged(game, ply, solver, beyond))
        beyond = judged[-1].unjudged
    return tuple(reversed(judged))


def _judged(game: Game[Any], ply: Ply, solver: Solver[Any], beyond: str) -> Ply:
    if ply.action is None:
        return replace(ply, verdict=None, unjudged="")
    state = game.parse_state(ply.state)
    action = game.parse_action(state, ply.action)
    status = status_after(game, state, ply.seat, action)
    if beyond:
        return replace(ply, status=status, verdict=None, unjudged=beyond)
    try:
        verdict = _verdict(game, solver, state, ply.seat, action)  # type: ignore[arg-type]  # by identity
    except UnsolvedError as error:
        return replace(ply, status=status, verdict=None, unjudged=str(error))
    return replace(ply, status=status, verdict=verdict, unjudged="")


def _check_course(game: Game[Any], record: MatchRecord) -> None:
    """The plies follow from the start and from each other; the ending has been held against the board."""
    turns = [list(group) for _, group in groupby(record.plies, key=lambda ply: ply.number)]
    _check_start(game, record)
    for group, after in pairwise(turns):
        _check_turn(game, record, group, after[0].state, last=False)
    if turns:
        _check_turn(game, record, turns[-1], record.final_state, last=True)


def _check_start(game: Game[Any], record: MatchRecord) -> None:
    """The opening, and chance where it has a say, lead from the start of the game to the first ply."""
    first = record.plies[0].state if record.plies else record.final_state
    met = _after_chance(game, {game.initial_state()})
    for word in record.opening:
        met = _after_chance(game, {after for state in met for after in _opened(game, state, word)})
    if game.parse_state(first) not in met:
        opening = f"the opening {' '.join(record.opening)}" if record.opening else "the start"
        raise RecordError(f"match {record.match_id}: {opening} does not lead to {first} in {game.spec}")


def _opened(game: Game[Any], state: Any, word: str) -> Iterator[Any]:
    """What may follow a state when the one seat to move plays this; nothing where it can't."""
    seats = game.seats_to_move(state)
    if len(seats) != 1:
        return
    try:
        followers = game.transitions(state, {seats[0]: game.parse_action(state, word)})
    except GameError:  # another deal allows it, or none does and the first ply is not reached
        return
    yield from (t.state for t in followers)


def _check_turn(game: Game[Any], record: MatchRecord, group: list[Ply], after: str, *, last: bool) -> None:
    """A turn leads to the state that is noted after it; one that a forfeit or a fault cut off is the last."""
    first = group[0]
    match = f"match {record.match_id}, ply {first.number}"
    if any(ply.state != first.state for ply in group):
        raise RecordError(f"{match}: its seats act in different states")
    acted = sorted(ply.seat for ply in group if ply.action is not None)
    if acted == list(game.seats_to_move(game.parse_state(first.state))):
        if not _leads_to(game, group, after):
            played = " and ".join(f"{ply.action}" for ply in group)
            raise RecordError(f"{match}: {played} in {first.state} does not lead to {after} in {game.spec}")
    elif not last or after != first.state:
        raise RecordError(f"{match}: nobody acts in {first.state}, and yet the match goes on")


def _leads_to(game: Game[Any], group: list[Ply], after: str) -> bool:
    state, target = game.parse_state(group[0].state), game.parse_state(after)
    joint = {ply.seat: game.parse_action(state, ply.action or "") for ply in group}
    return target in _after_chance(game, {t.state for t in game.transitions(state, joint)})


def _after_chance(game: Game[Any], states: set[Any]) -> set[Any]:
    """The states, and all that chance alone may make of them: it may move before the next turn is noted."""
    met, new = set(states), states
    while new:
        waiting = [s for s in new if game.outcome(s) is None and not game.seats_to_move(s)]
        new = {t.state for s in waiting for t in game.transitions(s, {})} - met
        met |= new
    return met
