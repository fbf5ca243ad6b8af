"""Recordings: what is on them, and runs played from them with nobody to ask."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from unittest import mock

import pytest

from arena.cli import main
from players import embedded
from players.base import PlayerError
from players.completers.base import Message, ProviderError, Request, TurnTimeout
from players.completers.cassette import Cassette, Recorder
from players.completers.endpoint import Endpoint
from players.completers.exchange import Asked, Exchange, Outcome, exchange_line, read_exchange
from players.completers.occasion import Occasion, attempt_at
from players.completers.openai_completer import OpenAICompleter
from players.completers.taped import RecordingTransport, ReplayingTransport
from players.completers.transport import Answer, Fault, Transport

if TYPE_CHECKING:
    from tests.conftest import FaultServer

KEY = "sk-not/a+real=key-123"
ASKED = Asked("http://127.0.0.1:9/v1", "chat/completions", b'{"messages":[{"content":"Your move?"}]}')


def arena(*words: str | Path) -> tuple[int, str, str]:
    """Exit status, stdout and stderr of a command, with nothing in its environment but a table of players."""
    out, err = io.StringIO(), io.StringIO()
    kept = {name: os.environ[name] for name in ("PATH", "ARENA_PLAYERS", "TINY_KEY") if name in os.environ}
    with (
        mock.patch.dict(os.environ, {**kept, "COLUMNS": "160"}, clear=True),
        mock.patch.object(sys, "argv", ["arena", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as exit_,
    ):
        main()
        sys.exit(0)
    return int(exit_.value.code or 0), out.getvalue(), err.getvalue()


def played(*words: str | Path, status: int = 0) -> str:
    code, out, err = arena("match", *words)
    assert code == status, out + err
    return out + err


def chat(content: str) -> dict[str, Any]:
    message = {"role": "assistant", "content": content}
    usage = {"prompt_tokens": 7, "completion_tokens": 3}
    return {"model": "tiny-1", "choices": [{"message": message, "finish_reason": "stop"}], "usage": usage}


def streamed(content: str) -> str:
    deltas = [{"content": letter} for letter in content]
    events: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    events += [{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}]
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"


@pytest.fixture
def tiny(fault_server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    """A provider `tiny:` behind a key, whose server is scripted."""
    table = f'[providers.tiny]\nbase_url = "{fault_server.url}"\nkey_variable = "TINY_KEY"\n'
    (tmp_path / "players.toml").write_text(table)
    monkeypatch.setenv("ARENA_PLAYERS", str(tmp_path / "players.toml"))
    monkeypatch.setenv("TINY_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    yield fault_server


def records(run: str) -> list[dict[str, Any]]:
    lines = Path(run, "matches.jsonl").read_text().splitlines()
    last = {record["match_id"]: record for record in map(json.loads, lines)}
    return list(last.values())


def without_times(value: Any) -> Any:
    """A record without what the clock on the wall said; what a completion took is kept."""
    if isinstance(value, dict):
        return {n: without_times(v) for n, v in value.items() if n not in ("started", "seconds")}
    return [without_times(v) for v in value] if isinstance(value, list) else value


def cassette_lines(path: str = "c.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


# Whole runs -------------------------------------------------------------------------------------------------


def a_recorded_run(server: FaultServer, *options: str) -> None:
    """Two matches with all that can happen: faults that pass, a stream, replies that are rejected."""
    server.answers({"error": {"message": "slow down"}}, 429, retry_after="0")
    server.answers(chat("Answer: 5"))
    server.answers(streamed("Answer: 1"), content_type="text/event-stream")
    server.answers(json.dumps(chat("Cafe")).encode().replace(b"fe", b"f\xe9"))
    server.answers(chat("I pass."))
    server.answers(chat("<think>hm</think>Answer: 9 — naturally"))
    server.answers(chat("Answer: 5"))
    played("tiny:m", "vs", "minimax?ties=first", "--record", "c.jsonl", "--out", "run", *options)


def test_a_run_is_replayed_word_for_word_with_nobody_to_ask(
    tiny: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_recorded_run(tiny)
    asked = len(tiny.requests)
    tiny.close()
    monkeypatch.delenv("TINY_KEY")
    for again in ("again", "once more"):
        played("tiny:m", "vs", "minimax?ties=first", "--replay", "c.jsonl", "--out", again)
    assert asked == len(tiny.requests) > 6
    original = records("run")
    attempts = [a for record in original for ply in record["plies"] for a in ply["attempts"]]
    assert any(a["completion"]["tries"] == 2 for a in attempts if a["completion"])
    assert {a["problem"] for a in attempts} >= {None, "illegal", "unparsable"}
    assert without_times(original) == without_times(records("again")) == without_times(records("once more"))


def test_matches_under_way_at_once_are_replayed_each_with_its_own_answers(tiny: FaultServer) -> None:
    """The first requests of all matches are the same, and answered in whatever order they arrive."""
    for number in range(40):
        tiny.answers(chat(f"<think>{number}</think>Answer: {number % 9 + 1}"))
    words = ("tiny:m?temperature=1", "vs", "random", "--games", "8", "--parallel", "8")
    played(*words, "--record", "c.jsonl", "--out", "run")
    tiny.close()

    def by_match(run: str) -> dict[str, Any]:
        return {record["match_id"]: without_times(record) for record in records(run)}

    for run, parallel in (("again", "8"), ("in turn", "1")):
        played(*words[:-1], parallel, "--replay", "c.jsonl", "--out", run)
        assert by_match(run) == by_match("run")


def test_a_run_with_a_clock_is_replayed_with_its_timeouts(tiny: FaultServer) -> None:
    tiny.answers(chat("Answer: 5"))
    tiny.stalls()
    words = (
        "tiny:m",
        "vs",
        "minimax?ties=first",
        "--games",
        "1",
        "--seconds-per-turn",
        "0.3",
        "--attempts",
        "1",
    )
    played(*words, "--record", "c.jsonl", "--out", "run")
    tiny.released.set()
    assert records("run")[0]["ending"] == "timeout"
    played(*words, "--replay", "c.jsonl", "--out", "again")
    assert without_times(records("run")) == without_times(records("again"))


def test_a_run_that_met_faults_is_recorded_on_resume_and_replayed_as_it_counts(tiny: FaultServer) -> None:
    tiny.answers(chat("Answer: 5"))
    tiny.answers({"error": {"message": "no money"}}, 402)
    played("tiny:m", "vs", "minimax", "--games", "2", "--record", "run/c.jsonl", "--out", "run", status=1)
    with Path("run/c.jsonl").open("a") as file:
        file.write('{"server": "torn by a cra')
    tiny.script.clear()
    tiny.answers(chat("Answer: 5"))
    played("--resume", "run", "--record", "run/c.jsonl")
    assert {record["ending"] for record in records("run")} == {"illegal"}
    tiny.close()
    played("tiny:m", "vs", "minimax", "--games", "2", "--replay", "run/c.jsonl", "--out", "again")
    assert without_times(records("run")) == without_times(records("again"))


def test_a_run_that_was_broken_off_goes_on_with_its_recording(tiny: FaultServer) -> None:
    a_recorded_run(tiny)
    tiny.close()
    lines = Path("run/matches.jsonl").read_text().splitlines(keepends=True)
    Path("run/matches.jsonl").write_text(lines[0])
    played("--resume", "run", "--replay", "c.jsonl")
    assert without_times(records("run")) == [without_times(json.loads(line)) for line in lines]


def test_a_run_that_faults_ended_is_replayed_to_the_same_records(tiny: FaultServer) -> None:
    """Also side by side, where faults end in another order than they did."""
    for status in (402, 402, 402):
        tiny.answers({"error": {"message": "no money"}}, status)
    words = ("tiny:m", "vs", "minimax?ties=first", "--games", "9")
    played(*words, "--record", "c.jsonl", "--out", "run", status=1)
    tiny.close()
    for parallel in ("1", "4"):
        again = f"again{parallel}"
        said = played(*words, "--parallel", parallel, "--replay", "c.jsonl", "--out", again, status=1)
        assert "replay of c.jsonl" in said
        assert in_order(records("run")) == in_order(records(again))
    assert [record["ending"] for record in records("run")] == ["error"] * 3


def in_order(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted((without_times(record) for record in found), key=lambda record: record["match_id"])


def test_a_replay_pays_nothing(tiny: FaultServer) -> None:
    a_recorded_run(tiny)
    tiny.close()
    lines = Path("run/matches.jsonl").read_text().splitlines(keepends=True)
    paid = Path("run/spent.jsonl").read_text()
    Path("run/matches.jsonl").write_text(lines[0])
    played("--resume", "run", "--replay", "c.jsonl", "--max-tokens-total", "0")
    assert len(records("run")) == len(lines), "no limit holds where nothing is spent"
    assert Path("run/spent.jsonl").read_text() == paid
    played("tiny:m", "vs", "minimax?ties=first", "--replay", "c.jsonl", "--out", "again")
    assert Path("again/spent.jsonl").read_text() == ""


def test_a_match_of_the_recording_gets_its_own_answers_only(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "c.jsonl")
    here, there = Occasion("one", ply=0), Occasion("one", ply=2)
    recorder.add(Exchange(ASKED, Answer(200, b"hi"), here))
    cassette = Cassette(tmp_path / "c.jsonl")
    assert cassette.take(ASKED, there) is None
    assert cassette.take(ASKED, Occasion("another")) is not None


def test_an_unknown_request_stops_the_run_and_says_which(tiny: FaultServer) -> None:
    a_recorded_run(tiny)
    asked = len(tiny.requests)
    said = played(
        "tiny:m?style=listed",
        "vs",
        "minimax",
        "--replay",
        "c.jsonl",
        "--out",
        "other",
        "--games",
        "4",
        status=1,
    )
    assert "replay of c.jsonl: unknown request of tiny:m?style=listed (match " in said
    assert "legal actions" in said.lower(), "an excerpt of what was asked"
    assert records("other") == [], "nothing happened, so nothing is recorded"
    said = played(
        "tiny:m", "vs", "minimax?ties=first", "--games", "9", "--replay", "c.jsonl", "--out", "more", status=1
    )
    assert "every answer to this request is used up of tiny:m" in said
    assert len(tiny.requests) == asked


def test_a_player_that_was_not_recorded_is_named_before_anything_is_played(tiny: FaultServer) -> None:
    a_recorded_run(tiny)
    said = played("local:m", "vs", "tiny:m", "--replay", "c.jsonl", "--out", "other", status=2)
    assert f"local:m: c.jsonl holds nothing of http://127.0.0.1:8000/v1; it holds: {tiny.url}" in said
    assert not Path("other").exists()


def test_options_that_contradict_each_other_are_refused(tiny: FaultServer) -> None:
    pair = ("random", "vs", "minimax", "--out", "run")
    a_recorded_run(tiny)
    assert "leave --record out" in played(*pair, "--replay", "c.jsonl", "--record", "d.jsonl", status=2)
    assert "leave --cache out" in played(*pair, "--replay", "c.jsonl", "--cache", "all", status=2)
    assert "leave --replay out" in played(*pair, "--replay", "c.jsonl", "--exact", status=2)
    assert "c.jsonl exists already" in played(*pair, "--record", "c.jsonl", status=2)
    assert "no cassette at nowhere" in played(*pair, "--replay", "nowhere", status=2)
    assert "players.toml is no cassette" in played("--resume", "run", "--record", "players.toml", status=2)


def test_a_run_that_can_not_begin_leaves_no_recording(
    tiny: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TINY_KEY")
    assert "needs a key" in played("tiny:m", "vs", "minimax", "--record", "c.jsonl", status=2)
    assert not Path("c.jsonl").exists()


def test_a_line_says_what_was_asked_when_and_what_came(tiny: FaultServer) -> None:
    a_recorded_run(tiny)
    header, facts, refused, first, *_ = cassette_lines()
    assert header == {"cassette": 1}
    assert facts == {"player": "tiny:m", "server": tiny.url, "facts": {}}
    assert refused["answer"]["status"] == 429
    match_id = records("run")[0]["match_id"]
    assert first["occasion"] == {"match": match_id, "seat": 0, "ply": 0, "attempt": 0, "call": 0, "again": 1}
    assert json.loads(first["request"]) == tiny.requests[1].body
    assert json.loads(first["answer"]["body"]) == chat("Answer: 5")
    assert any(line.get("answer", {}).get("body_base64") for line in cassette_lines()), "what is no text"


@pytest.mark.embedded
def test_a_model_on_this_machine_is_replayed_without_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("smollm2", "vs", "minimax?ties=first", "--games", "1")
    played(*words, "--record", "c.jsonl", "--out", "run")
    monkeypatch.setattr(embedded, "embedded_model", lambda: pytest.fail("the model was looked for"))
    played(*words, "--replay", "c.jsonl", "--out", "again")
    assert records("run")[0]["configs"][0]["completer"]["sha256"] == embedded.SHA256
    assert without_times(records("run")) == without_times(records("again"))


# Requests at the same time ----------------------------------------------------------------------------------


class Lottery(Transport):
    """Answers with the number of the request; later ones sooner, and every third one fails."""

    kind: ClassVar[str] = "lottery"
    patient: ClassVar[bool] = False

    def __init__(self) -> None:
        self.sent = 0

    async def send(self, path: str, body: bytes, timeout_s: float | None = None) -> Answer:
        self.sent += 1
        number = self.sent
        await asyncio.sleep(0.02 / number)
        if number % 3 == 0:
            raise Fault("it is not your day", status=503)
        return Answer(200, json.dumps(chat(f"{number}")).encode(), "application/json")


async def three_matches(transport: Transport) -> list[list[str]]:
    """What three matches at the same time hear, each asking the same thing four times at once, twice."""
    completer = OpenAICompleter(Endpoint("m", retries=9), transport)
    request = Request((Message("user", "Draw!"),))
    await completer.start()

    async def one(match: str) -> list[str]:
        heard = []
        for ply in range(2):
            with attempt_at(match, 0, ply, 0):
                said = await asyncio.gather(*(completer.complete(request) for _ in range(4)))
            heard += [f"{c.text} after {c.tries}" for c in said]
        return heard

    return await asyncio.gather(*map(one, "abc"))


def test_matches_at_the_same_time_hear_the_same_again(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "c.jsonl")
    heard = asyncio.run(three_matches(RecordingTransport(Lottery(), "player", "luck", recorder)))
    assert len({text for match in heard for text in match}) == 24, "no two answers are equal"
    for _ in range(2):
        replay = ReplayingTransport(Cassette(tmp_path / "c.jsonl"), "lottery", "player", "luck")
        assert asyncio.run(three_matches(replay)) == heard


# Lines ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "outcome",
    [
        Answer(200, b'{"a": "\xc3\xa9\\n"}\r\n', "application/json", "", 0.1 + 0.2, 0.05),
        Answer(500, b"\xff\x00", retry_after="7"),
        Answer(200, b"", cached=True),
        Fault("connection failed", "Connection reset by peer"),
        Fault("no connection within 10 s", status=408),
        TurnTimeout("no answer within 3 s"),
    ],
    ids=repr,
)
def test_an_exchange_survives_the_way_to_disk_and_back(outcome: Outcome) -> None:
    exchange = Exchange(ASKED, outcome, Occasion("m", 1, 2, 3, 4, 5), 3.0)
    line = exchange_line(exchange)
    assert "\n" not in line
    back = read_exchange(json.loads(line))
    assert (back.asked, back.occasion, back.clock) == (exchange.asked, exchange.occasion, exchange.clock)
    assert type(back.outcome) is type(outcome)
    if isinstance(outcome, Answer):
        assert back.outcome == outcome
    else:
        assert back.outcome.args == outcome.args  # type: ignore[union-attr]


def written(path: Path, *outcomes: Outcome, clock: float | None = None) -> Cassette:
    recorder = Recorder(path)
    recorder.add_facts("tiny", ASKED.server, {"sha256": "abc"})
    recorder.add_facts("other", ASKED.server, {"sha256": "def"})
    for outcome in outcomes:
        recorder.add(Exchange(ASKED, outcome, clock=clock))
    return Cassette(path)


def test_without_a_match_equal_requests_are_answered_in_order(tmp_path: Path) -> None:
    answers = [Answer(200, str(n).encode()) for n in range(3)]
    cassette = written(tmp_path / "c.jsonl", *answers)
    taken = [cassette.take(ASKED, Occasion("m", ply=ply)) for ply in range(4)]
    assert [exchange and exchange.outcome for exchange in taken] == [*answers, None]


def test_two_players_of_one_name_for_their_models_keep_their_facts(tmp_path: Path) -> None:
    cassette = written(tmp_path / "c.jsonl")
    facts = [cassette.facts(player, ASKED.server)["sha256"] for player in ("tiny", "other", "nobody")]
    assert facts == ["abc", "def", "abc"]
    assert cassette.facts("tiny", "elsewhere") == {}


def test_another_clock_changes_what_comes_of_a_request(tmp_path: Path) -> None:
    def given(outcome: Outcome, now: float | None) -> Answer:
        (tmp_path / "c.jsonl").unlink(missing_ok=True)
        cassette = written(tmp_path / "c.jsonl", outcome, clock=3.0)
        replay = ReplayingTransport(cassette, "openai", "player", ASKED.server)
        return asyncio.run(replay.send(ASKED.path, ASKED.body, now))

    late = Answer(200, b"", seconds=2.0)
    assert given(late, None) == given(late, 3.0) == given(late, 2.5) == late
    for outcome, clock in ((late, 1.0), (TurnTimeout("3 s"), 3.0), (TurnTimeout("3 s"), 2.0)):
        with pytest.raises(TurnTimeout):
            given(outcome, clock)
    with pytest.raises(ProviderError, match="player had 3 s when it was recorded") as caught:
        given(TurnTimeout("3 s"), None)
    assert caught.value.fatal
    with pytest.raises(Fault):
        given(Fault("reset"), 1.0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no cassette"),
        ("[]\n", "is no cassette"),
        ('{"cassette": 99}\n', "cassette schema 99; this version reads schema 1"),
        ('{"cassette": 1}\n{"server": 1}\n', "no exchange at byte 16"),
        ('{"cassette": 1}\n5\n', "no exchange at byte 16"),
        ('{"cassette": 1}\n{"server": "s", "path": "p", "request": "r"}\n', "no exchange at byte 16"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "c.jsonl").write_text(text)
    with pytest.raises(PlayerError, match=says):
        Cassette(tmp_path / "c.jsonl")


def test_a_full_disk_is_the_worlds_fault_and_lasts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(tmp_path / "c.jsonl")
    recorder.add_facts("tiny", "s", {})
    monkeypatch.setattr(Path, "open", mock.Mock(side_effect=OSError(28, "No space left on device")))
    with pytest.raises(ProviderError, match=r"can't record to .*No space left") as caught:
        recorder.add(Exchange(ASKED, Answer(200, b"")))
    assert caught.value.fatal
