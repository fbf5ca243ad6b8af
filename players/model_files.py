"""Which model file it is that plays: name, size and checksum stand in the record in place of a path."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path
from typing import Any, BinaryIO

from games.solvers.cache import cache_folder, write_whole


def file_facts(path: Path) -> dict[str, Any]:
    """Name, size and sha256 of a file. A large file takes a while the first time."""
    return {"file": path.name, "size": path.stat().st_size, "sha256": _remembered_sha256(path)}


def folder_facts(path: Path) -> dict[str, Any]:
    """Name and size of a model's folder, and one sha256 for all of its weights and settings."""
    files = sorted(
        file for file in path.iterdir() if file.suffix in (".safetensors", ".bin", ".json", ".jinja")
    )
    told = "".join(f"{file.name} {_remembered_sha256(file)}\n" for file in files)
    size = sum(file.stat().st_size for file in files)
    return {"folder": path.resolve().name, "size": size, "sha256": hashlib.sha256(told.encode()).hexdigest()}


def sha256_of(path: Path) -> str:
    """The checksum of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remembered_sha256(path: Path) -> str:
    """The checksum, worked out anew only where place, time of change or size differ."""
    status = path.stat()
    key = f"{path.resolve()}\n{status.st_mtime_ns}\n{status.st_size}"
    note = cache_folder() / "checksums" / hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
    with contextlib.suppress(OSError, ValueError):
        remembered = note.read_text("ascii")
        if len(remembered) == 64:
            return remembered
    found = sha256_of(path)
    with contextlib.suppress(OSError):  # a cache that can't be written costs time only
        write_whole(note, lambda file: _put(file, found))
    return found


def _put(file: BinaryIO, text: str) -> None:
    file.write(text.encode())
