"""A blunder and a match as pieces of a page."""

from __future__ import annotations

from collections.abc import Collection

from arena.report.data import Blunder, MatchDetail, PlyLine
from arena.report.safe_text import html, one_line, opening_of
from games.base import GameError
from games.registry import parse_game
from renderers.scene import Tone, scene_of, with_signs
from renderers.svg import board_svg


def board(game: str, state: str, played: str = "", best: Collection[str] = ()) -> str:
    """The board of a state, with what was best and what was dear; its notation if it can't be drawn."""
    rules = parse_game(game)
    tones = [*((Tone.BEST, name) for name in best), *([(Tone.REGRET, played)] if played else [])]
    try:
        scene = scene_of(rules, rules.parse_state(state))
        return board_svg(with_signs(scene, ((tone, rules.where(name)) for tone, name in tones)))
    except GameError:
        return f"<code>{html(one_line(state))}</code>"


def said(text: str, label: str) -> str:
    """What a model said: its beginning, and the whole folded where it is longer."""
    if not text.strip():
        return f"<p><b>{label}</b> (nothing)</p>"
    short = opening_of(text)
    shown = f'<p><b>{label}</b></p><div class="said" dir="auto">{html(short)}</div>'
    if short == text.strip():
        return shown
    whole = f'<div class="said" dir="auto">{html(text)}</div>'
    return f"{shown}<details><summary>all of it, {len(text):,} characters</summary>{whole}</details>"


def blunder_card(item: Blunder) -> str:
    """A board with what was played and what was best, and what the model said."""
    often = f", {item.times:,} times" if item.times > 1 else ""
    best = html(one_line(" ".join(item.best_actions), 200))
    player, action = html(one_line(item.player)), html(one_line(item.action, 60))
    place = f'<a href="#m{item.match}">ply {item.ply} of match {item.match:,}</a>'
    parts = [
        f'<article class="card"><h4><bdi>{player}</bdi> ({html(item.seat)}) plays {action}{often}</h4>',
        board(item.game, item.state, item.action, item.best_actions),
        f'<p><span class="dear">regret {item.regret:g}</span>: {html(item.best)} to {html(item.played)}. '
        f"Best: {best}. It is {place}.</p>",
    ]
    if item.reasoning:
        parts.append(said(item.reasoning, "thought"))
    if item.said:
        parts.append(said(item.said, "said"))
    return "".join([*parts, "</article>\n"])


def match_article(detail: MatchDetail) -> str:
    """A match, folded: every turn in words, boards where something was given away.

    Its address is of something inside, because a browser unfolds what it is led into.
    """
    ref = detail.ref
    players = " against ".join(
        f"<bdi>{html(one_line(name, 60))}</bdi> ({html(seat)})"
        for name, seat in zip(ref.players, detail.seats, strict=False)
    )
    head = f"match {ref.number:,}: {html(ref.game)}, {players}, {html(ref.ending)}, {html(ref.result)}"
    opening = f"<p>opening: {html(one_line(detail.opening, 400))}</p>" if detail.opening else ""
    plies = "".join(f"<li>{_ply(ref.game, line)}</li>" for line in detail.plies)
    end = f"{board(ref.game, detail.final_state)}<p>{html(one_line(detail.reason, 400))}</p>"
    ids = f'<p id="m{ref.number}">id <code>{html(one_line(ref.match_id, 64))}</code></p>'
    body = f"{ids}{opening}<ol>{plies}</ol>{end}"
    return f'<details class="match"><summary>{head}</summary>{body}</details>\n'


def _ply(game: str, line: PlyLine) -> str:
    did = f"plays {html(one_line(line.action, 60))}" if line.action else "has no accepted action"
    kind = ' class="dear"' if line.dear else ""
    verdict = f"; <span{kind}>{html(one_line(line.verdict, 300))}</span>" if line.verdict else ""
    parts = [f"<bdi>{html(one_line(line.who))}</bdi> {did}{verdict}"]
    parts += [f'<br><span class="small">{html(one_line(note, 300))}</span>' for note in line.notes]
    if line.dear:
        parts.append(board(game, line.state, line.action, line.best_actions))
    for number, text in enumerate(line.said, 1):
        parts.append(said(text, "said" if len(line.said) == 1 else f"attempt {number}"))
    return "".join(parts)
