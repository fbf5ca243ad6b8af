"""A GGUF model on this machine's CPU: llama.cpp's own server in this process, asked over loopback HTTP."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

from games.extras import install
from players.base import PlayerError
from players.completers.endpoint import Endpoint
from players.completers.http_transport import HttpTransport
from players.completers.openai_completer import OpenAICompleter
from players.completers.transport import Answer, Transport
from players.model_files import file_facts

CONTEXT_TOKENS = 4096
SLOTS = 1
THREADS = 1
"""llama.cpp's threads spin at barriers: as many threads as cores make a shared machine 20 times slower."""


_one_at_a_time = threading.Lock()


class LlamaTransport(Transport):
    """Serves one GGUF file to itself; everybody in this process who names the same file shares the server."""

    kind: ClassVar[str] = "llama.cpp"

    def __init__(self, endpoint: Endpoint, find_model: Callable[[], Path], package: str = "") -> None:
        self._endpoint = endpoint
        self._find_model = find_model
        self._package = package
        """Where the file was taken from; '' where the user brought it."""
        self._facts: Mapping[str, Any] = {}
        """Which file it is and what runs it; known once it is served."""
        self._http: HttpTransport | None = None

    @property
    def facts(self) -> Mapping[str, Any]:
        return {
            "context_tokens": CONTEXT_TOKENS,
            "threads": THREADS,
            **({"package": self._package} if self._package else {}),
            **self._facts,
        }

    async def start(self) -> None:
        alias = self._endpoint.model
        if importlib.util.find_spec("xllamacpp") is None:
            raise PlayerError(f"{alias} needs llama.cpp, which is not installed: {install('llama')}")
        if self._http is None:
            path = await asyncio.to_thread(self._find_model)
            url = await asyncio.to_thread(_serve, path, alias)
            facts = await asyncio.to_thread(file_facts, path)
            self._facts = {"xllamacpp": version("xllamacpp"), **facts}
            if self._http is None:  # else another request was quicker: one of the two would never be closed
                self._http = HttpTransport(replace(self._endpoint, base_url=url))

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        await self.start()
        assert self._http is not None
        return await self._http.send(path, body, timeout_s)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None


def llama_completer(find_model: Callable[[], Path], alias: str, package: str = "") -> OpenAICompleter:
    """A completer that serves the file to itself. Requests wait here, not in the server, where they would
    be on the clock of their turn."""
    endpoint = Endpoint(alias, guidance="llama", concurrency=SLOTS)
    return OpenAICompleter(endpoint, LlamaTransport(endpoint, find_model, package))


def _serve(path: Path, alias: str) -> str:
    """The base URL of a server for this file, started if there is none yet; it ends with the process."""
    with _one_at_a_time:  # two requests at once would start two servers, of which one is then forgotten
        return f"{_server(path, alias).listening_address}/v1"


@lru_cache(maxsize=4)
def _server(path: Path, alias: str) -> Any:
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # read when the library is loaded
    import xllamacpp

    if not path.is_file():
        raise PlayerError(f"no GGUF file at {path}")
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {alias}  # else every answer would carry this machine's file path
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_parallel, params.n_ctx = SLOTS, CONTEXT_TOKENS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
    params.cache_ram_mib = 0
    params.verbosity = -1
    try:
        return xllamacpp.Server(params)
    except Exception as error:  # the wheel raises whatever llama.cpp does
        raise PlayerError(f"llama.cpp can't load {path}: {error}") from error
