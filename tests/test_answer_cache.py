"""Answers kept from one run to the next: which, under what name, and never in place of a sample."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from players.completers.answer_cache import AnswerCache, CachingTransport
from players.completers.base import Completion, Message, ProviderError, Request, Sampling, TurnTimeout
from players.completers.endpoint import Endpoint
from players.completers.occasion import attempt_at
from players.completers.openai_completer import OpenAICompleter
from players.completers.transport import Answer, Fault, Transport


def chat(content: str, finish: str = "stop") -> bytes:
    choice = {"message": {"content": content}, "finish_reason": finish}
    return json.dumps({"choices": [choice], "usage": {"prompt_tokens": 7, "cost": 0.5}}).encode()


class Counting(Transport):
    """Answers with the number of the request, or with what it is told to."""

    kind: ClassVar[str] = "counting"
    patient: ClassVar[bool] = False

    def __init__(self, *script: Answer | Fault, facts: Mapping[str, Any] | None = None) -> None:
        self.script = list(script)
        self.sent = 0
        self._known = facts or {}

    @property
    def facts(self) -> Mapping[str, Any]:
        return self._known

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        self.sent += 1
        number = self.sent
        await asyncio.sleep(0.001)
        answer = self.script.pop(0) if self.script else Answer(200, chat(f"{number}"), seconds=0.5)
        if isinstance(answer, Fault):
            raise answer
        return answer


def ask(
    inner: Transport,
    cache: AnswerCache,
    *matches: str,
    temperature: float | None = 0.0,
    samples: int = 1,
    clock: float | None = None,
) -> list[Completion]:
    """What each match hears, asking for some samples at once; '' is no match."""
    completer = OpenAICompleter(Endpoint("m", retries=1), CachingTransport(inner, "server", cache))
    request = Request((Message("user", "Your move?"),), Sampling(temperature))

    async def one(match: str) -> list[Completion]:
        if not match:
            return [await completer.complete(request, clock)]
        with attempt_at(match, 0, 0, 0):
            return list(await asyncio.gather(*(completer.complete(request, clock) for _ in range(samples))))

    async def all_matches() -> list[list[Completion]]:
        return list(await asyncio.gather(*map(one, matches or ("",))))

    return [completion for heard in asyncio.run(all_matches()) for completion in heard]


def texts(completions: list[Completion]) -> list[str]:
    return [completion.text for completion in completions]


def test_at_temperature_0_the_same_request_is_asked_once_even_at_the_same_time(tmp_path: Path) -> None:
    inner = Counting()
    assert texts(ask(inner, AnswerCache(tmp_path), "a", "b", samples=3)) == ["1"] * 6
    assert inner.sent == 1
    (again,) = ask(Counting(), AnswerCache(tmp_path))
    assert (again.text, again.cached, again.latency_s) == ("1", True, 0.5)
    assert again.usage.dollars == 0.5, "what it cost at that time"


def test_at_any_other_temperature_nothing_is_kept_unless_asked_for(tmp_path: Path) -> None:
    for temperature in (0.7, None):
        inner = Counting()
        ask(inner, AnswerCache(tmp_path), "a", "a", temperature=temperature)
        assert inner.sent == 2
    assert list(tmp_path.iterdir()) == []


def test_with_all_every_sample_is_one_of_its_own_and_the_same_again_later(tmp_path: Path) -> None:
    inner, everything = Counting(), AnswerCache(tmp_path, everything=True)
    heard = ask(inner, everything, "a", "b", temperature=0.7, samples=3)
    assert sorted(texts(heard)) == ["1", "2", "3", "4", "5", "6"]
    later = Counting()
    again = ask(later, AnswerCache(tmp_path, everything=True), "a", "b", temperature=0.7, samples=3)
    assert texts(again) == texts(heard)
    assert later.sent == 0
    assert texts(ask(later, everything, "c", temperature=0.7)) == ["1"], "another match draws anew"
    ask(later, everything, temperature=0.7)
    ask(later, everything, temperature=0.7)
    assert later.sent == 3, "outside of a match no sample can be told from another"


def test_another_request_or_another_model_file_is_another_answer(tmp_path: Path) -> None:
    inner, cache = Counting(facts={"sha256": "abc"}), AnswerCache(tmp_path)
    ask(inner, cache)
    ask(inner, cache, temperature=0)  # said as 0 it is another request, byte for byte
    other = Counting(facts={"sha256": "def"})
    ask(other, cache)
    assert (inner.sent, other.sent) == (2, 1)


@pytest.mark.parametrize(
    "bad",
    [
        Answer(500, b"down"),
        Answer(200, b'{"error": {"code": 502, "message": "bad gateway"}}'),
        Answer(200, chat("half", "error")),
        Answer(200, b"<html>"),
        Fault("connection failed"),
    ],
    ids=repr,
)
def test_a_fault_is_never_kept(tmp_path: Path, bad: Answer | Fault) -> None:
    cache = AnswerCache(tmp_path)
    try:
        (completion,) = ask(Counting(bad), cache)
        assert (completion.text, completion.tries) == ("2", 2)
    except ProviderError:
        assert list(tmp_path.iterdir()) == []
        assert texts(ask(Counting(), cache)) == ["1"]


def test_a_damaged_answer_is_asked_for_anew(tmp_path: Path) -> None:
    ask(Counting(), AnswerCache(tmp_path))
    (file,) = tmp_path.glob("*/*.json")
    for damage in (b"", file.read_bytes()[:50], b"[]", file.read_bytes().replace(b"server", b"served")):
        file.write_bytes(damage)
        inner = Counting()
        ask(inner, AnswerCache(tmp_path))
        assert inner.sent == 1
    assert ask(Counting(), AnswerCache(tmp_path))[0].cached


def test_a_folder_that_can_not_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert texts(ask(Counting(), AnswerCache(tmp_path / "file"))) == ["1"]


def test_an_answer_that_took_longer_than_the_clock_is_not_given(tmp_path: Path) -> None:
    class Slow(Counting):
        async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
            raise TurnTimeout("no answer within 0.1 s")

    ask(Counting(), AnswerCache(tmp_path))
    assert ask(Slow(), AnswerCache(tmp_path), clock=0.5)[0].cached
    with pytest.raises(TurnTimeout):
        ask(Slow(), AnswerCache(tmp_path), clock=0.1)


@pytest.mark.parametrize(
    ("temperature", "clock", "kept"), [(0.0, None, True), (0.0, 0.01, False), (1.0, None, False)]
)
def test_it_says_what_is_at_hand(tmp_path: Path, temperature: float, clock: float | None, kept: bool) -> None:
    transport = CachingTransport(Counting(), "here", AnswerCache(tmp_path))
    completer = OpenAICompleter(Endpoint("m"), transport)
    request = Request((Message("user", "?"),), Sampling(temperature=temperature))
    assert not completer.at_hand(request)
    asyncio.run(completer.complete(request))
    assert completer.at_hand(request, clock) is kept


def test_it_lies_where_the_other_caches_lie(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXACT_ARENA_CACHE", str(tmp_path))
    assert AnswerCache().folder == tmp_path / "answers"
