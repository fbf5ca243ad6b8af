"""Replays as files: pictures, sheets, GIF and MP4, each whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from arena.record_file import BadLine
from arena.record_stream import RecordStream
from arena.replay.films import Film, Look, sheet
from arena.replay.story import Story
from arena.run import RunError
from games.extras import install
from renderers.surface import window_library

if TYPE_CHECKING:
    from PIL.Image import Image

FRAMES_A_SECOND = 10
"""Of an MP4: some players stumble over fewer, and a frame that repeats costs next to nothing."""
Tick = Callable[[], None]
"""Told of each frame that is done."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file to be made."""

    path: Path
    make: Callable[[Story, Look, Path, Tick], None]
    suffix: str


def wanted_files(
    png: Path | None, number: int | None, sheet: Path | None, gif: Path | None, mp4: Path | None
) -> tuple[Wanted, ...]:
    """What the options ask for; the picture is of the step, or of the last."""

    def draw(story: Story, look: Look, path: Path, tick: Tick) -> None:
        write_picture(story, _number(story, number), look, path, tick)

    asked = (
        (png, draw, ".png"),
        (sheet, write_sheet, ".png"),
        (gif, write_gif, ".gif"),
        (mp4, write_mp4, ".mp4"),
    )
    return tuple(Wanted(path, make, suffix) for path, make, suffix in asked if path is not None)


LARGE_FILE = 500_000
"""Bytes above which a file is slow to open in a chat or on a page."""


def smaller(wanted: Wanted, look: Look) -> str:
    """What would make the file smaller, as the end of a line."""
    ways = [*(["without --full"] if look.full else []), "with a smaller --size WIDTHxHEIGHT"]
    ways += ["as --mp4"] * (wanted.suffix == ".gif")
    return f" (smaller {', or '.join(ways)})"


SMALLEST_FRAME, LARGEST_FRAME = 120, 4096
"""Pixels a side."""


def look_of(theme: str, size: str | None, speed: float, *, full: bool = False, hidden: bool = False) -> Look:
    """The look that the options ask for; RunError if the size is none."""
    if size is None:
        return Look(theme, full, hidden, None, speed)
    found = re.fullmatch(r"(\d{1,5})[xX](\d{1,5})", size)
    sides = tuple(map(int, found.groups())) if found else (0, 0)
    if not all(SMALLEST_FRAME <= side <= LARGEST_FRAME for side in sides):
        raise RunError(f"size {size!r} is not WIDTHxHEIGHT of {SMALLEST_FRAME} to {LARGEST_FRAME} pixels")
    return Look(theme, full, hidden, (sides[0], sides[1]), speed)


def _number(story: Story, number: int | None) -> int:
    last = len(story.steps) - 1
    if number is not None and not 0 <= number <= last:
        raise RunError(f"there is no ply {number}; the match has {last} (0 is the start)")
    return last if number is None else number


def check_wanted(wanted: Sequence[Wanted]) -> None:
    """Refuse, before anything is drawn, what can't be made or written."""
    window_library()
    for one in wanted:
        if one.path.suffix.lower() != one.suffix:
            raise RunError(f"{one.path} is to be a {one.suffix[1:].upper()} file; let it end in {one.suffix}")
        if not one.path.parent.is_dir():
            raise RunError(f"can't write {one.path}: there is no folder {one.path.parent}")
        if one.path.is_dir():
            raise RunError(f"can't write {one.path}: it is a folder")
        if one.suffix == ".mp4":
            _ffmpeg()
    if len({one.path.resolve() for one in wanted}) < len(wanted):
        raise RunError("two files of one name are asked for")


def match_of(stream: RecordStream, number: int, tell: Callable[[BadLine], None]) -> Story:
    """A match of a run, counted from 1; RunError if there is none, or nothing was played in it."""
    bad: list[BadLine] = []
    count, record = 0, None
    for count, record in enumerate(stream.records(bad.append), 1):  # noqa: B007
        if count == number:
            break
    if record is None or count < number:
        lines = "".join(f"; line {line.number} is passed over: {line.why}" for line in bad[:1])
        raise RunError(f"{stream.path} has {count} matches; there is no match {number}{lines}")
    for line in bad:
        tell(line)
    if not record.plies:
        raise RunError(f"match {number} has no plies ({record.ending.value}: {record.reason})")
    return Story(record)


def write_picture(story: Story, number: int, look: Look, path: Path, tick: Tick) -> None:
    """One step as PNG."""
    with whole(path) as new, new.open("wb") as file:
        Film(story, look).picture(number).save(file, format="PNG", optimize=True)
    tick()


def write_sheet(story: Story, look: Look, path: Path, tick: Tick) -> None:
    """All steps on one PNG."""
    with whole(path) as new, new.open("wb") as file:
        for done in sheet(story, look):
            if done is None:
                tick()
            else:
                done.save(file, format="PNG", optimize=True)


def write_gif(story: Story, look: Look, path: Path, tick: Tick) -> None:
    """A GIF that begins again at its end; of each frame it holds what has changed."""
    film = Film(story, look)
    drawn = _ticking(film.frames(), tick)
    times = [max(20, round(seconds * 100) * 10) for seconds in film.seconds]
    with whole(path) as new, new.open("wb") as file:
        next(drawn).save(
            file, format="GIF", save_all=True, append_images=drawn, duration=times, loop=0, optimize=True
        )


def write_mp4(story: Story, look: Look, path: Path, tick: Tick) -> None:
    """An MP4 that browsers play, from its first bytes on."""
    ffmpeg, film = _ffmpeg(), Film(story, look)
    film = Film(story, replace(look, size=_even(film.size)))
    with whole(path) as new:
        # an absolute path, or a name that begins with a dash would be an option of ffmpeg
        size = f"{film.size[0]}x{film.size[1]}"
        _code([ffmpeg, *RAW, "-s", size, "-i", "-", *CODED, str(new.absolute())], _repeated(film, tick))


def _repeated(film: Film, tick: Tick) -> Iterator[bytes]:
    """The frames as bytes, each as often as it is shown."""
    for frame, count in zip(_ticking(film.frames(), tick), frame_counts(film), strict=True):
        yield from repeat(frame.convert("RGB").tobytes(), count)


def _code(command: list[str], frames: Iterable[bytes]) -> None:
    """Send the frames through ffmpeg; OSError with its own words if it fails."""
    with TemporaryFile() as said, Popen(command, stdin=PIPE, stdout=DEVNULL, stderr=said) as coder:
        assert coder.stdin is not None
        try:
            with suppress(BrokenPipeError), coder.stdin:  # it says why it has ended
                for data in frames:
                    coder.stdin.write(data)
        except BaseException:
            coder.kill()
            raise
        if coder.wait():
            said.seek(0)
            raise OSError(f"ffmpeg: {' '.join(said.read(2000).decode(errors='replace').split())}")


RAW = ("-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-r", str(FRAMES_A_SECOND))
"""What ffmpeg is given."""
CODED = (
    *("-an", "-c:v", "libx264", "-pix_fmt", "yuv420p"),
    *("-preset", "medium", "-crf", "20", "-tune", "animation", "-profile:v", "high"),
    *("-vf", "scale=out_color_matrix=bt709:out_range=tv"),  # or reds and blues are a little off
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
    *("-movflags", "+faststart", "-f", "mp4"),
    *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"),
)
"""How a film is coded; the same frames give the same bytes."""


def frame_counts(film: Film) -> tuple[int, ...]:
    """How many frames of an MP4 show each step."""
    return tuple(max(1, round(seconds * FRAMES_A_SECOND)) for seconds in film.seconds)


def _even(size: tuple[int, int]) -> tuple[int, int]:
    """The size of a film's frames: its colours are kept for squares of four pixels."""
    return size[0] // 2 * 2, size[1] // 2 * 2


def _ticking(images: Iterable[Image], tick: Tick) -> Iterator[Image]:
    for image in images:
        yield image
        tick()


def _ffmpeg() -> str:
    """The program that codes films."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:
        raise RunError(f"MP4 needs imageio-ffmpeg: {install('video')}") from error


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A new file that takes the place of the path when all has gone well, and is gone when it has not."""
    new = path.with_name(path.name + ".new")
    try:
        yield new
        new.replace(path)
    except OSError as error:
        raise RunError(f"can't write {path}: {error.strerror or error}") from error
    finally:
        new.unlink(missing_ok=True)
