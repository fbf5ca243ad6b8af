"""What a server's log says that is worth showing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_PREFIX = re.compile(
    r"^(\([\w ]+ pid=\d+\) )?"  # (APIServer pid=26738), which process of vLLM speaks
    r"((DEBUG|INFO|WARNING|ERROR|CRITICAL):? +(\d\d-\d\d \d\d:\d\d:\d\d )?(\[[^\]]*\] ?)?)?"
)
_ESCAPES = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_NOISE = ("Traceback ", "During handling of ", "The above exception ", "usage: ")
TAIL_BYTES = 65_536


def meaningful(text: str) -> list[str]:
    """The lines that say something: no blank ones, no drawings, no frames of tracebacks, no prefixes.

    >>> meaningful("(EngineCore pid=7) ERROR 11-22 10:00:01 [core.py:9]   File 'x'\\nINFO: Ready\\n ▀▀\\n")
    ['Ready']
    """
    lines = re.split(r"[\r\n]+", _ESCAPES.sub("", text))  # progress bars end in a carriage return
    bare = [_PREFIX.sub("", line) for line in lines]
    return [line.strip() for line in bare if _says_something(line)]


def _says_something(line: str) -> bool:
    shown = re.search(r"[A-Za-z0-9]", line) is not None
    return shown and not line.startswith(("  ", *_NOISE))


def causes(lines: Sequence[str], count: int = 5) -> list[str]:
    """The last lines that name an error, or else the last ones, each once."""
    once = list(dict.fromkeys(lines))
    return [line for line in once if "error" in line.lower()][-count:] or once[-count:]


def tail(path: Path) -> str:
    """The end of a file, '' if there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
