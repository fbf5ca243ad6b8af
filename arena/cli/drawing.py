"""arena draw, arena prompt: what a state looks like, and what a model would be asked about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.cli.output import GameSpec, Json, print_json

if TYPE_CHECKING:
    from renderers.scene import Scene

State = Annotated[str | None, typer.Argument(help="A state in the game's notation; the start if left out.")]
Moves = Annotated[str, typer.Option(help="Actions to play from the state first, e.g. '5 1 9'.")]


def draw(
    game: GameSpec,
    state: State = None,
    moves: Moves = "",
    view: Annotated[str, typer.Option(help="rows, boxed, coordinates or line.")] = "boxed",
    png: Annotated[Path | None, typer.Option(help="Write a picture to this file instead.")] = None,
    theme: Annotated[str, typer.Option(help="light or dark.")] = "light",
    size: Annotated[int, typer.Option(help="Pixels a side.")] = 512,
    labels: Annotated[bool, typer.Option(help="Number the empty cells in the picture.")] = False,
    json: Json = False,
) -> None:
    """Draw a state as text, or as a picture.

    \b
    Example:
      arena draw tictactoe X.O/.X./..O --png board.png --theme dark
    """
    from arena.cli.positions import position
    from games.base import GameError
    from renderers.scene import scene_of
    from renderers.text import VIEWS

    where = position(game, state, moves)
    scene = scene_of(where.game, where.state, before=where.before)
    if png is not None:
        from renderers.picture import picture

        try:
            picture(scene, theme=theme, size=size, labels=labels).save(png, format="PNG")
        except (OSError, ValueError) as error:
            raise GameError(f"can't draw to {png}: {error}") from error
        typer.echo(png)
        return
    if view not in VIEWS:
        raise GameError(f"unknown view {view!r}; there are: {', '.join(VIEWS)}")
    if json:
        print_json(_scene_data(where.game.spec, scene))
        return
    typer.echo(VIEWS[view](scene))


def _scene_data(game: str, scene: Scene) -> dict[str, Any]:
    """What is to be seen as plain data: each grid as rows of marks, '' where a cell is empty."""
    return {
        "game": game,
        "state": scene.notation,
        "grids": [
            {
                "title": grid.title,
                "rows": [
                    [cell.mark for cell in grid.cells[start : start + grid.columns]]
                    for start in range(0, len(grid.cells), grid.columns)
                ],
            }
            for grid in scene.grids
        ],
    }


def prompt(
    game: GameSpec,
    state: State = None,
    moves: Moves = "",
    player: Annotated[
        str | None, typer.Option(help="A player string, for its prompt style; 'plain' if left out.")
    ] = None,
    json: Json = False,
) -> None:
    """Print exactly what a model would be asked.

    \b
    Example:
      arena prompt tictactoe --moves '5 1' --player 'local:any?style=examples&view=boxed'
    """
    from random import Random

    from arena.cli.positions import position
    from players.base import PlayerError, Turn
    from players.compute import language_model
    from players.prompts import STYLES, messages_for
    from players.specs import make_player

    where = position(game, state, moves)
    style = STYLES["plain"]
    if player is not None:
        model = language_model(make_player(player))
        if model is None:
            raise PlayerError(f"{player} is asked nothing: it is no language model")
        style = model.style
    seats = where.game.seats_to_move(where.state)
    if not seats:
        raise PlayerError(
            f"nobody is to move in {where.game.format_state(where.state)}; give a STATE in which a seat is"
        )
    seen = where.game.observe(where.state, seats[0])
    legal = where.game.legal_actions(where.state, seats[0])
    from_the_start = state is None or where.game.parse_state(state) == where.game.initial_state()
    history = where.history if from_the_start else None
    turn = Turn(where.game, seen, seats[0], legal, Random(0), history)
    messages = messages_for(turn, style)
    if json:
        print_json([{"role": m.role, "content": m.content} for m in messages])
        return
    for message in messages:
        typer.echo(f"--- {message.role}\n{message.content}")
