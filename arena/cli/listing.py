"""arena games, arena players: what there is."""

from __future__ import annotations

from arena.cli.output import Json, console, print_json


def games(json: Json = False) -> None:
    """List the games, one line each.

    Example: arena games
    """
    from games.registry import GAMES, parse_game

    listed = {name: parse_game(name) for name in GAMES}
    if json:
        print_json([{"name": name, "title": g.title, "rules": list(g.rules)} for name, g in listed.items()])
        return
    for name, game in listed.items():
        console().print(f"{name:12} {game.title}", markup=False)


def players(json: Json = False) -> None:
    """List the players, one line each, and where to add your own.

    Example: arena players
    """
    from players.specs import known_players
    from players.table import user_table_path

    known = known_players()
    if json:
        print_json([{"name": name, "about": about} for name, about in known.items()])
        return
    width = max(map(len, known))
    for name, about in known.items():
        console().print(f"{name:{width}}  {about}", markup=False, soft_wrap=True)
    console().print(f"\nYour own models: {user_table_path()}", markup=False, soft_wrap=True)
