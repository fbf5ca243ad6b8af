"""The README's transcript is what the program prints, and its links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from arena.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
TRANSCRIPTS = re.findall(r"```console\n\$ arena ([^\n]*)\n(.*?)```", README, re.S)


@pytest.mark.parametrize(("command", "shown"), TRANSCRIPTS)
def test_transcripts_are_true(command: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    app(shlex.split(command), standalone_mode=False)
    assert capsys.readouterr().out == shown


def test_there_is_a_transcript() -> None:
    assert TRANSCRIPTS


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "ARCHITECTURE.md",
        *(
            f"docs/{n}"
            for n in ("export.md", "gallery.md", "players.md", "records.md", "replay.md", "report.md")
        ),
    ],
)
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / page
    targets = re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8"))
    assert targets
    for target in targets:
        assert (path.parent / target).exists(), f"{page} links to {target}"
