"""Requests over HTTP, by aiohttp: one pool of connections for each endpoint, with limits of its own.

The `openai` package is not used for this: it takes several times the processor time of a call
(docs/benchmarks.md), parses what has to be kept word for word, and does not tell when a request went out.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from players.completers.base import TurnTimeout
from players.completers.endpoint import Endpoint
from players.completers.pools import Pool, pool_for
from players.completers.redaction import Redactor
from players.completers.transport import Answer, Fault, Transport

if TYPE_CHECKING:
    from aiohttp import ClientResponse, ClientSession

LONGEST_ANSWER = 64_000_000
"""Bytes; no model writes so much."""

_FIRST_TEXT = re.compile(rb'"(?:content|reasoning|reasoning_content|delta|text)" ?: ?"[^"]')
"""The first text in a stream of events of either API."""


class HttpTransport(Transport):
    """Posts to one endpoint. The key is asked for at the start, not before: a prompt needs none."""

    kind: ClassVar[str] = "openai"

    def __init__(self, endpoint: Endpoint, find_key: Callable[[], str] = str) -> None:
        self._endpoint = endpoint
        self._find_key = find_key
        self._key: str | None = None
        self._without_key = Redactor("")
        self._pool: Pool | None = None

    async def start(self) -> None:
        """Find the key; PlayerError if there is none."""
        if self._key is None:
            self._key = self._find_key()
            self._without_key = Redactor(self._key)

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        await self.start()
        if self._pool is None:
            self._pool = pool_for(self._endpoint)
        async with self._pool.gate:
            return await self._post(self._pool.session, path, body, timeout_s)

    async def _post(self, session: ClientSession, path: str, body: bytes, timeout_s: float | None) -> Answer:
        from aiohttp import ClientError, InvalidURL

        watch = _Watch(self._endpoint, timeout_s)
        url = f"{self._endpoint.base_url.rstrip('/')}/{path}"
        try:
            async with asyncio.timeout(watch.limit) as watch.clock:
                answer = await self._exchange(session, url, body, watch)
        except TimeoutError as error:
            raise watch.verdict() from error
        except (InvalidURL, UnicodeError) as error:
            raise Fault("no address that can be asked", self.without_secrets(_cause(error)), 400) from error
        except (ClientError, OSError) as error:
            raise Fault("connection failed", self.without_secrets(_cause(error))) from error
        return self._without_key.answer(answer)

    async def _exchange(self, session: ClientSession, url: str, body: bytes, watch: _Watch) -> Answer:
        """Ask; once more at once if the server closed a kept connection just when the request went out."""
        from aiohttp import ClientConnectorError, ClientOSError, ServerDisconnectedError

        try:
            return await self._ask(session, url, body, watch)
        except ClientConnectorError:
            raise
        except (ServerDisconnectedError, ClientOSError):
            if watch.connected or watch.answered:
                raise
        return await self._ask(session, url, body, watch)

    async def _ask(self, session: ClientSession, url: str, body: bytes, watch: _Watch) -> Answer:
        # a redirect is not followed: it would carry the key to another host
        post = session.post(
            url, data=body, headers=self._headers(), allow_redirects=False, trace_request_ctx=watch
        )
        async with post as response:
            watch.answered = True
            return _answer(response, await _read(response, watch), watch)

    def without_secrets(self, text: str) -> str:
        return self._without_key.text(text)

    def to_keep(self, answer: Answer) -> Answer:
        return self._without_key.to_keep(answer)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key or 'none'}", "Content-Type": "application/json"}

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.leave()
            self._pool = None


class _Watch:
    """Time of one request: until the connection stands, until the answer begins, between its pieces."""

    def __init__(self, endpoint: Endpoint, turn_s: float | None) -> None:
        self._endpoint = endpoint
        self._turn_s = turn_s
        self.limit = min(endpoint.connect_s, endpoint.timeout_s)
        self._waits_for = "no connection"
        self.began = time.perf_counter()
        self._began_on_loop = 0.0
        self.first_s: float | None = None
        self.connected = False
        """Whether a connection was made for it, and not kept from an earlier request."""
        self.answered = False
        self.clock: asyncio.Timeout

    @property
    def passed(self) -> float:
        return time.perf_counter() - self.began

    def sent(self) -> None:
        """The request goes out: the clock of the turn starts."""
        self.began = time.perf_counter()
        self._began_on_loop = asyncio.get_running_loop().time()
        self._wait("no answer", self._endpoint.timeout_s)

    def heard(self) -> None:
        """A piece of the answer came: the next one is due."""
        self._wait("the answer stalled for", self._endpoint.stall_s)

    def _wait(self, what: str, seconds: float) -> None:
        self._waits_for, self.limit = what, seconds
        until = asyncio.get_running_loop().time() + seconds
        if self._turn_s is not None:
            until = min(until, self._began_on_loop + self._turn_s)
        self.clock.reschedule(min(until, self._began_on_loop + self._endpoint.total_s))

    def verdict(self) -> Exception:
        """Whose fault it is that time ran out."""
        sent = self._began_on_loop > 0
        if sent and self._turn_s is not None and self.passed >= min(self._turn_s, self._endpoint.total_s):
            return TurnTimeout(f"no answer within {self._turn_s:g} s")
        if sent and self.passed >= self._endpoint.total_s:
            return Fault(f"the answer was not whole within {self._endpoint.total_s:g} s", status=408)
        within = "" if self._waits_for.endswith("for") else " within"
        return Fault(f"{self._waits_for}{within} {self.limit:g} s", status=408)


async def _read(response: ClientResponse, watch: _Watch) -> bytes:
    """The body as it comes; notes when the first text of a stream is there."""
    said = bytearray()
    streams = response.content_type == "text/event-stream"
    async for piece in response.content.iter_any():
        watch.heard()
        begin = max(0, len(said) - 40)
        said += piece
        if streams and watch.first_s is None and _FIRST_TEXT.search(said, begin):
            watch.first_s = watch.passed
        if len(said) > LONGEST_ANSWER:
            raise Fault(f"the answer is longer than {LONGEST_ANSWER // 10**6} MB", status=500)
    return bytes(said)


def _answer(response: ClientResponse, said: bytes, watch: _Watch) -> Answer:
    return Answer(
        status=response.status,
        body=said,
        content_type=response.content_type,
        retry_after=response.headers.get("Retry-After", ""),
        seconds=watch.passed,
        first_s=watch.first_s,
    )


def _cause(error: BaseException) -> str:
    """The innermost cause of a connection fault in words."""
    while error.__cause__ is not None or error.__context__ is not None:
        inner = error.__cause__ or error.__context__
        assert inner is not None
        error = inner
    return str(error) or type(error).__name__
