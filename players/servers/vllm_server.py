"""vLLM as a server of our own: `vllm serve` on a free loopback port, shared by all who ask for the same."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import sys
import time
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from games.solvers.cache import cache_folder
from players.base import PlayerError
from players.servers.adapters import Adapter
from players.servers.process import Launch, ServerDied, ServerProcess

VARIABLE = "ARENA_VLLM"
"""Names a python or a vllm command of another environment."""
RUN = ("-P", str(Path(__file__).with_name("vllm_command.py")))
"""For a python; -P keeps what lies beside that file off its path."""
HOST = "127.0.0.1"
PRIVATE: Mapping[str, str] = {"VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}
"""A game played on this machine is nobody else's business."""
PORT_TAKEN = "address already in use"


@dataclass(frozen=True, slots=True)
class VllmConfig:
    """Everything that determines what a vLLM of ours serves, and how."""

    model: str
    """A folder or a name on the hub."""
    tensor_parallel: int | None = None
    max_model_len: int | None = None
    images: int | None = None
    """Pictures in one prompt at most."""
    adapters: tuple[Adapter, ...] = ()
    """LoRA adapters served from the start, each under its own name."""
    hot_adapters: bool = False
    """Whether further adapters can be loaded while it serves (see players.servers.adapters)."""
    flags: tuple[str, ...] = ()
    """Any other flags of `vllm serve`, as they are."""
    timeout_s: float = 1800.0

    @property
    def served_name(self) -> str:
        """What the model is called in requests, answers and records: no path of this machine."""
        path = Path(self.model).expanduser()
        return path.resolve().name if path.is_dir() else self.model


def serve_arguments(config: VllmConfig) -> tuple[str, ...]:
    """The arguments of `vllm serve`, without the place where it listens."""
    given = {
        "--served-model-name": config.served_name,
        "--tensor-parallel-size": config.tensor_parallel,
        "--max-model-len": config.max_model_len,
        "--limit-mm-per-prompt": None if config.images is None else json.dumps({"image": config.images}),
    }
    named = tuple(part for flag, value in given.items() if value is not None for part in (flag, str(value)))
    return (str(Path(config.model).expanduser()), *named, *_adapter_arguments(config), *config.flags)


def _adapter_arguments(config: VllmConfig) -> tuple[str, ...]:
    if not (config.adapters or config.hot_adapters):
        return ()
    rank = max([16, *(adapter.rank for adapter in config.adapters)])
    room = max(2, len(config.adapters))
    named = [f"{adapter.name}={adapter.path}" for adapter in config.adapters]
    modules = ("--lora-modules", *named) if named else ()
    return ("--enable-lora", "--max-loras", str(room), "--max-lora-rank", str(rank), *modules)


def serve_environment(config: VllmConfig) -> dict[str, str]:
    """What vLLM needs in its environment; what the user has set there goes before it."""
    return {**PRIVATE, **({"VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1"} if config.hot_adapters else {})}


def _environment(config: VllmConfig, command: tuple[str, ...]) -> dict[str, str]:
    """The environment of a server: compilers that came with its interpreter are found first."""
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**serve_environment(config), **os.environ, "PATH": path}


def flags_of(options: Mapping[str, str]) -> tuple[str, ...]:
    """Flags of `vllm serve` from the options of a player string: any flag, dashes or underscores, yes or no.

    >>> flags_of({"dtype": "float16", "enforce_eager": "yes", "enable-prefix-caching": "no"})
    ('--dtype=float16', '--enforce-eager', '--no-enable-prefix-caching')
    """
    return tuple(_flag(name.replace("_", "-"), value) for name, value in options.items())


def _flag(name: str, value: str) -> str:
    plain = {"yes": f"--{name}", "true": f"--{name}", "no": f"--no-{name}", "false": f"--no-{name}"}
    return plain.get(value.lower(), f"--{name}={value}")


def vllm_command_line() -> tuple[str, ...]:
    """The command `vllm`: as ARENA_VLLM names it, or in our own environment; PlayerError if there is none."""
    named = os.environ.get(VARIABLE)
    if named:
        return _named_command(named)
    if importlib.util.find_spec("vllm") is None:
        raise PlayerError(
            f"vLLM is not installed here: pip install vllm, or let {VARIABLE} name a python or a vllm "
            f"command of another environment ({VARIABLE}=/path/to/venv/bin/python)"
        )
    return (sys.executable, *RUN)


def _named_command(named: str) -> tuple[str, ...]:
    found = shutil.which(Path(named).expanduser())
    if found is None:
        raise PlayerError(f"{VARIABLE} names no python and no vllm command: {named!r}")
    command = str(Path(found).absolute())
    return (command, *RUN) if Path(found).name.startswith("python") else (command,)


class VllmServer:
    """One `vllm serve`; where it listens is known once it is started."""

    def __init__(self, config: VllmConfig) -> None:
        self.config = config
        self.url = ""
        """http://127.0.0.1:PORT, without /v1."""
        self.log = Path()
        self._process: ServerProcess | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.running

    async def start(self) -> None:
        """Return when it is healthy; PlayerError tells why it is not. A taken port: tried elsewhere, once."""
        try:
            await self._start_at(free_port())
        except ServerDied as error:
            if PORT_TAKEN not in str(error).lower():
                raise
            await self._start_at(free_port())

    async def _start_at(self, port: int) -> None:
        vllm = vllm_command_line()
        self.url, self.log = f"http://{HOST}:{port}", _log_path(self.config, port)
        launch = Launch(
            name=f"vLLM for {self.config.served_name}",
            command=(*vllm, "serve", *serve_arguments(self.config), "--host", HOST, "--port", str(port)),
            health_url=f"{self.url}/health",
            log=self.log,
            environment=_environment(self.config, vllm),
            timeout_s=self.config.timeout_s,
        )
        self._process = ServerProcess(launch)
        await self._process.start()

    def version(self) -> str:
        """The version of vLLM that serves, in its own words."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.url}/version", timeout=30) as answer:
            return f"vllm {json.load(answer)['version']}"

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as held:
        held.bind((HOST, 0))
        return int(held.getsockname()[1])


def _log_path(config: VllmConfig, port: int) -> Path:
    told = "".join(c if c.isalnum() or c in "-." else "-" for c in config.served_name)
    return cache_folder() / "logs" / f"vllm-{told}-{time.strftime('%Y%m%d-%H%M%S')}-{port}.log"
