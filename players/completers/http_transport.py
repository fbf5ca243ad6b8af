"""Requests over HTTP, by aiohttp: one pool of connections for each endpoint, with limits of its own.

The `openai` package is not used for this: it takes several times the processor time of a call
(docs/benchmarks.md), parses what has to be kept word for word, and does not tell when a request went out.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import WeakKeyDictionary

from players.completers.base import TurnTimeout
from players.completers.endpoint import Endpoint
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
        self._pool: _Pool | None = None

    async def start(self) -> None:
        """Find the key; PlayerError if there is none."""
        if self._key is None:
            self._key = self._find_key()
            self._without_key = Redactor(self._key)

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        await self.start()
        if self._pool is None:
            self._pool = _pool(self._endpoint)
        async with self._pool.gate:
            return await self._post(self._pool.session, path, body, timeout_s)

    async def _post(self, session: ClientSession, path: str, body: bytes, timeout_s: float | None) -> Answer:
        from aiohttp import ClientError

        watch = _Watch(self._endpoint, timeout_s)
        url = f"{self._endpoint.base_url.rstrip('/')}/{path}"
        try:
            async with asyncio.timeout(watch.limit) as watch.clock:
                # a redirect is not followed: it would carry the key to another host
                post = session.post(
                    url, data=body, headers=self._headers(), allow_redirects=False, trace_request_ctx=watch
                )
                async with post as response:
                    said = await _read(response, watch)
        except TimeoutError as error:
            raise watch.verdict() from error
        except (ClientError, OSError) as error:
            raise Fault("connection failed", self._without_key.text(_cause(error))) from error
        return self._without_key.answer(_answer(response, said, watch))

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


# Pools ------------------------------------------------------------------------------------------------------


class Gate:
    """How many requests may be under way at once, and how closely they may follow each other."""

    def __init__(self, concurrency: int, per_minute: float | None) -> None:
        self._places = asyncio.Semaphore(concurrency)
        self._gap = 60 / per_minute if per_minute else 0.0
        self._next = 0.0

    async def __aenter__(self) -> None:
        await self._places.acquire()
        if not self._gap:
            return
        now = time.monotonic()
        at = max(now, self._next)
        self._next = at + self._gap
        try:
            await asyncio.sleep(at - now)
        except BaseException:
            self._places.release()
            raise

    async def __aexit__(self, *error: object) -> None:
        self._places.release()


class _Pool:
    """The connections to one endpoint, shared by everybody in this event loop who asks it."""

    def __init__(self, endpoint: Endpoint) -> None:
        from aiohttp import ClientSession, ClientTimeout, TCPConnector, TraceConfig

        tracing = TraceConfig()
        tracing.on_request_headers_sent.append(_sent)
        self.gate = Gate(endpoint.concurrency, endpoint.per_minute)
        self.users = 0
        self.session = ClientSession(
            connector=TCPConnector(limit=0),  # the gate keeps the limit
            timeout=ClientTimeout(total=None),  # the watch keeps the time
            trace_configs=[tracing],
            proxy=_proxy(endpoint.base_url),
        )

    async def leave(self) -> None:
        self.users -= 1
        if self.users == 0:
            pools = _pools[asyncio.get_running_loop()]
            for url in [url for url, pool in pools.items() if pool is self]:
                del pools[url]
            await self.session.close()


_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, _Pool]] = WeakKeyDictionary()


def _pool(endpoint: Endpoint) -> _Pool:
    """The pool of an endpoint; its limits are those of whoever opens it first."""
    pools = _pools.setdefault(asyncio.get_running_loop(), {})
    if endpoint.base_url not in pools:
        pools[endpoint.base_url] = _Pool(endpoint)
    pool = pools[endpoint.base_url]
    pool.users += 1
    return pool


def _proxy(url: str) -> str | None:
    """The proxy that the environment names for a URL. Looked up once: aiohttp would do it for every call."""
    parts = urlsplit(url)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)


async def _sent(session: ClientSession, context: SimpleNamespace, params: Any) -> None:
    """Told by aiohttp when a request goes out on a connection that stands."""
    watch = context.trace_request_ctx
    if isinstance(watch, _Watch):
        watch.sent()
