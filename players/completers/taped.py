"""Transports that record what passes through them, and one that plays a recording and reaches nobody."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from players.base import PlayerError
from players.completers.base import NotRecorded, TurnTimeout
from players.completers.cassette import Cassette, Recorder
from players.completers.exchange import Asked, Exchange, Outcome
from players.completers.occasion import Occasion, occasion
from players.completers.transport import Answer, Fault, Transport


class Around(Transport):
    """A transport around another one, which stands for it in the record."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner
        self.kind = inner.kind  # type: ignore[misc]  # it is of whatever kind it carries requests for
        self.patient = inner.patient  # type: ignore[misc]

    @property
    def facts(self) -> Mapping[str, Any]:
        return self._inner.facts

    async def start(self) -> None:
        await self._inner.start()

    def without_secrets(self, text: str) -> str:
        return self._inner.without_secrets(text)

    def to_keep(self, answer: Answer) -> Answer:
        return self._inner.to_keep(answer)

    def at_hand(self, path: str, body: bytes, timeout_s: float | None = None) -> bool:
        return self._inner.at_hand(path, body, timeout_s)

    async def close(self) -> None:
        await self._inner.close()


class RecordingTransport(Around):
    """Records every request and what came of it, faults and timeouts too."""

    def __init__(self, inner: Transport, player: str, server: str, recorder: Recorder) -> None:
        super().__init__(inner)
        self._player = player
        self._server = server
        self._recorder = recorder
        self._noted: Mapping[str, Any] | None = None

    async def start(self) -> None:
        await self._inner.start()
        if self._noted != self.facts:
            self._recorder.add_facts(self._player, self._server, self.facts)
            self._noted = self.facts

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        await self.start()
        outcome: Outcome
        try:
            outcome = await self._inner.send(path, body, timeout_s)
        except (Fault, TurnTimeout) as failure:
            outcome = failure
        kept = self.to_keep(outcome) if isinstance(outcome, Answer) else outcome
        self._recorder.add(Exchange(Asked(self._server, path, body), kept, occasion(), timeout_s))
        return _given(outcome)


class ReplayingTransport(Transport):
    """Gives what was recorded, with the times of then. It reaches nobody: it says what it can't give."""

    patient: ClassVar[bool] = False

    def __init__(self, cassette: Cassette, kind: str, player: str, server: str) -> None:
        self._cassette = cassette
        self.kind = kind  # type: ignore[misc]  # of the transport that was recorded
        self._player = player
        self._server = server

    @property
    def facts(self) -> Mapping[str, Any]:
        return self._cassette.facts(self._player, self._server)

    async def start(self) -> None:
        """PlayerError if the recording holds nothing of the server."""
        if self._server not in self._cassette.servers:
            there = ", ".join(self._cassette.servers) or "nobody"
            path = self._cassette.path
            raise PlayerError(f"{self._player}: {path} holds nothing of {self._server}; it holds: {there}")

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        asked, now = Asked(self._server, path, body), occasion()
        exchange = self._cassette.take(asked, now)
        if exchange is None:
            raise self._unknown(asked, now)
        if timeout_s != exchange.clock:
            return _given(self._on_another_clock(exchange, timeout_s))
        return _given(exchange.outcome)

    def _unknown(self, asked: Asked, now: Occasion) -> NotRecorded:
        what = (
            "every answer to this request is used up"
            if self._cassette.has_given(asked)
            else "unknown request"
        )
        when = f" (match {now.match}, ply {now.ply}, attempt {now.attempt + 1})" if now.match else ""
        why = f"replay of {self._cassette.path}: {what} of {self._player}{when}: {asked_in_short(asked.body)}"
        return NotRecorded(why)

    def _on_another_clock(self, exchange: Exchange, timeout_s: float | None) -> Outcome:
        """What would have come of it if the turn had allowed so long."""
        outcome = exchange.outcome
        if isinstance(outcome, Fault):
            return outcome
        took = outcome.seconds if isinstance(outcome, Answer) else exchange.clock or 0.0
        if timeout_s is not None and took > timeout_s:
            return TurnTimeout(f"no answer within {timeout_s:g} s")
        if isinstance(outcome, TurnTimeout):
            why = f"{self._player} had {took:g} s when it was recorded, and gave no answer in that time"
            raise NotRecorded(f"replay of {self._cassette.path}: {why}")
        return outcome


def _given(outcome: Outcome) -> Answer:
    if isinstance(outcome, Answer):
        return outcome
    raise outcome


def asked_in_short(body: bytes, longest: int = 200) -> str:
    """The last words of a request, cut where they are many: what its last message says."""
    try:
        data = json.loads(body)
        content = (data.get("messages") or data.get("input"))[-1]["content"]
        text = content if isinstance(content, str) else " ".join(part.get("text", "") for part in content)
    except (ValueError, LookupError, TypeError, AttributeError):
        text = body.decode("utf-8", "replace")
    text = " ".join(text.split())
    return text if len(text) <= longest else f"... {text[-longest:]}"
