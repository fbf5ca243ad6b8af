"""arena doctor: what works with a model, found out by asking it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from arena.cli.output import Json, console, inert, print_json

if TYPE_CHECKING:
    from players.doctor import Finding


def doctor(
    player: Annotated[str, typer.Argument(help="A player string; see `arena players`.")],
    quick: Annotated[
        bool, typer.Option("--quick", help="One call only: text and what comes with it.")
    ] = False,
    seconds: Annotated[float, typer.Option(min=0.001, help="Time for each answer.")] = 120.0,
    json: Json = False,
) -> None:
    """Ask a model, with few tokens, and say what works.

    Four real calls: a turn of tic-tac-toe in the player's own prompt style, log-probabilities, structured
    output, a picture. What a server takes and does not do is told as 'ignored'. Of a player that spends
    several calls on a reply, its language model is asked. Exit status 0 if text works, else 1.

    \b
    Examples:
      arena doctor smollm2
      arena doctor 'local:my-model?base_url=http://127.0.0.1:9000/v1' --quick
    """
    from players.compute import language_model
    from players.doctor import WORKS, examine
    from players.specs import make_player

    model = language_model(make_player(player))
    if model is None:
        _tell_no_model(player, json)
        return
    findings = asyncio.run(examine(model, quick=quick, seconds=seconds))
    if json:
        shown = [{"capability": f.capability, "verdict": f.verdict, "detail": f.detail} for f in findings]
        print_json({"player": player, "findings": shown})
    else:
        _print(findings)
    if findings[0].verdict != WORKS:
        raise typer.Exit(1)


def _tell_no_model(player: str, json: bool) -> None:
    if json:
        print_json({"player": player, "findings": []})
    else:
        text = f"{inert(player)} is no language model: nothing is asked."
        console().print(text, markup=False, soft_wrap=True)


def _print(findings: list[Finding]) -> None:
    """A line for each capability. What a server said is made harmless on the way out."""
    width = max(len(finding.capability) for finding in findings)
    for finding in findings:
        line = f"{finding.capability:{width}}  {finding.verdict:9}  {inert(finding.detail, 500)}"
        console().print(line, markup=False, soft_wrap=True)
