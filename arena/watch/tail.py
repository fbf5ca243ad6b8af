"""The lines of a file that grows: each once, when it is whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HEAD = 64
"""Bytes at the beginning by which a file is known again: in them the first record names its match."""


@dataclass(slots=True)
class Tail:
    """Where reading goes on. A file that is not there yet has no lines; what is torn is waited for."""

    path: Path
    offset: int = 0
    """Behind the last whole line."""
    head: bytes = b""

    def lines(self) -> Iterator[bytes | None]:
        """The lines that have become whole since the last time, one by one.

        None comes first where the file is another one: it was replaced, or made shorter. All is read again.
        """
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return
        with file:
            if self._is_another(file.read(HEAD), file.seek(0, 2)):
                self.offset = 0
                yield None
            file.seek(self.offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self.offset += len(line)
                yield line

    def _is_another(self, head: bytes, size: int) -> bool:
        """Whether this is not the file that was read so far. An empty one is all of them."""
        known, self.head = self.head, head
        return size < self.offset or not head.startswith(known)
