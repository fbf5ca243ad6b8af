"""A report as Markdown: the tables, and the worst blunders as text. Charts are given by their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from arena.report.data import (
    Block,
    Blunder,
    Blunders,
    Cell,
    Curves,
    Evidence,
    Notes,
    Report,
    Scatter,
    Stack,
    Table,
)
from arena.report.safe_text import fenced, markdown, markdown_text, opening_of
from games.base import GameError
from games.registry import parse_game
from renderers.scene import scene_of
from renderers.text import boxed

LISTED = 3
"""Matches named behind a number; report.html lists more."""


def markdown_lines(report: Report) -> Iterator[str]:
    """The lines of the report, without their ends."""
    yield f"# {markdown(report.title, 200)}"
    yield from ("", markdown_text(" ".join(report.summary)))
    yield from ("", "A number that is a link leads to its matches, at the end of the page.")
    for section in report.sections:
        yield from ("", f"## {markdown(section.title)}")
        for paragraph in section.paragraphs:
            yield from ("", markdown_text(paragraph))
        for block in section.blocks:
            yield from _block(block)
    yield from _evidence(report)


def _block(block: Block) -> Iterator[str]:
    writers: dict[type, Callable[[Any], Iterator[str]]] = {
        Table: _table,
        Notes: _notes,
        Blunders: _blunders,
        Curves: _nothing,  # these three are followed by a table with their numbers
        Stack: _nothing,
        Scatter: _nothing,
    }
    return writers[type(block)](block)


def _nothing(block: Block) -> Iterator[str]:
    return iter(())


def _table(table: Table) -> Iterator[str]:
    yield from ("", f"### {markdown(table.title)}", "")
    yield "| " + " | ".join(markdown(heading) or " " for heading in table.headings) + " |"
    yield "|" + "---|" * len(table.headings)
    for row in table.rows:
        yield "| " + " | ".join(_cell(cell) for cell in row) + " |"
    if table.note:
        yield from ("", markdown_text(table.note))


def _notes(notes: Notes) -> Iterator[str]:
    for paragraph in notes.paragraphs:
        yield from ("", markdown_text(paragraph))


def _cell(cell: Cell) -> str:
    """A number links to the matches behind it."""
    text = markdown(cell.text, 400) or " "
    text = f"[{text}](#{cell.evidence})" if cell.evidence else text
    text = f"**{text}**" if cell.marked else text
    return f"{text} {markdown(cell.small)}" if cell.small else text


def _blunders(blunders: Blunders) -> Iterator[str]:
    yield from ("", f"### {markdown(blunders.title)}", "", markdown(blunders.note, 1000))
    for item in blunders.items:
        yield from _blunder(item)


def _blunder(item: Blunder) -> Iterator[str]:
    often = f", {item.times:,} times" if item.times > 1 else ""
    best = markdown(" ".join(item.best_actions), 200)
    yield from ("", f"**{markdown(item.player)}** ({item.seat}) plays {markdown(item.action)}{often}: ")
    yield f"regret {item.regret:g}, {item.best} to {item.played}; best {best}; "
    yield f"ply {item.ply} of match {markdown(item.match_id)}"
    yield from ("", fenced(_board(item)))
    if item.said:
        yield from ("", "It said:", "", fenced(opening_of(item.said, 600)))


def _board(item: Blunder) -> str:
    game = parse_game(item.game)
    try:
        return boxed(scene_of(game, game.parse_state(item.state)))
    except GameError:
        return item.state


def _evidence(report: Report) -> Iterator[str]:
    yield from ("", "## The matches behind the numbers", "")
    yield f"The first {LISTED} of each; report.html lists more, and shows some move by move. Every match: "
    yield f"`arena show {report.run.replace('`', '')} --match NUMBER`"
    yield ""
    yield from (_evidence_line(name, evidence) for name, evidence in report.evidence.items())


def _evidence_line(name: str, evidence: Evidence) -> str:
    numbers = [f"{ref.number}" for ref in evidence.shown[:LISTED]]
    more = evidence.total - len(numbers)
    rest = f" and {more:,} more" if more else ""
    title = markdown(evidence.title, 200)
    return f'- <a id="{name}"></a>{title}: match {", ".join(numbers)}{rest}'
