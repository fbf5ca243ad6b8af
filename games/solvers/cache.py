"""Where solvers keep what was dear to work out: one folder per user, safe to delete at any time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import platformdirs

FOLDER_VARIABLE = "EXACT_ARENA_CACHE"


def cache_folder() -> Path:
    """The user's cache folder for the arena; the environment variable EXACT_ARENA_CACHE overrides it."""
    return Path(os.environ.get(FOLDER_VARIABLE) or platformdirs.user_cache_path("exact-arena"))


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write a file so that readers see the whole of it or none: write elsewhere, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            write(file)  # type: ignore[arg-type]
        except BaseException:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)
