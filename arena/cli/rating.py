"""arena rate: ratings with their intervals, from records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.cli.output import Json, console, inert, print_json
from arena.cli.reading import Games, Runs, by_game, names_of, tell_labels

if TYPE_CHECKING:
    from arena.ratings import Rating, Ratings


def rate(
    runs: Runs,
    anchor: Annotated[
        str | None,
        typer.Option(help="The player rated 0; minimax if left out and there, else the mean is 0."),
    ] = None,
    game: Games = None,
    joint: Annotated[
        bool, typer.Option("--joint", help="One scale over all games, to which more played games add more.")
    ] = False,
    json: Json = False,
) -> None:
    """Rate the players of one or more runs on one scale for each game.

    Bradley-Terry with draws and a first mover's advantage, in Elo points; intervals by bootstrap over pairs
    of matches. LOS is the likelihood of superiority: the share of resamples in which a player is rated above
    the next one.

    \b
    Examples:
      arena rate results/RUN --anchor random
      arena rate results/RUN results/OTHER --joint
    """
    from arena.labels import labels
    from arena.ratings import match_results, renamed
    from arena.ratings import rate as rated

    records = by_game(runs, game)
    results = {name: found for name in records if (found := match_results(records[name]))}
    if joint or not results:
        results = {", ".join(results): [result for found in results.values() for result in found]}
    tables = {name: rated(found, anchor=anchor) for name, found in results.items()}
    if json:
        print_json({"ratings": [{"games": name, **_data(ratings)} for name, ratings in tables.items()]})
        return
    short = labels(names_of(record for found in records.values() for record in found))
    for name, ratings in tables.items():
        _print_ratings(name, renamed(ratings, short))
    if len(tables) > 1:
        told = "Each game has a scale of its own; --joint makes one over all."
        console().print(told, markup=False, soft_wrap=True)
    tell_labels(short)


def _print_ratings(games: str, ratings: Ratings) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from arena.ratings import remarks

    title = Text(inert(games))
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("player", overflow="fold")
    for heading in ("Elo", "95 %", "points", "matches", "pairs", "LOS"):
        table.add_column(heading, justify="right", no_wrap=True)
    for rating, los in zip(ratings.players, _against_next(ratings), strict=True):
        table.add_row(
            Text(inert(rating.player)), *_cells(rating), "" if los is None else f"{100 * los:.0f} %"
        )
    console().print(table)
    for text in remarks(ratings):
        console().print(inert(text, 2000), markup=False, soft_wrap=True)


def _cells(rating: Rating) -> list[str]:
    from arena.ratings import rating_words

    elo, interval = rating_words(rating)
    return [
        elo,
        interval or "-",
        f"{rating.points:g}",
        str(rating.matches),
        str(rating.pairs),
    ]


def _against_next(ratings: Ratings) -> list[float | None]:
    names = [rating.player for rating in ratings.players]
    return [ratings.superior.get(two) for two in zip(names, [*names[1:], ""], strict=True)]


def _data(ratings: Ratings) -> dict[str, Any]:
    rows = zip(ratings.players, _against_next(ratings), strict=True)
    return {
        "pairs": ratings.pairs,
        "anchor": ratings.anchor or None,
        "first_seat_elo": ratings.advantage,
        "draw_share": ratings.draw_share,
        "groups": ratings.groups,
        "players": [
            {
                "player": r.player,
                "elo": r.elo,
                "interval": None if r.interval is None else [r.interval.low, r.interval.high],
                "points": r.points,
                "matches": r.matches,
                "pairs": r.pairs,
                "perfect": r.perfect,
                "group": r.group,
                "los_against_next": los,
            }
            for r, los in rows
        ],
    }
