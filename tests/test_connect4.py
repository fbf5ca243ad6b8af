"""Connect four: rules against the k-in-a-row engine, the solver against outside tables and other solvers."""

import importlib.util
import itertools
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from games.base import ImpossibleStateError, NotationError, ParameterError
from games.conformance import check_game
from games.connect4 import ConnectFour
from games.gravity import fall_in_turns
from games.k_in_a_row import KInARow, Marks
from games.move_lists import play_moves
from games.registry import parse_game
from games.solvers import NegamaxSolver, UnsolvedError, solver_for
from games.solvers.connect4 import Connect4Solver, distance
from games.solvers.connect4_bits import Board, Geometry
from games.solvers.connect4_book import read_book, write_book
from games.solvers.connect4_make_book import as_book, build, compare, is_quiet, positions
from games.solvers.connect4_store import ScoreStore
from games.solvers.kernels import connect4 as kernel
from games.values import Result, Value

DATA = Path(__file__).parent / "data" / "connect-four"
GAME = ConnectFour()
needs_book = pytest.mark.skipif(
    importlib.util.find_spec("bitbully_databases") is None, reason="the 12-ply book is not installed"
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("EXACT_ARENA_CACHE", str(tmp_path))


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A solver of the usual board without book."""
    return Connect4Solver(GAME, use_book=False, store=ScoreStore(tmp_path_factory.mktemp("bare") / "scores"))


@pytest.fixture(scope="module")
def booked(tmp_path_factory):
    """A solver of the usual board with whatever book is installed."""
    return Connect4Solver(GAME, store=ScoreStore(tmp_path_factory.mktemp("booked") / "scores"))


def playout(game, rng, plies=99):
    """The states of a random match, at most so many plies long."""
    states = [game.initial_state()]
    while (actions := game.actions(states[-1])) and len(states) <= plies:
        states.append(game.next_state(states[-1], rng.choice(actions)))
    return states


# Rules


@pytest.mark.parametrize("spec", ["connect4", "connect4(m=4,n=4)", "connect4(m=2,n=9)", "connect4(m=7,n=8)"])
def test_contract(spec):
    check_game(parse_game(spec), playouts=20)


def test_plays_as_its_parent_does():
    parent, rng = KInARow(m=6, n=7, k=4, gravity=True), random.Random(1)
    for _ in range(60):
        for state in playout(GAME, rng):
            assert GAME.actions(state) == parent.actions(state)
            assert GAME.outcome(state) == parent.outcome(state)
            assert GAME.threats(state, 0) == parent.threats(state, 0)
            for action in parent.actions(state):
                assert GAME.next_state(state, action) == parent.next_state(state, action)


@pytest.mark.parametrize(
    "spec", ["connect4(k=5)", "connect4(m=8,n=8)", "connect4(misere)", "connect4(gravity=no)"]
)
def test_refuses_other_rules(spec):
    with pytest.raises(ParameterError):
        parse_game(spec)


def test_move_lists():
    assert (
        play_moves(GAME, GAME.initial_state(), "444")
        == play_moves(GAME, GAME.initial_state(), "4 4 4")
        == play_moves(GAME, GAME.initial_state(), " 4, 4,4 ")
    )
    assert play_moves(GAME, GAME.initial_state(), "").actions == []
    assert play_moves(GAME, GAME.initial_state(), "4,4, 3\n").actions == [3, 3, 2]
    assert GAME.format_state(play_moves(GAME, GAME.initial_state(), "4435").states[-1]).endswith(
        "...O.../..XXO.."
    )
    for text in ("48", "44 4", "4x"):
        with pytest.raises(NotationError):
            play_moves(GAME, GAME.initial_state(), text)
    wide = ConnectFour(m=3, n=12)
    assert play_moves(wide, wide.initial_state(), "12 1").actions == [11, 0]


def test_falling_order_agrees_with_taking_back():
    game, rng = KInARow(m=3, n=3, k=3, gravity=True), random.Random(2)
    reached = {state for _ in range(3000) for state in playout(game, rng)}
    for cells in itertools.product("X.O", repeat=9):
        text = "".join(cells)
        try:
            state = game.parse_state(f"{text[:3]}/{text[3:6]}/{text[6:]}")
        except ImpossibleStateError:
            continue
        assert state in reached
    assert len(reached) == 694
    assert not fall_in_turns(["OX", "OX"])


def test_impossible_states_are_refused(bare):
    for text in ("......./......./......./......./......./X......", "XXXX..."):
        with pytest.raises((NotationError, ImpossibleStateError)):
            GAME.parse_state(text.replace("/X", "/O"))
    for marks in (
        Marks(1, 1),
        Marks(-1, 0),
        Marks(1 << 42, 0),
        Marks(0, 1 << 41),
        Marks(1, 0),
        Marks(7 << 35, 0),
    ):
        with pytest.raises(ImpossibleStateError):
            bare.value(marks)
        with pytest.raises(ImpossibleStateError):
            bare.action_values(marks, 0)


def test_random_marks_never_get_a_wrong_value(bare):
    rng = random.Random(3)
    for _ in range(300):
        heights = [rng.randint(0, 6) for _ in range(7)]
        marks = [[rng.choice("XO") for _ in range(h)] + ["."] * (6 - h) for h in heights]
        text = "/".join("".join(column[row] for column in marks) for row in reversed(range(6)))
        try:
            state = GAME.parse_state(text)
        except ImpossibleStateError:
            continue
        if state.plies > 20 and GAME.outcome(state) is None:
            assert bare.value(state) == max(bare.action_values(state, state.plies % 2).values())


# The solver against outside tables


@pytest.mark.parametrize("name", ["end-easy", "middle-easy", pytest.param("begin-easy", marks=needs_book)])
def test_published_scores(name, booked):
    lines = [line.split() for line in (DATA / f"{name}.txt").read_text().splitlines() if line]
    states = [play_moves(GAME, GAME.initial_state(), moves).states[-1] for moves, _ in lines]
    assert len(lines) == 1000
    found = booked.scores([booked.geometry.board_of(state) for state in states])
    assert found == [int(score) for _, score in lines]
    for state, (_, score) in zip(states[::50], lines[::50], strict=True):
        best = max(booked.action_values(state, state.plies % 2).values())
        assert best == booked.value(state)
        assert best.plies == distance(int(score), state.plies, 42)


def test_published_scores_of_openings_without_book(bare):
    lines = [line.split() for line in (DATA / "begin-easy.txt").read_text().splitlines() if line]
    boards = [
        bare.geometry.board_of(play_moves(GAME, GAME.initial_state(), moves).states[-1]) for moves, _ in lines
    ]
    assert bare.scores(boards) == [int(score) for _, score in lines]


def test_perft():
    area = Geometry(6, 7).work_area()
    counts = [kernel.perft(np.uint64(0), np.uint64(0), 0, depth, area) for depth in range(1, 11)]
    assert counts == [7, 49, 343, 2401, 16807, 117649, 823536, 5673234, 39394572, 268031646]


PLIES = {  # M. Böck's strong solution: ply -> positions the player to move wins, draws, loses
    0: (1, 0, 0),
    1: (4, 2, 1),
    2: (27, 12, 10),
    3: (145, 58, 35),
    4: (690, 200, 230),
    5: (2486, 697, 1080),
    6: (10889, 1943, 3590),
    7: (31408, 5944, 17507),
}


def layer(geometry, stones):
    """Every position with so many stones, mirror images apart, finished ones included."""
    boards = {Board(0, 0, 0)}
    for _ in range(stones):
        alive = (board for board in boards if not geometry.has_four(board))
        boards = {after for board in alive for _, after in geometry.children(board)}
    return boards


@needs_book
@pytest.mark.parametrize("ply", PLIES)
def test_counts_of_values_per_ply(ply, booked):
    assert counted(booked, ply) == PLIES[ply]


def counted(solver, ply):
    boards = layer(solver.geometry, ply)
    over = sum(solver.geometry.has_four(board) for board in boards)
    canonical = Counter(solver.geometry.key(b) for b in boards if not solver.geometry.has_four(b))
    some = {solver.geometry.key(board): board for board in boards}
    scores = solver.scores([some[key] for key in canonical])
    signs = Counter()
    for score, times in zip(scores, canonical.values(), strict=True):
        signs[(score > 0) - (score < 0)] += times
    return signs[1], signs[0], signs[-1] + over


@needs_book
def test_the_8_ply_positions_of_the_uci_repository(booked):
    """67,557 positions in which neither side can win at once: 44,473 won, 6,449 drawn, 16,635 lost."""
    geometry, boards = booked.geometry, positions(booked.geometry, 8)
    swapped = [board._replace(mine=board.mine ^ board.mask) for board in boards]
    unforced = [b for b, other in zip(boards, swapped, strict=True)
                if is_quiet(geometry, b) and is_quiet(geometry, other)]  # fmt: skip
    signs = Counter((score > 0) - (score < 0) for score in booked.scores(unforced))
    assert len(unforced) == 67_557
    assert signs == {1: 44_473, 0: 6_449, -1: 16_635}


@needs_book
def test_empty_board(booked):
    values = booked.action_values(GAME.initial_state(), 0)
    won, draw, lost = Value(1, 41), Value(0, 42), Value(-1, 40)
    assert [str(value) for value in values.values()] == [
        "loss in 40", "loss in 42", "draw", "win in 41", "draw", "loss in 42", "loss in 40"
    ]  # fmt: skip
    assert (values[3], values[2], values[0]) == (won, draw, lost)


# The solver against other solvers, and against itself


@pytest.mark.parametrize("spec", ["connect4", "connect4(m=4,n=5)", "tictactoe(m=5,n=6,k=4,gravity)"])
def test_the_kernel_is_what_a_game_gets(spec):
    assert isinstance(solver_for(parse_game(spec)), Connect4Solver)


def exactly(value):
    """The length of a draw counts too."""
    return value.payoff, value.plies


@pytest.mark.parametrize(
    "spec", ["connect4(m=3,n=4)", "connect4(m=4,n=3)", "connect4(m=1,n=9)", "connect4(m=5,n=3)"]
)
def test_agrees_with_negamax(spec, tmp_path):
    game = parse_game(spec)
    fast, slow = Connect4Solver(game), NegamaxSolver(game)
    rng = random.Random(4)
    for _ in range(40):
        for state in playout(game, rng):
            assert exactly(fast.value(state)) == exactly(slow.value(state))
            for seat in (0, 1):
                ours, theirs = fast.action_values(state, seat), slow.action_values(state, seat)
                assert list(map(exactly, ours.values())) == list(map(exactly, theirs.values()))
                assert list(ours) == list(theirs)


def test_agrees_with_negamax_on_late_positions(bare):
    rng = random.Random(5)
    for _ in range(12):
        states = [state for state in playout(GAME, rng) if state.plies >= 31]
        reference = NegamaxSolver(GAME)
        for state in states[:1]:
            seat = state.plies % 2
            assert bare.action_values(state, seat) == reference.action_values(state, seat)


def test_mirror_images_have_mirrored_values(bare):
    rng = random.Random(6)
    for _ in range(10):
        for state in playout(GAME, rng)[16::3]:
            values = bare.action_values(state, state.plies % 2)
            for image in GAME.images(state):
                mapped = {image.map_action(action): value for action, value in values.items()}
                assert bare.action_values(image.state, state.plies % 2) == mapped


@pytest.mark.parametrize("threads", [1, 2])
def test_a_whole_match_is_judged_as_each_position_alone(threads, bare, tmp_path):
    fresh = Connect4Solver(GAME, use_book=False, store=ScoreStore(tmp_path / "scores"))
    states = next(
        s for s in (playout(GAME, random.Random(seed)) for seed in itertools.count()) if len(s) > 30
    )[16:]
    together = fresh.values_of_match(states, threads)
    for state, values in zip(states, together, strict=True):
        seat = state.plies % 2
        assert values == bare.action_values(state, seat)
        if values:
            best = max(values.values())
            assert best == bare.value(state) and best.plies == bare.value(state).plies
    assert together[-1] == {}


def test_distances_are_played_out(bare):
    """Best play from a position ends after as many plies as its value says."""
    rng = random.Random(7)
    for _ in range(20):
        state = next(s for s in iter(lambda: playout(GAME, rng, 22)[-1], None) if GAME.outcome(s) is None)
        promised = bare.value(state)
        plies = 0
        while values := bare.action_values(state, state.plies % 2):
            state = GAME.next_state(state, max(values, key=lambda action: values[action]))
            plies += 1
        assert plies == promised.plies


def test_a_finished_game(bare):
    won = play_moves(GAME, GAME.initial_state(), "1212121").states[-1]
    assert bare.value(won) == Value(-1, 0)
    assert bare.action_values(won, 0) == bare.action_values(won, 1) == {}
    before = play_moves(GAME, GAME.initial_state(), "121212").states[-1]
    assert bare.action_values(before, 1) == {}


def test_budget_is_never_passed_with_a_guess(tmp_path):
    poor = Connect4Solver(GAME, nodes=1000, use_book=False, store=ScoreStore(tmp_path / "scores"))
    with pytest.raises(UnsolvedError, match=r"1,000 nodes.*\.\[book\]"):
        poor.value(GAME.initial_state())
    with pytest.raises(UnsolvedError):
        poor.action_values(play_moves(GAME, GAME.initial_state(), "44444435").states[-1], 0)
    late = play_moves(GAME, GAME.initial_state(), "2252576253462244111563365343671351441").states[-1]
    assert poor.value(late) == Value(-1, 4)  # an outside position with score -1


# Books and kept scores


def test_own_book_gives_the_same_values(tmp_path):
    game = ConnectFour(m=4, n=5)
    plain = Connect4Solver(game, use_book=False, store=ScoreStore(tmp_path / "scores"))
    progress = ScoreStore(tmp_path / "book.partial")
    steps = list(build(plain, 6, progress))
    assert steps[-1][0] == steps[-1][1] == len(list(progress.items()))
    write_book(tmp_path / "book.npz", as_book(6, ScoreStore(tmp_path / "book.partial")))
    book = read_book(tmp_path / "book.npz")
    booked = Connect4Solver(game, book=book, store=ScoreStore(tmp_path / "other"))
    for stones in (0, 3, 4, 5):
        boards = positions(booked.geometry, stones)
        assert booked.scores(boards) == plain.scores(boards)
    assert compare(book, plain, sample=50)[1] == 0


def test_building_a_book_goes_on_where_it_stopped(tmp_path):
    game = ConnectFour(m=4, n=4)
    solver = Connect4Solver(game, use_book=False, store=ScoreStore(tmp_path / "scores"))
    path = tmp_path / "book.partial"
    first = list(itertools.islice(build(solver, 4, ScoreStore(path), chunk=5), 3))
    assert [done for done, _ in first] == [0, 5, 10] and first[0][1] > 10
    assert len(list(build(solver, 4, ScoreStore(tmp_path / "none"), seconds=-1))) == 1
    kept = path.read_text()
    path.write_text(kept + "123 ")  # a line that a crash cut short
    assert next(build(solver, 4, ScoreStore(path)))[0] == len(kept.splitlines())


@needs_book
def test_the_12_ply_book_agrees_with_search(bare, booked):
    boards = positions(Geometry(4, 4), 4)  # any few positions do; these only seed the choice
    rng = random.Random(len(boards))
    chosen = []
    while len(chosen) < 12:
        state = playout(GAME, rng, 11)[-1]
        if state.plies == 11 and GAME.outcome(state) is None:
            chosen.append(state)
    for state in chosen:
        assert bare.action_values(state, 1) == booked.action_values(state, 1)


def test_dear_scores_are_kept(tmp_path, monkeypatch):
    monkeypatch.setattr("games.solvers.connect4.DEAR_NODES", 100)
    path = tmp_path / "scores"
    state = play_moves(GAME, GAME.initial_state(), "4444443232").states[-1]
    first = Connect4Solver(GAME, use_book=False, store=ScoreStore(path)).action_values(state, 0)
    assert path.read_text()
    poor = Connect4Solver(GAME, nodes=100, use_book=False, store=ScoreStore(path))
    assert poor.action_values(state, 0) == first


def test_results_are_classes():
    assert Value(1, distance(3, 20, 42)).result is Result.WIN
