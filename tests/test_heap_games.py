"""Nim, Wythoff's game, Kayles and Grundy's game: contract, closed forms against search, impossible states."""

from __future__ import annotations

import pytest

from games.base import GameError, ImpossibleStateError, ParameterError
from games.conformance import check_game
from games.registry import parse_game
from games.solvers import Budget, NegamaxSolver, UnsolvedError, solver_for
from games.solvers.grundy import ClosedFormSolver, kayles_grundy, nim_wins, split_grundy, wythoff_wins
from games.tree import perft, reachable
from games.values import Value

SMALL = (
    "nim",
    "nim(misere)",
    "nim(heaps=2-2-3)",
    "nim(heaps=5)",
    "wythoff",
    "wythoff(heaps=4-4,misere)",
    "kayles",
    "kayles(pins=1)",
    "kayles(pins=10)",
    "grundy",
    "grundy(heap=17)",
)


@pytest.mark.parametrize("spec", [*SMALL, "nim(heaps=30-40-50,speed=no)", "kayles(pins=40,speed=no)"])
def test_contract(spec: str) -> None:
    check_game(parse_game(spec), playouts=5)


@pytest.mark.parametrize("spec", SMALL)
def test_the_solver_agrees_with_plain_negamax_everywhere(spec: str) -> None:
    game = parse_game(spec)
    fast, plain = solver_for(game), NegamaxSolver(game)
    for state in reachable(game):
        a, b = fast.value(state), plain.value(state)
        assert (a, a.plies) == (b, b.plies), game.format_state(state)
        for seat in game.seats_to_move(state):
            assert fast.action_values(state, seat) == plain.action_values(state, seat)


@pytest.mark.parametrize("spec", SMALL)
def test_closed_forms_agree_with_search_everywhere(spec: str) -> None:
    game = parse_game(spec)
    timeless = parse_game(f"{spec.rstrip(')')}{',' if '(' in spec else '('}speed=no)")
    closed, search = solver_for(timeless), NegamaxSolver(game)
    assert isinstance(closed, ClosedFormSolver)
    for state in reachable(game):
        if game.outcome(state) is None:
            assert closed.value(state) == Value(search.value(state).payoff)
            for action, value in closed.action_values(state, game.seat_to_move(state)).items():
                assert value.payoff == search.action_values(state, game.seat_to_move(state))[action].payoff


def test_misere_wythoff_closed_form_agrees_with_search() -> None:
    game = parse_game("wythoff(heaps=20-25,misere)")
    search = solver_for(game)
    for state in reachable(game):
        if state.seat == 0 and any(state.sizes):
            assert wythoff_wins(state.sizes, misere=True) == (search.value(state).payoff > 0)


def test_known_grundy_values() -> None:
    """Kayles: Guy and Smith 1956, OEIS A002186; Grundy's game: OEIS A002188."""
    assert [kayles_grundy(n) for n in range(24)] == [
        *(0, 1, 2, 3, 1, 4, 3, 2, 1, 4, 2, 6),
        *(4, 1, 2, 7, 1, 4, 3, 2, 1, 4, 6, 7),
    ]
    assert all(kayles_grundy(n) == kayles_grundy(n + 12) for n in range(71, 150))
    assert [split_grundy(n) for n in range(21)] == [
        *(0, 0, 0, 1, 0, 2, 1, 0, 2, 1, 0, 2, 1, 3, 2, 1, 3, 2, 4, 3, 0),
    ]


def test_known_cold_positions() -> None:
    cold = [(a, b) for a in range(30) for b in range(a, 30) if not wythoff_wins((a, b))]
    assert cold[:7] == [(0, 0), (1, 2), (3, 5), (4, 7), (6, 10), (8, 13), (9, 15)]
    assert not nim_wins((1, 2, 3)) and nim_wins((3, 4, 5))
    assert not nim_wins((1,), misere=True) and nim_wins((1, 1), misere=True)


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ("nim", Value(1, 11)),
        ("nim(misere)", Value(1, 10)),
        ("nim(heaps=7-7-7-7)", Value(-1, 28)),
        ("wythoff(heaps=4-7)", Value(-1, 6)),
        ("nim(heaps=20-30-41,speed=no)", Value(1)),
        ("wythoff(heaps=6180-3819,speed=no)", Value(1)),
        ("kayles", Value(1, 5)),
        ("grundy(heap=20)", Value(-1, 14)),
    ],
)
def test_known_values(spec: str, value: Value) -> None:
    game = parse_game(spec)
    found = solver_for(game).value(game.initial_state())
    assert (found.payoff, found.plies) == (value.payoff, value.plies)


def test_perft() -> None:
    assert [perft(parse_game("nim(heaps=1-2)"), depth) for depth in range(4)] == [1, 3, 5, 3]
    assert [perft(parse_game("kayles(pins=3)"), depth) for depth in range(4)] == [1, 5, 10, 6]


def test_search_refuses_beyond_its_budget() -> None:
    game = parse_game("nim(heaps=20-20-20)")
    with pytest.raises(UnsolvedError, match="budget of 100 states"):
        solver_for(game, Budget(states=100)).value(game.initial_state())


@pytest.mark.parametrize(
    "spec",
    [
        "nim(heaps=3-x)",
        "nim(heaps=0)",
        "nim(heaps=100-100)",
        "wythoff(heaps=3)",
        "kayles(pins=0)",
        "grundy(heap=2)",
    ],
)
def test_parameters_that_make_no_game(spec: str) -> None:
    with pytest.raises(ParameterError):
        parse_game(spec)


@pytest.mark.parametrize(
    ("spec", "state"),
    [
        ("nim", "3-4-6:1"),
        ("nim", "3-4-5:2"),
        ("nim", "3-4-4:1"),
        ("wythoff", "5-7:1"),
        ("kayles", "IIIIIII:2"),
        ("kayles", "III.III:1"),
        ("grundy", "5-5"),
        ("grundy", "9"),
    ],
)
def test_impossible_states(spec: str, state: str) -> None:
    with pytest.raises(ImpossibleStateError, match="no play of"):
        parse_game(spec).parse_state(state)


@pytest.mark.parametrize(
    ("spec", "state"), [("nim", "3-4:1"), ("nim", "3-4-5"), ("kayles", "II:1"), ("grundy", "2-8")]
)
def test_not_states(spec: str, state: str) -> None:
    with pytest.raises(GameError, match="not a state"):
        parse_game(spec).parse_state(state)


def test_every_accepted_state_arises() -> None:
    for spec in ("nim(heaps=2-3)", "wythoff(heaps=2-3)", "kayles(pins=5)"):
        game = parse_game(spec)
        found = {game.format_state(state) for state in reachable(game)}
        boards = {text.partition(":")[0] for text in found}
        for board in boards:
            for seat in "12":
                if f"{board}:{seat}" not in found:
                    with pytest.raises(ImpossibleStateError):
                        game.parse_state(f"{board}:{seat}")
