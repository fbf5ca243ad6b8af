"""One pool of connections for each endpoint, with the limits of everybody who asks it."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass
from weakref import WeakKeyDictionary

from players.completers.endpoint import Endpoint
from players.completers.transport import Fault


class Gate:
    """How many requests may be under way at once, and how closely they may follow each other."""

    def __init__(self, concurrency: int, per_minute: float | None = None) -> None:
        self._places = asyncio.Semaphore(concurrency)
        self._concurrency = concurrency
        self._surplus = 0
        """Places that are no longer there; whoever takes one takes another in its stead."""
        self._gap = 60 / per_minute if per_minute else 0.0
        self._next = 0.0

    def tighten(self, concurrency: int, per_minute: float | None) -> None:
        """Keep these limits, too."""
        self._surplus += max(0, self._concurrency - concurrency)
        self._concurrency = min(self._concurrency, concurrency)
        self._gap = max(self._gap, 60 / per_minute if per_minute else 0.0)

    async def __aenter__(self) -> None:
        await self._places.acquire()
        while self._surplus:
            self._surplus -= 1
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


class Pool:
    """The connections to one endpoint, shared by everybody in this event loop who asks it."""

    def __init__(self, endpoint: Endpoint) -> None:
        from aiohttp import ClientSession, ClientTimeout, TCPConnector, TraceConfig

        proxy = _proxy(endpoint.base_url)
        tracing = TraceConfig()
        tracing.on_request_headers_sent.append(_sent)
        tracing.on_connection_create_end.append(_connected)
        self.gate = Gate(endpoint.concurrency, endpoint.per_minute)
        self.users = 0
        self.session = ClientSession(
            connector=TCPConnector(limit=0),  # the gate keeps the limit
            timeout=ClientTimeout(total=None),  # the watch keeps the time
            trace_configs=[tracing],
            proxy=proxy,
        )

    async def leave(self) -> None:
        self.users -= 1
        if self.users == 0:
            pools = _pools[asyncio.get_running_loop()]
            for url in [url for url, pool in pools.items() if pool is self]:
                del pools[url]
            await self.session.close()


_pools: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Pool]] = WeakKeyDictionary()


def pool_for(endpoint: Endpoint) -> Pool:
    """The pool of an endpoint, with the strictest limits of all who share it; Fault if there can be none."""
    pools = _pools.setdefault(asyncio.get_running_loop(), {})
    where = _same(endpoint.base_url)
    if where not in pools:
        pools[where] = Pool(endpoint)
    pool = pools[where]
    pool.gate.tighten(endpoint.concurrency, endpoint.per_minute)
    pool.users += 1
    return pool


def _same(url: str) -> str:
    """One spelling of an address that can be written in several ways."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}://{host.lower()}{slash}{path}".rstrip("/")


def _proxy(url: str) -> str | None:
    """The proxy that the environment names for a URL. Looked up once: aiohttp would do it for every call."""
    parts = urlsplit(url)
    proxy = None if proxy_bypass(parts.hostname or "") else getproxies().get(parts.scheme)
    if proxy is None:
        return None
    proxy = proxy if "://" in proxy else f"http://{proxy}"
    if not _is_address(proxy):  # not repeated: it may hold a password
        why = f"the proxy that the environment names for {parts.scheme} is not of the form http://HOST:PORT"
        raise Fault(why, status=400)
    return proxy


def _is_address(proxy: str) -> bool:
    try:
        parts = urlsplit(proxy)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


async def _sent(session: Any, context: SimpleNamespace, params: Any) -> None:
    """Told by aiohttp when a request goes out on a connection that stands."""
    context.trace_request_ctx.sent()


async def _connected(session: Any, context: SimpleNamespace, params: Any) -> None:
    """Told by aiohttp when a connection was made for a request."""
    context.trace_request_ctx.connected = True
