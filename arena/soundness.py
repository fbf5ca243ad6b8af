"""Whether a record can be one of its game: everything that readers of records may rely on.

A file of records may have been edited, written by another program, or damaged. What passes here can be shown,
counted and judged without a further thought; what does not is named by match and field. The result is held
against the board, since it is what counts; whether the plies follow from each other is asked by the judge.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from math import isfinite
from typing import Any

from arena.record import FORFEITS, Attempt, Ending, MatchRecord, Ply, RecordError
from arena.referee import Verdict
from games.base import Game, GameError, Outcome
from games.registry import parse_game
from games.values import parse_value

MOST = 1e9
"""Tokens or dollars; what is more is no count, and can't be summed up."""

TOKENS = ("prompt_tokens", "completion_tokens", "reasoning_tokens")


class _Unsound(Exception):
    """What is wrong with a field; its place is put in front on the way up."""

    def __init__(self, place: str, why: object) -> None:
        super().__init__(f"{place}: {why}")
        self.place = place
        self.why = why


def check_record(record: MatchRecord) -> None:
    """Raise RecordError, which names the match and the field, unless the record is sound."""
    try:
        game = _game(record.game)
        _check_frame(record, game)
        _check_ending(record, game)
        _check_plies(record, game)
        _check_result(record, game)
    except _Unsound as error:
        raise RecordError(f"match {record.match_id or '(no id)'}: {error}") from error


def readable(record: MatchRecord) -> MatchRecord:
    """The record if it can be read again, else one that says why it can't: our own failure, not scored."""
    try:
        check_record(record)
    except RecordError as error:
        reason = f"failure of the arena: a record that can't be read again: {error}"
        return replace(record, plies=(), ending=Ending.ERROR, returns=None, culprit=None, reason=reason)
    return record


def forfeit_returns(game: Game[Any], culprit: int) -> tuple[float, ...]:
    """A forfeit costs the lowest return; in a zero-sum game the other seat gets the highest, else nothing."""
    low, high = game.return_range
    others = high if game.zero_sum else 0.0
    return tuple(low if seat == culprit else others for seat in range(game.num_seats))


@lru_cache(maxsize=64)
def _game(spec: str) -> Game[Any]:
    try:
        return parse_game(spec)
    except GameError as error:
        raise _Unsound("game", error) from error


def _require(sound: bool, place: str, why: object) -> None:
    if not sound:
        raise _Unsound(place, why)


def _check_frame(record: MatchRecord, game: Game[Any]) -> None:
    """One of everything for each seat, and a final state of the game."""
    _require(bool(record.match_id), "match_id", "is empty")
    for field in ("players", "configs"):
        count = len(getattr(record, field))
        _require(count == game.num_seats, field, f"{count} where {game.spec} has {_seats(game)}")
    for seat, config in enumerate(record.configs):
        style = config.get("style") or {}
        _require(isinstance(style, Mapping), f"configs.{seat}.style", f"no style of a prompt: {style!r}")
    _require(record.rules.attempts >= 0, "rules.attempts", f"{record.rules.attempts} is less than none")
    _check_numbers("seconds", [record.seconds, record.rules.seconds_per_turn or 0.0])
    _end(game, record.final_state)


def _check_ending(record: MatchRecord, game: Game[Any]) -> None:
    """The ending, the returns and the culprit fit each other."""
    returns, culprit = record.returns, record.culprit
    if returns is not None:
        _require(
            len(returns) == game.num_seats, "returns", f"{len(returns)} where {game.spec} has {_seats(game)}"
        )
        _require(all(map(isfinite, returns)), "returns", "not all are numbers")
    scored = record.ending is not Ending.ERROR
    _require((returns is not None) == scored, "returns", f"{returns} do not fit the ending {record.ending!s}")
    _require(culprit is None or culprit in range(game.num_seats), "culprit", f"there is no seat {culprit}")
    if record.ending in FORFEITS.values():
        _require(culprit is not None, "culprit", f"nobody is named for the ending {record.ending!s}")
    elif record.ending in (Ending.COMPLETED, Ending.PLY_LIMIT):
        _require(culprit is None, "culprit", f"seat {culprit} is blamed for the ending {record.ending!s}")


def _check_result(record: MatchRecord, game: Game[Any]) -> None:
    """The result is that of the board, or of the forfeit."""
    if record.ending is Ending.ERROR:
        return
    end, due = _end(game, record.final_state), None
    if record.ending is Ending.COMPLETED:
        due = end.returns if end else None
    elif end is None:
        forfeit = record.ending is not Ending.PLY_LIMIT
        due = _forfeited(game, record) if forfeit else (0.0,) * game.num_seats
    if due is None or record.returns != tuple(due):
        board = f"returns {list(end.returns)}: {end.reason}" if end else "still in play"
        stated = f"{record.ending!s} with returns {list(record.returns or ())}"
        rule = f"; such an ending has {list(due)}" if due and not end else ""
        why = f"it says {stated}, the board says {board} ({record.final_state}){rule}"
        raise _Unsound("returns", why)


def _forfeited(game: Game[Any], record: MatchRecord) -> tuple[float, ...]:
    """The returns of a forfeit, after a check that the culprit's last attempt failed in the way it says."""
    culprit = record.culprit if record.culprit is not None else -1
    failed = [ply for ply in record.plies if ply.seat == culprit and ply.action is None]
    problem = failed[-1].attempts[-1].problem if failed else None
    said = f"it says {record.ending!s} by seat {culprit}, whose last attempt was {problem or 'accepted'}"
    _require(problem is not None and FORFEITS[problem] is record.ending, "ending", said)
    return forfeit_returns(game, culprit)


@lru_cache(maxsize=4096)
def _end(game: Game[Any], text: str) -> Outcome | None:
    """How the game is over in its last state; None if it is not."""
    return game.outcome(_state(game, text, "final_state"))


def _seats(game: Game[Any]) -> str:
    return "one seat" if game.num_seats == 1 else f"{game.num_seats} seats"


def _check_plies(record: MatchRecord, game: Game[Any]) -> None:
    number = 0
    for index, ply in enumerate(record.plies):
        place = f"plies.{index}"
        _require(ply.number >= number, f"{place}.number", f"{ply.number} after {number}")
        number = ply.number
        try:
            _check_ply(ply, game)
        except _Unsound as error:
            raise _Unsound(f"{place}.{error.place}", error.why) from error


def _check_ply(ply: Ply, game: Game[Any]) -> None:
    legal = _legal(game, ply.state, ply.seat)
    _check_action(game, ply, legal)
    _require(bool(ply.attempts), "attempts", "there is none")
    for number, attempt in enumerate(ply.attempts):
        _check_attempt(attempt, f"attempts.{number}")
    accepted = ply.attempts[-1].problem is None
    _require(
        accepted == (ply.action is not None), "attempts", "the last one does not fit what came of the ply"
    )
    if ply.verdict is not None:
        _require(ply.action is not None, "verdict", "there is no action to judge")
        _check_verdict(ply.verdict, ply.action or "", legal)


@lru_cache(maxsize=4096)  # the same positions come again and again, and this is most of reading a record
def _legal(game: Game[Any], text: str, seat: int) -> tuple[str, ...]:
    """What the seat to move may do in a state, in notation."""
    state = _state(game, text, "state")
    _require(seat in range(game.num_seats), "seat", f"there is no seat {seat}")
    _require(seat in game.seats_to_move(state), "seat", f"seat {seat} is not to move in {text!r}")
    return tuple(game.format_action(state, action) for action in game.legal_actions(state, seat))


def _check_action(game: Game[Any], ply: Ply, legal: Collection[str]) -> None:
    if ply.action is None or ply.action in legal:
        return
    try:
        game.parse_action(game.parse_state(ply.state), ply.action)
    except GameError as error:
        raise _Unsound("action", error) from error
    raise _Unsound("action", f"{ply.action!r} is not legal in {ply.state!r}")


def _check_attempt(attempt: Attempt, place: str) -> None:
    _check_numbers(f"{place}.seconds", [attempt.seconds])
    _check_completion(attempt.completion or {}, f"{place}.completion")
    for number, call in enumerate(attempt.calls):
        _check_completion(call.completion or {}, f"{place}.calls.{number}.completion")


def _check_completion(facts: Mapping[str, Any], place: str) -> None:
    reasoning, usage = facts.get("reasoning"), facts.get("usage")
    _require(reasoning is None or isinstance(reasoning, str), f"{place}.reasoning", "is no text")
    if usage is None:
        return
    _require(isinstance(usage, Mapping), f"{place}.usage", f"no counts of tokens: {usage!r}")
    for kind in TOKENS:
        count = usage.get(kind)
        sound = count is None or (_is(int, count) and 0 <= count <= MOST)
        _require(sound, f"{place}.usage.{kind}", f"no count: {count!r}")
    cost = usage.get("dollars")
    sound = cost is None or (_is((int, float), cost) and -MOST <= cost <= MOST)
    _require(sound, f"{place}.usage.dollars", f"no amount: {cost!r}")


def _is(kind: type | tuple[type, ...], value: object) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _check_verdict(verdict: Verdict, action: str, legal: Collection[str]) -> None:
    """A verdict is about the legal actions, and says of each what it is worth."""
    _require(set(verdict.values) == set(legal), "verdict.values", "are not those of the legal actions")
    try:
        values = {text: parse_value(text) for text in set(verdict.values.values())}  # few are different
        best, played = parse_value(verdict.best), parse_value(verdict.played)
    except ValueError as error:
        raise _Unsound("verdict", error) from error
    _require(played == values[verdict.values[action]], "verdict.played", "is not the value of the action")
    _require(best == max(values.values()), "verdict.best", "is not the best of the values")
    top = {text for text, value in values.items() if value == best}
    tops = [name for name, text in verdict.values.items() if text in top]
    _require(sorted(verdict.best_actions) == sorted(tops), "verdict.best_actions", "are not those")
    _check_numbers("verdict.regret", [verdict.regret])
    _require((verdict.plies_lost or 0) >= 0, "verdict.plies_lost", "is less than none")


def _check_numbers(place: str, numbers: Iterable[float]) -> None:
    for number in numbers:
        _require(isfinite(number) and number >= 0, place, f"no amount: {number}")


def _state(game: Game[Any], text: str, place: str) -> Any:
    try:
        return game.parse_state(text)
    except GameError as error:
        raise _Unsound(place, error) from error
