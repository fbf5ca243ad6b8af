"""arena solve: exact values of a state and of every legal action."""

from __future__ import annotations

import json as jsonlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from arena.cli.output import GameSpec, Json, console, print_json, print_json_line, progress_console

if TYPE_CHECKING:
    from games.registry import AnyGame
    from games.values import Value


def solve(
    game: GameSpec,
    state: Annotated[str | None, typer.Argument(help="A state in the game's notation.")] = None,
    moves: Annotated[str, typer.Option(help="Actions to play from the state first, e.g. '5 1 9'.")] = "",
    batch: Annotated[
        Path | None,
        typer.Option(help="Read a move list or a state from each line of this file ('-': stdin)."),
    ] = None,
    table: Annotated[bool, typer.Option("--table", help="Solve every state of the game, and count.")] = False,
    json: Json = False,
) -> None:
    """Solve a state: its value and that of every legal action.

    Values are exact and for the seat to move, with the distance to the end under best play.
    A state that is beyond the budget is refused; nothing is guessed.

    \b
    Examples:
      arena solve tictactoe X.O/.X./..O
      arena solve tictactoe --moves '1 5 9' --json
      arena solve tictactoe --batch positions.txt
      arena solve 'tictactoe(misere)' --table
    """
    from arena.cli.full_table import print_table
    from games.base import ParameterError
    from games.registry import parse_game

    if batch is not None:
        if state is not None or moves:
            raise ParameterError("--batch takes its positions from the file; leave STATE and --moves out")
        _solve_lines(parse_game(game), batch)
        return
    if table:
        if state is not None or moves:
            raise ParameterError("--table is about every state of the game; leave STATE and --moves out")
        print_table(parse_game(game), json=json)
        return
    from arena.cli.positions import position
    from games.solvers import DEFAULT_BUDGET

    where = position(game, state, moves)
    with progress_console().status(f"solving {where.game.spec}, for up to {DEFAULT_BUDGET.seconds:g} s ..."):
        solution = solution_of(where.game, where.state)
    if json:
        print_json({"game": where.game.spec, "state": where.game.format_state(where.state), **solution})
    else:
        _print_solution(where.game, where.state)


def solution_of(game: AnyGame, state: Any) -> dict[str, Any]:
    """The value of a state and of its legal actions as plain data, for the seat to move.

    Where several seats move at once, or best play is drawn by lot, the shares of each seat stand beside.
    """
    from games.solvers import MixedSolver, shared_solver

    solver = shared_solver(game)
    seats = game.seats_to_move(state)
    actions = solver.action_values(state, seats[0]) if seats else {}
    solution: dict[str, Any] = {
        "value": plain_value(solver.value(state)),
        "actions": {game.format_action(state, a): plain_value(v) for a, v in actions.items()},
    }
    if seats and isinstance(solver, MixedSolver):
        solution["strategies"] = {
            game.seat_names[seat]: {
                game.format_action(state, a): share for a, share in solver.strategy(state, seat).items()
            }
            for seat in seats
        }
    return solution


def plain_value(value: Value) -> dict[str, Any]:
    """A value as plain data; payoff only where it says more than the result."""
    plain: dict[str, Any] = {"result": str(value.result), "plies": value.plies}
    return plain if value.plies is not None else {**plain, "payoff": value.payoff}


def _print_solution(game: AnyGame, state: Any) -> None:
    from arena.cli.boards import valued_board
    from games.solvers import MixedSolver, shared_solver

    out, solver = console(), shared_solver(game)
    seats = game.seats_to_move(state)
    out.print(f"{game.title}: {game.format_state(state)}", markup=False, soft_wrap=True)
    if (outcome := game.outcome(state)) is not None:
        out.print(f"The game is over: {outcome.reason}.", markup=False)
        return
    if not seats:
        out.print(f"Chance moves; for {game.seat_names[0]}: {solver.value(state)}", markup=False)
        return
    for seat in seats:
        values = {game.format_action(state, a): v for a, v in solver.action_values(state, seat).items()}
        out.print(valued_board(game, state, values), markup=False)
        value = solver.value(state) if len(seats) == 1 else max(values.values())
        out.print(f"{game.seat_names[seat]} to move: {value}", markup=False)
        lots = solver.strategy(state, seat) if isinstance(solver, MixedSolver) else {}
        shares = {game.format_action(state, a): f"  play {100 * p:.2f} %" for a, p in lots.items()}
        for name, worth in sorted(values.items(), key=lambda item: item[1], reverse=True):
            out.print(f"  {name:>4}  {worth}{shares.get(name, '')}", markup=False)
    if line := _principal_variation(game, state):
        out.print(f"Best play: {' '.join(line)}", markup=False, soft_wrap=True)


def _principal_variation(game: AnyGame, state: Any) -> list[str]:
    """Best actions to the end, the first of equals; as far as one seat moves at a time without chance."""
    from games.solvers import MixedSolver, shared_solver

    line: list[str] = []
    if isinstance(shared_solver(game), MixedSolver):
        return line  # best play is drawn by lot
    while len(seats := game.seats_to_move(state)) == 1 and len(line) < game.max_plies:
        values = shared_solver(game).action_values(state, seats[0])
        action = max(values, key=lambda a: values[a])
        followers = game.transitions(state, {seats[0]: action})
        line.append(game.format_action(state, action))
        if len(followers) > 1:
            break
        state = followers[0].state
    return line


def _solve_lines(game: AnyGame, path: Path) -> None:
    """One JSON line for each line of the file; a bad line becomes an error line and the rest goes on."""
    from games.base import ParameterError

    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text("utf-8", errors="replace")
    except OSError as error:
        raise ParameterError(f"can't read {path}: {error.strerror or error}") from error
    lines = text.removeprefix("\ufeff").split("\n")  # splitlines() would split at form feeds and the like too
    for line in lines if lines[-1] else lines[:-1]:
        print_json_line(jsonlib.dumps(_solved_line(game, line.strip()), ensure_ascii=False))


def _solved_line(game: AnyGame, line: str) -> dict[str, Any]:
    from games.base import GameError
    from games.solvers import UnsolvedError

    if not line:  # not the start: an answer to a question nobody asked would pass unnoticed
        return {"line": line, "error": "empty line"}
    try:
        state = _state_in(game, line)
        return {"line": line, "state": game.format_state(state), **solution_of(game, state)}
    except (GameError, UnsolvedError) as error:
        return {"line": line, "error": str(error)}


def _state_in(game: AnyGame, line: str) -> Any:
    """The state a line names: by its notation, or by a move list from the start."""
    from games.base import ImpossibleStateError, NotationError
    from games.move_lists import play_moves

    try:
        return game.parse_state(line)
    except ImpossibleStateError:
        raise
    except NotationError as not_a_state:
        try:
            return play_moves(game, game.initial_state(), line)[0][-1]
        except NotationError as not_moves:
            raise NotationError(f"neither a state ({not_a_state}) nor a move list ({not_moves})") from None
