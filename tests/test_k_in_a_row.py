"""The k-in-a-row family: its conventions, its texts, which states can arise, and its symmetries."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.base import GameError, IllegalActionError, ImpossibleStateError, NotationError
from games.boards import Size, lines, permute, symmetries
from games.k_in_a_row import KInARow, Marks
from games.move_lists import play_moves
from games.tree import reachable

CLASSIC = KInARow()
GRAVITY = KInARow(gravity=True)
WILD = KInARow(wild=True)
MISERE = KInARow(misere=True)
CUBE = KInARow(depth=3)
FOUR = KInARow(6, 7, 4, gravity=True)


def after(game: KInARow, moves: str) -> Marks:
    return play_moves(game, game.initial_state(), moves)[0][-1]


# The convention ----------------------------------------------------------------------------------------


def test_the_first_seat_plays_x_and_moves_first() -> None:
    start = CLASSIC.initial_state()
    assert CLASSIC.seats_to_move(start) == (0,)
    assert CLASSIC.seat_names[0] == "X"
    assert CLASSIC.format_state(after(CLASSIC, "1")) == "X../.../..."
    assert CLASSIC.seats_to_move(after(CLASSIC, "1")) == (1,)
    assert CLASSIC.format_state(after(CLASSIC, "12")) == "XO./.../..."


def test_cells_are_counted_row_by_row_from_the_top_left() -> None:
    """1 2 3
    4 5 6
    7 8 9"""
    for number, text in {
        1: "X../.../...",
        3: "..X/.../...",
        4: ".../X../...",
        9: ".../.../..X",
    }.items():
        assert CLASSIC.format_state(after(CLASSIC, str(number))) == text
    assert CLASSIC.legal_actions(CLASSIC.initial_state(), 0) == tuple(range(9)), "ints count from 0"


def test_columns_are_counted_from_the_left_and_marks_fall() -> None:
    assert GRAVITY.legal_actions(GRAVITY.initial_state(), 0) == (0, 1, 2)
    assert GRAVITY.format_state(after(GRAVITY, "1")) == ".../.../X.."
    assert GRAVITY.format_state(after(GRAVITY, "113")) == ".../O../X.X"
    full = after(GRAVITY, "111")
    assert GRAVITY.legal_actions(full, 1) == (1, 2), "a full column is closed"


def test_in_wild_games_an_action_names_its_mark() -> None:
    start = WILD.initial_state()
    assert [WILD.format_action(start, a) for a in (0, 1, 8, 17)] == ["X1", "O1", "X5", "O9"]
    assert WILD.legal_actions(start, 0) == tuple(range(18))
    assert WILD.format_state(after(WILD, "O5 O1")) == "O../.O./..."
    assert WILD.seat_names == ("First", "Second")


def test_layers_go_on_counting() -> None:
    assert CUBE.format_state(after(CUBE, "1 10 27")) == "X../.../...//O../.../...//.../.../..X"
    assert [CUBE.format_action(CUBE.initial_state(), a) for a in (0, 9, 26)] == ["1", "10", "27"]


# How games end -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("game", "moves", "returns", "reason"),
    [
        (CLASSIC, "14253", (1, -1), "X completed a line of 3"),
        (CLASSIC, "1245", None, None),
        (CLASSIC, "417293", (-1, 1), "O completed a line of 3"),
        (CLASSIC, "123547698", (0, 0), "the board is full"),
        (MISERE, "14253", (-1, 1), "X completed a line of 3, so O wins"),
        (WILD, "X1 X2 X3", (1, -1), "First completed a line of 3"),
        (WILD, "X1 O5 X2 X3", (-1, 1), "Second completed a line of 3"),
        (GRAVITY, "12131", (1, -1), "X completed a line of 3"),
        (CUBE, "1 2 14 3 27", (1, -1), "X completed a line of 3"),
        (FOUR, "1122334", (1, -1), "X completed a line of 4"),
        (KInARow(2, 2, 1), "4", (1, -1), "X completed a line of 1"),
    ],
)
def test_endings(game: KInARow, moves: str, returns: tuple[float, float] | None, reason: str | None) -> None:
    outcome = game.outcome(after(game, moves))
    if returns is None:
        assert outcome is None
    else:
        assert outcome is not None
        assert (outcome.returns, outcome.reason) == (returns, reason)


def test_a_full_board_with_a_line_is_a_win() -> None:
    outcome = CLASSIC.outcome(CLASSIC.parse_state("XXX/OOX/XOO"))
    assert outcome is not None
    assert outcome.returns == (1, -1)


def test_a_longer_line_than_k_counts() -> None:
    game = KInARow(1, 5, 3)
    outcome = game.outcome(Marks(0b11111, 0))
    assert outcome is not None
    assert outcome.returns == (1, -1)


def test_all_completed_lines_are_lit() -> None:
    state = CLASSIC.parse_state("XOX/OXO/XOX")
    assert f"{CLASSIC.completed_line(state):09b}" == "101010101"
    assert [cell.lit for cell in CLASSIC.layout(state)[0].cells] == [True, False] * 4 + [True]


# What is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("game", "state", "action", "why"),
    [
        (CLASSIC, "X../.../...", 0, "illegal action 1 in state X../.../... of tictactoe: the cell is taken"),
        (CLASSIC, ".../.../...", 9, "there is no such cell"),
        (CLASSIC, ".../.../...", -1, "illegal action number -1 in"),
        (CLASSIC, "XXX/OO./...", 8, "the game is over"),
        (GRAVITY, "X../O../X..", 0, "the column is full"),
        (GRAVITY, ".../.../...", 3, "there is no such column"),
        (WILD, "X../.../...", 1, "the cell is taken"),
        (WILD, ".../.../...", 18, "there is no such cell"),
    ],
)
def test_illegal_actions_say_why(game: KInARow, state: str, action: int, why: str) -> None:
    with pytest.raises(IllegalActionError) as refusal:
        game.next_state(game.parse_state(state), action)
    assert why in str(refusal.value)


@pytest.mark.parametrize("joint", [{}, {1: 0}, {0: 0, 1: 1}])
def test_only_the_seat_to_move_acts(joint: dict[int, int]) -> None:
    with pytest.raises(IllegalActionError, match=r"act where \[0\] are to move"):
        CLASSIC.transitions(CLASSIC.initial_state(), joint)


@pytest.mark.parametrize(
    ("game", "text"),
    [
        (CLASSIC, "0"),
        (CLASSIC, "10"),
        (CLASSIC, "01"),
        (CLASSIC, "X5"),
        (CLASSIC, "5 "),
        (CLASSIC, "5\n"),
        (CLASSIC, "\u0665"),
        (GRAVITY, "4"),
        (WILD, "5"),
        (WILD, "X"),
        (WILD, "X10"),
        (WILD, "5X"),
    ],
)
def test_what_is_no_action_is_refused(game: KInARow, text: str) -> None:
    with pytest.raises(NotationError) as refusal:
        game.parse_action(game.initial_state(), text)
    assert repr(text) in str(refusal.value)
    assert game.action_help in str(refusal.value)


def test_wild_marks_may_be_written_small() -> None:
    assert WILD.parse_action(WILD.initial_state(), "o9") == 17


@pytest.mark.parametrize(
    ("game", "text"),
    [
        (CLASSIC, ""),
        (CLASSIC, "........."),
        (CLASSIC, ".../..."),
        (CLASSIC, "..../.../..."),
        (CLASSIC, "x../.../..."),
        (CLASSIC, ".../.../...//.../.../..."),
        (CLASSIC, ".../.../.../"),
        (CLASSIC, ".../.../...\n"),
        (CUBE, ".../.../..."),
    ],
)
def test_a_state_of_the_wrong_shape_is_refused(game: KInARow, text: str) -> None:
    with pytest.raises(NotationError, match=r"write 3 rows of 3 of 'X', 'O' and '\.', for example"):
        game.parse_state(text)


@pytest.mark.parametrize(
    ("game", "text", "why"),
    [
        (CLASSIC, "XX./.../...", "2 X and 0 O, but X moves first and they take turns"),
        (CLASSIC, "O../.../...", "0 X and 1 O"),
        (CLASSIC, "XXX/OOO/...", "the game was over before the last mark"),
        (CLASSIC, "XXX/OO./O..", "the game was over before the last mark"),
        (GRAVITY, "X../.../...", "a mark hangs in the air"),
        (GRAVITY, ".../X../O..", "the marks can't have fallen in turns"),
        (WILD, "XXX/.../OOO", "the game was over before the last mark"),
    ],
)
def test_states_that_no_play_leads_to_say_why(game: KInARow, text: str, why: str) -> None:
    with pytest.raises(ImpossibleStateError) as refusal:
        game.parse_state(text)
    assert why in str(refusal.value)
    assert repr(text) in str(refusal.value)


# Exactly the reachable states can be read ----------------------------------------------------------------


def every_board(game: KInARow) -> Iterator[str]:
    """The text of every way to fill the cells with X, O and nothing."""
    for cells in itertools.product("XO.", repeat=game.size.cells):
        board = "".join(cells)
        rows = [board[i : i + game.n] for i in range(0, len(board), game.n)]
        yield "//".join("/".join(rows[i : i + game.m]) for i in range(0, len(rows), game.m))


def readable(game: KInARow, text: str) -> bool:
    try:
        game.parse_state(text)
    except ImpossibleStateError:
        return False
    return True


@pytest.mark.parametrize(
    ("game", "count"),
    [
        (CLASSIC, 5478),
        (WILD, 18753),
        (GRAVITY, 694),
        (KInARow(gravity=True, wild=True), 2495),
        (KInARow(k=2), 1234),
        (KInARow(4, 2, 3, gravity=True), 157),
        (KInARow(2, 4, 3, gravity=True), 691),
        (KInARow(2, 2, 2, depth=2), 233),
        (KInARow(k=1), 10),
    ],
    ids=str,
)
def test_a_text_is_read_if_and_only_if_some_play_leads_there(game: KInARow, count: int) -> None:
    arising = {game.format_state(state) for state in reachable(game)}
    assert len(arising) == count
    assert {text for text in every_board(game) if readable(game, text)} == arising


@st.composite
def plays(draw: st.DrawFn) -> tuple[KInARow, Marks, Marks]:
    """A game of the family, a state met in a play at random, and the state before it."""
    m, n = draw(st.integers(1, 6)), draw(st.integers(1, 7))
    depth = draw(st.sampled_from([1, 1, 2, 3]))
    game = KInARow(
        m,
        n,
        draw(st.integers(1, max(m, n, depth))),
        depth,
        gravity=depth == 1 and draw(st.booleans()),
        misere=draw(st.booleans()),
        wild=draw(st.booleans()),
    )
    rng = random.Random(draw(st.integers(0, 2**32)))
    before = state = game.initial_state()
    for _ in range(draw(st.integers(0, game.max_plies))):
        if actions := game.actions(state):
            before, state = state, game.next_state(state, rng.choice(actions))
    return game, state, before


@given(plays())
@settings(deadline=None)
def test_texts_and_what_they_stand_for_are_inverse(play: tuple[KInARow, Marks, Marks]) -> None:
    game, state, _ = play
    assert game.parse_state(game.format_state(state)) == state
    for action in game.actions(state):
        assert game.parse_action(state, game.format_action(state, action)) == action


@given(plays())
@settings(deadline=None)
def test_a_ply_adds_one_mark_and_a_finished_game_has_no_actions(play: tuple[KInARow, Marks, Marks]) -> None:
    game, state, before = play
    assert state == before or (state.plies == before.plies + 1 and before.taken & state.taken == before.taken)
    assert state.x & state.o == 0
    assert bool(game.actions(state)) == (game.outcome(state) is None)


@given(plays())
@settings(deadline=None)
def test_a_threat_is_an_action_that_would_win_at_once(play: tuple[KInARow, Marks, Marks]) -> None:
    game, state, _ = play
    if game.outcome(state) is None:
        seat = game.seat_to_move(state)
        ends = {action: game.outcome(game.next_state(state, action)) for action in game.actions(state)}
        winning = tuple(a for a, end in ends.items() if end is not None and end.returns[seat] > 0)
        # In misere games a seat never wins by its own action.
        assert game.threats(state, seat) == winning


def test_threats_of_either_seat() -> None:
    state = CLASSIC.parse_state("XX./OO./...")
    assert CLASSIC.threats(state, 0) == (2,)
    assert CLASSIC.threats(state, 1) == (5,), "O is not to move, but would win there"
    assert MISERE.threats(state, 0) == ()
    assert CLASSIC.threats(CLASSIC.parse_state("XXX/OO./..."), 1) == ()


# Geometry and symmetry ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "k", "count"),
    [
        (Size(1, 3, 3), 3, 8),
        (Size(1, 3, 4), 3, 4 + 6 + 4),
        (Size(1, 6, 7), 4, 69),
        (Size(1, 1, 5), 3, 3),
        (Size(3, 3, 3), 3, 49),
        (Size(4, 4, 4), 4, 76),
        (Size(1, 2, 2), 1, 4),
        (Size(1, 2, 2), 3, 0),
    ],
)
def test_the_number_of_lines(size: Size, k: int, count: int) -> None:
    found = lines(size, k)
    assert len(found) == len(set(found)) == count
    assert all(line.bit_count() == k for line in found)


@given(st.builds(Size, *[st.integers(1, 4)] * 3))
def test_cell_and_place_are_inverse(size: Size) -> None:
    assert [size.cell(*size.place(number)) for number in range(size.cells)] == list(range(size.cells))
    assert size.place(0) == (0, 0, 0)


@pytest.mark.parametrize(
    ("game", "count"),
    [
        (CLASSIC, 8),
        (KInARow(m=3, n=4), 4),
        (KInARow(m=4, n=4), 8),
        (GRAVITY, 2),
        (FOUR, 2),
        (CUBE, 48),
        (KInARow(3, 3, 3, depth=2), 16),
        (WILD, 16),
        (KInARow(1, 5, 3), 2),
        (KInARow(1, 1, 1), 1),
    ],
    ids=str,
)
def test_the_number_of_images(game: KInARow, count: int) -> None:
    images = list(game.images(game.initial_state()))
    assert len(images) == count


def test_symmetries_form_a_group() -> None:
    group = symmetries(Size(1, 3, 3))
    assert group[0] == tuple(range(9))
    assert {tuple(a[b[cell]] for cell in range(9)) for a in group for b in group} == set(group)


def test_a_symmetry_moves_bits_as_it_moves_cells() -> None:
    mirror = next(s for s in symmetries(Size(1, 3, 3), upright=True) if s[0] == 2)
    assert mirror == (2, 1, 0, 5, 4, 3, 8, 7, 6)
    assert f"{permute(0b000_000_011, mirror):09b}" == "000000110"


def test_the_images_of_a_corner_are_the_corners() -> None:
    images = {CLASSIC.format_state(image.state) for image in CLASSIC.images(after(CLASSIC, "1"))}
    assert images == {"X../.../...", "..X/.../...", ".../.../X..", ".../.../..X"}


def test_under_gravity_a_board_is_only_mirrored() -> None:
    images = {GRAVITY.format_state(image.state) for image in GRAVITY.images(after(GRAVITY, "1"))}
    assert images == {".../.../X..", ".../.../..X"}


@given(plays())
@settings(deadline=None, max_examples=40)
def test_playing_and_turning_the_board_may_change_places(play: tuple[KInARow, Marks, Marks]) -> None:
    game, state, _ = play
    for image in itertools.islice(game.images(state), 6):
        assert game.canonical_key(image.state) == game.canonical_key(state)
        for action in game.actions(state)[:5]:
            one_way = game.canonical_key(game.next_state(state, action))
            other_way = game.canonical_key(game.next_state(image.state, image.map_action(action)))
            assert one_way == other_way


# Words -------------------------------------------------------------------------------------------------


def test_the_rules_name_every_way_the_game_can_end() -> None:
    assert CLASSIC.rules == (
        "The board has 3 rows and 3 columns.",
        "Two players move in turn: X and O. X moves first.",
        "In each turn the player puts one mark of their own into an empty cell.",
        "Whoever completes a line of 3 equal marks, horizontally, vertically or diagonally, wins, "
        "and the game is over.",
        "If the board is full and nobody has completed a line, the game is a draw.",
    )
    assert "loses" in MISERE.rules[3]
    assert "puts an X or an O, whichever they like, into" in WILD.rules[2]
    assert "First moves first" in WILD.rules[1], "statuses name the seats, so the rules do"
    assert "a column, where it falls to the lowest empty cell" in GRAVITY.rules[2]
    assert "3 layers of" in CUBE.rules[0] and "through the layers" in CUBE.rules[3]


@pytest.mark.parametrize(
    ("game", "line"),
    [
        (KInARow(), "a line of 3 equal marks, horizontally, vertically or diagonally, wins"),
        (KInARow(m=1, n=4), "a line of 3 equal marks, horizontally, wins"),
        (KInARow(m=4, n=2), "a line of 3 equal marks, vertically, wins"),
        (KInARow(m=1, n=2, k=1), "a line of 1 mark wins"),
        (KInARow(m=1, n=1, depth=3), "a line of 3 equal marks, through the layers, wins"),
        (
            KInARow(depth=3),
            "a line of 3 equal marks, horizontally, vertically or diagonally, or through the layers, "
            "straight or diagonally, wins",
        ),
        (KInARow(depth=2), "a line of 3 equal marks, horizontally, vertically or diagonally, wins"),
        (
            KInARow(m=1, n=3, depth=3),
            "a line of 3 equal marks, horizontally, or through the layers, straight or diagonally, wins",
        ),
    ],
)
def test_the_rules_name_the_lines_that_there_are(game: KInARow, line: str) -> None:
    assert line in game.rules[3]


def test_one_row_is_no_rows() -> None:
    assert KInARow(m=1, n=4).rules[0] == "The board has 1 row and 4 columns."


@pytest.mark.parametrize(
    ("game", "noun", "text"),
    [
        (CLASSIC, "cell", "a cell number from 1 to 9, counted row by row from the top left"),
        (FOUR, "column", "a column number from 1 to 7, counted from left to right"),
        (
            CUBE,
            "cell",
            "a cell number from 1 to 27, counted row by row from the top left, and on through the layers",
        ),
        (
            WILD,
            "cell",
            "a mark and a cell number from 1 to 9, counted row by row from the top left, like X1 or O9",
        ),
    ],
)
def test_the_help_on_actions(game: KInARow, noun: str, text: str) -> None:
    assert (game.action_noun, game.action_help) == (noun, text)


def test_every_refusal_is_a_game_error_and_a_value_error() -> None:
    assert issubclass(GameError, ValueError)
    assert all(issubclass(e, GameError) for e in (NotationError, ImpossibleStateError, IllegalActionError))
