"""arena play: a person at the board."""

from __future__ import annotations

import asyncio
import os
import secrets
import shlex
import stat
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.cli.options import MaxCost, Out
from arena.cli.output import GameSpec

if TYPE_CHECKING:
    from arena.cli.sitting import Sitting
    from arena.match import MatchSpec
    from arena.play.sight import Sight
    from games.base import Game
    from players.base import Player


class Theme(StrEnum):
    """The colours of the window."""

    LIGHT = "light"
    DARK = "dark"


Window = Annotated[
    bool | None,
    typer.Option("--window/--terminal", help="Where; a window if one can be had, where neither is said."),
]


def play(
    game: GameSpec,
    against: Annotated[
        str | None,
        typer.Option(
            help="A player string; see `arena players`. minimax if left out, or greedy where minimax can't."
        ),
    ] = None,
    seat: Annotated[
        str, typer.Option(metavar="SEAT", help="Yours: first, second, random, or its number.")
    ] = "first",
    window: Window = None,
    coach: Annotated[bool, typer.Option("--coach", help="The exact values in every turn, unasked.")] = False,
    seed: Annotated[
        int | None, typer.Option(help="All chance follows from it; drawn by lot if left out.")
    ] = None,
    max_cost: MaxCost = None,
    out: Out = None,
    theme: Annotated[Theme, typer.Option(help="Colours of the window.")] = Theme.LIGHT,
) -> None:
    """Play a game yourself, in a window or in the terminal.

    Click where you want to play, or type an action. Only what your seat may see is shown. The coach shows
    the exact value of every action; the record notes where it was asked. At the end you see what each of your
    moves gave away. Your matches are a run like any other.

    \b
    Examples:
      arena play tictactoe
      arena play connect4 --against random --seat second
      arena play kuhn --terminal --coach
    """
    from games.registry import parse_game

    parsed = parse_game(game)
    names = seated(parsed, against, seat, Random(seed))
    sitting = _sitting(parsed, names, seed, max_cost, out)
    if against is None and parsed.num_seats > 1:
        sitting = _or_instead(sitting, parsed, max_cost, out)
    _refuse_folder(sitting.folder)
    if _wanted_window(window):
        _at_window(sitting, parsed, coach, theme)
    else:
        asyncio.run(_at_terminal(sitting, coach))


def seated(game: Game[Any], against: str | None, seat: str, lot: Random) -> tuple[str, ...]:
    """Who sits where; PlayerError for a seat that is none, and where somebody is missing or too many."""
    from arena.cli.sitting import HUMAN
    from players.base import PlayerError
    from players.player_strings import parse_player

    words = ("first", "second", "third", "fourth")[: game.num_seats]
    known = {word: n for n, word in enumerate(words)} | {str(n + 1): n for n in range(game.num_seats)}
    known["random"] = lot.randrange(game.num_seats)
    if seat not in known:
        raise PlayerError(f"{game.spec} has no seat {seat!r}; there are: {', '.join(known)}")
    if game.num_seats == 1:
        if against is not None:
            raise PlayerError(f"{game.spec} is a game of one seat: leave --against out")
        return (HUMAN,)
    other = "minimax" if against is None else against
    if parse_player(other).name == HUMAN:
        raise PlayerError(
            f"one person plays here; two at one terminal: arena match human vs human --game {game.name}"
        )
    return (HUMAN, other) if known[seat] == 0 else (other, HUMAN)


def _wanted_window(asked: bool | None) -> bool:
    """Whether it is to be a window; NoWindowError if one is asked for that can't be had."""
    from arena.play.screen import why_no_window
    from players.human import tell
    from renderers.surface import NoWindowError

    why = "" if asked is False else why_no_window()
    if asked is None and not why and _typed_beforehand():
        why = "the input is no terminal"
    if why and asked:
        raise NoWindowError(f"no window: {why}; play with --terminal")
    if why:
        tell(f"No window: {why}. You play in the terminal.")
    return asked is not False and not why


def _typed_beforehand() -> bool:
    """Whether the input is a pipe or a file: it would not be heard at a window. A desktop gives neither."""
    try:
        mode = os.fstat(sys.stdin.fileno()).st_mode
    except (AttributeError, OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISREG(mode) or stat.S_ISSOCK(mode)


def _sitting(
    game: Game[Any], names: tuple[str, ...], seed: int | None, max_cost: float | None, out: Path | None
) -> Sitting:
    """The run; who sits at the board is put into it when it is known where the person sits."""
    from arena.cli.sitting import HUMAN, Sitting
    from arena.cli.taping import purses
    from arena.run import match_config, new_run_folder
    from arena.runner import make_players
    from players.purse import Limits

    purse, paying = purses(Limits(max_cost, None), None)
    drawn = secrets.randbelow(1 << 31) if seed is None else seed
    command = shlex.join(["arena", *sys.argv[1:]])
    config = match_config(game.spec, names, 1, drawn, max_cost=max_cost, command=command)
    others = make_players([name for name in names if name != HUMAN], purse=paying)
    return Sitting(config, out or new_run_folder(config), others, purse)


def _or_instead(sitting: Sitting, game: Game[Any], max_cost: float | None, out: Path | None) -> Sitting:
    """With the strongest player that needs no solver in place of minimax, should that not be able to play."""
    from dataclasses import replace

    names = tuple("greedy" if name == "minimax" else name for name in sitting.config.players)
    return replace(sitting, instead=_sitting(game, names, sitting.config.seed, max_cost, out))


def _refuse_folder(folder: Path) -> None:
    """What would be refused after the window is open is refused before."""
    from arena.run import CONFIG, MATCHES, RunError

    if (folder / CONFIG).exists() or (folder / MATCHES).exists():
        raise RunError(f"{folder} holds a run already; choose another --out")


def _at_window(sitting: Sitting, game: Game[Any], coach: bool, theme: Theme) -> None:
    from arena.play.screen import Screen

    with Screen(f"exact-arena: {game.title}", theme.value) as screen:
        asyncio.run(_window_sitting(sitting, coach, theme, screen))


async def _window_sitting(sitting: Sitting, coach: bool, theme: Theme, screen: Any) -> None:
    from arena.cli.sitting import HUMAN, WindowHost, at_window
    from arena.play.desk import Desk, WindowPlayer
    from players.coach import Coach

    sight = partial(first_sight, theme=theme.value)
    desk = Desk(sight(sitting.config.schedule()[0]), Coach(), always=coach)
    sitting = _with_players(sitting, {HUMAN: WindowPlayer(HUMAN, desk)}, desk.left)
    await at_window(sitting, WindowHost(desk, sitting.folder, sight), desk, screen)


def first_sight(spec: MatchSpec, theme: str = "light") -> Sight:
    """What is seen before the first turn of a match."""
    from arena.cli.sitting import HUMAN
    from arena.play.sight import Sight
    from games.registry import parse_game

    game, seat = parse_game(spec.game), spec.players.index(HUMAN)
    return Sight(game, spec.players, seat, game.observe(game.initial_state(), seat), theme=theme)


async def _at_terminal(sitting: Sitting, coach: bool) -> None:
    from arena.cli.sitting import HUMAN, TerminalHost, at_terminal
    from arena.play.opposite import Opposite
    from players.human import HumanPlayer

    left = asyncio.Event()
    human = HumanPlayer(HUMAN, coach=coach, patient=True)
    sitting = _with_players(sitting, {HUMAN: Opposite(human, left)}, left)
    await at_terminal(sitting, TerminalHost(human, left, sitting.folder), left)


def _with_players(sitting: Sitting, human: dict[str, Player], left: asyncio.Event) -> Sitting:
    """Everybody at the board, the others so that they can be left."""
    from dataclasses import replace

    from arena.play.opposite import Opposite

    others = {name: Opposite(player, left) for name, player in sitting.players.items()}
    instead = sitting.instead and _with_players(sitting.instead, human, left)
    return replace(sitting, players={**others, **human}, instead=instead)
