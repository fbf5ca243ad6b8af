"""Answers kept from one run to the next, so that nobody pays twice for the same request.

A folder with one small file an answer, written whole or not at all: a crash, or another run at the same
time, never leaves half of one. It is safe to delete at any time.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, BinaryIO
from weakref import WeakValueDictionary

from games.solvers.cache import cache_folder, write_whole
from players.completers.endpoint import PATHS
from players.completers.exchange import Asked, Exchange, exchange_line, read_exchange
from players.completers.occasion import Occasion, occasion
from players.completers.openai_answers import read_answer
from players.completers.taped import Around
from players.completers.transport import Answer, Fault, Transport


class AnswerCache:
    """A folder of answers."""

    def __init__(self, folder: Path | None = None, *, everything: bool = False) -> None:
        """In the user's cache folder unless another is given; `everything`: whatever the temperature."""
        self.folder = folder or cache_folder() / "answers"
        self.everything = everything
        self._under_way: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def key(self, asked: Asked, facts: Mapping[str, Any], now: Occasion) -> str | None:
        """The name of a request's answer; None if its answer is not to be kept.

        At temperature 0 equal requests have one answer. At any other each is a sample of its own: the
        occasion is part of the name, so that the same run finds its answers again and no two turns share one.
        """
        parts = [asked.server, asked.path, dict(facts), asked.body.decode("utf-8", "replace")]
        if not _is_settled(asked.body):
            if not (self.everything and now.match):
                return None
            parts.append(asdict(replace(now, again=0)))
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def get(self, key: str, asked: Asked) -> Answer | None:
        """The answer under a name; None if there is none that can be read."""
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            exchange = read_exchange(json.loads(self._path(key).read_bytes()))
            if exchange.asked == asked and isinstance(exchange.outcome, Answer):
                return replace(exchange.outcome, cached=True)
        return None

    def put(self, key: str, asked: Asked, answer: Answer) -> None:
        """Keep an answer. A folder that can't be written costs money and time, but no match."""
        line = exchange_line(Exchange(asked, answer)).encode("utf-8", "replace")
        with suppress(OSError):
            write_whole(self._path(key), lambda file: _put(file, line))

    def turn(self, key: str) -> asyncio.Lock:
        """Held by whoever asks, so that equal requests at the same time are asked once."""
        return self._under_way.setdefault(key, asyncio.Lock())

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"


class CachingTransport(Around):
    """Gives the answer that was kept for a request, or asks for it and keeps it."""

    def __init__(self, inner: Transport, server: str, cache: AnswerCache) -> None:
        super().__init__(inner)
        self._server = server
        self._cache = cache

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        await self.start()  # the facts tell one model file from another under the same name
        asked = Asked(self._server, path, body)
        key = self._cache.key(asked, self.facts, occasion())
        if key is None:
            return await self._inner.send(path, body, timeout_s)
        async with self._cache.turn(key):
            if (known := self._known(key, asked, timeout_s)) is not None:
                return known
            answer = await self._inner.send(path, body, timeout_s)
            if _is_completion(answer, path):
                self._cache.put(key, asked, self.to_keep(answer))
            return answer

    def at_hand(self, path: str, body: bytes, timeout_s: float | None = None) -> bool:
        asked = Asked(self._server, path, body)
        key = self._cache.key(asked, self.facts, occasion())
        return key is not None and self._known(key, asked, timeout_s) is not None

    def _known(self, key: str, asked: Asked, timeout_s: float | None) -> Answer | None:
        """The kept answer, if the turn allows as long as it took."""
        known = self._cache.get(key, asked)
        return known if known and (timeout_s is None or known.seconds <= timeout_s) else None


def _is_settled(body: bytes) -> bool:
    """Whether a request asks for temperature 0. What is not said is not known to be 0."""
    temperature = json.loads(body).get("temperature")
    return isinstance(temperature, int | float) and temperature == 0


def _is_completion(answer: Answer, path: str) -> bool:
    """Whether an answer is one to be kept: servers report failures with status 200, too."""
    apis = [api for api, where in PATHS.items() if where == path]
    if not (200 <= answer.status < 300 and apis):
        return False
    try:
        read_answer(apis[0], answer)
    except Fault:
        return False
    return True


def _put(file: BinaryIO, line: bytes) -> None:
    file.write(line)
