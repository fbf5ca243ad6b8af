"""LoRA adapters: what they are called, and how a vLLM that serves takes them in and lets them go.

vLLM keys its cache of prompts by an adapter's name and path, not by its weights: an adapter that is written
anew to the same place under the same name is answered from what the old one left behind. So the name holds a
checksum of the weights, and other weights are another adapter.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from players.base import PlayerError
from players.model_files import sha256_of

WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
SETTINGS = "adapter_config.json"


@dataclass(frozen=True, slots=True)
class Adapter:
    """One LoRA adapter as it was when it was read."""

    name: str
    """Of folder and content: what the model is called in a request that wants this adapter."""
    path: str
    rank: int
    sha256: str
    """Of the weights."""


def read_adapter(path: Path) -> Adapter:
    """The adapter in a folder; PlayerError if there is none."""
    path = path.expanduser().resolve()
    weights = next((path / name for name in WEIGHTS if (path / name).is_file()), None)
    if weights is None:
        raise PlayerError(f"no LoRA adapter in {path}: it holds neither {' nor '.join(WEIGHTS)}")
    try:
        rank = int(json.loads((path / SETTINGS).read_text("utf-8"))["r"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PlayerError(f"{path / SETTINGS} does not tell the rank of the adapter: {error!r}") from error
    checksum = sha256_of(weights)
    return Adapter(f"{path.name}-{checksum[:12]}", str(path), rank, checksum)


def load_adapter(url: str, adapter: Adapter) -> None:
    """Have a vLLM at `url` (without /v1) serve an adapter under its name; PlayerError if it won't.

    It has to be started with --enable-lora, and VLLM_ALLOW_RUNTIME_LORA_UPDATING=1 in its environment.
    """
    said = _post(f"{url}/v1/load_lora_adapter", {"lora_name": adapter.name, "lora_path": adapter.path})
    if said and "already been loaded" not in said:
        raise PlayerError(f"{url} does not load the adapter {adapter.path}: {said}")


def unload_adapter(url: str, adapter: Adapter) -> None:
    """Have it forget the adapter; PlayerError if it won't."""
    said = _post(f"{url}/v1/unload_lora_adapter", {"lora_name": adapter.name})
    if said:
        raise PlayerError(f"{url} does not unload the adapter {adapter.name}: {said}")


def _post(url: str, body: dict[str, str]) -> str:
    """'' if all is well, else what the server said."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=120) as answer:
            answer.read()
            return ""
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(500).decode("utf-8", "replace")
        hint = " (was it started with hot loading allowed?)" if error.code == 404 else ""
        return f"HTTP {error.code}{hint}: {said}"
    except OSError as error:
        return str(error)
