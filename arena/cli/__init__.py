"""The command line: `arena --help`. Commands import what they need when they run, so help is quick."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from arena.cli import (
    comparing,
    doctor,
    drawing,
    exporting,
    listing,
    matches,
    measuring,
    play,
    rating,
    records,
    replaying,
    solving,
    tournaments,
    watch,
)
from arena.cli.output import inert


def _tell_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"exact-arena {version('exact-arena')}")
        raise typer.Exit


app = typer.Typer(
    name="arena",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: half the start-up time
    pretty_exceptions_enable=False,
)


@app.callback()
def arena(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_tell_version, help="Tell the version."),
    ] = False,
) -> None:
    """Play language models against exact solvers, and see what every move gave away."""


app.command("match")(matches.match)
app.command("play")(play.play)
app.command("tournament")(tournaments.tournament)
app.command("watch")(watch.watch)
app.command("show")(records.show)
app.command("replay")(replaying.replay)
app.command("judge")(records.judge)
app.command("compare")(comparing.compare)
app.command("rate")(rating.rate)
app.command("measure")(measuring.measure)
app.command("import")(records.import_log)
app.command("export")(exporting.export)
app.command("report")(exporting.report)
app.command("replay")(replaying.replay)
app.command("solve")(solving.solve)
app.command("games")(listing.games)
app.command("players")(listing.players)
app.command("doctor")(doctor.doctor)
app.command("draw")(drawing.draw)
app.command("prompt")(drawing.prompt)


def main() -> None:
    """Run the command line; a refusal is one line on stderr and exit status 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a letter shows '?' instead
    try:
        app()
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
    except Exception as error:
        if not _is_refusal(error):
            raise
        print(f"arena: {inert(str(error), 2000)}", file=sys.stderr)
        sys.exit(2)


def _is_refusal(error: Exception) -> bool:
    """Whether an exception is meant for the user; anything else is our own fault and keeps its traceback."""
    from arena.importers import LogError
    from arena.ratings import RatingError
    from arena.record import RecordError
    from arena.run import RunError
    from arena.sprt import SprtError
    from games.base import GameError
    from games.solvers import UnsolvedError
    from players.base import PlayerError
    from renderers.surface import NoWindowError

    arena_says = RunError | RecordError | LogError | RatingError | SprtError | NoWindowError
    return isinstance(error, GameError | PlayerError | UnsolvedError | arena_says)
