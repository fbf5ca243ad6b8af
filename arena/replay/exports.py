"""Replays as files: pictures, sheets, GIF and MP4, each whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arena.record_file import BadLine
from arena.record_stream import RecordStream
from arena.replay.films import CARD, WINDOW, Look, durations, frames, picture, sheet
from arena.replay.story import Story
from arena.run import RunError

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
    frames: Callable[[Story], int] = lambda story: len(story.steps)
    """How much work it is."""


def wanted_files(
    png: Path | None, number: int | None, sheet: Path | None, gif: Path | None, mp4: Path | None
) -> tuple[Wanted, ...]:
    """What the options ask for; the picture is of the step, or of the last."""

    def draw(story: Story, look: Look, path: Path, tick: Tick) -> None:
        write_picture(story, _number(story, number), look, path, tick)

    asked = (
        (png, draw, ".png", lambda story: 1),
        (sheet, write_sheet, ".png", lambda story: len(story.steps)),
        (gif, write_gif, ".gif", lambda story: len(story.steps)),
        (mp4, write_mp4, ".mp4", lambda story: len(story.steps)),
    )
    return tuple(Wanted(path, make, end, work) for path, make, end, work in asked if path is not None)


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
    """Refuse, before anything is drawn, what can't be written."""
    for one in wanted:
        if one.path.suffix.lower() != one.suffix:
            raise RunError(f"{one.path} is to be a {one.suffix[1:].upper()} file; let it end in {one.suffix}")
        if not one.path.parent.is_dir():
            raise RunError(f"can't write {one.path}: there is no folder {one.path.parent}")
        if one.path.is_dir():
            raise RunError(f"can't write {one.path}: it is a folder")
    if len({one.path.resolve() for one in wanted}) < len(wanted):
        raise RunError("two files of one name are asked for")


def match_of(stream: RecordStream, number: int, tell: Callable[[BadLine], None]) -> Story:
    """A match of a run, counted from 1; RunError if there is none, or nothing was played in it."""
    bad: list[BadLine] = []
    record = next(islice(stream.records(bad.append), number - 1, None), None)
    if record is None:
        lines = "".join(f"; line {line.number} is passed over: {line.why}" for line in bad[:1])
        raise RunError(f"{stream.path} has no match {number}{lines}")
    for line in bad:
        tell(line)
    if not record.plies:
        raise RunError(f"match {number} has no plies ({record.ending.value}: {record.reason})")
    return Story(record)


def write_picture(story: Story, number: int, look: Look, path: Path, tick: Tick) -> None:
    """One step as PNG."""
    with whole(path) as new:
        picture(story, number, look).save(new, format="PNG", optimize=True)
    tick()


def write_sheet(story: Story, look: Look, path: Path, tick: Tick) -> None:
    """All steps on one PNG."""
    with whole(path) as new:
        for done in sheet(story, look):
            if done is None:
                tick()
            else:
                done.save(new, format="PNG", optimize=True)


def write_gif(story: Story, look: Look, path: Path, tick: Tick) -> None:
    """A GIF that begins again at its end; of each frame it holds what has changed."""
    times = [max(20, round(seconds * 100) * 10) for seconds in durations(story, look)]
    drawn = _ticking(frames(story, look), tick)
    with whole(path) as new:
        next(drawn).save(
            new, format="GIF", save_all=True, append_images=drawn, duration=times, loop=0, optimize=True
        )


def write_mp4(story: Story, look: Look, path: Path, tick: Tick) -> None:
    """An MP4 that browsers play, from its first bytes on."""
    ffmpeg, size = _ffmpeg(), _even(look)
    counts = frame_counts(story, look)
    with whole(path) as new:
        film = ffmpeg.write_frames(
            str(new),
            size,
            fps=FRAMES_A_SECOND,
            codec="libx264",
            macro_block_size=2,
            input_params=["-thread_queue_size", "64"],
            output_params=list(FILM),
        )
        film.send(None)
        try:
            for frame, count in zip(
                _ticking(frames(story, replace(look, size=size)), tick), counts, strict=True
            ):
                for data in [frame.convert("RGB").tobytes()] * count:
                    film.send(data)
        finally:
            film.close()


FILM = (
    *("-preset", "slow", "-crf", "20", "-tune", "animation", "-profile:v", "high"),
    *("-vf", "scale=out_color_matrix=bt709:out_range=tv"),  # or reds and blues are a little off
    *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
    *("-movflags", "+faststart", "-f", "mp4"),
    *("-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"),
)
"""How a film is coded; the same frames give the same bytes."""


def frame_counts(story: Story, look: Look) -> tuple[int, ...]:
    """How many frames of an MP4 show each step."""
    return tuple(max(1, round(seconds * FRAMES_A_SECOND)) for seconds in durations(story, look))


def _even(look: Look) -> tuple[int, int]:
    """The size of a film's frames: its colours are kept for squares of four pixels."""
    width, height = look.size or (WINDOW if look.full else CARD)
    return width // 2 * 2, height // 2 * 2


def _ticking(images: Iterable[Image], tick: Tick) -> Iterator[Image]:
    for image in images:
        yield image
        tick()


def _ffmpeg() -> Any:
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise RunError("MP4 needs imageio-ffmpeg: pip install 'exact-arena[video]'") from error
    return imageio_ffmpeg


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A new file that takes the place of the path when all has gone well, and is gone when it has not."""
    new = path.with_name(path.name + ".new")
    try:
        yield new
        new.replace(path)
    except (OSError, ValueError) as error:
        raise RunError(f"can't write {path}: {getattr(error, 'strerror', None) or error}") from error
    finally:
        new.unlink(missing_ok=True)
