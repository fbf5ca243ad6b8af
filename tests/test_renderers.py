"""A state as a Scene, and the Scene as text and picture."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

import pytest
from PIL import ImageColor
from PIL.Image import Image

from games.k_in_a_row import KInARow
from games.layout import Cell, Grid
from renderers.picture import picture
from renderers.scene import Scene, scene_of, with_notes
from renderers.text import VIEWS, boxed, coordinates, line, rows
from renderers.theme import THEMES

CLASSIC = KInARow()
WIDE = KInARow(n=4)
FOUR = KInARow(4, 5, 4, gravity=True)
CUBE = KInARow(2, 2, 2, depth=2)


def scene(game: KInARow, text: str) -> Scene:
    return scene_of(game, game.parse_state(text))


def block(text: str) -> str:
    return dedent(text).strip("\n")


POSITION = scene(CLASSIC, "O.X/.X./...")

# Text ----------------------------------------------------------------------------------------------------


def test_rows() -> None:
    assert rows(POSITION) == block("""
        O - X
        - X -
        - - -
        """)


def test_boxed() -> None:
    assert boxed(POSITION) == block("""
        +---+---+---+
        | O | 2 | X |
        +---+---+---+
        | 4 | X | 6 |
        +---+---+---+
        | 7 | 8 | 9 |
        +---+---+---+
        """)


def test_coordinates() -> None:
    assert coordinates(POSITION) == block("""
        (row,column), from (1,1) at the top left:
        X: (1,3) (2,2)
        O: (1,1)
        empty: (1,2) (2,1) (2,3) (3,1) (3,2) (3,3)
        """)
    assert coordinates(scene(CLASSIC, "XOX/XOO/OXX")).endswith("empty: none")
    assert coordinates(scene(CUBE, "../..//../..")).splitlines()[2] == "empty: (1,1) (1,2) (2,1) (2,2)"


def test_line() -> None:
    assert line(POSITION) == "O.X/.X./..."
    assert CLASSIC.parse_state(line(POSITION)) == CLASSIC.parse_state("O.X/.X./...")


def test_labels_of_two_digits_make_wider_cells() -> None:
    assert boxed(scene(WIDE, "X.../..../....")) == block("""
        +----+----+----+----+
        | X  | 2  | 3  | 4  |
        +----+----+----+----+
        | 5  | 6  | 7  | 8  |
        +----+----+----+----+
        | 9  | 10 | 11 | 12 |
        +----+----+----+----+
        """)
    assert rows(scene(WIDE, "X.../..../....")) == "X - - -\n- - - -\n- - - -"


def test_columns_have_their_numbers_above() -> None:
    state = "...../...../..O../..X.."
    assert boxed(scene(FOUR, state)) == "\n".join(
        [
            "  1   2   3   4   5",
            "+---+---+---+---+---+",
            "|   |   |   |   |   |",
            "+---+---+---+---+---+",
            "|   |   |   |   |   |",
            "+---+---+---+---+---+",
            "|   |   | O |   |   |",
            "+---+---+---+---+---+",
            "|   |   | X |   |   |",
            "+---+---+---+---+---+",
        ]
    )
    assert rows(scene(FOUR, state)).splitlines()[2:] == ["- - O - -", "- - X - -"]


def test_layers_are_titled() -> None:
    assert rows(scene(CUBE, "X./..//../..")) == block("""
        layer 1:
        X -
        - -
        layer 2:
        - -
        - -
        """)
    assert "| 5 | 6 |" in boxed(scene(CUBE, "X./..//../.."))


def test_the_views_by_name() -> None:
    assert list(VIEWS) == ["rows", "boxed", "coordinates", "line"]
    assert {name: view(POSITION) for name, view in VIEWS.items()} == {
        "rows": rows(POSITION),
        "boxed": boxed(POSITION),
        "coordinates": coordinates(POSITION),
        "line": line(POSITION),
    }


@pytest.mark.parametrize("view", VIEWS)
def test_a_game_without_a_board_is_shown_by_its_notation(view: str) -> None:
    assert VIEWS[view](Scene("3-4-5")) == "3-4-5"


def test_long_marks_keep_their_columns() -> None:
    grid = Grid(1, 3, (Cell("12"), Cell(), Cell("3")))
    assert rows(Scene("", (grid,))) == "12 -  3"
    assert boxed(Scene("", (grid,))).splitlines()[1] == "| 12 |    | 3  |"


# Scenes --------------------------------------------------------------------------------------------------


def test_what_the_last_ply_changed_is_marked() -> None:
    before, after = CLASSIC.parse_state("O.X/.X./..."), CLASSIC.parse_state("O.X/.X./O..")
    assert scene_of(CLASSIC, after, before=before).changed == {(0, 6)}
    assert scene_of(CLASSIC, after).changed == frozenset()


def test_a_change_on_the_second_layer() -> None:
    start = CUBE.initial_state()
    assert scene_of(CUBE, CUBE.next_state(start, 5), before=start).changed == {(1, 1)}


def test_the_caption_is_kept() -> None:
    assert scene_of(CLASSIC, CLASSIC.initial_state(), caption="ply 1").caption == "ply 1"


def test_notes_stand_in_empty_cells() -> None:
    noted = with_notes(POSITION, {"2": "draw", "1": "never", "99": "nowhere"})
    texts = [cell.mark or cell.label for cell in noted.grids[0].cells]
    assert texts == ["O", "draw", "X", "4", "X", "6", "7", "8", "9"]
    assert POSITION.grids[0].cells[1].label == "2", "the scene itself is as before"


def test_notes_on_columns_stand_above_them() -> None:
    noted = with_notes(scene(FOUR, "...../...../...../....."), {"3": "win"})
    assert boxed(noted).splitlines()[0] == "   1     2    win    4     5"


def test_a_grid_has_as_many_cells_as_it_says() -> None:
    with pytest.raises(ValueError, match="2x2 grid with 1 cells"):
        Grid(2, 2, (Cell(),))


# Pictures ------------------------------------------------------------------------------------------------

SIZE = 256
STEP = (SIZE - 2 * SIZE / 14) / 3
"""A cell of 3x3 when there is a margin of 1/14 around the board."""


def at(image: Image, cell: int, right: float = 0.0, down: float = 0.0) -> tuple[int, ...]:
    """The colour in a cell of a 3x3 board, so many cell widths off its middle."""
    row, column = divmod(cell, 3)
    x = SIZE / 14 + (column + 0.5 + right) * STEP
    y = SIZE / 14 + (row + 0.5 + down) * STEP
    colour = image.getpixel((round(x), round(y)))
    assert isinstance(colour, tuple)
    return colour


def rgb(colour: str) -> tuple[int, ...]:
    return ImageColor.getrgb(colour)


@pytest.mark.parametrize("size", [32, 256, 512])
@pytest.mark.parametrize("game", [CLASSIC, WIDE, FOUR, CUBE, KInARow(1, 9, 3)], ids=str)
def test_a_picture_is_square_and_rgb(game: KInARow, size: int) -> None:
    image = picture(scene_of(game, game.initial_state()), size=size)
    assert (image.size, image.mode) == ((size, size), "RGB")


@pytest.mark.parametrize("theme", THEMES)
def test_crosses_rings_and_empty_cells(theme: str) -> None:
    colours, image = THEMES[theme], picture(POSITION, theme=theme, size=SIZE)
    assert image.getpixel((1, 1)) == rgb(colours["ground"])
    assert at(image, 2) == rgb(colours["first"]), "a cross meets in the middle"
    assert at(image, 4, 0.15, 0.15) == at(image, 4, 0.15, -0.15) == rgb(colours["first"])
    assert at(image, 4, 0.25, 0) == rgb(colours["ground"])
    assert at(image, 0) == rgb(colours["ground"]), "a ring is hollow"
    for pixel in (at(image, 0, 0.29, 0), at(image, 0, 0, -0.29)):
        assert pixel == pytest.approx(rgb(colours["second"]), abs=4), "but for smoothing"
    assert all(at(image, cell) == rgb(colours["ground"]) for cell in (1, 3, 5, 6, 7, 8))


def test_themes_differ() -> None:
    assert list(THEMES) == ["light", "dark"]
    light, dark = (picture(POSITION, theme=theme, size=64).tobytes() for theme in THEMES)
    assert light != dark


def test_what_changed_and_what_decided_the_game_is_tinted() -> None:
    before, after = CLASSIC.parse_state("XX./OO./..."), CLASSIC.parse_state("XX./OO./..X")
    image = picture(scene_of(CLASSIC, after, before=before), size=SIZE)
    assert at(image, 8, 0.4, 0) == rgb(THEMES["light"]["changed"])
    assert at(image, 0, 0.4, 0) == rgb(THEMES["light"]["ground"])
    won = picture(scene(CLASSIC, "XXX/OO./..."), size=SIZE)
    assert {at(won, cell, 0.4, 0) for cell in (0, 1, 2)} == {rgb(THEMES["light"]["lit"])}
    assert at(won, 3, 0.4, 0) == rgb(THEMES["light"]["ground"])


@pytest.mark.parametrize(
    "shown", [POSITION, scene(FOUR, "...../...../..O../..X.."), scene(CUBE, "X./..//../..")]
)
def test_labels_never_leak_into_a_picture_without_labels(shown: Scene) -> None:
    plain = picture(shown, size=SIZE).tobytes()
    notes = {str(number): "win" for number in range(1, 10)}
    assert picture(with_notes(shown, notes), size=SIZE).tobytes() == plain
    assert picture(shown, size=SIZE, labels=True).tobytes() != plain


def test_a_picture_with_labels_shows_the_notes() -> None:
    shown, noted = (picture(s, size=SIZE, labels=True) for s in (POSITION, with_notes(POSITION, {"9": "x"})))
    assert shown.tobytes() != noted.tobytes()
    box = (0, 0, SIZE, round(SIZE / 14 + 1.9 * STEP))
    assert shown.crop(box).tobytes() == noted.crop(box).tobytes(), "the rows above are the same"


def test_the_notation_is_not_drawn_beside_a_board() -> None:
    other = replace(POSITION, notation="something else")
    assert picture(other, size=64).tobytes() == picture(POSITION, size=64).tobytes()


def test_a_caption_is_drawn_and_a_game_without_a_board_is_written_out() -> None:
    captioned = replace(POSITION, caption="X to move")
    assert picture(captioned, size=SIZE).tobytes() != picture(POSITION, size=SIZE).tobytes()
    written = picture(Scene("3-4-5"), size=SIZE)
    assert len(written.getcolors(SIZE * SIZE) or ()) > 1


def test_any_other_mark_is_written() -> None:
    empty, marked = (Scene("", (Grid(1, 1, (Cell(mark),)),)) for mark in ("", "7"))
    assert picture(empty, size=64).tobytes() != picture(marked, size=64).tobytes()


def test_an_unknown_theme_names_those_there_are() -> None:
    with pytest.raises(ValueError, match="unknown theme 'sepia'; there are: light, dark"):
        picture(POSITION, theme="sepia")


@pytest.mark.parametrize("size", [-1, 0, 31, 4097, 10**9])
def test_a_size_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=f"size {size} is out of range; a picture has 32 to 4096 pixels"):
        picture(POSITION, size=size)
