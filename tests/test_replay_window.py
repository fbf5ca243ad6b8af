"""The list of matches and the window, driven by keys, mouse and time; and what can't be shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from arena.cli import app
from arena.record import RecordError, Rules, to_line
from arena.replay.catalog import Catalog, Filter, Search, catalog_of, happens
from arena.replay.course import course_areas
from arena.replay.keys import Errand
from arena.replay.opening import show_run, step_of
from arena.replay.pane import lines_in, pane_lines, tab_areas
from arena.replay.picker import list_layout, only_areas
from arena.replay.rows import row_of
from arena.replay.session import Session
from arena.replay.story import Event
from arena.replay.view import Pane, View
from arena.replay.window import Window
from arena.run import RunError
from renderers.scene import Tone
from renderers.shapes import Words
from renderers.surface import NoWindowError, window_library, wrapped
from renderers.theme import THEMES
from tests.staged import blundering, match_of, model

FIXED = match_of("scripted:1,2,3", "scripted:4,5")


# The list of matches ----------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Three matches: one with everything to see, one clean, one torn."""
    clean = replace(FIXED, match_id="b" * 16, players=("scripted:1,2,3", "Örsted"))
    lines = [to_line(replace(blundering(), match_id="a" * 16)), to_line(clean)]
    torn = to_line(replace(FIXED, match_id="c" * 16))[:300]
    (tmp_path / "matches.jsonl").write_text("\n".join([*lines, torn]), "utf-8")
    return tmp_path


def searched(catalog: Catalog, **wanted: object) -> list[int]:
    search = Search(catalog, Filter(**wanted))  # type: ignore[arg-type]
    while not search.done:
        search.go_on(1.0)
    return list(search.found)


def test_a_list_is_narrowed_by_words_and_by_what_happens(run: Path) -> None:
    catalog = catalog_of(run)
    assert searched(catalog) == [0, 1, 2]
    assert searched(catalog, text="örsted TICTACTOE") == [1]
    assert searched(catalog, text="model line") == [0]
    assert searched(catalog, text="the corner") == []  # what was said is not searched
    assert searched(catalog, text="model vs scripted:9,8") == [0]
    assert searched(catalog, text="Tic-tac-toe vs") == [0, 1]  # the third is torn
    assert searched(catalog, text="#2") == [1]
    assert searched(catalog, text="bbbb") == [1] and searched(catalog, text="bbb") == []
    assert searched(catalog, event=Event.WRONG_CLAIM) == [0]
    assert searched(catalog, event=Event.ILLEGAL) == [0]
    assert searched(catalog, event=Event.BLUNDER, text="model") == [0]


def test_lines_of_other_writers_are_searched_too() -> None:
    line = json.dumps(json.loads(to_line(blundering())), indent=None).encode()
    assert all(happens(event, line) for event in Event)
    reordered = json.loads(line)
    raw = json.dumps(dict(reversed(list(reordered.items())))).encode()
    assert all(happens(event, raw) for event in Event)
    assert not happens(Event.BLUNDER, b'{"torn')


def test_words_of_a_model_make_no_event() -> None:
    tricky = 'I set "blunder":true and "problem":"illegal" and "claim":"draw". Answer: 1\nStatus: in play'
    record = match_of(model(tricky), "scripted:5", rules=Rules(attempts=1))
    raw = to_line(replace(record, plies=record.plies[:2])).encode()
    assert not happens(Event.ILLEGAL, raw) and not happens(Event.WRONG_CLAIM, raw)


def test_a_row_says_why_its_match_can_t_be_shown(run: Path) -> None:
    catalog = catalog_of(run)
    assert catalog.row(0).problem == "" and catalog.row(0).plies == 5
    assert "torn line" in catalog.row(2).problem
    with pytest.raises(RecordError, match="torn line"):
        catalog.record(2)


def test_a_row_says_who_won_and_whose_errors_there_are(run: Path) -> None:
    row = catalog_of(run).row(0)
    assert (row.players, row.result) == (("model", "scripted:9,8"), "model wins, +1 : -1")
    assert row.to_see == "model: 1 ??, 1 claim, 1 illegal; scripted:9,8: 2 ??"
    long = ("local:x?base_url=http://127.0.0.1:1/v1&seed=1", "local:x?base_url=http://127.0.0.1:1/v1&seed=2")
    mute = match_of("scripted:1", model("no", "no"), rules=Rules(attempts=2))
    row = row_of(replace(mute, players=long))
    assert row.players == ("local:x seed=1", "local:x seed=2")
    assert row.result == "forfeit by local:x seed=2, +1 : -1"
    assert row.to_see == "local:x seed=2: 1 unparsable"
    assert row_of(replace(mute, players=("a", "a"))).result == "forfeit by a (2nd), +1 : -1"
    assert searched(catalog_of(run), text="wins +1 : -1") == [0, 1]


def test_a_list_reads_only_the_rows_that_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = to_line(FIXED)
    path = tmp_path / "matches.jsonl"
    path.write_text("".join(line.replace(FIXED.match_id, f"{n:016x}") + "\n" for n in range(500)), "utf-8")
    catalog = catalog_of(tmp_path)
    read: list[str] = []
    find = type(catalog.stream).find
    monkeypatch.setattr(
        type(catalog.stream), "find", lambda self, name: (read.append(name), find(self, name))[1]
    )
    session = Session(catalog, wrapped, (1280, 800))
    session.open_list()
    room = list_layout(1280, 800).room
    assert list(session.shapes()) and len(read) == room
    assert list(session.shapes()) and len(read) == room  # the same rows are not read again
    session.press("end")
    assert list(session.shapes()) and len(read) == 2 * room
    assert session.picker is not None and session.picker.cursor == 499


def test_a_search_goes_on_bit_by_bit(tmp_path: Path) -> None:
    line = to_line(FIXED)
    path = tmp_path / "matches.jsonl"
    path.write_text("".join(line.replace(FIXED.match_id, f"{n:016x}") + "\n" for n in range(300)), "utf-8")
    search = Search(catalog_of(tmp_path), Filter(text="tictactoe"))
    search.go_on(0.0)
    assert search.seen == 0 and not search.done
    search.go_on(60.0)
    assert search.done and list(search.found) == list(range(300))


# The session and its window ---------------------------------------------------------------------------------


@pytest.fixture
def window(run: Path) -> Iterator[Window]:
    made = Window(catalog_of(run), View(), (1280, 800))
    yield made
    made.close()


def keyed(window: Window, *keys: str) -> None:
    """Keys as SDL tells them, through its queue."""
    pygame = window_library()
    for key in keys:
        code = pygame.key.key_code(key.lower()) if key not in "?+" else 0
        text = key if len(key) == 1 else " " if key == "space" else ""
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=code, mod=0, unicode=text))
    for event in pygame.event.get():
        window.hear(event)
    window.paint()


def test_keys_lead_through_a_match(window: Window) -> None:
    session = window.session
    session.open(0)
    keyed(window, "right", "right")
    assert session.view.number == 2
    keyed(window, "c")
    assert session.view.number == 3
    keyed(window, "end", "B")
    assert session.story is not None and session.story.steps[session.view.number].tone is Tone.BLUNDER
    keyed(window, "home", "t", "v", "tab")
    assert session.view == View(theme="dark", values=False, pane=Pane.REASONING)
    keyed(window, "?")
    assert session.view.help
    keyed(window, "right")  # any key closes the help, and does no more
    assert not session.view.help and session.view.number == 0
    keyed(window, "q")
    assert session.over


def test_the_mouse_leads_through_a_match(window: Window) -> None:
    session = window.session
    session.open(0)
    layout = session.layout
    assert session.story is not None
    for number, area in enumerate(course_areas(session.story, layout)):
        session.click(area.left + 2, area.top + 2)
        assert session.view.number == number
    tab = tab_areas(layout)[Pane.PROMPT]
    session.click(tab.left + 3, tab.top + 6)
    assert session.view.pane is Pane.PROMPT
    session.wheel(1000, layout.pane.left + 5, layout.pane.top + 5)
    lines = len(pane_lines(session.story, session.view, layout, wrapped))
    assert session.view.scroll == max(0, lines - lines_in(layout))
    session.wheel(-1, layout.board.left + 5, layout.board.top + 5)
    assert session.view.number == len(session.story.steps) - 2
    session.double_click(layout.board.left + 5, layout.board.top + 5)
    assert session.view.playing


def test_a_click_of_sdl_is_one_in_pixels(window: Window) -> None:
    pygame = window_library()
    window.session.open(0)
    assert window.session.story is not None
    area = course_areas(window.session.story, window.session.layout)[2]
    where = (int(area.left + 3), int(area.top + 3))
    window.hear(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=where))
    assert window.session.view.number == 2
    window.hear(pygame.event.Event(pygame.QUIT))
    assert window.session.over


def test_it_plays_by_itself_at_its_speed_and_stops_at_the_end(window: Window) -> None:
    session = window.session
    session.open(0)
    keyed(window, "space")
    assert session.busy
    session.tick(0.5)
    assert session.view.number == 0
    session.tick(0.6)
    assert session.view.number == 1
    keyed(window, "+")
    for _ in range(10):
        session.tick(0.6)
    assert session.story is not None
    assert session.view.number == len(session.story.steps) - 1 and not session.busy


def test_nothing_is_painted_while_nothing_changes(window: Window) -> None:
    window.session.open(0)
    window.paint()
    window.surface.fill("#123456")
    window.paint()
    assert window.surface.get_at((0, 0))[:3] == (0x12, 0x34, 0x56)
    keyed(window, "right")
    assert window.surface.get_at((0, 0))[:3] == (255, 255, 255)


def test_the_loop_ends_when_it_is_asked_to(window: Window) -> None:
    pygame = window_library()
    window.session.open(0)
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_RIGHT, mod=0, unicode=""))
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE, mod=0, unicode="\x1b"))
    window.run()
    assert window.session.view.number == 1


def test_a_window_of_another_size_is_painted_anew(window: Window) -> None:
    window.session.open(0)
    window.paint()
    window._window.size = (640, 480)
    window.paint()
    assert window.session.size == window.surface.get_size() == (640, 480)


@pytest.mark.parametrize("theme", THEMES)
def test_some_pixels(window: Window, theme: str) -> None:
    pygame = window_library()
    window.session.open(0)
    window.session.view = replace(window.session.view, number=3, theme=theme)
    window.paint()
    layout, colours = window.session.layout, THEMES[theme]

    def at(x: float, y: float) -> tuple[int, int, int]:
        red, green, blue, _ = window.surface.get_at((int(x), int(y)))
        return red, green, blue

    def rgb(role: str) -> tuple[int, int, int]:
        colour = pygame.Color(colours[role])
        return colour.r, colour.g, colour.b

    assert at(1, 1) == rgb("ground")
    assert at(layout.pane.right - 20, layout.pane.bottom - 3) == rgb("panel")
    assert at(layout.told.right - 3, layout.told.top + layout.letter * 2.7) in (rgb("bad"), rgb("ground"))
    side = min(layout.board.width, layout.board.height)
    middle = layout.board.left + layout.board.width / 2, layout.board.top + layout.board.height / 2
    assert at(middle[0] - side * 0.29, middle[1] - side * 0.29) == rgb("first")  # the cross in cell 1


def test_matches_are_chosen_from_a_list(window: Window) -> None:
    session = window.session
    session.open_list()
    window.paint()
    keyed(window, "down", "return")
    assert session.place == 1 and session.picker is None
    assert session.title == "exact-arena: match 2 of 3, Tic-tac-toe, scripted:1,2,3 vs Örsted"
    keyed(window, "p")
    assert session.place == 0
    keyed(window, "n", "n")  # the third is torn
    assert session.picker is not None and "match 3 can't be shown" in session.notice
    keyed(window, "escape")
    assert session.place == 1 and session.picker is None and not session.over


def test_letters_in_the_list_search_and_tab_narrows(window: Window) -> None:
    session = window.session
    session.open_list()
    keyed(window, *"model")
    while session.busy:
        session.tick(0.01)
    assert list(session.search.found) == [0]
    keyed(window, *["backspace"] * 5, "tab")
    while session.busy:
        session.tick(0.01)
    assert session.picker is not None and session.picker.filter == Filter("", Event.BLUNDER)
    area = only_areas(list_layout(*session.size))[None]
    session.click(area.left + 2, area.top + 2)
    assert len(session.search.found) == 3
    rows = list_layout(*session.size).rows
    session.click(rows.left + 5, rows.top + 3)
    assert session.place == 0


def test_a_window_that_is_too_small_says_so(window: Window) -> None:
    window.session.open(0)
    for size in ((400, 300), (300, 200), (1600, 300)):
        window.session.size = size
        assert [s.text for s in window.session.shapes() if isinstance(s, Words)] == ["make the window larger"]


def test_escape_in_a_list_without_a_match_closes(window: Window) -> None:
    window.session.open_list()
    keyed(window, "escape")
    assert window.session.over


def test_an_empty_list_says_how_to_get_out_and_escape_first_clears_the_search(window: Window) -> None:
    session = window.session
    session.open_list()
    keyed(window, *"zzz")
    while session.busy:
        session.tick(0.01)
    said = [shape.text for shape in session.shapes() if isinstance(shape, Words)]
    assert any(text.startswith("nothing found: Backspace") for text in said)
    keyed(window, "escape")
    assert session.picker is not None and session.picker.filter == Filter() and not session.over
    assert len(session.search.found) == 3
    keyed(window, "escape")
    assert session.over


def test_the_view_goes_on_from_match_to_match(window: Window) -> None:
    window.session.open(0)
    keyed(window, "t", "tab", "right")
    window.session.wish(Errand.NEXT_MATCH)
    assert window.session.view == View(theme="dark", pane=Pane.REASONING)


# Bad input --------------------------------------------------------------------------------------------------


def refused(*words: str) -> str:
    result = CliRunner().invoke(app, ["replay", *words])
    assert result.exception is not None and not isinstance(result.exception, SystemExit)
    return str(result.exception)


def test_what_can_t_be_shown_is_refused_in_a_line(run: Path, tmp_path: Path) -> None:
    assert "no records at" in refused(str(tmp_path / "nothing"))
    assert "there is no match 4" in refused(str(run), "--match", "4")
    assert "match 3 can't be shown" in refused(str(run), "--match", "3")
    assert "the other matches: arena replay" in refused(str(run), "--match", "3")
    assert "there is no ply 9" in refused(str(run), "--match", "1", "--ply", "9")


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [("schema", 0, "this version reads schema"), ("game", "ludo", "ludo")],
)
def test_records_of_other_versions_and_games_are_named(
    tmp_path: Path, field: str, value: object, why: str
) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps(json.loads(to_line(FIXED)) | {field: value}) + "\n", "utf-8")
    assert why in refused(str(path)) and "\n" not in refused(str(path))
    catalog = catalog_of(path)
    assert why in catalog.row(0).problem


def test_an_empty_file_and_a_file_of_something_else_hold_no_matches(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("", "utf-8")
    assert "holds no matches" in refused(str(path))
    path.write_text("hello\n", "utf-8")
    assert "line 1: not a match record" in refused(str(path))


def test_a_broken_first_line_is_told_and_no_other_match_shown_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "matches.jsonl"
    path.write_text(f'{{"torn\n{to_line(FIXED)}\n', "utf-8")
    seen: list[Session] = []
    monkeypatch.setattr(Window, "run", lambda window: seen.append(window.session))
    shown = CliRunner().invoke(app, ["replay", str(tmp_path)])
    assert "line 1 is passed over" in shown.output
    assert seen[0].picker is not None and seen[0].story is None
    assert seen[0].notice.startswith("line 1 is passed over")
    CliRunner().invoke(app, ["replay", str(tmp_path), "--match", "1"])
    assert seen[1].title == "exact-arena: match 1 of 1, Tic-tac-toe, scripted:1,2,3 vs scripted:4,5"
    written = CliRunner().invoke(app, ["replay", str(tmp_path), "--png", str(tmp_path / "a.png")])
    assert "line 1 is passed over" in written.output
    assert (
        f"match 1 (as `arena show` counts): scripted:1,2,3 (X) vs scripted:4,5 (O), id {FIXED.match_id}"
        in (written.output.replace("\n", " "))
    )


def test_without_a_display_other_ways_are_named(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "offscreen")
    pygame = window_library()
    pygame.display.quit()
    monkeypatch.setattr(pygame.display, "get_driver", lambda: "dummy")
    message = refused(str(run), "--match", "1")
    assert "no display" in message and "--web" in message and "--gif" in message
    assert f"arena show {run} --match 1" in message
    pygame.display.quit()


def test_without_pygame_the_extra_is_named(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(window_library().draw, "aacircle")
    with pytest.raises(NoWindowError, match=r"-e '\.\[window\]'") as refusal:
        show_run(run, 1, None, "light", lambda bad: None)
    assert "--web" in str(refusal.value) and "arena show" in str(refusal.value)
    assert "--gif" not in str(refusal.value)  # which fails for want of the same


def test_a_ply_is_found_by_its_number(run: Path) -> None:
    catalog = catalog_of(run)
    assert [step_of(catalog, 0, ply) for ply in (None, 0, 1, 5)] == [0, 0, 1, 5]
    with pytest.raises(RunError, match="plies 1 to 5"):
        step_of(catalog, 0, 6)
