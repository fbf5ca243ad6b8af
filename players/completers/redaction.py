"""No key comes back: whatever a server says is cleaned of the key before anything else reads it.

A server may repeat the key word for word, as JSON, a URL or a web page spells it, or piece by piece over
the events of a stream, whose texts are put together later. Records, errors, cassettes and caches are all
made from what was cleaned here, so none of them has to know a key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from players.completers.transport import Answer

SHORTEST_SECRET = 8
"""Characters; a shorter key ("none", "x") is a placeholder, and may be a word of an answer."""

STARS = b"***"

_PLAIN = re.compile(r"[A-Za-z0-9._-]")
"""Characters that nobody writes in another way."""

_PIECE = re.compile(
    rb'"(content|reasoning|reasoning_content|refusal|delta|text|token)"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)"'
)
"""A text under a name whose texts are put together when an answer is read."""


class Redactor:
    """Takes one key out of what a server says."""

    def __init__(self, key: str) -> None:
        self._pattern = re.compile("".join(map(_spellings, key)).encode())
        self._hint = max(re.findall(f"{_PLAIN.pattern}+", key) or [""], key=len).encode()
        """The longest part that is spelled in one way only: a quick look for it spares most searches."""
        self._idle = len(key) < SHORTEST_SECRET

    def text(self, said: str) -> str:
        """The text without the key."""
        return self._bytes(said.encode("utf-8", "replace")).decode("utf-8")

    def answer(self, answer: Answer) -> Answer:
        """The answer without the key, in its headers too."""
        if self._idle:
            return answer
        body = self._pieces(self._bytes(answer.body))
        content_type, retry_after = self.text(answer.content_type), self.text(answer.retry_after)
        return replace(answer, body=body, content_type=content_type, retry_after=retry_after)

    def _bytes(self, said: bytes) -> bytes:
        return said if self._idle or self._hint not in said else self._pattern.sub(STARS, said)

    def _pieces(self, body: bytes) -> bytes:
        """The body without a key that is spelled piece by piece."""
        spans: dict[bytes, list[tuple[int, int]]] = {}
        for piece in _PIECE.finditer(body):
            spans.setdefault(piece[1], []).append(piece.span(2))
        cuts = [cut for places in spans.values() for cut in self._cuts(body, places)]
        cleaned = bytearray(body)
        for start, end, stars in sorted(cuts, reverse=True):
            cleaned[start:end] = stars
        return bytes(cleaned) if cuts else body

    def _cuts(self, body: bytes, places: list[tuple[int, int]]) -> Iterator[tuple[int, int, bytes]]:
        """Which bytes at these places spell the key when read in one go, and what comes in their stead."""
        joined = b"".join(body[start:end] for start, end in places)
        if self._hint not in joined:
            return
        for found in self._pattern.finditer(joined):
            before, stars = 0, STARS
            for start, end in places:
                first, last = max(found.start() - before, 0), min(found.end() - before, end - start)
                before += end - start
                if first < last:
                    yield start + first, start + last, stars
                    stars = b""


def _spellings(character: str) -> str:
    """A pattern for a character of a key as it stands, and as JSON, a URL or a web page may write it."""
    if _PLAIN.fullmatch(character):
        return re.escape(character)
    code = f"{ord(character):02x}"
    return rf"(?i:\\*(?:{re.escape(character)}|u00{code})|%(?:25)*{code}|&#?\w+;)"
