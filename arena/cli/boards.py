"""Matches on the terminal: boards with the exact value of every cell, the move, and what was said.

Whatever stands in a record may have been written by a model or a stranger: it passes `inert` on the way out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from arena.cli.money import cost_lines
from arena.cli.output import inert, inert_lines
from arena.record import Attempt, Ending, MatchRecord, Ply
from arena.referee import parsed_values
from arena.telling import (
    claim_words,
    ending_told,
    has_left,
    is_claim_right,
    short_value,
    tone_of,
    verdict_words,
)
from games.registry import AnyGame, parse_game
from games.values import Value
from renderers.scene import Tone, scene_of, with_notes
from renderers.text import boxed

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.text import Text

ROOM_BESIDE = 24
"""With fewer columns left beside a board, what happened stands below it."""


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
        f"{inert(name)} ({mark})" for name, mark in zip(record.players, game.seat_names, strict=True)
    )
    head = Text(f"match {number}: {seats}", style="bold")
    yield Rule(style="bold")
    yield head
    if record.opening:
        yield Text(f"opening: {inert(' '.join(record.opening))}")
    for _, turns in groupby(record.plies, key=lambda ply: ply.number):
        for ply in turns:
            yield _ply_view(game, record, ply, full)
    yield Text(boxed(scene_of(game, game.parse_state(record.final_state))))
    yield _ending(record)
    for line in cost_lines(record):
        yield Text(line, style="dim")


@dataclass(frozen=True, slots=True)
class _Beside:
    """A board with text to its right; below it where the terminal is too narrow for both."""

    board: str
    text: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[RenderableType]:
        from rich.table import Table
        from rich.text import Text

        width = max(map(len, self.board.splitlines()))
        if width + 3 + ROOM_BESIDE > options.max_width:
            yield Text(self.board)
            yield self.text
            return
        grid = Table.grid(padding=(0, 3))
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Text(self.board), self.text)
        yield grid


def _ply_view(game: AnyGame, record: MatchRecord, ply: Ply, full: bool) -> RenderableType:
    """The board before the ply on the left, what happened on the right."""
    from rich.text import Text

    values = parsed_values(ply.verdict) if ply.verdict else {}
    board = valued_board(game, game.parse_state(ply.state), values, ply.action or "")
    return _Beside(board, Text("\n").join(_ply_lines(game, record, ply, full)))


def _ply_lines(game: AnyGame, record: MatchRecord, ply: Ply, full: bool) -> Iterator[Text]:
    from rich.text import Text

    who = f"{game.seat_names[ply.seat]} {inert(record.players[ply.seat])}"
    did = f"plays {inert(ply.action)}" if ply.action else _without_action(record, ply)
    yield Text(f"ply {ply.number + 1}  {who} {did}", "bold")
    yield from _verdict_lines(ply)
    for attempt in ply.attempts:
        yield from _attempt_lines(attempt, full)
    if claimed := claim_words(ply):
        yield Text(inert(claimed), "green" if is_claim_right(ply) else "bold red")


def _without_action(record: MatchRecord, ply: Ply) -> str:
    return "forfeits" if record.culprit == ply.seat else "has not acted"


STYLES = {Tone.OPTIMAL: "green", Tone.REGRET: "bold red", Tone.BLUNDER: "bold red"}


def _verdict_lines(ply: Ply) -> Iterator[Text]:
    from rich.text import Text

    words, verdict = verdict_words(ply), ply.verdict
    if words:
        yield Text(inert(words), STYLES.get(tone_of(ply), "yellow"))
    if verdict is not None and (verdict.regret or verdict.plies_lost):
        yield Text(f"best: {inert(', '.join(verdict.best_actions))}")


def _attempt_lines(attempt: Attempt, full: bool) -> Iterator[Text]:
    yield from _call_lines(attempt, full)
    if attempt.problem is not None:
        yield from _said(f"{attempt.problem.value} attempt", attempt.why, "red", full)
    facts = attempt.completion
    if facts is not None:
        if facts.get("reasoning"):
            yield from _said("thinks", str(facts["reasoning"]), "dim", full)
        yield from _said("says", attempt.text, "cyan", full)


def _call_lines(attempt: Attempt, full: bool) -> Iterator[Text]:
    """What was asked beside the call that decided: every word of it in full, else how many calls."""
    from rich.text import Text

    for call in attempt.calls if full else ():
        yield from _said(f"asks: {inert(call.purpose)}", f"{call.found}\n{call.text}", "dim", full)
    if attempt.calls:
        told = inert(attempt.note) or "one reply of several calls"
        yield Text(f"{len(attempt.completions)} calls: {told}", "cyan")
    elif attempt.note:
        yield Text(inert(attempt.note), "cyan")


def _said(label: str, text: str, style: str, full: bool) -> Iterator[Text]:
    """What was said: shortened to one line, or in full with its lines."""
    from rich.text import Text

    lines = inert_lines(text) if full else [inert(text, 160)]
    if not any(lines):
        lines = ["(nothing)"]
    yield Text(f"{label}: {lines[0]}", style)
    yield from (Text(f"  {line}", style) for line in lines[1:])


def _ending(record: MatchRecord) -> Text:
    from rich.text import Text

    if has_left(record):
        return Text(inert(ending_told(record)), "bold yellow")
    if record.ending is Ending.ERROR:
        return Text(f"not scored, a fault of the world: {inert(record.reason)}", "bold yellow")
    points = ""
    if record.returns is not None:
        points = " : ".join(f"{r:+g}" for r in record.returns)
    return Text(f"{record.ending.value}: {inert(record.reason)}  ({points})", "bold")
