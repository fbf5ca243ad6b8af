"""No key comes back: whatever a server says is cleaned of the key before anything else reads it.

A server may repeat the key word for word, as JSON, a URL or a web page spells it, or piece by piece over
the events of a stream, whose texts are put together later. Bytes are cleaned when they come; what is kept of
them (cassettes, the cache) of pieces too; and what is read in them once more when it has been put together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from players.completers.base import Completion, Token
from players.completers.transport import Answer

SHORTEST_SECRET = 8
"""Characters; a shorter key ("none", "x") is a placeholder, and may be a word of an answer."""

STARS = b"***"

_PLAIN = re.compile(r"[A-Za-z0-9._-]")
"""Characters that are usually written in one way only."""

_CODED = re.compile(rb"\\+u00([2-7][0-9a-fA-F])|%(?:25)*([2-7][0-9a-fA-F])|&#0*([0-9]{2,3});")
"""A character of ASCII in another spelling."""

_LETTER = rb"(?:[46][1-9a-fA-F]|[57][0-9aA]|3[0-9]|2[dDeE]|5[fF])"
_ODDLY_CODED = [
    (b"\\u00", re.compile(rb"\\u00" + _LETTER)),
    (b"%", re.compile(rb"%(?:25)*" + _LETTER)),
    (b"&#", re.compile(rb"&#")),
]
"""What begins a character that nobody needs to code, and how it goes on: a quick look spares a slow one."""

_PIECE = re.compile(
    rb'"(content|reasoning|reasoning_content|refusal|delta|text|token)"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)"'
)
"""A text under a name whose texts are put together when an answer is read."""


class Redactor:
    """Takes one key out of what a server says. What holds no key costs a look for its longest plain part."""

    def __init__(self, key: str) -> None:
        self._pattern = re.compile("".join(map(_spellings, key)).encode())
        self._hint = max(re.findall(f"{_PLAIN.pattern}+", key) or [""], key=len).encode()
        self._idle = len(key) < SHORTEST_SECRET

    def text(self, said: str) -> str:
        """The text without the key."""
        return said if self._idle else self._bytes(said.encode("utf-8", "replace")).decode("utf-8")

    def answer(self, answer: Answer) -> Answer:
        """The answer without the key as it stands there, in its headers too."""
        if self._idle:
            return answer
        body, content_type = self._bytes(answer.body), self.text(answer.content_type)
        return replace(
            answer, body=body, content_type=content_type, retry_after=self.text(answer.retry_after)
        )

    def to_keep(self, answer: Answer) -> Answer:
        """The answer without a key that is spelled piece by piece."""
        return answer if self._idle else replace(answer, body=self._pieces(answer.body))

    def _bytes(self, said: bytes) -> bytes:
        return self._pattern.sub(STARS, said) if self._may_stand_in(said) else said

    def _may_stand_in(self, said: bytes) -> bool:
        if self._hint in said:
            return True
        coded = any(begin in said and pattern.search(said) for begin, pattern in _ODDLY_CODED)
        return coded and self._hint in _CODED.sub(_decoded, said)

    def _pieces(self, body: bytes) -> bytes:
        """Put together in the order they come: those of each name by themselves, then all."""
        named: dict[bytes, list[tuple[int, int]]] = {}
        for piece in _PIECE.finditer(body):
            named.setdefault(piece[1], []).append(piece.span(2))
        cuts = {cut for places in named.values() for cut in self._cuts(body, places)}
        if not cuts and len(named) > 1:
            cuts = set(self._cuts(body, sorted(span for places in named.values() for span in places)))
        return _cut(body, cuts) if cuts else body

    def _cuts(self, body: bytes, places: list[tuple[int, int]]) -> Iterator[tuple[int, int, bytes]]:
        """Which bytes at these places spell the key when read in one go, and what comes in their stead."""
        joined = b"".join(body[start:end] for start, end in places)
        if not self._may_stand_in(joined):
            return
        for found in self._pattern.finditer(joined):
            before, stars = 0, STARS
            for start, end in places:
                first, last = max(found.start() - before, 0), min(found.end() - before, end - start)
                before += end - start
                if first < last:
                    yield start + first, start + last, stars
                    stars = b""


def clean_completion(completion: Completion, sent: bytes, clean: Callable[[str], str]) -> Completion:
    """The completion with every text in it cleaned; the same one where there is nothing to clean.

    `sent` is its request as JSON, in which a look is quicker.
    """
    c = completion
    tokens = "".join(token.text for token in c.tokens)
    others = [text for token in c.tokens for text, _ in token.others]
    told = "\n".join((c.text, c.reasoning, c.finish_reason, c.model, tokens, *others, sent.decode()))
    if clean(told) == told:
        return c
    return replace(
        c,
        text=clean(c.text),
        reasoning=clean(c.reasoning),
        finish_reason=clean(c.finish_reason),
        model=clean(c.model),
        tokens=_clean_tokens(c.tokens, clean) if clean(tokens) == tokens else (),
        request=_clean_json(c.request, clean),
    )


def _clean_tokens(tokens: tuple[Token, ...], clean: Callable[[str], str]) -> tuple[Token, ...]:
    others = [tuple((clean(text), logprob) for text, logprob in token.others) for token in tokens]
    return tuple(replace(token, others=said) for token, said in zip(tokens, others, strict=True))


def _clean_json(value: Any, clean: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {clean(name): _clean_json(inner, clean) for name, inner in value.items()}
    if isinstance(value, list):
        return [_clean_json(inner, clean) for inner in value]
    return clean(value) if isinstance(value, str) else value


def _cut(body: bytes, cuts: Iterable[tuple[int, int, bytes]]) -> bytes:
    cleaned = bytearray(body)
    for start, end, stars in sorted(cuts, reverse=True):
        cleaned[start:end] = stars
    return bytes(cleaned)


def _decoded(coded: re.Match[bytes]) -> bytes:
    code = int(coded[3]) if coded[3] else int(coded[1] or coded[2], 16)
    return bytes([code]) if code < 128 else b"?"


def _spellings(character: str) -> str:
    """A pattern for a character of a key as it stands, and as JSON, a URL or a web page may write it."""
    code = f"{ord(character):02x}"
    coded = rf"(?i:\\+u00{code}|%(?:25)*{code}|&#0*{ord(character)};|&#x0*{code};)"
    if _PLAIN.fullmatch(character):
        return rf"(?:{re.escape(character)}|{coded})"
    return rf"(?:\\*{re.escape(character)}|{coded}|&\w+;)"
