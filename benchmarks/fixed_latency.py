"""A server that answers every chat completion after a fixed time, so many at once, with a legal action.

It stands in for a model when the arena itself is measured: `python benchmarks/fixed_latency.py SECONDS
PLACES`
prints its port and serves until it is ended.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

_LEGAL = re.compile(r"Legal actions: ([^.]*)\.")


async def serve(seconds: float, places: int) -> None:
    """Serve on a free loopback port until cancelled."""
    free = asyncio.Semaphore(places)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                body = json.loads(await _body(reader))
                async with free:
                    await asyncio.sleep(seconds)
                    writer.write(_response(body))
                    await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, limit=2**20, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: *(\d+)", head, re.I)
    assert length is not None
    return await reader.readexactly(int(length[1]))


def _response(body: dict[str, object]) -> bytes:
    """The first legal action that the prompt lists; as a stream of eight events if one is asked for."""
    listed = _LEGAL.findall(json.dumps(body["messages"]))[-1]
    text = f"Answer: {listed.split(',')[0]}\nStatus: in play"
    said, kind = (
        (_stream(text), "text/event-stream") if body.get("stream") else (_whole(text), "application/json")
    )
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(said)}\r\n\r\n"
    return head.encode() + said


_USAGE = {"prompt_tokens": 300, "completion_tokens": 8}


def _whole(text: str) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return json.dumps({"model": "fixed", "choices": [choice], "usage": _USAGE}).encode()


def _stream(text: str) -> bytes:
    step = -(-len(text) // 8)
    pieces = [text[at : at + step] for at in range(0, len(text), step)]
    events: list[object] = [
        {"model": "fixed", "choices": [{"index": 0, "delta": {"content": p}}]} for p in pieces
    ]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    events.append({"choices": [], "usage": _USAGE})
    return b"".join(b"data: " + json.dumps(e).encode() + b"\n\n" for e in events) + b"data: [DONE]\n\n"


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]), int(sys.argv[2])))
