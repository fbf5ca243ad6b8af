"""Following a run by its growing record: every line once, whole, and as little in memory as that takes."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from arena.cli.play import Theme
from arena.cli.watch import EVERY_S, Board, _follow_in_window
from arena.judging import judge_record
from arena.match import MatchSpec, play_match
from arena.record import Ending, MatchRecord, to_line
from arena.replay.layout import Area
from arena.replay.view import View
from arena.run import MATCHES, exclusive, in_use, match_config, replace_records, write_config
from arena.watch.controls import Control, pressed
from arena.watch.following import Following
from arena.watch.pulse import SILENT_S, Pulse
from arena.watch.strip import Standing, strip
from arena.watch.tail import Tail
from arena.watch.telling import match_line, summary
from arena.watch.window import REST_S, Picture, _next, begun, later, refreshed, watch_window
from players.specs import make_player
from renderers.shapes import Words

COUNT = 6
CONFIG = match_config("tictactoe", ("random", "greedy"), COUNT, 5)


def played(spec: MatchSpec) -> MatchRecord:
    players = {name: make_player(name) for name in spec.players}
    return asyncio.run(play_match(spec, [players[name] for name in spec.players]))


BARE = [played(spec) for spec in CONFIG.schedule()]
RECORDS = [judge_record(record) for record in BARE]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run that has been asked for, and of which nothing is played."""
    folder = tmp_path / "run"
    write_config(folder, CONFIG)
    return folder


def append(run: Path, *records: MatchRecord) -> None:
    with (run / MATCHES).open("a", encoding="utf-8") as file:
        file.writelines(to_line(record) + "\n" for record in records)


def follow(run: Path, wanted: int | None = None) -> Following:
    return Following(Tail(run / MATCHES), wanted)


def read(following: Following) -> list[str]:
    return [news.record.match_id for news in following.news() if news.counts]


# The file -------------------------------------------------------------------------------------------------


def test_a_file_that_is_not_there_yet_is_waited_for(run: Path) -> None:
    tail = Tail(run / MATCHES)
    assert list(tail.lines()) == []
    (run / MATCHES).write_bytes(b"")
    assert list(tail.lines()) == []
    (run / MATCHES).write_bytes(b"one\ntwo\n")
    assert list(tail.lines()) == [b"one\n", b"two\n"]
    assert list(tail.lines()) == []


def test_a_torn_line_is_waited_for_at_every_byte(run: Path) -> None:
    tail, text = Tail(run / MATCHES), b'{"match_id":"1"}\n{"match_id":"\xc3\xa4"}\n'
    found = []
    with (run / MATCHES).open("wb", buffering=0) as file:
        for byte in text:
            file.write(bytes([byte]))
            found += list(tail.lines())
    assert found == text.splitlines(keepends=True)


@pytest.mark.parametrize("new", [b"other 1\n", b"other 1\nother 2\nother 3\n", b"same\n"])
def test_a_file_that_was_replaced_or_cut_is_read_again(run: Path, new: bytes) -> None:
    tail = Tail(run / MATCHES)
    (run / MATCHES).write_bytes(b"same\nold 2\n")
    assert len(list(tail.lines())) == 2
    (run / MATCHES).write_bytes(new)
    assert list(tail.lines()) == [None, *new.splitlines(keepends=True)]


def test_a_reader_who_stops_in_the_middle_goes_on_there(run: Path) -> None:
    tail = Tail(run / MATCHES)
    (run / MATCHES).write_bytes(b"1\n2\n3\n")
    assert next(iter(tail.lines())) == b"1\n"
    assert list(tail.lines()) == [b"2\n", b"3\n"]


# What is known --------------------------------------------------------------------------------------------


def test_each_match_is_counted_once_and_the_last_is_shown(run: Path) -> None:
    following = follow(run)
    append(run, RECORDS[0])
    assert read(following) == [RECORDS[0].match_id]
    append(run, *RECORDS[1:3])
    assert read(following) == [r.match_id for r in RECORDS[1:3]]
    assert (following.over, following.number, following.shown) == (3, 3, RECORDS[2])


def test_a_verdict_that_follows_is_no_further_match(run: Path) -> None:
    following = follow(run)
    append(run, BARE[0], BARE[1])
    read(following)
    assert "not judged" in summary(following.shown or RECORDS[0])
    append(run, RECORDS[1], RECORDS[0])
    assert read(following) == []
    assert (following.over, following.shown, following.awaited) == (2, RECORDS[1], set())


def test_a_fault_of_the_world_is_no_match(run: Path) -> None:
    following = follow(run)
    append(run, replace(RECORDS[0], ending=Ending.ERROR, returns=None, reason="down"))
    assert (read(following), following.shown) == ([], None)
    append(run, RECORDS[0])
    assert len(read(following)) == 1


def test_one_match_may_be_waited_for(run: Path) -> None:
    following = follow(run, wanted=2)
    append(run, RECORDS[0])
    read(following)
    assert following.shown is None
    append(run, *RECORDS[1:4])
    read(following)
    assert (following.number, following.shown, following.over) == (2, RECORDS[1], 4)


def test_a_run_that_is_judged_anew_is_counted_from_its_beginning(run: Path) -> None:
    following = follow(run)
    append(run, *RECORDS)
    read(following)
    replace_records(run, RECORDS[1:3])
    read(following)
    assert (following.over, following.again) == (2, 1)


def test_what_is_no_record_is_passed_over(run: Path) -> None:
    following = follow(run)
    (run / MATCHES).write_text("garbage\n\n")
    append(run, RECORDS[0])
    assert (len(read(following)), following.unread) == (1, 1)


def test_memory_does_not_grow_with_the_run(run: Path) -> None:
    import gc
    import tracemalloc

    following = follow(run)
    line = to_line(RECORDS[0])

    def grow(count: int) -> int:
        with (run / MATCHES).open("a", encoding="utf-8") as file:
            for _ in range(count):
                file.write(line.replace(RECORDS[0].match_id, os.urandom(8).hex()) + "\n")
        for _ in following.news():
            pass
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        first = grow(200)
        assert grow(600) - first < 100_000
    finally:
        tracemalloc.stop()
    assert following.over == 800


def test_a_match_in_a_line() -> None:
    record = next(r for r in RECORDS if "blunder" in summary(r))
    told = match_line(record, 4)
    assert told.startswith("match 4  tictactoe  ")
    assert "blunder" in told
    assert "\n" not in told


# The command ----------------------------------------------------------------------------------------------


def environment(**more: str) -> dict[str, str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"PYTHONPATH": str(Path(__file__).parent.parent)} | more


def arena(*words: str, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; sys.argv[0] = 'arena'; from arena.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *words],
        cwd=cwd, capture_output=True, text=True, timeout=60, env=environment(**more),
    )  # fmt: skip


def test_once_tells_how_far_it_is(run: Path) -> None:
    append(run, *RECORDS[:3])
    done = arena("watch", str(run), "--once", cwd=run)
    assert done.returncode == 0, done.stderr
    assert f"3/{COUNT} matches" in done.stdout
    assert "match 3  tictactoe" in done.stdout
    assert "+---+---+---+" in done.stdout
    assert "latest blunder" in done.stdout


def test_a_run_is_followed_to_its_end(tmp_path: Path) -> None:
    """The watcher is there before the run; the writer tears its lines; each match is a line."""
    run = tmp_path / "run"

    def write() -> None:
        write_config(run, CONFIG)
        for record in RECORDS:
            line = to_line(record) + "\n"
            for part in (line[:100], line[100:]):
                with (run / MATCHES).open("a", encoding="utf-8") as file:
                    file.write(part)
                time.sleep(0.1)

    words = [sys.executable, "-c", "from arena.cli import main; main()", "watch", "run"]
    with subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environment()) as p:
        assert p.stdout is not None
        assert p.stdout.readline().startswith("waiting for a run at run")
        writer = threading.Thread(target=write)
        writer.start()
        told = p.stdout.read()
        writer.join()
    assert p.returncode == 0
    lines = [line for line in told.splitlines() if line.startswith("match ")]
    assert [line.split()[1] for line in lines[:COUNT]] == [str(n + 1) for n in range(COUNT)]
    assert f"{COUNT}/{COUNT} matches" in told


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("nowhere", "--once"), "no run at nowhere"),
        (("run", "--match", "first"), "--match is latest or the number"),
        (("run", "--match", "0"), "--match is latest or the number"),
        (("run", "--window"), "watch with --terminal"),
    ],
)
def test_refusals_are_one_line(run: Path, words: tuple[str, ...], why: str) -> None:
    done = arena("watch", *words, cwd=run.parent)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert why in done.stderr


# The window -----------------------------------------------------------------------------------------------


def test_a_match_plays_by_itself_and_then_rests() -> None:
    showing = begun(RECORDS[0], View(number=3, speed=2.0), 0.0)
    assert showing.view.number == 0
    assert later(showing, 0.4) is showing
    second = later(showing, 0.5)
    assert (second.view.number, second.since) == (1, 0.5)
    now = 0.5
    while not showing.at_the_end:
        now += 0.5
        showing = later(showing, now)
    assert not showing.rested(now)
    assert showing.rested(now + REST_S)
    assert later(showing, now + 100) is showing


def test_verdicts_that_come_late_are_shown() -> None:
    showing = begun(BARE[0], View(), 0.0)
    assert refreshed(showing, RECORDS[1]) is showing
    assert refreshed(showing, RECORDS[0]).story.record is RECORDS[0]


def test_the_window_shows_the_newest_and_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a display that shows nothing, in a process that has none before."""
    pygame = pytest.importorskip("pygame")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    from arena.play.screen import Screen

    seen: list[object] = []

    class Spy(Screen):
        def paint(self, seen_now: object, paint: Any) -> None:
            super().paint(seen_now, paint)
            seen.append(seen_now)

    def newest() -> Iterator[MatchRecord | None]:
        yield None
        for _ in range(5):
            yield RECORDS[0]
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        while True:
            yield RECORDS[0]

    records = newest()
    with Spy("test", "dark", (640, 480)) as screen:
        watch_window(screen, lambda: next(records), View(theme="dark"))
    first, last = seen[0], seen[-1]
    assert isinstance(first, Picture)
    assert isinstance(last, Picture)
    assert first.showing is None
    assert last.showing is not None
    assert last.showing.story.record is RECORDS[0]


def test_the_record_is_read_while_the_window_is_open(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("pygame")
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    seen: list[MatchRecord | None] = []

    def look(screen: Any, newest: Callable[[], MatchRecord | None], view: View, standing: object) -> None:
        for record in RECORDS[:2]:
            append(run, record)
            time.sleep(EVERY_S)
            seen.append(newest())

    monkeypatch.setattr("arena.watch.window.watch_window", look)
    _follow_in_window(Board(run, follow(run)), Theme.DARK)
    assert seen == RECORDS[:2]
    assert f"2/{COUNT} matches" in capsys.readouterr().out


# Runs that stand still ------------------------------------------------------------------------------------


def test_a_run_that_nobody_plays_is_told_with_the_command_that_goes_on(run: Path) -> None:
    """It was killed after two matches, and a third met a fault."""
    fault = replace(RECORDS[2], ending=Ending.ERROR, returns=None, reason="down")
    append(run, *RECORDS[:2], fault)
    told = arena("watch", str(run), "--once", cwd=run).stdout.replace("\n", " ")
    assert f"2 scored, 1 fault, {COUNT - 3} to come" in told
    assert f"nobody plays this run now: 2 of {COUNT}; arena match --resume" in told
    append(run, RECORDS[2])
    assert "fault" not in arena("watch", str(run), "--once", cwd=run).stdout


def test_a_run_that_is_played_is_not_said_to_stand_still(run: Path) -> None:
    append(run, RECORDS[0])
    with exclusive(run):
        assert in_use(run)
        assert "nobody plays" not in arena("watch", str(run), "--once", cwd=run).stdout
    assert not in_use(run)
    append(run, *RECORDS[1:])
    assert "nobody plays" not in arena("watch", str(run), "--once", cwd=run).stdout


def test_silence_is_asked_about_seldom_and_news_end_it(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("arena.watch.pulse.time.monotonic", lambda: now[0])
    pulse = Pulse(run)
    pulse.beat()
    pulse.look()
    assert not pulse.still
    now[0] += SILENT_S
    pulse.look()
    assert pulse.still
    pulse.beat()
    assert not pulse.still


def test_who_watches_a_pipe_hears_once_that_nobody_plays(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("arena.watch.pulse.SILENT_S", 0.0)
    append(run, RECORDS[0])
    show = Board(run, follow(run))
    show.read()
    for _ in range(3):
        show.say_if_still()
    assert capsys.readouterr().out.count("nobody plays this run now: 1 of") == 1


# The strip ------------------------------------------------------------------------------------------------

STANDING = Standing(611, 3000, "611/3000 matches  7.3 a second", (("a", 9.5, 12), ("b", 2.5, 12)), (), 611)


def words_of(standing: Standing, control: Control, doing: str = "") -> str:
    shapes = strip(standing, control, doing, Area(0, 600, 1180, 160))
    return "\n".join(shape.text for shape in shapes if isinstance(shape, Words))


def test_the_strip_tells_how_far_the_run_is_and_who_leads() -> None:
    told = words_of(STANDING, Control(), "... waiting for the next match")
    for text in ("611/3000", "7.3 a second", "match 611", "9.5 of 12", "F1 or ?: help", "... waiting"):
        assert text in told, text
    assert "|| paused" in words_of(STANDING, Control(paused=True))
    many = replace(STANDING, rows=tuple((str(n), 1.0, 1) for n in range(9)), told=("nobody plays",))
    assert "points of the first 4 of 9 players" in words_of(many, Control())
    assert "nobody plays" in words_of(many, Control())


def test_the_keys_of_the_watching_window() -> None:
    control = Control()
    assert pressed(control, "+").speed == 2.0
    assert pressed(control, "-").speed == 0.5
    assert pressed(pressed(control, "space"), "space") == control
    assert pressed(pressed(control, "space"), "n") == replace(control, newest=True)
    helped = pressed(control, "?")
    assert pressed(helped, "escape") == control, "the help is closed before the window"
    assert pressed(control, "escape").closed
    assert pressed(control, "x") == control


def test_a_pause_holds_the_match_and_the_newest_ends_it() -> None:
    view = View(speed=1.0)
    showing = begun(RECORDS[0], view, 0.0, 1)
    held = _next(showing, Control(paused=True), RECORDS[1], view, 50.0, 2)
    assert (held.view.number, held.story.record, held.number) == (0, RECORDS[0], 1)
    assert not held.view.playing
    assert _next(held, Control(), RECORDS[1], view, 50.5, 2).view.number == 0
    assert _next(held, Control(), RECORDS[1], view, 51.0, 2).view.number == 1
    newest = _next(held, Control(newest=True), RECORDS[1], view, 50.0, 2)
    assert (newest.story.record, newest.number) == (RECORDS[1], 2)


def test_the_board_tells_a_window_what_it_tells_a_terminal(run: Path) -> None:
    append(run, *RECORDS[:2])
    show = Board(run, follow(run))
    assert "waiting for a run" in show.standing().progress
    show.read()
    standing = show.standing()
    assert (standing.over, standing.total, standing.number) == (2, COUNT, 2)
    assert [played for _, _, played in standing.rows] == [2, 2]
