"""Pictures, sheets and films of matches: what they hold, how large they are, and what is refused."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from arena.cli import app, main
from arena.record import Attempt, MatchRecord, to_line
from arena.record_file import read_file
from arena.replay.captions import Line, caption_text, captions
from arena.replay.card import card, card_layout
from arena.replay.exports import frame_counts, look_of, match_of, whole, write_gif, write_mp4
from arena.replay.films import Film, Look, sheet, sheet_columns
from arena.replay.story import Event, Story
from arena.replay.view import View
from arena.run import RunError
from games.extras import install
from players.base import Problem
from renderers.shapes import Words
from renderers.theme import THEMES

ROOT = Path(__file__).parent.parent
RUN = ROOT / "results" / "reference" / "embedded"
RECORDS = read_file(RUN).records
TOLD = 9
"""A match of nine plies with blunders and wrong claims; at its end X has won and says 'in play'."""


def story(number: int = TOLD) -> Story:
    return Story(RECORDS[number])


def silent() -> None:
    """Takes note of no frame."""


def differing(one: Image.Image, other: Image.Image) -> int:
    """Pixels that differ so much that it may be seen."""
    difference = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).convert("L")
    return sum(difference.histogram()[48:])


# Captions ------------------------------------------------------------------------------------------------


def test_a_caption_says_who_did_what_and_what_it_was_worth() -> None:
    told = story(6)  # minimax vs smollm2
    assert caption_text(told, 0) == "start - under best play: draw"
    assert caption_text(told, 4) == (
        "ply 4: O smollm2 plays 6 - BLUNDER: draw -> loss in 4 - then best for X: 7, 8 (win in 3)"
    )
    assert captions(told, 4)[-1] == Line(told.answer(4), "bad")
    kuhn = Story(read_file(ROOT / "results" / "gallery" / "kuhn").records[3])
    assert Event.BLUNDER in kuhn.steps[2].events and kuhn.answer(2) == "", "the other's card is not known"


def test_a_wrong_claim_stands_below_and_is_loud() -> None:
    last = captions(story(), 9)
    assert Line("says: in play; truth: X has won", "bad", loud=True) in last
    assert last[-1].text == "end: X completed a line of 3 (+1 : -1)"
    assert not any("says" in line.text for line in captions(story(), 1)), "a right claim is not worth a line"


def test_without_values_nothing_is_told_of_them() -> None:
    told = story()
    text = " ".join(caption_text(told, n, values=False) for n in range(len(told.steps)))
    assert not any(word in text for word in ("BLUNDER", "optimal", "slower", "best play"))
    assert "says: in play; truth: X has won" in text, "what is claimed of the board is no exact value"


def test_refused_attempts_are_told_once() -> None:
    told = Story(next(r for r in RECORDS if r.ending == "illegal"))
    lines = captions(told, len(told.steps) - 1)
    assert lines[0].text.endswith("has no accepted action")
    assert any("ILLEGAL" in line.text and line.loud for line in lines)
    ply = replace(story().record.plies[0], action=None, verdict=None)
    refused = Attempt("", None, Problem.EMPTY, "why", None, 0.0)
    several = replace(story().record, plies=(replace(ply, attempts=(refused,) * 3),))
    assert captions(Story(several), 1)[1].text == "a reply: EMPTY (3 times)"


def test_seats_that_choose_at_once_have_a_line_each() -> None:
    (record, *_) = read_file(ROOT / "results" / "gallery" / "goofspiel").records
    first, *lines = captions(Story(record), 1)
    assert first.text == "ply 1, at once:"
    assert [line.text.split()[0] for line in lines] == ["First", "Second"]


def test_a_caption_is_harmless_and_short() -> None:
    record = story().record
    ply = record.plies[0]
    hostile = "\x1b[31m\u202e" + "x" * 5000
    attempt = replace(ply.attempts[-1], claim=hostile)
    told = Story(replace(record, players=(hostile, "b"), plies=(replace(ply, attempts=(attempt,)),)))
    text = caption_text(told, 1)
    assert len(text) < 300
    assert text.isprintable()


# Frames --------------------------------------------------------------------------------------------------


def test_every_step_is_a_frame_of_one_size() -> None:
    film = Film(story(), Look())
    assert {image.size for image in film.frames()} == {film.size}
    assert len(list(film.frames())) == 10
    assert film.size[0] == 480
    assert all(side % 2 == 0 for side in film.size)


def test_the_start_the_end_and_what_there_is_to_see_hold_longer() -> None:
    film = Film(story(), Look(speed=2.0))
    assert film.seconds[0] == 0.75
    assert film.seconds[-1] == 1.5
    assert film.seconds[1] == 0.5, "nothing happens here"
    assert Event.BLUNDER in story().steps[2].events
    assert film.seconds[2] == 0.875


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("full", [False, True])
def test_the_palette_changes_nothing_to_be_seen(theme: str, full: bool) -> None:
    from renderers.surface import window_library

    film = Film(story(), Look(theme, full))
    surface = film.surface(4)
    drawn = Image.frombytes("RGB", surface.get_size(), window_library().image.tobytes(surface, "RGB"))
    shown = film.picture(4)
    assert shown.mode == "P"
    assert max(index for _, index in shown.getcolors()) < 255  # type: ignore[misc]
    assert differing(drawn, shown) < 0.001 * drawn.width * drawn.height


@pytest.mark.parametrize(
    "size", [(480, 678), (300, 390), (640, 480), (1280, 720), (640, 360), (4096, 120), (120, 4096)]
)
@pytest.mark.parametrize("lines", [1, 4, 9])
def test_the_parts_of_a_card_never_overlap(size: tuple[int, int], lines: int) -> None:
    layout = card_layout(*size, lines)
    parts = [layout.title, layout.bar, layout.board, layout.caption, layout.course]
    for part in parts:
        assert 0 <= part.left < part.right <= size[0]
        assert 0 <= part.top < part.bottom <= size[1]
    for one, other in combinations(parts, 2):
        beside = one.right <= other.left + 1e-6 or other.right <= one.left + 1e-6
        assert beside or one.bottom <= other.top + 1e-6 or other.bottom <= one.top + 1e-6


def test_a_wide_card_has_its_caption_beside_the_board() -> None:
    layout = card_layout(1280, 720)
    assert layout.caption.left > layout.board.right
    assert layout.board.height > 500


def test_the_look_of_options() -> None:
    film = Film(story(), look_of("dark", "640x360", 4.0, full=True))
    assert film.picture(0).size == (640, 360)
    assert film.picture(0).convert("RGB").getpixel((0, 0)) == tuple(
        bytes.fromhex(THEMES["dark"]["ground"][1:])
    )
    for size in ("640", "0x0", "9999x100", "axb", "-1x5", "640x360x2", ""):
        with pytest.raises(RunError, match="WIDTHxHEIGHT"):
            look_of("light", size, 1.0)


def test_a_sheet_shows_every_step() -> None:
    *ticks, whole_sheet = sheet(story(), Look())
    assert len(ticks) == 10
    assert whole_sheet is not None
    assert whole_sheet.width == 5 * 300
    with pytest.raises(RunError, match="too large"):
        list(sheet(story(), Look(size=(4096, 4096))))


def test_the_columns_of_a_sheet() -> None:
    assert sheet_columns(10, 300, 390) == 5, "no place is empty"
    assert sheet_columns(1, 300, 390) == 1
    assert all(1 <= sheet_columns(n, w, 400) <= n for n in range(1, 200) for w in (200, 400, 900))


@pytest.mark.parametrize("name", ["connect4", "kuhn", "goofspiel", "chessending", "sliding"])
def test_every_kind_of_game_has_cards(name: str) -> None:
    for record in read_file(ROOT / "results" / "gallery" / name).records[:2]:
        for hidden in (False, True):
            film = Film(Story(record), Look(hidden=hidden))
            assert 300 < film.size[1] < 760
            assert film.picture(len(film.story.steps) - 1).getcolors() is not None


def test_what_is_hidden_is_shown_to_the_seat_that_acted_or_when_asked_for() -> None:
    told = Story(read_file(ROOT / "results" / "gallery" / "kuhn").records[3])  # first K, second Q

    def texts(number: int, hidden: bool) -> set[str]:
        shapes = card(told, View(number, hidden=hidden), card_layout(480, 542))
        return {shape.text for shape in shapes if isinstance(shape, Words)}

    assert "K" in texts(1, False) and "Q" not in texts(1, False)
    assert "Q" in texts(2, False) and "K" not in texts(2, False)
    assert "Kuhn poker, as Second sees it" in texts(2, False)
    assert {"K", "Q", "Kuhn poker, everything shown"} <= texts(2, True)


# Files ---------------------------------------------------------------------------------------------------


def test_a_gif_is_small_and_repeats(tmp_path: Path) -> None:
    ticks: list[int] = []
    path = tmp_path / "a.gif"
    write_gif(story(), Look(), path, lambda: ticks.append(1))
    assert path.stat().st_size < 200_000
    assert len(ticks) == 10
    film = Film(story(), Look())
    with Image.open(path) as gif:
        assert (gif.n_frames, gif.info["loop"]) == (10, 0)  # type: ignore[attr-defined]
        for number, seconds in enumerate(film.seconds):
            gif.seek(number)
            assert gif.info["duration"] == pytest.approx(1000 * seconds, abs=10)
            assert differing(gif, film.picture(number)) == 0
    assert path.read_bytes().count(b"\x2c\x00\x00\x00\x00\xe0\x01") == 1, "only the first frame is whole"


def test_an_mp4_decodes_to_as_many_frames_as_said(tmp_path: Path) -> None:
    from imageio_ffmpeg import get_ffmpeg_exe

    path, look = tmp_path / "-a.mp4", Look(size=(241, 361), speed=5.0)
    write_mp4(story(), look, path, silent)
    film = Film(story(), replace(look, size=(240, 360)))
    decode = [get_ffmpeg_exe(), "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    done = subprocess.run(decode, capture_output=True, check=True, timeout=60)
    facts = done.stderr.decode()
    assert all(fact in facts for fact in ("h264 (High)", "yuv420p(tv, bt709", "240x360", "10 fps"))
    size = 240 * 360 * 3
    assert len(done.stdout) == sum(frame_counts(film)) * size
    last = Image.frombytes("RGB", (240, 360), done.stdout[-size:])
    assert differing(last, film.picture(9)) < 0.03 * 240 * 360
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "a browser begins before it has all"


def test_what_ffmpeg_says_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arena.replay.exports.CODED", ("-c:v", "nothing", "-f", "mp4"))
    with pytest.raises(RunError, match=r"can't write .*ffmpeg: .*nothing"):
        write_mp4(story(), Look(), tmp_path / "a.mp4", silent)
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_no_half_file_and_the_old_one_as_it_was(tmp_path: Path) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    for name, write in (("a.gif", write_gif), ("a.mp4", write_mp4)):
        (tmp_path / name).write_bytes(b"old")
        with pytest.raises(KeyboardInterrupt):
            write(story(), Look(size=(240, 320)), tmp_path / name, stopped)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.gif": b"old", "a.mp4": b"old"}
    with pytest.raises(RunError, match="can't write"), whole(tmp_path / "b"):
        raise OSError("disk full")


# The command ---------------------------------------------------------------------------------------------


def run(*words: object) -> None:
    app(["replay", *map(str, words)], standalone_mode=False)


def test_a_large_file_says_what_would_make_it_smaller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["replay", str(RUN), "--match", "7", "--png"]
    app([*words, str(tmp_path / "small.png")], standalone_mode=False)
    assert capsys.readouterr().out.endswith(" bytes\n")
    monkeypatch.setattr("arena.replay.exports.LARGE_FILE", 1000)
    app([*words, str(tmp_path / "large.png"), "--full"], standalone_mode=False)
    line = capsys.readouterr().out
    assert line.endswith(" bytes (smaller without --full, or with a smaller --size WIDTHxHEIGHT)\n")


def test_several_files_at_once_without_a_display(tmp_path: Path) -> None:
    names = ("a.png", "s.png", "a.gif", "a.mp4")
    options = ("--png", "--sheet", "--gif", "--mp4")
    asked = [part for pair in zip(options, names, strict=True) for part in pair]
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    code = "import sys; from arena.cli import main; main()"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            "replay",
            RUN,
            "--match",
            "7",
            "--ply",
            "4",
            "--size",
            "240x320",
            *asked,
        ],
        cwd=tmp_path,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == list(names)


def refusal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """What the command says on stderr when it refuses, with exit status 2."""
    monkeypatch.setattr(sys, "argv", ["arena", "replay", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--match", "91", "--png", "a.png"], "has 90 matches; there is no match 91"),
        (["--png", "a.png", "--ply", "6"], "there is no ply 6; the match has 5 (0 is the start)"),
        (["--png", "a.jpg"], "let it end in .png"),
        (["--mp4", "a.gif"], "let it end in .mp4"),
        (["--gif", "none/a.gif"], "there is no folder none"),
        (["--png", "a.png", "--sheet", "a.png"], "two files of one name"),
        (["--png", "a.png", "--size", "big"], "WIDTHxHEIGHT"),
    ],
)
def test_refusals(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    words: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    message = refusal(monkeypatch, capsys, RUN, *words)
    assert said in message
    assert message.count("\n") == 1
    assert not list(tmp_path.iterdir())


def changed(**fields: Any) -> str:
    """The line of a record with other fields."""
    return json.dumps(json.loads(to_line(RECORDS[0])) | fields)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (changed(schema=0), "schema 0"),
        (changed(game="ludo"), "ludo"),
        (
            changed(plies=[], returns=None, ending="error", reason="down"),
            "match 1 has no plies (error: down)",
        ),
        (changed()[:300] + "\n{}", "torn line"),
        (changed()[:300], "has 0 matches; there is no match 1"),
        ("", "has 0 matches; there is no match 1"),
    ],
)
def test_records_that_can_not_be_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, line: str, said: str
) -> None:
    (tmp_path / "matches.jsonl").write_text(line, "utf-8")
    message = refusal(monkeypatch, capsys, tmp_path, "--png", tmp_path / "a.png")
    assert said in message
    assert message.count("\n") == 1
    assert not (tmp_path / "a.png").exists()


@pytest.mark.parametrize(
    ("module", "extra", "options"),
    [
        ("pygame", "window", ["--png", "a.png"]),
        ("imageio_ffmpeg", "video", ["--gif", "a.gif", "--mp4", "a.mp4"]),
    ],
)
def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    module: str,
    extra: str,
    options: list[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, module, None)
    message = refusal(monkeypatch, capsys, RUN, *options)
    assert install(extra) in message
    assert not list(tmp_path.iterdir())


def test_a_match_is_found_past_lines_that_are_passed_over(tmp_path: Path) -> None:
    from arena.record_stream import stream_file

    lines = [to_line(RECORDS[0]), "{}", to_line(RECORDS[1])]
    (tmp_path / "matches.jsonl").write_text("\n".join(lines), "utf-8")
    told: list[int] = []
    found = match_of(stream_file(tmp_path), 2, lambda line: told.append(line.number))
    assert isinstance(found.record, MatchRecord)
    assert found.record.match_id == RECORDS[1].match_id
    assert told == [2]


# The gallery ---------------------------------------------------------------------------------------------


def test_the_gallery_shows_what_its_page_says() -> None:
    gallery = runpy.run_path(str(ROOT / "docs" / "gallery.py"))
    assert (ROOT / "docs" / "gallery.md").read_text("utf-8") == gallery["page"](), "run: make gallery"
    for shot in gallery["SHOTS"]:
        path = ROOT / "docs" / "gallery" / shot.file
        assert path.stat().st_size <= gallery["LIMITS"][path.suffix]
    assert len(list((ROOT / "docs" / "gallery").iterdir())) == len(gallery["SHOTS"])


def test_a_picture_of_the_gallery_can_be_made_again(tmp_path: Path) -> None:
    """Not byte for byte: versions of the libraries that draw may differ."""
    run(RUN, "--match", 7, "--ply", 4, "--png", tmp_path / "blunder.png")
    with Image.open(tmp_path / "blunder.png") as made, Image.open(ROOT / "docs/gallery/blunder.png") as kept:
        assert made.size == kept.size
        assert differing(made, kept) < 0.02 * made.width * made.height
