"""A real vLLM on this machine's CPU plays, sees, takes adapters in and ends. Run by `make vllm`: minutes.

What is tested is the way to vLLM and back, from the player string on. The models have no skill.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from arena.cli import app
from arena.record import Ending, MatchRecord, from_line
from players.completers.base import (
    Completer,
    Completion,
    Guide,
    Message,
    Picture,
    ProviderError,
    Request,
    Sampling,
)
from players.llm import LLMPlayer
from players.servers.pool import stop_all
from players.specs import make_player
from tests.vllm.models import PICTURES, TEXT, model_folder

pytestmark = pytest.mark.vllm

ROOT = Path(__file__).parent.parent.parent
FLAGS = "max_model_len=2048&enforce_eager=yes&gpu_memory_utilization=0.4"
"""The last is a share of this machine's memory, which vLLM wants to find free."""
GREEDY = Sampling(temperature=0, max_tokens=16)
CAPITAL = (Message("user", "What is the capital of France?"),)


@pytest.fixture(scope="module", autouse=True)
def small_and_offline() -> Iterator[None]:
    """No hub, little memory for the cache of prompts; and nothing is left running."""
    os.environ.update(HF_HUB_OFFLINE="1", VLLM_CPU_KVCACHE_SPACE="1")
    yield
    stop_all()


def spec(kind: str, model: str = TEXT, *options: str) -> str:
    return f"{kind}:{model_folder(model)}?" + "&".join((FLAGS, *options))


def completer(text: str) -> Completer:
    player = make_player(text)
    assert isinstance(player, LLMPlayer)
    return player.completer


def answers(text: str, *requests: Request) -> list[Completion]:
    """What a player's model answers, asked all at once."""

    async def ask() -> list[Completion]:
        asked = completer(text)
        await asked.start()
        try:
            return list(await asyncio.gather(*(asked.complete(request) for request in requests)))
        finally:
            await asked.close()

    return asyncio.run(ask())


def play(player: str, folder: Path) -> list[MatchRecord]:
    """Two matches against minimax by the command line, as they were recorded."""
    arguments = ["match", player, "vs", "minimax", "--games", "2", "--out", str(folder), "--no-boards"]
    app(arguments, standalone_mode=False)
    return [from_line(line) for line in (folder / "matches.jsonl").read_text("utf-8").splitlines()]


def check_play(kind: str, tmp_path: Path) -> None:
    player = spec(kind, TEXT, "style=listed", "temperature=0", "max_tokens=32")
    records = play(player, tmp_path / "run")
    assert len(records) == 2
    assert all(record.ending is not Ending.ERROR for record in records)
    assert str(model_folder(TEXT)) not in str([a for r in records for p in r.plies for a in p.attempts])


# One after the other on the same server: to start one takes most of a minute.


def test_a_server_plays_against_minimax(tmp_path: Path) -> None:
    check_play("vllm", tmp_path)


def test_probabilities_under_a_guide_are_those_of_what_it_allows() -> None:
    asked = Request(CAPITAL, Sampling(temperature=0, max_tokens=4, top_logprobs=3), Guide("regex", "[237]"))
    answer = answers(spec("vllm"), asked)[0]
    assert answer.text in ("2", "3", "7")
    assert {text for text, _ in answer.tokens[0].others} <= {"2", "3", "7"}


def test_a_seed_repeats() -> None:
    warm = Sampling(temperature=1.5, max_tokens=16, seed=7)
    asked = [Request(CAPITAL, warm), Request(CAPITAL, warm), Request(CAPITAL, Sampling(1.5, None, 16, 8))]
    one, again, other = (answer.text for answer in answers(spec("vllm"), *asked))
    assert one == again != other


def test_a_model_that_reads_only_text_refuses_a_picture() -> None:
    with pytest.raises(ProviderError, match="not a multimodal model"):
        answers(spec("vllm"), Request((Message("user", "What is this?", (png("red"),)),), GREEDY))


def test_server_and_engine_say_the_same() -> None:
    asked = Request(CAPITAL, GREEDY)
    served, local = (answers(spec(kind), asked)[0] for kind in ("vllm", "vllm-local"))
    assert served.text == local.text != ""
    assert served.usage == local.usage
    assert served.model == local.model == TEXT


def test_an_engine_in_this_process_plays_against_minimax(tmp_path: Path) -> None:
    check_play("vllm-local", tmp_path)


def test_each_adapter_answers_for_itself_while_one_server_serves() -> None:
    asked = Request(CAPITAL, GREEDY)
    names = ("lora-1", "lora-2", "lora-1")
    first, second, again = (
        answers(spec("vllm", TEXT, f"lora={model_folder(name)}"), asked)[0] for name in names
    )
    assert first.text == again.text != second.text
    assert tuple(answer.model.rpartition("-")[0] for answer in (first, second, again)) == names


@pytest.mark.parametrize("kind", ["vllm", "vllm-local"])
def test_a_picture_reaches_the_image_processor(kind: str) -> None:
    """Random weights understand nothing, but other pixels are other logits. Nine patches are nine tokens."""
    sampling = Sampling(temperature=0, max_tokens=1, top_logprobs=5)
    looks = [Message("user", "What is this?", pictures) for pictures in ((), (png("red"),), (png("blue"),))]
    nothing, red, blue = answers(
        spec(kind, PICTURES, "images=1"), *(Request((look,), sampling) for look in looks)
    )
    assert red.usage.prompt_tokens == blue.usage.prompt_tokens == (nothing.usage.prompt_tokens or 0) + 12
    assert red.tokens[0].others != blue.tokens[0].others


def png(colour: str) -> Picture:
    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (96, 96), colour).save(file, "PNG")
    return Picture(file.getvalue())


@pytest.mark.parametrize("kind", ["vllm", "vllm-local"])
def test_nothing_is_left_when_we_are_killed(kind: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"  # a file: processes that are spawned import it
    program.write_text(
        "import asyncio, os, signal, sys\n"
        "from players.specs import make_player\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(make_player(sys.argv[1]).completer.start())\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (tmp_path / "log").open("wb") as log:  # no pipe: whoever is left would keep it open
        killed = subprocess.run(
            [sys.executable, str(program), spec(kind)],
            cwd=tmp_path, env=environment, timeout=400, check=False, stdout=log, stderr=log,
        )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, (tmp_path / "log").read_text()
    until = time.monotonic() + 30
    while (left := working_in(tmp_path)) and time.monotonic() < until:
        time.sleep(0.2)
    assert not left


def working_in(folder: Path) -> list[str]:
    """The processes whose working folder this is; vLLM's write over their names and environments."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # ended meanwhile, or not ours
            if (process / "cwd").readlink() == folder:
                found.append(process.name)
    return found
