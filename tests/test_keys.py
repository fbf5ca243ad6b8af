"""A key is in the header of a request and nowhere else, whatever a server does with it."""

from __future__ import annotations

import contextlib
import io
import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock
from urllib.parse import quote

import pytest

from arena.cli import main

if TYPE_CHECKING:
    from tests.conftest import FaultServer

KEYS = ["sk-proj/Zm9v+YmFy=Qmf8xW3nT1vL0pR7-uJ5a", 'sk-odd"quote\\slash&amp%41+/=Zm9vYmFyQ']


def spellings(key: str) -> list[str]:
    """The key as it stands, and as JSON, URLs and web pages write it."""
    in_json = json.dumps(key)[1:-1]
    careful = in_json.replace("+", "\\u002b").replace("/", "\\/").replace("&", "\\u0026")
    page = key.replace("&", "&amp;").replace('"', "&quot;")
    return [key, in_json, careful, json.dumps(in_json)[1:-1], quote(key, safe=""), quote(key), page]


def chat(content: str, **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, "reasoning": f"it is {content}"}
    return {"choices": [{"message": message, "finish_reason": "stop"}], **more}


def chat_stream(text: str, size: int) -> str:
    """The text in pieces, as answer and as reasoning."""
    pieces = [text[i : i + size] for i in range(0, len(text), size)]
    deltas = [{"reasoning_content": piece} for piece in pieces] + [{"content": piece} for piece in pieces]
    events: list[Any] = [{"choices": [{"delta": delta, "finish_reason": None}]} for delta in deltas]
    events.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"


def scripted(server: FaultServer, key: str) -> None:
    """Everything a server might do with a key."""
    for spelled in spellings(key):
        header = spelled if spelled.isprintable() else "0"
        server.answers({"error": {"message": f"slow down, {key}"}}, 429, retry_after=header)
        server.answers(f"<html>{spelled}</html>", 503, content_type="text/html")
        server.answers(f'{{"error": {{"code": 502, "message": "{spelled}"}}}}')
        server.answers(chat(f"{spelled} Answer: 5", model=key))
    server.answers(chat_stream(f"{key} Answer: 5", 1), content_type="text/event-stream")
    server.answers(chat_stream(f"Answer: 5 {key} {key}", 7), content_type="text/event-stream")
    server.answers(chat_stream(f"Answer: 5 {key}", 7).partition("[DONE]")[0].rpartition("data:")[0], 200,
                   content_type="text/event-stream")  # fmt: skip
    server.answers(f"Bearer {key}", 401)


def written(folder: Path) -> dict[str, str]:
    return {str(path): path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file()}


def arena(*words: str | Path) -> str:
    """What a command says on stdout and stderr, however it ends."""
    said = io.StringIO()
    with (
        mock.patch.object(sys, "argv", ["arena", *map(str, words)]),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        contextlib.suppress(SystemExit),
    ):
        main()
    return said.getvalue()


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("options", [[], ["--cache", "all"]], ids=["plain", "cache"])
def test_a_key_is_nowhere_after_a_run(
    fault_server: FaultServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    key: str,
    options: list[str],
) -> None:
    table = f'[providers.tiny]\nbase_url = "{fault_server.url}"\nkey_variable = "TINY_KEY"\nretries = 3\n'
    (tmp_path / "players.toml").write_text(table)
    monkeypatch.setenv("ARENA_PLAYERS", str(tmp_path / "players.toml"))
    monkeypatch.setenv("EXACT_ARENA_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TINY_KEY", key)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("players.completers.openai_completer._sleep", mock.AsyncMock())
    scripted(fault_server, key)
    caplog.set_level("DEBUG")
    pair, tape = ["tiny:m", "vs", "minimax", "--games", "40"], ["--record", "run/c.jsonl", *options]
    said = arena("match", *pair, "--out", "run", *tape, "--json")
    for _ in range(50):
        if len(fault_server.script) > 1:  # else all has been said but the last word
            said += arena("match", "--resume", "run", *tape)
    said += arena("show", "run") + arena("match", *pair, "--replay", "run/c.jsonl", "--out", "again")
    assert fault_server.requests[0].headers["authorization"] == f"Bearer {key}"
    assert "***" in said
    found = {"said": said, "logged": caplog.text, **written(tmp_path)}
    assert {"run/matches.jsonl", "run/c.jsonl", "run/config.json", "again/matches.jsonl"} <= {
        str(Path(name).relative_to(tmp_path)) for name in list(found)[2:]
    }
    assert any("/cache/answers/" in name for name in found) == bool(options)
    for name, text in found.items():
        for spelled in spellings(key):
            assert spelled not in text, f"{name} holds {spelled}"
        assert without_joints(key) not in without_joints(text), f"{name} spells it piece by piece"


def without_joints(text: str) -> str:
    """Letters and digits that follow each other, whatever stands between the texts of a stream."""
    pieces = re.findall(r'\\*"(?:content|reasoning_content)\\*": \\*"(.*?)\\*"\}', text) or [text]
    return re.sub(r"[^A-Za-z0-9]", "", "".join(pieces))
