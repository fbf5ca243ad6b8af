"""Replays without a window: stories, views, layouts, frames as shapes, and text on a surface."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.record import Ending, Rules
from arena.replay.course import course_areas
from arena.replay.frame import board_scene, frame
from arena.replay.help import help_shapes
from arena.replay.keys import KEYS
from arena.replay.layout import Area, Layout, layout_of
from arena.replay.pane import lines_in, pane_lines
from arena.replay.story import Event, Story, refusal_word
from arena.replay.told import to_see
from arena.replay.view import SPEEDS, Command, Pane, View, after
from arena.telling import verdict_words
from games.registry import GAMES, parse_game
from games.values import Value, parse_value
from players.completers.base import ProviderError
from renderers.scene import Tone
from renderers.shapes import Box, Line, Ring, Words
from renderers.surface import READABLE, clipped, fitted, window_library, wrapped
from renderers.theme import THEMES
from tests.staged import blundering, match_of, model


def wrap(text: str, size: int, width: float) -> tuple[str, ...]:
    """As a window does it, with letters that are all of one width."""
    room = max(1, int(width / (size * 0.5)))
    return tuple(line[n : n + room] for line in text.split("\n") for n in range(0, max(len(line), 1), room))


def unwrapped(text: str, size: int, width: float) -> tuple[str, ...]:
    """One line, however long."""
    return (text,)


@pytest.fixture(scope="module")
def story() -> Story:
    return Story(blundering())


def words_of(story: Story, view: View, size: tuple[int, int] = (1280, 800)) -> str:
    shapes = frame(story, view, layout_of(*size), wrap)
    return "\n".join(shape.text for shape in shapes if isinstance(shape, Words))


# Stories ----------------------------------------------------------------------------------------------------


def test_a_story_begins_at_the_start_and_ends_at_the_end(story: Story) -> None:
    assert len(story.steps) == len(story.record.plies) + 1
    assert story.steps[0].plies == () and story.steps[0].tone is None
    assert story.steps[-1].after == story.record.final_state
    assert [step.after for step in story.steps[1:]] == [step.before for step in story.steps[2:]] + [
        story.record.final_state
    ]


def test_what_there_is_to_see_is_found_in_both_directions(story: Story) -> None:
    claim, illegal = story.find(Event.WRONG_CLAIM, 0), story.find(Event.ILLEGAL, 0)
    assert claim == illegal == 3
    blunder = story.find(Event.BLUNDER, 0)
    assert blunder is not None and story.steps[blunder].tone is Tone.BLUNDER
    assert story.find(Event.ILLEGAL, 3) is None
    assert story.find(Event.ILLEGAL, 5, -1) == 3


def test_an_illegal_attempt_is_a_ghost_on_the_board(story: Story) -> None:
    signs = {sign.tone: sign.cells for sign in story.scene(3).signs}
    assert signs[Tone.ILLEGAL] == ((0, 8),)
    assert (0, 1) in [sign.cells[-1] for sign in story.scene(3).signs]


def test_a_blunder_is_refuted_by_the_best_answer(story: Story) -> None:
    blunders = [n for n, step in enumerate(story.steps) if step.tone is Tone.BLUNDER]
    answers = {n: story.answer(n) for n in range(len(story.steps))}
    assert {n for n, answer in answers.items() if answer} <= set(blunders)
    assert answers[4] == "then best for X: 3 (win in 1)"
    assert answers[4] in words_of(story, View(number=4), (2000, 1000))
    assert answers[4] not in words_of(story, View(number=4, values=False), (2000, 1000))
    assert story.answer(0) == story.answer(len(story.steps) - 1) == ""


def test_nothing_is_made_up_where_the_next_turn_is_not_judged_or_is_of_the_same_seat(story: Story) -> None:
    plies = list(story.record.plies)
    unjudged = replace(story.record, plies=(*plies[:4], replace(plies[4], verdict=None)))
    same = replace(story.record, plies=(*plies[:4], replace(plies[4], seat=plies[3].seat)))
    assert Story(unjudged).answer(4) == Story(same).answer(4) == ""
    assert Story(match_of("scripted:rock", "scripted:paper", game="rps")).answer(1) == ""


def test_verdicts_have_three_digits(story: Story) -> None:
    verdict = replace(
        story.record.plies[1].verdict or pytest.fail(),
        best="+0.30542812",
        played="-0.17363512",
        regret=0.47906324,
    )
    words = verdict_words(replace(story.record.plies[1], verdict=verdict))
    assert words.endswith(": +0.305 -> -0.174 (regret 0.479)")


def test_values_are_notes_on_the_board_and_can_be_left_out(story: Story) -> None:
    assert "D" in [cell.label for cell in story.scene(1).grids[0].cells]
    plain = story.scene(1, values=False)
    assert [cell.label for cell in plain.grids[0].cells if not cell.mark] == list("23456789")
    assert [sign.tone for sign in plain.signs] == [Tone.PLAYED]


def test_a_forfeit_is_a_step_that_leaves_the_board_alone() -> None:
    story = Story(match_of("scripted:1", model("no", "no"), rules=Rules(attempts=2)))
    last = story.steps[-1]
    assert story.record.ending is Ending.UNPARSABLE
    assert (last.before, last.tone, last.events) == (last.after, Tone.ILLEGAL, {Event.ILLEGAL})
    assert "has no accepted action" in words_of(story, View(number=len(story.steps) - 1))


def test_a_refused_attempt_is_called_what_it_was() -> None:
    story = Story(match_of("scripted:1", model("no", "no"), rules=Rules(attempts=2)))
    words = words_of(story, View())
    assert "illegal" not in words and "refused" in words  # a sign of the course has no room for "unparsable"
    assert refusal_word(story.steps[-1].plies) == "unparsable"
    assert refusal_word(Story(blundering()).steps[3].plies) == "illegal"


def test_seats_that_choose_at_once_make_one_step() -> None:
    story = Story(match_of("scripted:rock", "scripted:paper", game="rps"))
    assert [len(step.plies) for step in story.steps] == [0, 2]
    words = words_of(story, View(number=1))
    assert "First scripted:rock plays rock" in words and "Second scripted:paper plays paper" in words
    assert "First could play" in words and "Second could play" in words


def test_an_opening_is_told_at_the_start() -> None:
    story = Story(match_of("scripted:2", "scripted:5", opening=("1",), rules=Rules(attempts=1)))
    assert story.steps[0].after == "X../.../..."
    assert "after the opening 1" in words_of(story, View())


def test_a_fault_of_the_world_ends_a_story_without_a_value() -> None:
    story = Story(match_of("scripted:1", model(ProviderError("the server is down"))))
    assert story.record.returns is None and story.steps[-1].value is None
    assert "the server is down" in words_of(story, View(number=len(story.steps) - 1))


def test_a_match_without_a_ply_is_a_story_of_one_step() -> None:
    story = Story(match_of(model(ProviderError("down")), "random"))
    assert len(story.steps) == 1
    for command in Command:
        assert after(View(), command, story).number == 0
    assert "The end" in words_of(story, View())


# Views ------------------------------------------------------------------------------------------------------


def test_commands_move_and_stay_within_the_match(story: Story) -> None:
    last = len(story.steps) - 1
    view = View()
    assert after(view, Command.BACK, story) == view
    assert after(view, Command.NEXT, story).number == 1
    assert after(view, Command.LAST, story).number == last
    assert after(View(number=last), Command.NEXT, story).number == last
    assert after(View(number=last), Command.FIRST, story).number == 0
    assert after(view, Command.NEXT_CLAIM, story).number == 3
    assert after(View(number=3), Command.NEXT_CLAIM, story).number == 3


def test_playing_ends_at_the_end_and_begins_again_at_the_start(story: Story) -> None:
    last = len(story.steps) - 1
    assert not after(View(number=last - 1, playing=True), Command.NEXT, story).playing
    assert after(View(number=last), Command.PLAY, story) == View(number=0, playing=True)


def test_speeds_have_ends(story: Story) -> None:
    view = View()
    for _ in range(20):
        view = after(view, Command.FASTER, story)
    assert view.speed == SPEEDS[-1]
    for _ in range(20):
        view = after(view, Command.SLOWER, story)
    assert view.speed == SPEEDS[0]


@given(st.lists(st.sampled_from(Command), max_size=30))
def test_no_commands_lead_out_of_a_match(commands: list[Command]) -> None:
    story = Story(FIXED)
    view = View()
    for command in commands:
        view = after(view, command, story)
    assert 0 <= view.number < len(story.steps) and view.seat in (0, 1) and view.scroll >= 0
    assert view.theme in THEMES


FIXED = match_of("scripted:1,2,3", "scripted:4,5")


# Layouts ----------------------------------------------------------------------------------------------------


def areas_of(layout: Layout) -> list[Area]:
    return [getattr(layout, name) for name in type(layout).__slots__ if name != "letter"]


@given(st.integers(480, 4000), st.integers(360, 2600))
def test_parts_lie_in_the_window_and_beside_each_other(width: int, height: int) -> None:
    areas = areas_of(layout_of(width, height))
    for number, area in enumerate(areas):
        assert area.width > 0 and area.height > 0
        assert area.left >= 0 and area.top >= 0
        assert area.right <= width + 0.01 and area.bottom <= height + 0.01
        for other in areas[:number]:
            beside = area.left >= other.right - 0.01 or other.left >= area.right - 0.01
            assert beside or area.top >= other.bottom - 0.01 or other.top >= area.bottom - 0.01


@pytest.mark.parametrize("size", [(480, 360), (600, 1000), (1280, 800), (2560, 1440)])
def test_shapes_stay_in_the_window(story: Story, size: tuple[int, int]) -> None:
    for view in (View(number=n, pane=pane) for n in range(len(story.steps)) for pane in Pane):
        for shape in frame(story, view, layout_of(*size), wrap):
            if isinstance(shape, Box):
                assert shape.left >= -5 and shape.left + shape.width <= size[0] + 5
                assert shape.top >= -5 and shape.top + shape.height <= size[1] + 5


# Frames -----------------------------------------------------------------------------------------------------


def test_a_blunder_a_claim_and_their_truth_are_told_in_words(story: Story) -> None:
    words = words_of(story, View(number=3))
    assert "ply 3: X model plays 2" in words
    assert "says: X has won; truth: in play (WRONG)" in words
    assert "attempt 1 illegal: 9 is not a legal action here" in words
    blunder = story.find(Event.BLUNDER, 0)
    assert blunder is not None
    assert "?? BLUNDER: " in words_of(story, View(number=blunder))
    assert "BLUNDER" not in words_of(story, View(number=blunder, values=False))


def test_a_blunder_stands_on_a_ground_of_its_own(story: Story) -> None:
    blunder = story.find(Event.BLUNDER, 0)
    assert blunder is not None
    layout = layout_of(1280, 800)
    shapes = list(frame(story, View(number=blunder), layout, wrap))
    banners = [s for s in shapes if isinstance(s, Box) and s.fill == "bad" and s.width == layout.told.width]
    assert len(banners) == 1


def test_the_course_has_a_sign_for_each_turn(story: Story) -> None:
    words = words_of(story, View()).split("\n")
    assert {"start", "ok", "??"} <= set(words)
    assert words.count("claim") == 1


def test_the_frame_of_a_position_as_shapes() -> None:
    """The board of a known position: two crosses, a ring, what was played and what would have been best."""
    story = Story(FIXED)
    layout = layout_of(1280, 800)
    shapes = list(frame(story, View(number=3), layout, wrap))
    board = [s for s in shapes if not isinstance(s, Words | Box)]
    assert sum(isinstance(s, Ring) for s in board) == 1
    assert sum(isinstance(s, Line) and s.role == "first" for s in board) == 4
    assert [s.text for s in shapes if isinstance(s, Words)][:6] == [
        "Tic-tac-toe",
        "completed: X completed a line of 3 (+1 : -1)",
        "X",
        "scripted:1,2,3",
        "O",
        "scripted:4,5",
    ]
    scene = board_scene(story, View(number=3))
    assert scene.notation == "XX./O../..."
    assert [c.mark or c.label for c in scene.grids[0].cells] == [
        "X",
        "X",
        "W5",
        "O",
        "W5",
        "D",
        "D",
        "D",
        "D",
    ]
    assert [(sign.tone, sign.cells) for sign in scene.signs] == [
        (Tone.BEST, ((0, 2),)),
        (Tone.BEST, ((0, 4),)),
        (Tone.OPTIMAL, ((0, 1),)),
    ]


@pytest.mark.parametrize("game", GAMES)
def test_every_game_has_frames(game: str) -> None:
    rules = parse_game(game)
    players = ("random",) * rules.num_seats
    story = Story(match_of(*players, game=game))
    for theme in THEMES:
        for number in {0, 1, len(story.steps) // 2, len(story.steps) - 1}:
            view = View(number=number, theme=theme, hidden=number == 1)
            assert rules.title in words_of(story, view, (1280, 800))
            assert words_of(story, view, (480, 360))


def test_with_hidden_cards_the_value_is_that_of_the_seat_that_acted() -> None:
    """The next seat knows another card: in its eyes the value would jump though nothing was given away."""
    story = Story(match_of("random", "minimax", game="kuhn"))
    for number, step in enumerate(story.steps[1:-1], 1):
        (ply,) = step.plies
        assert ply.verdict is not None and step.value is not None
        played = parse_value(ply.verdict.played)
        assert step.value == (played if ply.seat == 0 else -played)
        assert story.standing(number).endswith(f", as {story.game.seat_names[ply.seat]} sees it")
    assert story.standing(0).endswith("as First sees it")
    returns = story.record.returns
    assert returns and story.steps[-1].value == Value(returns[0], 0)


def test_what_a_seat_does_not_see_is_shown_only_on_request() -> None:
    story = Story(match_of("scripted:check", "scripted:check", game="kuhn"))
    first, second = (cell.mark for cell in story.scene(1).grids[0].cells[:2])
    seen = [c.mark for c in board_scene(story, View(number=1)).grids[0].cells[:2]]
    flipped = [c.mark for c in board_scene(story, View(number=1, seat=1)).grids[0].cells[:2]]
    everything = [c.mark for c in board_scene(story, View(number=1, hidden=True)).grids[0].cells[:2]]
    assert story.standing(1).endswith(" for First, as First sees it")
    assert (seen, flipped, everything) == ([first, "?"], ["?", second], [first, second])


def test_a_long_match_is_told_by_columns_whose_height_says_the_same() -> None:
    story = Story(match_of("random", game="sokoban"))
    layout = layout_of(600, 500)
    areas = course_areas(story, layout)
    assert len(areas) == len(story.steps) > 60 and areas[-1].right <= layout.course.right + 0.01
    heights = {
        s.height for s in frame(story, View(), layout, wrap) if isinstance(s, Box) and s.fill == "good"
    }
    assert len(heights) == 1


def test_all_that_was_said_can_be_scrolled_to(story: Story) -> None:
    layout = layout_of(480, 360)
    view = View(number=3, pane=Pane.PROMPT)
    lines = pane_lines(story, view, layout, wrap)
    assert len(lines) > lines_in(layout)
    last = replace(view, scroll=10**6)
    assert lines[-1] in words_of(story, last, (480, 360))


def test_characters_that_act_are_named_in_a_frame() -> None:
    record = match_of(
        model("\x1b[31m\u202eAnswer: 1\nStatus: in play"), "scripted:2", rules=Rules(attempts=1)
    )
    words = words_of(Story(record), View(number=1))
    assert "\x1b" not in words and "\u202e" not in words and "‹U+001B›[31m‹U+202E›" in words


@pytest.mark.parametrize("size", [(1280, 800), (500, 1000), (480, 360), (1600, 400)])
def test_the_foot_line_has_parts_that_do_not_meet(story: Story, size: tuple[int, int]) -> None:
    shapes = frame(story, View(number=3), layout_of(*size), wrap, keys=True)
    top = layout_of(*size).footer.top
    parts = sorted((s.x, s.x + s.room) for s in shapes if isinstance(s, Words) and s.y > top)
    assert len(parts) in (2, 3)
    assert all(before[0] < after[0] for before, after in pairwise(parts))
    assert parts[-1][1] <= size[0]


@pytest.mark.parametrize("size", [(1280, 800), (500, 1000), (480, 360), (1600, 400)])
def test_the_help_fits_and_can_be_read(size: tuple[int, int]) -> None:
    boxes = [shape for shape in help_shapes(*size) if isinstance(shape, Box)]
    assert boxes[0].left >= 0 and boxes[0].top >= 0
    assert all(box.top + box.height <= size[1] for box in boxes)
    assert min(s.size for s in help_shapes(*size) if isinstance(s, Words)) >= 8


def test_the_start_says_what_there_is_to_see(story: Story) -> None:
    assert "To see: 3 blunders, 1 wrong claim, 1 refused attempt" in words_of(story, View())
    words = [
        s.text
        for s in frame(story, View(), layout_of(1280, 800), unwrapped, keys=True)
        if isinstance(s, Words)
    ]
    assert "To see: b: next of 3 blunders, c: 1 wrong claim, i: 1 refused attempt" in words
    assert any("F1: help" in text for text in words)
    assert "blunder" not in to_see(story, View(values=False), True)


def test_the_help_names_every_key() -> None:
    shown = {shape.text for shape in help_shapes(1280, 800) if isinstance(shape, Words)}
    assert {wish.value for wish in KEYS.values()} <= shown
    assert set(KEYS) == {key for text in shown for key in text.split(", ")} & set(KEYS)


# Text on a surface ------------------------------------------------------------------------------------------


@given(st.text(max_size=200), st.integers(8, 30), st.floats(20, 500))
def test_wrapping_loses_nothing_but_blanks(text: str, size: int, width: float) -> None:
    assert "".join("".join(wrapped(text, size, width)).split(" ")) == text.replace("\n", "").replace(" ", "")


def test_a_line_is_cut_before_it_is_too_small_to_read() -> None:
    window_library()
    text = "local:hostile?base_url=http://127.0.0.1:8765/v1&max_tokens=200 wins"
    for size, room in ((20, 90), (20, 200), (11, 60)):
        shown = fitted(text, size, room, "#000000", READABLE)
        assert shown.get_width() <= room
        assert shown.get_height() >= fitted("x", int(size * READABLE), 99, "#000000").get_height()
    assert clipped("short", 12, 500) == "short" and clipped(text, 12, 100).endswith("…")


def test_wrapped_lines_fit() -> None:
    window_library()
    text = "The quick brown fox jumps over the lazy dog, and again. " * 20
    for line in wrapped(text, 16, 300):
        assert fitted(line, 16, 10**6, "#000000").get_width() <= 303
