"""Openings enumerated from a game: positions to start from, each as the actions that lead there."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from arena.run import RunError
from arena.schedule import Opening
from games.base import Game, GameError
from games.move_lists import play_moves
from games.solvers import UnsolvedError, shared_solver

MOST = 200_000
"""Positions looked at; a deeper ply has to be given by a file."""


class NoOpenings(RunError):
    """A game has none of the kind."""


def openings(
    game: Game[Any], kind: str, plies: int = 2, limit: int | None = None, seed: int = 0
) -> tuple[Opening, ...]:
    """The openings of a kind, at most `limit` of them drawn by lot; RunError if there are none.

    none: the start of the game. canonical: every position after so many plies, of symmetric ones the first.
    balanced: those of them that the solver calls a draw. Anything else is a file with one opening a line.
    """
    found = list(KINDS[kind](game, plies)) if kind in KINDS else _from_file(game, Path(kind))
    if not found:
        raise NoOpenings(f"{game.spec}: no {kind} openings of {plies} plies")
    if limit is not None and len(found) > limit:
        found = sorted(Random(f"{seed}/openings of {game.spec}").sample(found, limit))
    return tuple(found)


def _none(game: Game[Any], plies: int) -> Iterator[Opening]:
    yield ()


def _canonical(game: Game[Any], plies: int) -> Iterator[Opening]:
    yield from (path for path, _ in _positions(game, plies))


def _balanced(game: Game[Any], plies: int) -> Iterator[Opening]:
    solver = shared_solver(game)
    try:
        yield from (path for path, state in _positions(game, plies) if solver.value(state).payoff == 0)
    except UnsolvedError as error:
        raise RunError(f"{game.spec}: which openings are balanced is not known: {error}") from error


def _positions(game: Game[Any], plies: int) -> list[tuple[Opening, Any]]:
    """(path, state) of every unfinished position after so many plies, one for each canonical key."""
    if game.num_seats == 1:
        raise NoOpenings(f"{game.spec} has no openings: it is a puzzle")
    level: list[tuple[Opening, Any]] = [((), game.initial_state())]
    for _ in range(plies):
        followers: dict[Hashable, tuple[Opening, Any]] = {}
        for path, state in level:
            for notation, after in _steps(game, state):
                followers.setdefault(game.canonical_key(after), ((*path, notation), after))
        level = list(followers.values())
        if len(level) > MOST:
            raise RunError(f"{game.spec}: over {MOST} positions after {plies} plies; give a file of openings")
    return level


def _steps(game: Game[Any], state: Any) -> Iterator[tuple[str, Any]]:
    """Each action of the one seat to move, and what follows unless that ends the game."""
    seats = game.seats_to_move(state)
    if len(seats) != 1:
        raise NoOpenings(f"{game.spec} has no openings: chance or both seats act at its start")
    for action in game.legal_actions(state, seats[0]):
        followers = game.transitions(state, {seats[0]: action})
        if len(followers) > 1:
            raise NoOpenings(f"{game.spec} has no openings: chance has a say in them")
        if game.outcome(followers[0].state) is None:
            yield game.format_action(state, action), followers[0].state


def _from_file(game: Game[Any], path: Path) -> list[Opening]:
    """One opening a line, actions with spaces between them; '#' begins a remark."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"openings are none, canonical, balanced or a file; {path}: {error}") from error
    found: dict[Opening, int] = {}
    for number, line in enumerate(lines, 1):
        if words := line.partition("#")[0].split():
            opening = _checked(game, path, number, words)
            if (before := found.setdefault(opening, number)) != number:
                raise RunError(f"{path}, line {number}: {' '.join(opening)} stands in line {before} already")
    if not found:
        raise RunError(f"{path} holds no opening; write one a line, like '5 1' ('#' begins a remark)")
    return list(found)


def _checked(game: Game[Any], path: Path, number: int, words: list[str]) -> Opening:
    """The opening as the game itself writes its actions: there is one spelling of each."""
    try:
        play = play_moves(game, game.initial_state(), " ".join(words))
    except GameError as error:
        raise RunError(f"{path}, line {number}: {error}") from error
    if game.outcome(play.states[-1]) is not None:
        raise RunError(f"{path}, line {number}: the opening {' '.join(words)} ends the game")
    return tuple(step.notation for step in play.steps)


KINDS: Mapping[str, Callable[[Game[Any], int], Iterator[Opening]]] = {
    "none": _none,
    "canonical": _canonical,
    "balanced": _balanced,
}
