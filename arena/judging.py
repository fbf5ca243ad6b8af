"""Verdicts on whole records: each ply's action against the exact solver, each claim against the truth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from arena.record import MatchRecord, Ply, RecordError
from arena.referee import judge
from games.base import Game, GameError
from games.registry import parse_game
from games.solvers import Solver, UnsolvedError, shared_solver
from games.status import status_after


def judge_record(record: MatchRecord, solver: Solver[Any] | None = None) -> MatchRecord:
    """The record with a verdict on every accepted action; older verdicts are made again.

    Raises RecordError if the record can't have come from this game: an unknown state or action, or plies
    that don't follow from each other.
    """
    try:
        game = parse_game(record.game)
        plies = tuple(_judged(game, ply, solver) for ply in record.plies)
        _check_chain(game, record)
    except GameError as error:
        raise RecordError(f"match {record.match_id}: {error}") from error
    return replace(record, plies=plies)


def _judged(game: Game[Any], ply: Ply, solver: Solver[Any] | None) -> Ply:
    if ply.action is None:
        return replace(ply, verdict=None, unjudged="")
    state = game.parse_state(ply.state)
    action = game.parse_action(state, ply.action)
    try:
        verdict = judge(game, solver or shared_solver(game), state, ply.seat, action)
    except UnsolvedError as error:
        return replace(ply, verdict=None, unjudged=str(error))
    return replace(ply, verdict=verdict, unjudged="", status=status_after(game, state, ply.seat, action))


def _check_chain(game: Game[Any], record: MatchRecord) -> None:
    """Every ply leads to the state before the next one; the last to the final state."""
    turns: dict[int, list[Ply]] = {}
    for ply in record.plies:
        turns.setdefault(ply.number, []).append(ply)
    groups = list(turns.values())
    states = [*(group[0].state for group in groups[1:]), record.final_state]
    for group, after in zip(groups, states, strict=True):
        if all(ply.action is not None for ply in group) and not _leads_to(game, group, after):
            played = " and ".join(f"{ply.action}" for ply in group)
            raise RecordError(
                f"match {record.match_id}, ply {group[0].number}: {played} in {group[0].state} "
                f"does not lead to {after} in {game.spec}"
            )


def _leads_to(game: Game[Any], group: list[Ply], after: str) -> bool:
    state, target = game.parse_state(group[0].state), game.parse_state(after)
    joint = {ply.seat: game.parse_action(state, ply.action or "") for ply in group}
    reached = {t.state for t in game.transitions(state, joint)}
    for _ in range(game.max_plies):  # chance may move before the next turn is noted
        if target in reached:
            return True
        waiting = [s for s in reached if game.outcome(s) is None and not game.seats_to_move(s)]
        reached = {t.state for s in waiting for t in game.transitions(s, {})}
        if not reached:
            return False
    return False
