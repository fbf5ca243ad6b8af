"""Options that several commands take, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Seed = Annotated[int, typer.Option(help="All chance follows from it.")]
Attempts = Annotated[int, typer.Option(min=1, help="Replies a player may give for one turn.")]
SecondsPerTurn = Annotated[
    float | None, typer.Option(min=0.001, help="Time for one reply; no limit if left out.")
]
Parallel = Annotated[int, typer.Option(min=1, help="Matches under way at once.")]
MaxCost = Annotated[
    float | None, typer.Option(min=0, help="Dollars that the run may spend; it stops before it spends more.")
]
MaxTokensTotal = Annotated[
    int | None, typer.Option(min=0, help="Tokens, of prompts and answers, that the run may use.")
]
Openings = Annotated[
    str | None, typer.Option(help="none, canonical, balanced (the solver calls them a draw), or a file.")
]
OpeningPlies = Annotated[int | None, typer.Option(help="Length of the openings; 2 if left out.")]
OpeningLimit = Annotated[int | None, typer.Option(help="So many openings of each game, drawn by lot.")]
Out = Annotated[Path | None, typer.Option(help="The run's folder; under results/ if left out.")]
Resume = Annotated[Path | None, typer.Option(help="Go on with the run in this folder.")]
