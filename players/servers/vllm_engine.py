"""vLLM's engine in this process: the requests and answers of its server, without the socket.

What is built here is the application that `vllm serve` serves, asked directly (ASGI). So templates, pictures,
guides, seeds, log-probabilities, adapters and errors are vLLM's own, word for word as over HTTP, and requests
in flight share the engine's batches. The model runs in processes that the engine starts; they end with it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import subprocess
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

from players.base import PlayerError
from players.servers.adapters import Adapter
from players.servers.process import keeper_command
from players.servers.vllm_server import VllmConfig, serve_arguments, serve_environment

if TYPE_CHECKING:
    from argparse import Namespace

QUIET: Mapping[str, str] = {
    "VLLM_LOGGING_LEVEL": "ERROR",
    "VLLM_LOGGING_STREAM": "ext://sys.stderr",
    "VLLM_WORKER_MULTIPROC_METHOD": "spawn",
}
"""In a process of ours vLLM speaks of trouble only, not where our tables go; and forks no threads."""


@dataclass(frozen=True, slots=True)
class EngineAnswer:
    """What vLLM's server would have sent."""

    status: int
    content_type: str
    body: bytes


class VllmEngine:
    """One model in this process, for the event loop in which it was started."""

    def __init__(self, config: VllmConfig) -> None:
        self.config = config
        self._application: Any = None
        self._engine: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether it can be asked from the event loop that runs now."""
        here = asyncio.get_running_loop() if self._loop is not None else None
        return self._engine is not None and self._loop is here and not self._engine.errored

    async def start(self) -> None:
        """Load the model; PlayerError if vLLM is not installed, or can't serve this."""
        if importlib.util.find_spec("vllm") is None:
            raise PlayerError("vllm-local needs vLLM in the environment of the arena: pip install vllm")
        for name, value in {**QUIET, **serve_environment(self.config)}.items():
            os.environ.setdefault(name, value)  # before the import: vLLM reads some of them then
        arguments = parsed_arguments(serve_arguments(self.config))
        try:
            await self._build(arguments)
        except Exception as error:  # vLLM raises whatever its parts do
            self.stop()
            raise PlayerError(f"vLLM can't serve {self.config.model}: {_in_short(error)}") from error
        except BaseException:
            self.stop()
            raise

    async def _build(self, arguments: Namespace) -> None:
        """As vLLM's own server does it (vllm.entrypoints.launchers.api_server.entry.build_and_serve)."""
        from vllm.engine.arg_utils import AsyncEngineArgs
        from vllm.entrypoints.launchers.api_server.app_state import init_app_state
        from vllm.entrypoints.launchers.app import build_app
        from vllm.usage.usage_lib import UsageContext
        from vllm.v1.engine.async_llm import AsyncLLM

        before = set(active_children())
        self._engine = AsyncLLM.from_engine_args(
            AsyncEngineArgs.from_cli_args(arguments), usage_context=UsageContext.LLM_CLASS
        )
        self._guard = _guard(set(active_children()) - before)
        self._loop = asyncio.get_running_loop()
        tasks = await self._engine.get_supported_tasks()
        self._application = build_app(arguments, tasks, self._engine.model_config)
        await init_app_state(self._engine, self._application.state, arguments, tasks)

    async def post(self, path: str, body: bytes) -> EngineAnswer:
        """The answer to a POST of JSON to a path such as /v1/chat/completions; failures are answers too.

        Who is cancelled while waiting has the engine drop the request.
        """
        return await _post(self._application, path, body)

    async def complete(self, request: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """(HTTP status, JSON body) for the JSON body of a request of Chat Completions."""
        answer = await self.post("/v1/chat/completions", json.dumps(request).encode())
        return answer.status, json.loads(answer.body)

    async def load(self, adapter: Adapter) -> None:
        """Take in one more adapter, if the config says hot_adapters; PlayerError if the engine won't."""
        body = json.dumps({"lora_name": adapter.name, "lora_path": adapter.path}).encode()
        answer = await self.post("/v1/load_lora_adapter", body)
        said = answer.body.decode("utf-8", "replace")
        if answer.status != 200 and "already been loaded" not in said:
            raise PlayerError(f"vLLM does not load the adapter {adapter.path}: {said[:500]}")

    def stop(self) -> None:
        """End the engine and its processes."""
        engine, self._engine, self._application = self._engine, None, None
        if engine is not None:
            engine.shutdown()
        guard, self._guard = self._guard, None
        if guard is not None:
            guard.kill()
            guard.wait()


def _guard(processes: Collection[BaseProcess]) -> subprocess.Popen[bytes]:
    """A keeper for the engine's processes: they would go on for good if we were killed."""
    pids = [str(process.pid) for process in processes]
    return subprocess.Popen(keeper_command("end", *pids), stdin=subprocess.DEVNULL, start_new_session=True)


def parsed_arguments(arguments: tuple[str, ...]) -> Namespace:
    """Arguments of `vllm serve` as vLLM reads them; PlayerError instead of the end of the process."""
    from vllm.entrypoints.launchers.cli_args import make_arg_parser, validate_parsed_serve_args
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    class Parser(FlexibleArgumentParser):  # type: ignore[misc]
        def error(self, message: str) -> Any:
            raise PlayerError(f"vLLM does not take these options: {message}")

    parsed = make_arg_parser(Parser(prog="vllm serve")).parse_args(list(arguments))
    parsed.model = parsed.model_tag
    validate_parsed_serve_args(parsed)
    return parsed  # type: ignore[no-any-return]


async def _post(application: Any, path: str, body: bytes) -> EngineAnswer:
    """One POST to an ASGI application."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"", "headers": headers,
        "client": None, "server": None, "state": {},
    }  # fmt: skip
    asked = iter([{"type": "http.request", "body": body, "more_body": False}])
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        await asyncio.Event().wait()  # we never hang up: who has enough, cancels
        raise AssertionError("nobody sets it")

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    await application(scope, receive, send)
    start = next(message for message in told if message["type"] == "http.response.start")
    fields = {name.lower(): value.decode("latin-1") for name, value in start["headers"]}
    whole = b"".join(message.get("body", b"") for message in told)
    return EngineAnswer(start["status"], fields.get(b"content-type", ""), whole)


def _in_short(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return " ".join(lines)[:500] or type(error).__name__
