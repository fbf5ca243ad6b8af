"""A server of our own: started, waited for, ended; a small program in this file stands in for vLLM."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from players.base import PlayerError
from players.servers import process, vllm_server
from players.servers.adapters import load_adapter, read_adapter, unload_adapter
from players.servers.logs import causes, meaningful
from players.servers.pool import acquire, release, stop_all
from players.servers.vllm_server import VllmConfig, VllmServer, serve_arguments, vllm_command_line
from tests.conftest import FaultServer

ROOT = Path(__file__).parent.parent
STAND_IN = """\
#!{python}
import http.server, os, signal, subprocess, sys, time
from pathlib import Path

arguments, folder = sys.argv[1:], Path({folder!r})
said = lambda flag: arguments[arguments.index(flag) + 1]
model, port = arguments[1], int(said("--port"))
with (folder / "starts").open("a") as starts:
    starts.write(f"{{os.getpid()}} {{port}}\\n")
print("INFO 11-22 10:00:00 [weights.py:1] Loading weights", flush=True)
if "--no-such-flag" in arguments:
    sys.exit("vllm: error: unrecognized arguments: --no-such-flag")
if model == "taken" and len((folder / "starts").read_text().splitlines()) == 1:
    sys.exit("OSError: [Errno 98] Address already in use")
if model == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
(folder / "worker").write_text(str(worker.pid))

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health" and model != "ill" else 503)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *arguments):
        pass

http.server.HTTPServer((said("--host"), port), Handler).serve_forever()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the program that stands in for vLLM leaves its traces."""
    program = tmp_path / "vllm"
    program.write_text(STAND_IN.format(python=sys.executable, folder=str(tmp_path)))
    program.chmod(0o755)
    monkeypatch.setenv("ARENA_VLLM", str(program))
    monkeypatch.setenv("EXACT_ARENA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(process, "LOOK_S", 0.02)
    return tmp_path


def starts(folder: Path) -> list[list[int]]:
    """[process, port] of each start."""
    return [[int(word) for word in line.split()] for line in (folder / "starts").read_text().splitlines()]


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked after yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually_ends(pid: int, seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(pid)


def test_what_is_asked_for_is_on_the_command_line() -> None:
    config = VllmConfig("org/model", 2, 4096, images=1, flags=("--dtype=float16",))
    assert " ".join(serve_arguments(config)) == (
        "org/model --served-model-name org/model --tensor-parallel-size 2 --max-model-len 4096 "
        '--limit-mm-per-prompt {"image": 1} --dtype=float16'
    )


def test_a_folder_is_served_under_its_last_name(tmp_path: Path) -> None:
    (tmp_path / "ours-7b").mkdir()
    assert VllmConfig(f"{tmp_path}/ours-7b/").served_name == "ours-7b"


def test_adapters_are_on_the_command_line(tmp_path: Path) -> None:
    adapter = read_adapter(an_adapter(tmp_path / "ad", rank=32))
    arguments = " ".join(serve_arguments(VllmConfig("m", adapters=(adapter,))))
    assert f"--enable-lora --max-loras 2 --max-lora-rank 32 --lora-modules {adapter.name}=" in arguments


def test_it_serves_on_loopback_keeps_its_log_and_ends_with_its_workers(folder: Path) -> None:
    server = VllmServer(VllmConfig("good"))
    asyncio.run(server.start())
    with urllib.request.urlopen(f"{server.url}/health") as answer:
        assert answer.status == 200
    assert server.running
    assert server.url.startswith("http://127.0.0.1:")
    assert server.log.is_relative_to(folder / "cache" / "logs")
    assert "Loading weights" in server.log.read_text()
    worker = int((folder / "worker").read_text())
    server.stop()
    assert not server.running
    assert not alive(starts(folder)[0][0])
    assert not alive(worker)
    server.stop()  # once more does no harm


def test_one_that_does_not_listen_is_ended_by_force(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process.keeper, "GRACE_S", -4.5)  # ours; the keeper waits longer than we do
    server = VllmServer(VllmConfig("deaf"))
    asyncio.run(server.start())
    server.stop()
    assert eventually_ends(starts(folder)[0][0])


def test_one_that_ends_at_once_says_why(folder: Path) -> None:
    server = VllmServer(VllmConfig("good", flags=("--no-such-flag",)))
    with pytest.raises(PlayerError, match="exit status 1") as caught:
        asyncio.run(server.start())
    assert "unrecognized arguments: --no-such-flag" in str(caught.value)
    assert str(server.log) in str(caught.value)
    assert len(starts(folder)) == 1


def test_one_that_is_never_healthy_is_given_up(folder: Path) -> None:
    server = VllmServer(VllmConfig("ill", timeout_s=1.0))
    with pytest.raises(PlayerError, match=r"did not serve within 1 s.*\n  Loading weights"):
        asyncio.run(server.start())
    assert not alive(starts(folder)[0][0])


def test_a_taken_port_is_tried_again_elsewhere(folder: Path) -> None:
    server = VllmServer(VllmConfig("taken"))
    asyncio.run(server.start())
    server.stop()
    assert len(starts(folder)) == 2


def test_giving_up_the_start_ends_it(folder: Path) -> None:
    async def give_up() -> None:
        async with asyncio.timeout(1.0):
            await acquire(VllmServer, VllmConfig("ill"))

    with pytest.raises(TimeoutError):
        asyncio.run(give_up())
    assert eventually_ends(starts(folder)[0][0])
    stop_all()


def test_it_does_not_outlive_us_when_we_are_killed(folder: Path) -> None:
    code = (
        "import asyncio, os, signal; from players.servers.pool import *; "
        "from players.servers.vllm_server import *; "
        "asyncio.run(acquire(VllmServer, VllmConfig('good'))); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert eventually_ends(starts(folder)[0][0])
    assert eventually_ends(int((folder / "worker").read_text()))


@pytest.mark.parametrize(
    "ending", ["pass", "os.kill(os.getpid(), signal.SIGTERM)", "raise KeyboardInterrupt"]
)
def test_it_ends_with_us_however_we_end(folder: Path, ending: str) -> None:
    code = (
        "import asyncio, os, signal; from players.servers.pool import *; "
        "from players.servers.vllm_server import *; "
        f"asyncio.run(acquire(VllmServer, VllmConfig('good'))); {ending}"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False, capture_output=True)
    assert eventually_ends(starts(folder)[0][0])


def test_the_same_config_is_the_same_server(folder: Path) -> None:
    async def both() -> None:
        one, two = await asyncio.gather(
            acquire(VllmServer, VllmConfig("good")), acquire(VllmServer, VllmConfig("good"))
        )
        assert one is two
        release(one)
        release(two)
        assert await acquire(VllmServer, VllmConfig("good")) is one, "kept for the next match"

    asyncio.run(both())
    assert len(starts(folder)) == 1
    stop_all()
    assert not alive(starts(folder)[0][0])


def test_one_that_nobody_uses_makes_room_for_another_model(folder: Path) -> None:
    async def one_after_the_other() -> tuple[VllmServer, VllmServer, VllmServer]:
        idle, used = (
            await acquire(VllmServer, VllmConfig("good")),
            await acquire(VllmServer, VllmConfig("better")),
        )
        release(idle)
        return idle, used, await acquire(VllmServer, VllmConfig("best"))

    idle, used, new = asyncio.run(one_after_the_other())
    assert (idle.running, used.running, new.running) == (False, True, True)
    stop_all()


def test_one_that_died_is_started_again(folder: Path) -> None:
    first = asyncio.run(acquire(VllmServer, VllmConfig("good")))
    os.kill(starts(folder)[0][0], signal.SIGKILL)
    until = time.monotonic() + 10
    while first.running and time.monotonic() < until:
        time.sleep(0.05)
    second = asyncio.run(acquire(VllmServer, VllmConfig("good")))
    assert second is not first
    assert second.running
    stop_all()


class OfOneLoop:
    """Can be asked from the event loop in which it was started only, as an engine in process."""

    def __init__(self, name: str) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.stopped = False

    @property
    def running(self) -> bool:
        return not self.stopped and self.loop is asyncio.get_running_loop()

    async def start(self) -> None:
        self.loop = asyncio.get_running_loop()

    def stop(self) -> None:
        self.stopped = True


def test_what_belongs_to_an_event_loop_that_has_ended_is_replaced_and_ended() -> None:
    first, second = (asyncio.run(acquire(OfOneLoop, "engine")) for _ in range(2))
    assert first is not second
    assert (first.stopped, second.stopped) == (True, False)
    stop_all()
    assert second.stopped


def test_progress_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(process, "LINE_EVERY_S", 0.3)
    with pytest.raises(PlayerError):
        asyncio.run(VllmServer(VllmConfig("ill", timeout_s=1.0)).start())
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1].startswith("Starting vLLM for ill: ")
    assert lines[-1].endswith("; Loading weights")
    assert 1 <= len(lines) <= 3


def test_without_vllm_both_ways_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ARENA_VLLM", raising=False)
    monkeypatch.setattr(vllm_server.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PlayerError, match=r"pip install vllm.*ARENA_VLLM"):
        vllm_command_line()


def test_another_environment_is_named_by_its_python_or_its_command(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert vllm_command_line() == (str(folder / "vllm"),)
    monkeypatch.setenv("ARENA_VLLM", sys.executable)
    assert vllm_command_line()[:2] == (sys.executable, "-P")
    monkeypatch.setenv("ARENA_VLLM", "/no/such/python")
    with pytest.raises(PlayerError, match="'/no/such/python'"):
        vllm_command_line()


def test_of_a_log_only_what_says_something_is_shown() -> None:
    log = (
        "(APIServer pid=7) INFO 11-22 10:00:00 [api.py:1]   █▄█▀ █   model x\n"
        "(APIServer pid=7) INFO 11-22 10:00:00 [api.py:1] \n"
        "Loading:  10%\rLoading: 100%\n"
        "Traceback (most recent call last):\n"
        '  File "x.py", line 1, in main\n'
        "(EngineCore pid=8) ERROR 11-22 10:00:01 [core.py:9] ValueError: no room\n"
        "INFO:     Waiting for application startup.\n"
    )
    lines = meaningful(log)
    assert lines == [
        "Loading:  10%",
        "Loading: 100%",
        "ValueError: no room",
        "Waiting for application startup.",
    ]
    assert causes(lines) == ["ValueError: no room"]
    assert causes(lines[:2], 1) == ["Loading: 100%"]


def an_adapter(folder: Path, rank: int = 8, weights: bytes = b"weights") -> Path:
    folder.mkdir()
    (folder / "adapter_config.json").write_text(f'{{"r": {rank}}}')
    (folder / "adapter_model.safetensors").write_bytes(weights)
    return folder


def test_other_weights_in_the_same_place_are_another_adapter(tmp_path: Path) -> None:
    path = an_adapter(tmp_path / "ours")
    before = read_adapter(path)
    (path / "adapter_model.safetensors").write_bytes(b"other weights")
    after = read_adapter(path)
    assert before.name.startswith("ours-")
    assert before.name != after.name
    assert replace(before, name=after.name, sha256=after.sha256) == after


def test_a_folder_without_an_adapter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlayerError, match=r"no LoRA adapter in .*adapter_model\.safetensors"):
        read_adapter(tmp_path)
    (an_adapter(tmp_path / "odd") / "adapter_config.json").write_text("{}")
    with pytest.raises(PlayerError, match=r"adapter_config\.json does not tell the rank"):
        read_adapter(tmp_path / "odd")


def test_adapters_are_loaded_and_unloaded_while_it_serves(tmp_path: Path, fault_server: FaultServer) -> None:
    adapter, url = read_adapter(an_adapter(tmp_path / "ad")), fault_server.url.removesuffix("/v1")
    fault_server.answers("Success")
    load_adapter(url, adapter)
    unload_adapter(url, adapter)
    assert [(request.path, request.body) for request in fault_server.requests] == [
        ("/v1/load_lora_adapter", {"lora_name": adapter.name, "lora_path": adapter.path}),
        ("/v1/unload_lora_adapter", {"lora_name": adapter.name}),
    ]


def test_a_server_that_refuses_an_adapter_is_quoted(tmp_path: Path, fault_server: FaultServer) -> None:
    adapter, url = read_adapter(an_adapter(tmp_path / "ad")), fault_server.url.removesuffix("/v1")
    fault_server.answers({"error": {"message": "rank 64 is too large"}}, 400)
    with pytest.raises(PlayerError, match="rank 64 is too large"):
        load_adapter(url, adapter)
    fault_server.script.clear()
    fault_server.answers({"detail": "Not Found"}, 404)
    with pytest.raises(PlayerError, match="hot loading"):
        unload_adapter(url, adapter)
