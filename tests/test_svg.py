"""Boards and charts as SVG: well-formed, safe, and with a word for what is marked."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

import pytest

from arena.report.charts import curves_svg, nice_ticks, scatter_svg, stack_svg
from arena.report.data import Curves, Estimate, Part, Point, Scatter, Stack
from games.registry import GAMES, parse_game
from renderers.scene import Scene, Tone, scene_of, with_notes, with_signs
from renderers.shapes import Box, Shape, Words, places_of, shapes_of
from renderers.signs import LEAST
from renderers.svg import board_svg

NASTY = '</svg><script>"&'


def words(svg: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    assert not [e for e in root.iter() if e.tag not in KNOWN]
    return ["".join(e.itertext()) for e in root.iter("text")]


KNOWN = {"svg", "rect", "path", "circle", "text", "line", "polyline", "polygon", "g", "a", "title"}


@pytest.mark.parametrize("name", GAMES)
def test_every_game_can_be_drawn(name: str) -> None:
    game = parse_game(name)
    words(board_svg(scene_of(game, game.initial_state())))


def test_what_was_played_and_best_is_said_in_words() -> None:
    signs = [(Tone.BEST, ("5",)), (Tone.ILLEGAL, ("1",)), (Tone.BLUNDER, ("3",))]
    for spec in ("tictactoe", "connect4"):
        game = parse_game(spec)
        shown = words(board_svg(with_signs(scene_of(game, game.initial_state()), signs)))
        assert shown[-3:] == ["best", "illegal", "BLUNDER"]


def words_of(shapes: Iterable[Shape]) -> list[Words]:
    return [shape for shape in shapes if isinstance(shape, Words)]


@pytest.mark.parametrize("side", [200, 300, 900])
def test_the_word_for_a_column_stands_at_the_stone_or_below_the_board(side: int) -> None:
    game = parse_game("connect4")
    before, after = (game.parse_state("/".join(["......."] * 5 + [row])) for row in ("XOXO...", "XOXOX.."))
    scene = scene_of(game, after, before=before)
    signs = with_signs(scene, [(Tone.BEST, ("2",)), (Tone.BLUNDER, ("5",))])
    (place,) = places_of(scene, side, side, margin=side / 12)
    best, played = words_of(shapes_of(signs, side, side, margin=side / 12))
    left, top, step = place.spot(39)
    assert best.y - best.size / 2 > top + step, "below all stones"
    assert left < played.x < left + step and played.y - played.size / 2 > top + 0.75 * step
    assert played.text in ("BLUNDER", "??") and min(best.size, played.size) >= LEAST
    assert best.text == "best"


def test_a_tag_leaves_the_mark_in_its_cell_and_the_one_below_whole() -> None:
    game = parse_game("tictactoe")
    for side in (110, 300, 800):
        scene = with_signs(scene_of(game, game.initial_state()), [(Tone.REGRET, ("1",))])
        left, top, step = places_of(scene, side, side)[0].spot(0)
        *_, tag, word = shapes_of(scene, side, side)
        assert isinstance(tag, Box) and isinstance(word, Words)
        assert top + 0.79 * step <= tag.top and tag.top + tag.height <= top + 1.17 * step
        assert tag.left >= left and word.text == ("?" if side == 110 else "regret")


def test_a_full_column_says_nothing_among_values() -> None:
    game = parse_game("connect4")
    state = game.initial_state()
    for _ in range(6):
        state = game.next_state(state, 0)
    full = scene_of(game, state)
    assert with_notes(full, {"2": "win"}).grids[0].column_labels == ("", "win", *"34567")
    assert with_notes(full, {}).grids[0].column_labels == tuple("1234567")
    numbers = parse_game("numberscrabble")
    start = numbers.initial_state()
    taken = scene_of(numbers, numbers.next_state(start, numbers.parse_action(start, "5")))
    assert with_notes(taken, {"9": "win"}).grids[0].column_labels == (*"12345678", "win"), (
        "who has which number"
    )


def test_a_move_is_an_arrow_and_what_lies_nowhere_is_left_out() -> None:
    game = parse_game("breakthrough")
    scene = scene_of(game, game.initial_state())
    assert with_signs(scene, [(Tone.BEST, ("z9",))]) == scene
    (sign,) = with_signs(scene, [(Tone.WEAKER, game.where("a2b3"))]).signs
    assert sign.cells == ((0, 8), (0, 5))


def test_a_state_without_a_board_is_its_notation() -> None:
    assert words(board_svg(Scene(NASTY))) == [NASTY]


def test_charts_hold_names_as_text_and_links_to_their_matches() -> None:
    estimate = Estimate(0.5, 3, 0.2, 0.9, "e1")
    line = (Point(1, estimate), Point(4, Estimate(0.0, 1)))
    lines = tuple((f"{NASTY}{n}", line) for n in range(12))
    for svg in (
        curves_svg(Curves(NASTY, NASTY, NASTY, lines)),
        scatter_svg(
            Scatter(NASTY, NASTY, NASTY, ((NASTY, line[0]),), ((NASTY, estimate), (NASTY, estimate)))
        ),
        stack_svg(Stack(NASTY, ("a", "b"), ((NASTY, (Part("a", 3, "e1"), Part("b", 0))),))),
    ):
        assert words(svg)
        assert 'href="#e1"' in svg


def test_charts_of_nothing_but_zeros_are_charts() -> None:
    words(curves_svg(Curves("", "x", "y", (("a", (Point(0, Estimate(0.0, 1)),)),))))
    words(stack_svg(Stack("", ("a",), (("nobody", (Part("a", 0),)),))))


@pytest.mark.parametrize(
    ("low", "high", "least", "ticks"),
    [(0, 1, 0, [0, 0.2, 0.4, 0.6, 0.8, 1]), (0, 1, 1, [0, 1]), (3, 3, 1, [3, 4, 5, 6]), (0, 0, 0, None)],
)
def test_ticks_are_round(low: float, high: float, least: float, ticks: list[float] | None) -> None:
    found = nice_ticks(low, high, least)
    assert found == ticks or ticks is None
    assert found[0] <= low and found[-1] >= high and len(found) >= 2
