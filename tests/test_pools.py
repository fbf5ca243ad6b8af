"""Connections that several players share: their limits, and what happens when a kept one was closed."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable

import pytest

from players.completers.base import Message, ProviderError, Request
from players.completers.endpoint import Endpoint
from players.completers.openai_completer import http_completer
from players.completers.pools import Gate, pool_for

ANSWER = json.dumps({"choices": [{"message": {"content": "Answer: 5"}, "finish_reason": "stop"}]}).encode()
WHOLE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(ANSWER) + ANSWER
)


async def served(answers: Callable[[int, int], bytes], calls: int) -> tuple[list[str], int]:
    """What so many calls brought from a server that sends answers(connection, request) or hangs up on b''."""
    connections = asked = 0

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections, asked
        connections, mine, number = connections + 1, connections, 0
        while head := await reader.readuntil(b"\r\n\r\n"):
            await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]))
            asked += 1
            said = answers(mine, number)
            number += 1
            writer.write(said)
            await writer.drain()
            if said != WHOLE:
                break
        writer.close()

    async def quietly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handle(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(quietly, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    completer = http_completer(Endpoint("m", url, retries=0))
    said = []
    try:
        for _ in range(calls):
            try:
                said.append((await completer.complete(Request((Message("user", "?"),)))).text)
            except ProviderError as error:
                said.append(str(error).partition(": ")[2])
    finally:
        await completer.close()
        server.close()
    return said, asked


def test_a_request_on_a_kept_connection_that_was_closed_is_sent_again_at_once() -> None:
    said, asked = asyncio.run(served(lambda connection, request: b"" if request == 1 else WHOLE, 2))
    assert (said, asked) == (["Answer: 5"] * 2, 3)


def test_it_is_sent_again_once_only() -> None:
    def answers(connection: int, request: int) -> bytes:
        return WHOLE if connection == request == 0 else b""

    said, asked = asyncio.run(served(answers, 2))
    assert (said, asked) == (["Answer: 5", "connection failed: Server disconnected"], 3)


def test_a_new_connection_that_dies_is_a_fault() -> None:
    assert asyncio.run(served(lambda *_: b"", 1)) == (["connection failed: Server disconnected"], 1)


def test_an_answer_that_began_is_not_asked_for_again() -> None:
    said, asked = asyncio.run(served(lambda connection, request: WHOLE[:-5] if request else WHOLE, 2))
    assert asked == 2
    assert said[0] == "Answer: 5"
    assert said[1].startswith("connection failed")


# Limits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["http://lab.example:9/v1/", "HTTP://LAB.example:9/v1"])
def test_one_server_has_one_pool_with_the_strictest_limits(other: str) -> None:
    async def look() -> None:
        wide = pool_for(Endpoint("m", "http://lab.example:9/v1", concurrency=8))
        narrow = pool_for(Endpoint("m", other, concurrency=2, per_minute=60_000.0))
        assert narrow is wide
        assert await at_once(wide.gate) == 2
        await wide.leave()
        await narrow.leave()

    asyncio.run(look())


async def at_once(gate: Gate, calls: int = 6) -> int:
    """The most that were inside together."""
    inside = most = 0

    async def enter() -> None:
        nonlocal inside, most
        async with gate:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(enter() for _ in range(calls)))
    return most


def test_a_limit_that_comes_later_holds_for_what_comes_after_it() -> None:
    async def look() -> float:
        gate = Gate(8)
        async with gate, gate, gate:
            gate.tighten(3, None)
            gate.tighten(5, None)
        assert await at_once(gate) == 3
        gate.tighten(8, 6000.0)
        began = time.monotonic()
        await at_once(gate)
        return time.monotonic() - began

    assert asyncio.run(look()) >= 0.05


# Proxies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "proxy", ["http://me:secret@[::1", "socks5://me:secret@lab.example:1", "http://me:secret@x:y"]
)
def test_a_proxy_that_is_none_is_a_fault_and_not_repeated(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    completer = http_completer(Endpoint("m", "http://lab.example/v1", retries=0))
    with pytest.raises(ProviderError, match="not of the form http://HOST:PORT") as caught:
        asyncio.run(completer.complete(Request(())))
    assert caught.value.fatal
    assert "secret" not in str(caught.value)
