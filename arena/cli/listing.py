"""arena games, arena players: what there is, and what the starts of the games are worth."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.cli.output import Json, console, print_json

if TYPE_CHECKING:
    from rich.table import Table

    from games.registry import AnyGame

PAGES = {"kuhn": "poker", "leduc": "poker", "matrix": "rps"}
"""Games that share a page under docs/games; the others have one of their own name."""


def games(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[GAME]...", help="Only these; all if left out.")
    ] = None,
    solve: Annotated[
        bool, typer.Option("--solve", help="Solve the start of each now, within the usual budget.")
    ] = False,
    json: Json = False,
) -> None:
    """List the games, their kinds and their solvers.

    With --solve every start is solved on the spot: its value for the first seat, the processor time it took,
    and the page that says where the known values come from.

    \b
    Examples:
      arena games
      arena games nim wythoff 'tictactoe(m=3,n=4,k=3)' --solve
    """
    from games.registry import GAMES, parse_game

    listed = [parse_game(name) for name in names or GAMES]
    if json:
        print_json([{**about(game), **(solved_start(game) if solve else {})} for game in listed])
    elif solve:
        for line in _solved_lines(listed):
            console().print(line, markup=False, soft_wrap=True)
    else:
        console().print(_games_table(listed))


def about(game: AnyGame) -> dict[str, Any]:
    """A game as plain data."""
    from games.solvers import kind_of

    return {
        "name": game.name,
        "spec": game.spec,
        "title": game.title,
        "kind": str(kind_of(game)),
        "seats": game.num_seats,
        "max_plies": game.max_plies,
        "solver": solver_name(game),
        "page": page(game),
        "rules": list(game.rules),
    }


def solver_name(game: AnyGame) -> str:
    """The module under games/solvers with the game's solver; '-' if there is none."""
    from games.solvers import OWN_SOLVERS, UnsolvedError, solver_for

    if game.name in OWN_SOLVERS:  # without importing it: most of them compile
        return OWN_SOLVERS[game.name]
    try:
        return type(solver_for(game)).__module__.rpartition(".")[2]
    except UnsolvedError:
        return "-"


def page(game: AnyGame) -> str:
    """The page that tells of a game and its known values, and from where they are known."""
    return f"docs/games/{PAGES.get(game.name, game.name)}.md"


def solved_start(game: AnyGame) -> dict[str, Any]:
    """The value of the start for the first seat, and the processor time it took; null if it was too dear."""
    from arena.cli.solving import plain_value
    from games.solvers import UnsolvedError, solver_for

    began = time.process_time()
    try:
        value = solver_for(game).value(game.initial_state())
        found: dict[str, Any] = {"value": plain_value(value), "value_text": str(value)}
    except UnsolvedError as error:
        found = {"value": None, "value_text": "not solved within the budget", "why": str(error)}
    return {**found, "cpu_seconds": round(time.process_time() - began, 3)}


def _solved_lines(listed: list[AnyGame]) -> Iterator[str]:
    """A line for each game as soon as it is solved."""
    width = max(len(game.spec) for game in listed)
    yield f"{'game':{width}}  {'value of the start':28}  {'CPU s':>7}  known values"
    for game in listed:
        start = solved_start(game)
        yield f"{game.spec:{width}}  {start['value_text']:28}  {start['cpu_seconds']:7.2f}  {page(game)}"


def _games_table(listed: list[AnyGame]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("game", "title", "kind", "plies", "solver"):
        table.add_column(heading, justify="right" if heading == "plies" else "left", overflow="fold")
    for game in listed:
        facts = about(game)
        words = (facts["spec"], facts["title"], facts["kind"], str(facts["max_plies"]), facts["solver"])
        table.add_row(*map(Text, words))
    return table


def players(json: Json = False) -> None:
    """List the players, one line each, and where to add your own.

    \b
    Example:
      arena players
    """
    from players.known import known_players
    from players.table import user_table_path

    known = known_players()
    if json:
        print_json([{"name": name, "about": about} for name, about in known.items()])
        return
    width = max(map(len, known))
    for name, about in known.items():
        console().print(f"{name:{width}}  {about}", markup=False, soft_wrap=True)
    console().print(f"\nYour own models: {user_table_path()}", markup=False, soft_wrap=True)
