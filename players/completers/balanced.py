"""Several servers of the same model behind one player: each request goes to the one with the least to do."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from players.completers.transport import Answer, Fault, Transport

REST_S = 5.0
"""How long a server that failed is left alone, unless all have; twice as long each time in a row."""
LONGEST_REST_S = 300.0


@dataclass(slots=True)
class _Server:
    transport: Transport
    under_way: int = 0
    faults: int = 0
    """In a row."""
    rests_until: float = 0.0


class BalancedTransport(Transport):
    """Sends to the least loaded of several servers; one that fails rests, and the next try goes elsewhere."""

    kind: ClassVar[str] = "openai"

    def __init__(self, transports: Sequence[Transport]) -> None:
        self._servers = [_Server(transport) for transport in transports]

    @property
    def facts(self) -> Mapping[str, Any]:
        return {"servers": len(self._servers), **self._servers[0].transport.facts}

    async def start(self) -> None:
        for server in self._servers:
            await server.transport.start()

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        server = min(self._servers, key=_load)
        server.under_way += 1
        try:
            answer = await server.transport.send(path, body, timeout_s)
        except Fault:
            _rest(server)
            raise
        finally:
            server.under_way -= 1
        if answer.status >= 500 or answer.status == 429:
            _rest(server)
        else:
            server.faults = 0
        return answer

    def without_secrets(self, text: str) -> str:
        for server in self._servers:
            text = server.transport.without_secrets(text)
        return text

    def to_keep(self, answer: Answer) -> Answer:
        for server in self._servers:
            answer = server.transport.to_keep(answer)
        return answer

    async def close(self) -> None:
        for server in self._servers:
            await server.transport.close()


def _load(server: _Server) -> tuple[float, int]:
    """Servers at rest come last, the one that has rested longest first among them."""
    return (server.rests_until if server.rests_until > time.monotonic() else 0.0, server.under_way)


def _rest(server: _Server) -> None:
    server.rests_until = time.monotonic() + min(REST_S * 2**server.faults, LONGEST_REST_S)
    server.faults += 1
