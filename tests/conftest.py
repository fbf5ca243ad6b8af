"""What several test files share: a server that misbehaves on demand, and windows without a screen."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

os.environ["SDL_VIDEODRIVER"] = "dummy"  # windows open where nobody sees them
os.environ["SDL_AUDIODRIVER"] = "dummy"


@dataclass
class Script:
    """What the server does with one request."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    """stall: never answer; reset: drop the connection; short: promise more bytes than come."""
    pieces: tuple[bytes, ...] | None = None
    """Sent one by one as a stream in place of the body; the fault comes after them."""
    pause_s: float = 0.0
    """Before each piece."""


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    """By name in lower case."""
    body: dict[str, Any]


class FaultServer:
    """Speaks HTTP on an ephemeral loopback port, in a thread; what it answers is scripted.

    Each request takes the next entry of the script; the last one answers everything that follows.
    """

    def __init__(self) -> None:
        self.script: list[Script] = []
        self.requests: list[Request] = []
        self.released = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def answers(self, body: object, status: int = 200, **headers: str) -> None:
        """Answer with bytes or text as they are, or anything else as JSON."""
        if not isinstance(body, bytes | str):
            headers.setdefault("content_type", "application/json")
            body = json.dumps(body)
        raw = body if isinstance(body, bytes) else body.encode()
        self.script.append(Script(raw, status, {n.replace("_", "-"): v for n, v in headers.items()}))

    def stalls(self) -> None:
        self.script.append(Script(fault="stall"))

    def resets(self) -> None:
        self.script.append(Script(fault="reset"))

    def stops_short(self, body: bytes) -> None:
        self.script.append(Script(body, fault="short"))

    def streams(self, *events: object, fault: str = "", pause_s: float = 0.0) -> None:
        """Answer with server-sent events: objects as JSON, texts as they are, bytes raw; then the fault."""
        self.script.append(Script(pieces=tuple(map(_event, events)), fault=fault, pause_s=pause_s))

    def close(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                headers = {name.lower(): value for name, value in self.headers.items()}
                server.requests.append(Request(self.path, headers, body))
                self._play(server.script.pop(0) if len(server.script) > 1 else server.script[0])

            def _play(self, script: Script) -> None:
                if script.pieces is not None:
                    self._stream(script)
                if script.fault == "stall":
                    server.released.wait(30)
                    return
                if script.fault == "reset":
                    linger = struct.pack("ii", 1, 0)  # close with a reset instead of a goodbye
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    self.close_connection = True
                    return
                if script.pieces is not None:
                    return  # HTTP/1.0: the stream ends where the connection is closed
                self.send_response(script.status)
                for name, value in script.headers.items():
                    self.send_header(name, value)
                extra = 1000 if script.fault == "short" else 0
                self.send_header("Content-Length", str(len(script.body) + extra))
                self.end_headers()
                self.wfile.write(script.body)

            def _stream(self, script: Script) -> None:
                self.send_response(script.status)
                self.send_header("Content-Type", "text/event-stream; charset=utf-8")
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # the client has heard enough
                    for piece in script.pieces or ():
                        server.released.wait(script.pause_s)
                        self.wfile.write(piece)
                        self.wfile.flush()

            def log_message(self, *args: object) -> None:
                pass

        return Handler


def _event(event: object) -> bytes:
    if isinstance(event, bytes):
        return event
    return f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n".encode()


@pytest.fixture
def fault_server() -> Iterator[FaultServer]:
    server = FaultServer()
    yield server
    server.close()
