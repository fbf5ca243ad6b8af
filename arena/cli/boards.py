"""Matches on the terminal: boards with the exact value of every cell, the move, and what was said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING, Any

from arena.cli.output import inert
from arena.record import Attempt, Ending, MatchRecord, Ply
from arena.referee import parsed_values
from games.registry import AnyGame, parse_game
from games.values import Result, Value
from renderers.scene import scene_of, with_notes
from renderers.text import boxed

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

LETTER = {Result.WIN: "W", Result.DRAW: "D", Result.LOSS: "L"}


def short_value(value: Value) -> str:
    """A value in a cell: W3 (win in 3), D, L2, or a score such as +8."""
    if value.plies is None:
        return f"{value.payoff:+g}"
    return "D" if value.payoff == 0 else f"{LETTER[value.result]}{value.plies}"


def valued_board(game: AnyGame, state: Any, values: Mapping[str, Value], played: str = "") -> str:
    """The board with the value of every action where it would be played; the played one in brackets."""
    notes = {name: f"[{short_value(v)}]" if name == played else short_value(v) for name, v in values.items()}
    return boxed(with_notes(scene_of(game, state), notes))


def match_view(record: MatchRecord, number: int, *, full: bool = False) -> Iterator[RenderableType]:
    """A match as a sequence of things to print."""
    from rich.rule import Rule
    from rich.text import Text

    game = parse_game(record.game)
    seats = " vs ".join(
        f"{name} ({mark})" for name, mark in zip(record.players, game.seat_names, strict=True)
    )
    yield Rule(Text(f"match {number}: {seats}", style="bold"), align="left")
    if record.opening:
        yield Text(f"opening: {' '.join(record.opening)}")
    for _, turns in groupby(record.plies, key=lambda ply: ply.number):
        for ply in turns:
            yield _ply_view(game, record, ply, full)
    yield Text(boxed(scene_of(game, game.parse_state(record.final_state))))
    yield _ending(game, record)


def _ply_view(game: AnyGame, record: MatchRecord, ply: Ply, full: bool) -> RenderableType:
    """The board before the ply on the left, what happened on the right."""
    from rich.table import Table
    from rich.text import Text

    values = parsed_values(ply.verdict) if ply.verdict else {}
    board = valued_board(game, game.parse_state(ply.state), values, ply.action or "")
    grid = Table.grid(padding=(0, 3))
    grid.add_column(no_wrap=True)
    grid.add_column()
    grid.add_row(Text(board), Text("\n").join(_ply_lines(game, record, ply, full)))
    return grid


def _ply_lines(game: AnyGame, record: MatchRecord, ply: Ply, full: bool) -> Iterator[Text]:
    from rich.text import Text

    who = f"{game.seat_names[ply.seat]} {record.players[ply.seat]}"
    yield Text(
        f"ply {ply.number + 1}  {who} " + (f"plays {ply.action}" if ply.action else "forfeits"), "bold"
    )
    yield from _verdict_lines(ply)
    for attempt in ply.attempts:
        yield from _attempt_lines(attempt, full)
    if ply.claim is not None and ply.status is not None:
        right = ply.claim == ply.status
        text = f"claims: {ply.claim}; " + ("right" if right else f"WRONG, it is: {ply.status}")
        yield Text(text, "green" if right else "bold red")


def _verdict_lines(ply: Ply) -> Iterator[Text]:
    from rich.text import Text

    verdict = ply.verdict
    if verdict is None:
        if ply.unjudged:
            yield Text(f"not judged: {inert(ply.unjudged)}", "yellow")
        return
    values = parsed_values(verdict)
    best, played = max(values.values()), values[ply.action or ""]
    if verdict.regret:
        word = "BLUNDER" if verdict.blunder else "regret"
        text, style = f"{word}: {best} -> {played} (regret {verdict.regret:g})", "bold red"
    elif verdict.plies_lost:
        text, style = (
            f"keeps the {played.result}, {verdict.plies_lost} plies slower: {best} -> {played}",
            "yellow",
        )
    else:
        text, style = f"optimal: {played}", "green"
    yield Text(text, style)
    if verdict.regret or verdict.plies_lost:
        yield Text(f"best: {', '.join(verdict.best_actions)}")


def _attempt_lines(attempt: Attempt, full: bool) -> Iterator[Text]:
    from rich.text import Text

    limit = 1_000_000 if full else 160
    if attempt.problem is not None:
        yield Text(f"{attempt.problem.value} attempt: {inert(attempt.why, limit)}", "red")
    facts = attempt.completion
    if facts is not None:
        if facts.get("reasoning"):
            yield Text(f"thinks: {inert(str(facts['reasoning']), limit)}", "dim")
        yield Text(f"says: {inert(attempt.text, limit) or '(nothing)'}", "cyan")


def _ending(game: AnyGame, record: MatchRecord) -> Text:
    from rich.text import Text

    if record.ending is Ending.ERROR:
        return Text(f"not scored, a fault of the world: {inert(record.reason)}", "bold yellow")
    points = ""
    if record.returns is not None:
        points = " : ".join(f"{r:+g}" for r in record.returns)
    return Text(f"{record.ending.value}: {inert(record.reason)}  ({points})", "bold")
