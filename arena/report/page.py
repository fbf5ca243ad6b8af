"""A report as one page of HTML that asks for nothing: no script, no font, no picture from elsewhere.

The page's own policy forbids every request, so that not even a slip in escaping could make one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from html import escape
from itertools import chain, groupby
from typing import Any

from arena.report.cards import blunder_card, match_article
from arena.report.charts import curves_svg, key, patterns, scatter_svg, stack_svg, swatch
from arena.report.data import (
    Block,
    Blunders,
    Cell,
    Curves,
    Evidence,
    MatchRef,
    Notes,
    Report,
    Scatter,
    Section,
    Stack,
    Table,
)
from arena.report.safe_text import html, html_text, one_line
from arena.report.style import style_sheet

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
LEFT_ALIGNED = ("The run", "Players in full", "Passed over", "Faults of the world")
"""Tables of words."""


def page(report: Report) -> Iterator[str]:
    """The page in pieces, so that it is never whole in memory."""
    title = html(one_line(report.title, 200))
    yield f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield '<meta name="color-scheme" content="light dark">\n'
    yield f"<style>{style_sheet()}</style>\n</head>\n<body>\n{patterns()}\n<header><h1>{title}</h1>\n"
    yield f'<p class="summary">{html_text(" ".join(report.summary))}</p>\n'
    yield _contents(report.sections)
    yield "</header>\n<main>\n"
    for number, section in enumerate(report.sections):
        yield from _section(section, number)
    yield from _matches(report)
    yield "</main>\n"
    shown = {detail.ref.number for detail in report.matches}
    for name, evidence in report.evidence.items():
        yield _evidence(name, evidence, shown, report.run)
    yield "</body>\n</html>\n"


def _contents(sections: tuple[Section, ...]) -> str:
    items = "".join(f'<li><a href="#s{n}">{_name(s.title)}</a></li>' for n, s in enumerate(sections))
    return f'<nav aria-label="Contents"><ul>{items}<li><a href="#matches">Matches</a></li></ul></nav>'


def _name(text: str, limit: int = 120) -> str:
    """A name that anybody may have chosen, apart from the direction of the text around it."""
    return f"<bdi>{html(one_line(text, limit))}</bdi>"


def _section(section: Section, number: int) -> Iterator[str]:
    yield f'<section id="s{number}">\n<h2>{_name(section.title)}</h2>\n'
    yield from (f"<p>{html_text(paragraph)}</p>\n" for paragraph in section.paragraphs)
    for together, blocks in groupby(section.blocks, _is_claims):
        if together:
            yield '<div class="tables">'
        yield from chain.from_iterable(_block(block) for block in blocks)
        if together:
            yield "</div>\n"
    yield "</section>\n"


def _is_claims(block: Block) -> bool:
    """Claims are small tables, one for each player, that stand beside each other."""
    return isinstance(block, Table) and block.title.startswith("Claims of ")


def _block(block: Block) -> Iterator[str]:
    writers: dict[type, Callable[[Any], Iterator[str]]] = {
        Table: _table,
        Notes: _notes,
        Curves: _curves,
        Stack: _stack,
        Scatter: _scatter,
        Blunders: _blunders,
    }
    return writers[type(block)](block)


def _table(table: Table) -> Iterator[str]:
    if table.folded:
        yield f"<details><summary>{_name(table.title)}</summary>\n"
    else:
        yield f"<div><h3>{_name(table.title)}</h3>\n"
    kind = ' class="words"' if table.title in LEFT_ALIGNED else ' class="stacks"' if table.stacks else ""
    yield f'<div class="scroll" tabindex="0"><table{kind}>'
    if any(table.headings):
        heads = "".join(f'<th scope="col">{_name(heading)}</th>' for heading in table.headings)
        yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>\n"
    for row in table.rows:
        headings = table.headings[1:] if table.stacks else ("",) * (len(row) - 1)
        cells = "".join(_cell(cell, name) for cell, name in zip(row[1:], headings, strict=True))
        yield f'<tr><th scope="row">{_name(row[0].text, 400)}</th>{cells}</tr>\n'
    yield "</tbody></table></div>\n"
    if table.note:
        yield f'<p class="note">{html_text(table.note)}</p>\n'
    yield "</details>\n" if table.folded else "</div>\n"


def _notes(notes: Notes) -> Iterator[str]:
    yield from (f'<p class="note">{html_text(text)}</p>\n' for text in notes.paragraphs)


def _cell(cell: Cell, heading: str) -> str:
    """A cell; under its heading where a row is folded into lines."""
    text = f"<bdi>{html(one_line(cell.text, 2000))}</bdi>"
    if cell.evidence:
        text = f'<a href="#{cell.evidence}">{text}</a>'
    small = (
        f" <small>{'<br>'.join(map(html, cell.small.strip('()').split('; ')))}</small>" if cell.small else ""
    )
    under = f' data-heading="{escape(heading)}"' if heading else ""
    marked = ' class="marked"' if cell.marked else ""
    shade = f' style="background:rgba(var(--shade),{0.32 * cell.weight:.2f})"' if cell.weight else ""
    return f"<td{under}{marked}{shade}>{text}{small}</td>"


def _figure(title: str, note: str, drawing: str, legend: list[tuple[str, str]]) -> Iterator[str]:
    items = "".join(f"<li>{look}<span>{_name(name, 80)}</span></li>" for look, name in legend)
    yield f"<figure><h3>{_name(title)}</h3>\n"
    yield f'<ul class="legend">{items}</ul>\n{drawing}\n'
    yield f'<figcaption class="note">{html(note)}</figcaption></figure>\n' if note else "</figure>\n"


def _curves(chart: Curves) -> Iterator[str]:
    legend = [(key(number), name) for number, (name, _) in enumerate(chart.lines)]
    return _figure(chart.title, chart.note, curves_svg(chart), legend)


def _scatter(chart: Scatter) -> Iterator[str]:
    legend = [(key(number), name) for number, (name, _) in enumerate(chart.points)]
    return _figure(chart.title, chart.note, scatter_svg(chart), legend)


def _stack(chart: Stack) -> Iterator[str]:
    present = {part.label for _, parts in chart.bars for part in parts if part.count}
    legend = [(swatch(kind), label) for kind, label in enumerate(chart.labels) if label in present]
    return _figure(chart.title, chart.note, stack_svg(chart), legend)


def _blunders(blunders: Blunders) -> Iterator[str]:
    yield f'<h3>{_name(blunders.title)}</h3>\n<p class="note">{html(blunders.note)}</p>\n'
    yield '<div class="cards">\n'
    yield from (blunder_card(item) for item in blunders.items)
    yield "</div>\n"


def _matches(report: Report) -> Iterator[str]:
    yield '<section id="matches" class="matches">\n<h2>Matches</h2>\n'
    shown, total = len(report.matches), report.total_matches
    yield f"<p>{shown:,} of {total:,} matches move by move: those of the worst blunders, and some of "
    yield f"behind every number. {_where(report.run, total - shown)}</p>\n"
    yield from (match_article(detail) for detail in report.matches)
    yield "</section>\n"


def _where(run: str, hidden: int) -> str:
    if not hidden:
        return "That is all of them."
    return f"The other {hidden:,} are not shown here: <code>arena show {html(run)} --match NUMBER</code>."


def _evidence(name: str, evidence: Evidence, shown: Collection[int], run: str) -> str:
    items = "".join(f"<li>{_ref(ref, shown)}</li>" for ref in evidence.shown)
    more = evidence.total - len(evidence.shown)
    rest = f"<p>{more:,} more are not listed here; they are in <code>{html(run)}</code>.</p>" if more else ""
    matches = "1 match" if evidence.total == 1 else f"{evidence.total:,} matches"
    close = '<a class="close" href="#none">close</a>'
    head = f"<h3>{_name(evidence.title, 200)}: {matches}</h3>"
    return f'<aside class="evidence" id="{name}">{close}{head}<ul>{items}</ul>{rest}</aside>\n'


def _ref(ref: MatchRef, shown: Collection[int]) -> str:
    label = f"match {ref.number:,}"
    if ref.number in shown:
        label = f'<a href="#m{ref.number}">{label}</a>'
    players = " against ".join(_name(name, 60) for name in ref.players)
    return (
        f"{label} <code>{html(one_line(ref.match_id, 40))}</code> {html(one_line(ref.game, 60))}: {players}, "
        f"{html(ref.ending)}, {html(ref.result)}"
    )
