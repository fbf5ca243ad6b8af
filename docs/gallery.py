"""Writes docs/gallery.md and its pictures from committed records: `make gallery`.

Every picture is made by the line of `arena replay` that stands beside it. The same records and the same
versions of pygame-ce and Pillow give the same bytes.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from textwrap import wrap

HERE = Path(__file__).parent
ROOT = HERE.parent
PICTURES = HERE / "gallery"
LIMITS = {".png": 60_000, ".gif": 300_000}
"""Bytes that a picture may have."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: which moment of which match, and what there is to see."""

    file: str
    title: str
    text: str
    run: str
    match: int
    options: str = ""
    ply: int | None = None
    """Of a picture of one ply; its caption says in words what the picture shows."""
    kind: str = "png"

    @property
    def command(self) -> str:
        """The line that makes it."""
        ply = f" --ply {self.ply}" if self.ply is not None else ""
        options = f" {self.options}" if self.options else ""
        where = f"docs/gallery/{self.file}"
        return f"arena replay results/{self.run} --match {self.match}{ply} --{self.kind} {where}{options}"


SHOTS = (
    Shot(
        "won.png",
        "It has won, and says that the match goes on",
        "Where this project came from: a model completes its line and does not notice. The action is the "
        "best there is; the claim about the board is false, and is counted apart from it.",
        "reference/embedded",
        10,
        "--size 380x536",
        ply=9,
    ),
    Shot(
        "blunder.png",
        "A draw thrown away",
        "Each empty cell says what it would have been worth to the seat that moved: D is a draw, L4 a loss "
        "in 4 plies. The bar at the side is the value of the position; all of it is X's now.",
        "reference/embedded",
        7,
        ply=4,
    ),
    Shot(
        "illegal.png",
        "First illegal, then a blunder",
        "The first attempt named a cell that was taken: a matter of legality. The second was legal and gave "
        "the match away: a matter of skill. The two are never added.",
        "reference/embedded",
        29,
        ply=4,
    ),
    Shot(
        "match.png",
        "A whole match at a glance",
        "A sheet has one card for each ply. At the foot of each, the match so far: the higher a turn "
        "stands, the more went wrong in it.",
        "reference/embedded",
        10,
        kind="sheet",
    ),
    Shot(
        "match.gif",
        "The same as a film",
        "Plies in which something is to be seen are shown longer.",
        "reference/embedded",
        10,
        kind="gif",
    ),
    Shot(
        "window.png",
        "With what the model said",
        "The whole window in place of a card: the values of all actions, and the reply word for word.",
        "reference/embedded",
        10,
        "--full --theme dark",
        ply=7,
    ),
    Shot(
        "connect4.gif",
        "Connect four: lost at the first ply",
        "With the first stone in the middle column, X wins in 41 plies. With one at the side X loses in 40 "
        "against an opponent who knows how, as minimax does; and more quickly when X never looks up.",
        "gallery/connect4",
        1,
        kind="gif",
    ),
    Shot(
        "kuhn.png",
        "Hidden information: a bet that gains nothing",
        "Kuhn poker with both cards open, which neither seat sees. To bet with the queen is a mistake "
        "whatever the first player holds: a jack folds, and a king calls.",
        "gallery/kuhn",
        4,
        "--hidden",
        ply=2,
    ),
    Shot(
        "goofspiel.png",
        "At once: both choose, one gives a point away",
        "In Goofspiel the seats choose at the same time, so each has a verdict of its own.",
        "gallery/goofspiel",
        1,
        ply=2,
    ),
    Shot(
        "chessending.png",
        "A won chess ending, lost at the table",
        "King and rook against king: White wins in 23 plies, did the model not move its rook to where it "
        "stands already, and then talk until its tokens are spent.",
        "gallery/chessending",
        2,
        ply=5,
    ),
    Shot(
        "sliding.gif",
        "A puzzle that is never solved",
        "Fourteen moves would do. The model moves one tile to and fro, sixty times; there comes the move "
        "after which too few are left.",
        "gallery/sliding",
        1,
        "--speed 6 --size 280x290",
        kind="gif",
    ),
)

ABOUT = (
    "Made by `make gallery` ([gallery.py](gallery.py)) from committed records; [replay.md](replay.md) says "
    "what else can be asked for. The model is SmolLM2-135M, which has no skill: it errs soon enough."
)


def caption(shot: Shot) -> str:
    """What the picture shows, in words."""
    from arena.record_stream import stream_file
    from arena.replay.captions import caption_text
    from arena.replay.story import Story

    record = next(islice(stream_file(ROOT / "results" / shot.run).records(), shot.match - 1, None))
    story = Story(record)
    if shot.ply is not None:
        return caption_text(story, shot.ply)
    return f"{story.game.title}: {story.title}, {story.ending}"


def page() -> str:
    """The text of docs/gallery.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Gallery"
    yield ""
    yield from wrap(ABOUT, 118)
    for shot in SHOTS:
        yield from ("", f"## {shot.title}", "", *wrap(shot.text, 118), "")
        yield f"![{caption(shot)}](gallery/{shot.file})"
        yield from ("", "```sh", shot.command, "```")


def main() -> None:
    import os

    from arena.cli import app

    os.chdir(ROOT)
    PICTURES.mkdir(exist_ok=True)
    for shot in SHOTS:
        app(shlex.split(shot.command)[1:], standalone_mode=False)
        path = PICTURES / shot.file
        assert path.stat().st_size <= LIMITS[path.suffix], f"{path} is too large"
    (HERE / "gallery.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
