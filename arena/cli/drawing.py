"""arena draw, arena prompt: what a state looks like, and what a model would be asked about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.cli.output import GameSpec, Json, print_json

if TYPE_CHECKING:
    from arena.cli.positions import Position
    from games.registry import AnyGame
    from players.base import Turn
    from players.completers.base import Messages, Picture
    from players.prompts import PromptStyle
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
    style: Annotated[
        str | None, typer.Option(help="A prompt style: NAME or NAME?field=value&...; 'plain' if left out.")
    ] = None,
    player: Annotated[
        str | None, typer.Option(help="A player string instead, for its prompt style and its guide.")
    ] = None,
    pictures: Annotated[Path | None, typer.Option(help="Write the pictures into this folder.")] = None,
    json: Json = False,
) -> None:
    """Print exactly what a model would be asked; with --json, the messages as they are sent.

    \b
    Examples:
      arena prompt tictactoe --moves '5 1' --style 'examples?view=boxed&naming=letters'
      arena prompt tictactoe --style picture --pictures boards
      arena prompt connect4 --player 'local:any?style=json&reason=no&guide=legal'
    """
    from arena.cli.positions import position
    from players.guides import guide_for
    from players.prompts import messages_for

    asked, guide = _asked_how(style, player)
    turn = _turn_at(position(game, state, moves))
    messages = messages_for(turn, asked)
    bounds = guide_for(turn, asked, guide)
    if pictures is not None:
        _write_pictures(messages, pictures)
    if json:
        print_json(_as_sent(messages))
        return
    for message in messages:
        shown = [_stand_in(picture, asked.picture_theme) for picture in message.pictures]
        typer.echo("\n".join([f"--- {message.role}", *shown, message.content]))
    if bounds is not None:
        typer.echo(f"--- guide ({bounds.kind})")
        print_json(bounds.schema) if bounds.schema else typer.echo(bounds.regex)


def _asked_how(style: str | None, player: str | None) -> tuple[PromptStyle, str]:
    """The prompt style and the guide that the options name."""
    from players.base import PlayerError
    from players.compute import language_model
    from players.specs import make_player, parse_style

    if player is None:
        return parse_style(style or "plain"), ""
    if style is not None:
        raise PlayerError("a player has a style of its own: give --style or --player, not both")
    model = language_model(make_player(player))
    if model is None:
        raise PlayerError(f"{player} is asked nothing: it is no language model")
    return model.style, model.guide


def _turn_at(where: Position) -> Turn:
    """The turn of the first seat to move. Plies before a state that was given are not known."""
    from random import Random

    from players.base import PlayerError, Turn

    game, state = where.game, where.state
    if where.history == () and where.from_the_start:
        state = _dealt(game, state)
    seats = game.seats_to_move(state)
    if not seats:
        raise PlayerError(f"nobody is to move in {game.format_state(state)}; give a STATE in which a seat is")
    seen, legal = game.observe(state, seats[0]), game.legal_actions(state, seats[0])
    return Turn(game, seen, seats[0], legal, Random(0), where.history if where.from_the_start else None)


def _dealt(game: AnyGame, state: Any) -> Any:
    """The state in which a seat is to move, after the chance before it has acted by the seed 0."""
    from random import Random

    rng, dealt = Random(0), state
    while game.outcome(dealt) is None and not game.seats_to_move(dealt):
        followers = game.transitions(dealt, {})
        dealt = rng.choices([t.state for t in followers], [t.probability for t in followers])[0]
    if dealt is not state:
        typer.echo(f"Chance has acted, by the seed 0: {game.format_state(dealt)}", err=True)
    return dealt


def _stand_in(shown: Picture, theme: str) -> str:
    """What stands in the printout where the model sees a picture."""
    from players.pictures import fingerprint, picture_size

    return f"[picture {picture_size(shown)} {theme}, sha256 {fingerprint(shown)[:16]}]"


def _as_sent(messages: Messages) -> Any:
    """The messages as Chat Completions carry them."""
    from players.completers.base import Request
    from players.completers.endpoint import Endpoint
    from players.completers.openai_requests import request_body

    return request_body(Endpoint(model="", base_url=""), Request(messages))["messages"]


def _write_pictures(messages: Messages, folder: Path) -> None:
    """One file for each picture, numbered as they are seen."""
    from games.base import GameError

    shown = [picture for message in messages for picture in message.pictures]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, picture in enumerate(shown, start=1):
            (folder / f"{number:02}.png").write_bytes(picture.png)
    except OSError as error:
        raise GameError(f"can't write pictures to {folder}: {error}") from error
