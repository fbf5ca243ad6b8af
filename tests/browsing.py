"""Pages in a real browser, and runs in which a player says what it should not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.test_cli import printed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@contextmanager
def chromium() -> Iterator[Any]:
    """To be opened after matches are played: its library keeps an event loop running."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM, "no chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield opened
        opened.close()


def play_together(folder: Path, games: int, asked: Sequence[tuple[str, ...]], nasty: str) -> None:
    """Matches of several games in one run; 'replies:replies' says what is nasty in every turn."""
    texts = [f"{nasty * (1 + n % 3)}\nAnswer: {1 + n * 4 % 9}\nStatus: in play" for n in range(60)]
    (folder / "replies").write_text("".join(json.dumps(text) + "\n" for text in texts), "utf-8")
    lines = ""
    for number, (game, *words) in enumerate(asked):
        printed("match", *words, "--game", game, "--games", f"{games}", "--out", f"run{number}", cwd=folder)
        lines += (folder / f"run{number}/matches.jsonl").read_text("utf-8")
    (folder / "matches.jsonl").write_text(lines, "utf-8")
