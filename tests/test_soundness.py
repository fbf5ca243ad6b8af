"""Damaged records: whatever is done to one field, a reader gets a line that names it, or a match to show."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from arena.cli.boards import match_view
from arena.cli.tables import stats_data, stats_tables
from arena.judging import judge_record
from arena.match import MatchSpec, play_match
from arena.record import TORN, Ending, MatchRecord, RecordError, from_line, to_line
from games.registry import parse_game
from games.solvers import Budget, shared_solver
from players.specs import make_player

Path = tuple[str | int, ...]


@pytest.fixture(autouse=True, scope="module")
def hasty_solvers() -> Iterator[None]:
    """What is dear to solve is given up at once: here only soundness is asked for."""
    shared_solver.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("games.solvers.DEFAULT_BUDGET", Budget(states=20_000, seconds=2.0))
        yield
    shared_solver.cache_clear()


GAMES = ("tictactoe", "connect4", "kuhn", "rps", "pig", "sliding", "mastermind", "nim", "othello")


@cache
def played(game: str = "tictactoe", *names: str) -> MatchRecord:
    """A judged match."""
    players = names or ("random", "random")[: parse_game(game).num_seats]
    record = asyncio.run(play_match(MatchSpec(game, players, 7), [make_player(name) for name in players]))
    return judge_record(record) if game != "connect4" else record  # whose middle game is dear


def talkative() -> dict[str, Any]:
    """A record in which a model has said something."""
    data: dict[str, Any] = json.loads(to_line(played()))
    data["plies"][0]["attempts"][0]["completion"] = {
        "reasoning": "hm",
        "finish_reason": "stop",
        "usage": {"prompt_tokens": 9, "completion_tokens": 2, "reasoning_tokens": None},
    }
    return data


def shown(line: str) -> str:
    """All that can be done with a record's line; the message if it is refused."""
    console = Console(width=80, record=True, file=None, quiet=True)
    try:
        record = from_line(line)
    except RecordError as error:
        return str(error)
    for part in match_view(record, 1, full=True):
        console.print(part)
    for table in stats_tables([record]):
        console.print(table)
    stats_data([record])
    try:
        judge_record(record)
    except RecordError as error:
        return str(error)
    return ""


def places(data: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield from places(value, (*path, key))


def changed(data: Any, path: Path, change: Callable[[Any], Any] | None) -> str:
    """The record with one field changed, or left out."""
    fresh = json.loads(json.dumps(data))
    inner = fresh
    for key in path[:-1]:
        inner = inner[key]
    if change is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = change(inner[path[-1]])
    return json.dumps(fresh)


ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1,
    7,
    2.5,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "99",
    "\x1b[31m\u202e",
    "\ud800",
    [],
    {},
    [None],
    {"a": 1},
    ["x", "y", "z"],
)
CHANGES: tuple[Callable[[Any], Any] | None, ...] = (
    None,
    *((lambda old, new=new: new) for new in ODD),
    lambda old: [old],
    lambda old: {"x": old},
    lambda old: old * 2 if isinstance(old, str | list) else old,
    lambda old: old[:-1] if isinstance(old, str | list) else old,
    lambda old: old[::-1] if isinstance(old, str | list) else old,
    lambda old: dict(list(old.items())[1:]) if isinstance(old, dict) else str(old),
)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_one_field_changed_gives_a_clear_line_or_a_match(data: st.DataObject) -> None:
    game = data.draw(st.sampled_from(GAMES), "game")
    record = talkative() if game == "tictactoe" else json.loads(to_line(played(game)))
    path = data.draw(st.sampled_from(list(places(record))), "place")
    line = changed(record, path, data.draw(st.sampled_from(CHANGES), "change"))
    said = shown(line)
    if said and path not in [("match_id",), ("schema",)] and "not a match record: Invalid JSON" not in said:
        assert f"match {record['match_id']}" in said


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 3000))
def test_a_record_cut_off_anywhere_is_torn(length: int) -> None:
    line = to_line(played())
    with pytest.raises(RecordError) as error:
        from_line(line[: min(length, len(line) - 1)])
    assert str(error.value) == TORN


def ply(index: int, field: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["plies"][index].__setitem__(field, value)


def frame(field: str, value: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data.__setitem__(field, value)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (ply(1, "seat", 7), "plies.1.seat: there is no seat 7"),
        (ply(1, "seat", 0), "plies.1.seat: seat 0 is not to move"),
        (ply(1, "action", "99"), "plies.1.action: not an action: '99'"),
        (ply(1, "attempts", []), "plies.1.attempts: there is none"),
        (ply(1, "state", "XX"), "plies.1.state: not a state of tictactoe: 'XX'"),
        (ply(2, "number", 0), "plies.2.number: 0 after 1"),
        (frame("players", ["one"]), "players: 1 where tictactoe has 2 seats"),
        (frame("players", ["a", "b", "c"]), "players: 3 where tictactoe has 2 seats"),
        (frame("configs", []), "configs: 0 where"),
        (frame("configs", [{"style": 3}, {}]), "configs.0.style: no style of a prompt: 3"),
        (frame("returns", [1.0]), "returns: 1 where tictactoe has 2 seats"),
        (frame("returns", None), "returns: None do not fit the ending completed"),
        (frame("culprit", 9), "culprit: there is no seat 9"),
        (frame("culprit", 0), "culprit: seat 0 is blamed for the ending completed"),
        (frame("game", "chequers"), "game: unknown game 'chequers'"),
        (frame("final_state", "XXX/XXX/XXX"), "final_state: no play of tictactoe leads to"),
        (frame("returns", [9.0, 9.0]), "returns: it says completed with returns [9.0, 9.0], the board says"),
        (frame("final_state", ".../.../..."), "returns: it says completed with returns"),
        (frame("seconds", -1.0), "seconds: no amount: -1.0"),
    ],
)
def test_the_field_is_named(damage: Callable[[dict[str, Any]], None], says: str) -> None:
    data = json.loads(to_line(played()))
    damage(data)
    with pytest.raises(RecordError) as error:
        from_line(json.dumps(data))
    assert f"match {data['match_id']}: {says}" in str(error.value)


@pytest.mark.parametrize(
    "usage",
    [5, {"prompt_tokens": "9"}, {"completion_tokens": -1}, {"prompt_tokens": 10**400}, {"dollars": 10**400}],
)
def test_odd_usage_is_named(usage: Any) -> None:
    data = talkative()
    data["plies"][0]["attempts"][0]["completion"]["usage"] = usage
    assert "plies.0.attempts.0.completion.usage" in shown(json.dumps(data))


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("values", {}, "are not those of the legal actions"),
        ("best", "nonsense", "not a value: 'nonsense'"),
        ("best", "+1@99", "is not the best of the values"),
        ("best_actions", ["99"], "best_actions"),
        ("regret", -2.0, "regret"),
    ],
)
def test_an_odd_verdict_is_named(field: str, value: Any, says: str) -> None:
    data = json.loads(to_line(played()))
    data["plies"][0]["verdict"][field] = value
    said = shown(json.dumps(data))
    assert "plies.0.verdict" in said
    assert says in said


# The judge holds the result against the board


def won() -> MatchRecord:
    """X wins by 1 2 3."""
    return played("tictactoe", "scripted:1,2,3", "scripted:4,5")


def forfeited() -> MatchRecord:
    """O takes a taken cell and forfeits."""
    return played("tictactoe", "scripted:1,2,3", "scripted:1,1,1")


def test_what_is_right_is_judged() -> None:
    assert (won().ending, won().returns) == (Ending.COMPLETED, (1.0, -1.0))
    assert (forfeited().ending, forfeited().returns) == (Ending.ILLEGAL, (1.0, -1.0))
    for record in (won(), forfeited(), *(played(game) for game in GAMES if game != "connect4")):
        assert judge_record(record) == record


@pytest.mark.parametrize(
    ("record", "change", "says"),
    [
        (won, {"returns": (-1.0, 1.0)}, "it says completed with returns [-1.0, 1.0], the board says"),
        (won, {"ending": Ending.ILLEGAL, "culprit": 1}, "the board says returns [1.0, -1.0]"),
        (won, {"ending": Ending.PLY_LIMIT, "returns": (0.0, 0.0)}, "the board says returns"),
        (won, {"opening": ("9",)}, "the opening 9 does not lead to"),
        (won, {"opening": ("nonsense",)}, "the opening nonsense does not lead to"),
        (forfeited, {"ending": Ending.COMPLETED, "culprit": None}, "the board says still in play"),
        (forfeited, {"returns": (-1.0, 1.0)}, "such an ending has [1.0, -1.0]"),
        (forfeited, {"culprit": 0}, "it says illegal by seat 0, whose last attempt was accepted"),
        (forfeited, {"ending": Ending.TIMEOUT}, "it says timeout by seat 1, whose last attempt was illegal"),
        (forfeited, {"final_state": ".../.../..."}, "and yet the match goes on"),
    ],
)
def test_a_result_that_is_not_the_boards_is_refused(
    record: Callable[[], MatchRecord], change: dict[str, Any], says: str
) -> None:
    with pytest.raises(RecordError) as error:
        judge_record(replace(record(), **change))
    assert says in str(error.value)
    assert record().match_id in str(error.value)


def test_plies_that_do_not_start_at_the_start_are_refused() -> None:
    record = won()
    with pytest.raises(RecordError, match=r"the start does not lead to X\.\./\.\.\./\.\.\."):
        judge_record(replace(record, plies=record.plies[1:]))


def test_an_opening_is_followed_through_chance() -> None:
    spec = MatchSpec("kuhn", ("random", "random"), 1, opening=("bet",))
    record = asyncio.run(play_match(spec, [make_player("random")] * 2))
    assert judge_record(record).plies[0].number == 1
