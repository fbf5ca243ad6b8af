"""Options that several commands take, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from arena.limits import LEAST, check_numbers


def _in_range(option: typer.CallbackParam, value: float | None) -> float | None:
    """The number itself; infinities and what is no number pass through a comparison alone."""
    check_numbers({str(option.name): value})
    return value


Seed = Annotated[int, typer.Option(help="All chance follows from it.")]
Attempts = Annotated[int, typer.Option(min=LEAST["attempts"], help="Replies a player may give for one turn.")]
SecondsPerTurn = Annotated[
    float | None,
    typer.Option(
        min=LEAST["seconds_per_turn"], callback=_in_range, help="Time for one reply; no limit if left out."
    ),
]
Parallel = Annotated[int, typer.Option(min=LEAST["parallel"], help="Matches under way at once.")]
MaxCost = Annotated[
    float | None,
    typer.Option(
        min=LEAST["max_cost"],
        callback=_in_range,
        help="Dollars that the run may spend; it stops before it spends more.",
    ),
]
MaxTokensTotal = Annotated[
    int | None,
    typer.Option(min=LEAST["max_tokens_total"], help="Tokens, of prompts and answers, that the run may use."),
]
Openings = Annotated[
    str | None, typer.Option(help="none, canonical, balanced (the solver calls them a draw), or a file.")
]
OpeningPlies = Annotated[int | None, typer.Option(help="Length of the openings; 2 if left out.")]
OpeningLimit = Annotated[int | None, typer.Option(help="So many openings of each game, drawn by lot.")]
Out = Annotated[Path | None, typer.Option(help="The run's folder; under results/ if left out.")]
Resume = Annotated[Path | None, typer.Option(help="Go on with the run in this folder.")]
