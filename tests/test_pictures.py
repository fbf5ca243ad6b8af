"""Pictures for models: the same bytes for the same board, and no more in them than in the rows view."""

from __future__ import annotations

import io
from dataclasses import replace
from random import Random

import pytest
from PIL import Image

from games.layout import Cell, Grid
from games.registry import GAMES, parse_game
from players.base import PlayerError
from players.completers.base import Picture
from players.naming import names_of
from players.pictures import board_picture, fingerprint, picture_size, png_of
from players.prompts import PromptStyle, check_style, messages_for, style_of
from players.prompts.examples import random_turns
from renderers.scene import Scene, scene_of
from renderers.text import rows

PICTURE = style_of("picture")
SHELF = (*GAMES, "tictactoe(wild)", "tictactoe(depth=3)", "notakto(boards=2)", "rps(rounds=3)")
BOARD = scene_of(parse_game("tictactoe"), parse_game("tictactoe").parse_state("X.O/.X./..O"))


def shown(scene: Scene = BOARD, **fields: object) -> Picture:
    return board_picture(scene, style_of("picture", **fields))


def test_the_same_board_gives_the_same_bytes() -> None:
    first = shown()
    png_of.cache_clear()
    assert shown() == first
    assert fingerprint(shown()) == fingerprint(first)
    shown()
    assert png_of.cache_info().hits == 2


@pytest.mark.parametrize("size", [64, 200, 512, 2048])
def test_the_size_is_the_style_s(size: int) -> None:
    picture = shown(picture_size=size)
    assert Image.open(io.BytesIO(picture.png)).size == (size, size)
    assert picture_size(picture) == f"{size}x{size}"


def test_every_picture_field_of_a_style_changes_the_picture() -> None:
    plain = shown()
    for fields in ({"picture_size": 256}, {"picture_theme": "dark"}, {"picture_labels": True}):
        assert shown(**fields).png != plain.png
    assert shown(picture_detail="low") == replace(plain, detail="low")
    assert plain.detail is None, "what is not asked for is not sent"


def test_labels_are_drawn_only_if_asked_and_in_the_names_of_the_style() -> None:
    letters = names_of(parse_game("tictactoe"), "letters").scene(BOARD)
    assert shown(letters).png == shown().png
    assert shown(letters, picture_labels=True).png != shown(picture_labels=True).png


def test_what_is_lit_or_new_is_not_seen() -> None:
    """The sliding puzzle lights tiles that lie where they belong: half the answer."""
    cells = (Cell("1", lit=True), Cell("2"))
    lit, plain = (Scene("12", (Grid(1, 2, c),)) for c in (cells, (Cell("1"), Cell("2"))))
    assert shown(lit).png == shown(plain).png == shown(replace(plain, changed=frozenset({(0, 1)}))).png


@pytest.mark.parametrize("spec", SHELF)
def test_a_picture_shows_what_the_rows_show_and_no_more(spec: str) -> None:
    """Boards that read alike look alike, and boards that read differently look different."""
    game, rng = parse_game(spec), Random(0)
    seen: dict[str, bytes] = {}
    style = style_of("picture", picture_size=256)
    for turn in [turn for _ in range(2) for turn in random_turns(game, rng)][:25]:
        scene = scene_of(game, turn.state)
        png = board_picture(scene, style).png
        assert seen.setdefault(rows(scene), png) == png
    assert len(set(seen.values())) == len(seen)


def test_a_game_without_a_board_has_no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    game = parse_game("tictactoe")
    monkeypatch.setattr(type(game), "layout", lambda self, state: ())
    for style in ("picture", "both"):
        with pytest.raises(PlayerError, match="tictactoe has no board to draw"):
            check_style(game, style_of(style))
    check_style(game, style_of("plain"))


@pytest.mark.parametrize(("board", "text", "pictures"), [("text", 1, 0), ("picture", 0, 1), ("both", 1, 1)])
def test_what_is_said_to_be_shown_is_shown(board: str, text: int, pictures: int) -> None:
    """In every question, the worked ones too; answers and rules carry none."""
    game = parse_game("tictactoe")
    turn = random_turns(game, Random(0))[3]
    for message in messages_for(turn, style_of("plain", board=board, examples=3)):
        asked = message.role == "user"
        assert len(message.pictures) == pictures * asked
        assert ("the picture" in message.content) == bool(pictures and asked)
    assert rows(scene_of(game, turn.state)) in message.content or not text
    assert (rows(scene_of(game, turn.state)) in message.content) == bool(text)


def test_a_picture_is_of_the_state_that_the_seat_sees() -> None:
    """A hidden card is hidden in the picture too."""
    style = style_of("picture")
    for turn in random_turns(parse_game("kuhn"), Random(0)):
        (picture,) = messages_for(turn, style)[-1].pictures
        assert picture == board_picture(scene_of(turn.game, turn.state), style)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"board": "hologram"}, "text, picture, both"),
        ({"picture_theme": "sepia"}, "light, dark"),
        ({"picture_detail": "much"}, r"\(nothing\), low, high, auto"),
        ({"picture_size": 63}, "64 to 2048, not 63"),
        ({"picture_size": 2049}, "64 to 2048, not 2049"),
    ],
)
def test_fields_that_are_wrong_name_what_there_is(fields: dict[str, object], named: str) -> None:
    with pytest.raises(PlayerError, match=named):
        style_of("picture", **fields)


def test_styles_with_pictures_differ_in_the_board_alone() -> None:
    for name, board in (("picture", "picture"), ("both", "both")):
        assert style_of(name) == replace(PromptStyle("plain"), name=name, board=board)
