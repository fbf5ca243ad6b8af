"""arena doctor: what is said of servers that do, ignore and refuse what they are asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.test_cli import arena, printed
from tests.test_completers import chat

if TYPE_CHECKING:
    from tests.conftest import FaultServer

TURN = chat("Answer: 5\nStatus: in play", usage={"prompt_tokens": 90, "completion_tokens": 9})
"""What a server answers to the turn of tic-tac-toe."""


def tokens(*logprobs: float | None) -> dict[str, Any]:
    content = [{"token": f"t{i}", "logprob": p, "top_logprobs": []} for i, p in enumerate(logprobs)]
    body = chat("cow", usage={"prompt_tokens": 12, "completion_tokens": len(logprobs)})
    body["choices"][0]["logprobs"] = {"content": content}
    return body


def findings(
    server: FaultServer, *options: str, status: int = 0, more: str = ""
) -> dict[str, tuple[str, str]]:
    """What is found out, by capability: the verdict and the words."""
    player = f"local:tiny?base_url={server.url}&retries=0{more}"
    done = arena("doctor", player, "--json", *options)
    assert done.returncode == status, done.stderr
    told = json.loads(done.stdout)
    assert told["player"] == player
    return {f["capability"]: (f["verdict"], f["detail"]) for f in told["findings"]}


def answers(server: FaultServer, *bodies: object) -> None:
    for body in bodies:
        server.answers(body)


# What works -------------------------------------------------------------------------------------------------


def test_a_server_that_does_everything(fault_server: FaultServer) -> None:
    picture = chat("cow", usage={"prompt_tokens": 48, "completion_tokens": 1})
    reasoned = chat("Answer: 5", message={"reasoning_content": "the centre"})
    answers(fault_server, reasoned, tokens(-0.5, -1.5), chat("amber"), picture)
    found = findings(fault_server, more="&guidance=vllm")
    assert {name: verdict for name, (verdict, _) in found.items()} == dict.fromkeys(found, "works")
    assert list(found) == [
        "text", "latency", "usage", "reasoning", "log-probabilities", "structured output", "picture",
    ]  # fmt: skip
    assert found["text"][1] == "ends with 'Answer: 5'; read as 5, legal; finish reason stop"
    assert found["usage"][1] == "read 7, written 3"
    assert found["reasoning"][1] == "10 characters beside the answer"
    assert found["log-probabilities"][1].startswith("2 tokens, mean -1.00")
    assert found["structured output"][1] == "'amber' keeps to the regular expression"
    assert found["picture"][1] == "taken; 36 tokens more than the words alone"


def test_each_capability_is_asked_for_in_the_words_of_the_server(fault_server: FaultServer) -> None:
    answers(fault_server, TURN, tokens(-1.0), chat("amber"), chat("cow"))
    findings(fault_server, more="&guidance=vllm&temperature=0.5&style=terse")
    turn, logprobs, guided, picture = (request.body for request in fault_server.requests)
    assert "Tic-tac-toe" in turn["messages"][0]["content"]
    assert "nothing else" in turn["messages"][0]["content"], "the player's own style"
    assert "max_tokens" not in turn, "the turn is asked as in a match"
    assert (logprobs["logprobs"], logprobs["top_logprobs"]) == (True, 2)
    assert guided["structured_outputs"] == {"regex": "(amber|violet|teal)"}
    assert not any(word in str(guided["messages"]) for word in ("amber", "violet", "teal"))
    (shown, words) = picture["messages"][0]["content"]
    assert shown["image_url"]["url"].startswith("data:image/png;base64,")
    assert words["text"] == logprobs["messages"][0]["content"], "so that the tokens can be compared"
    assert all(body["max_tokens"] == 1024 for body in (logprobs, guided, picture))
    assert all(body["temperature"] == 0.5 for body in (turn, logprobs, guided, picture))


def test_quick_is_one_call(fault_server: FaultServer) -> None:
    answers(fault_server, TURN)
    found = findings(fault_server, "--quick")
    assert list(found) == ["text", "latency", "usage", "reasoning"]
    assert len(fault_server.requests) == 1


def test_a_wrapper_is_examined_by_its_model(fault_server: FaultServer) -> None:
    answers(fault_server, TURN)
    findings(fault_server, "--quick", more="&vote=5")
    assert len(fault_server.requests) == 1


@pytest.mark.parametrize(
    ("said", "read"),
    [("Answer: 77", "not read: "), ("My move is 5.", "not read: no declared answer"), ("Answer: 1", "legal")],
)
def test_text_that_is_no_good_answer_is_text(fault_server: FaultServer, said: str, read: str) -> None:
    answers(fault_server, chat(said))
    verdict, detail = findings(fault_server, "--quick")["text"]
    assert verdict == "works"
    assert read in detail


# What is ignored --------------------------------------------------------------------------------------------


def test_a_server_that_ignores_all_it_does_not_know(fault_server: FaultServer) -> None:
    """transformers serve is like this: 200 for everything."""
    answers(fault_server, chat("Answer: 5", usage=None), chat("cow"), chat("cow"), chat("cow"))
    found = findings(fault_server, more="&guidance=vllm")
    assert found["usage"] == ("ignored", "the answer tells no token counts")
    assert found["reasoning"][0] == "not known"
    assert found["log-probabilities"] == ("ignored", "the answer has none")
    assert found["structured output"] == ("ignored", "'cow' does not keep to the regular expression")
    assert found["picture"] == ("ignored", "taken, but the prompt counts no token more: 7")


def test_without_token_counts_it_is_not_known_whether_a_picture_was_seen(fault_server: FaultServer) -> None:
    answers(fault_server, chat("Answer: 5", usage=None))
    assert findings(fault_server)["picture"][0] == "not known"


def test_reasoning_that_is_counted_but_not_shown(fault_server: FaultServer) -> None:
    details = {"completion_tokens_details": {"reasoning_tokens": 64}}
    answers(fault_server, chat(usage={"prompt_tokens": 7, "completion_tokens": 70, **details}))
    found = findings(fault_server, "--quick")
    assert found["usage"][1] == "read 7, written 70, of them reasoning 64"
    assert found["reasoning"][1].startswith("64 tokens counted, none shown")


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ('{"word": "teal"}', "works"),
        ('{"word": "cow"}', "ignored"),
        ('{"word": "teal", "more": 1}', "ignored"),
        ("teal", "ignored"),
        ("[]", "ignored"),
    ],
)
def test_a_schema_is_asked_for_where_that_is_the_way(
    fault_server: FaultServer, said: str, verdict: str
) -> None:
    answers(fault_server, TURN, tokens(-1.0), chat(said), chat("cow"))
    found = findings(fault_server, more="&guidance=json_schema")
    assert found["structured output"][0] == verdict
    schema = fault_server.requests[2].body["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["word"]["enum"] == ["amber", "violet", "teal"]


def test_an_answer_that_was_cut_off_shows_nothing(fault_server: FaultServer) -> None:
    cut = chat("", "length")
    answers(fault_server, TURN, cut, cut, chat("cow"))
    found = findings(fault_server, more="&guidance=vllm")
    for capability in ("log-probabilities", "structured output"):
        assert found[capability] == ("not known", "the answer is empty or cut off (finish reason length)")


def test_how_a_guide_is_told_may_not_be_known(fault_server: FaultServer) -> None:
    answers(fault_server, TURN)
    verdict, detail = findings(fault_server)["structured output"]
    assert verdict == "not known"
    assert "guidance=NAME, one of: json_schema, vllm, llama, sglang" in detail
    assert len(fault_server.requests) == 3, "nothing is sent"


# What is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 500])
def test_what_is_refused_is_told_in_the_words_of_the_server(fault_server: FaultServer, status: int) -> None:
    answers(fault_server, TURN)
    fault_server.answers({"error": {"message": "no such thing here"}}, status=status)
    found = findings(fault_server, more="&guidance=vllm")
    for capability in ("log-probabilities", "structured output", "picture"):
        verdict, detail = found[capability]
        assert verdict == "refused"
        assert f"HTTP {status}" in detail
        assert "no such thing here" in detail


def test_a_server_that_refuses_text_is_asked_nothing_else(fault_server: FaultServer) -> None:
    fault_server.answers({"error": {"message": "unknown model tiny"}}, status=404)
    found = findings(fault_server, status=1)
    assert list(found) == ["text"]
    assert found["text"][0] == "refused"
    assert "unknown model tiny" in found["text"][1]
    assert len(fault_server.requests) == 1


def test_an_empty_reply_is_no_text(fault_server: FaultServer) -> None:
    answers(fault_server, chat("", "length"))
    found = findings(fault_server, status=1)
    assert found["text"] == ("not known", "the answer is empty or cut off (finish reason length)")
    assert len(fault_server.requests) == 1


def test_a_server_that_is_not_there() -> None:
    done = arena("doctor", "local:tiny?base_url=http://127.0.0.1:9/v1&retries=0")
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert line.startswith("text  not known  tiny at http://127.0.0.1:9/v1: connection failed")


def test_a_server_that_does_not_answer_is_not_waited_for(fault_server: FaultServer) -> None:
    fault_server.stalls()
    found = findings(fault_server, "--seconds", "0.2", status=1)
    assert found["text"] == ("not known", "no answer within 0.2 s")


def test_a_missing_key_is_named_and_none_is_shown(
    fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = arena("doctor", "o3")
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert line == "text  not known  o3 needs a key: set the environment variable OPENAI_API_KEY"

    key = "sk-not-a-real-key-123"
    monkeypatch.setattr("players.model_players._key", lambda spec, provider: key)
    fault_server.answers({"error": {"message": f"wrong key {key}"}}, status=401)
    done = arena("doctor", f"local:tiny?base_url={fault_server.url}&retries=0")
    assert fault_server.requests[0].headers["authorization"] == f"Bearer {key}"
    assert key not in done.stdout + done.stderr
    assert "wrong key ***" in done.stdout


def test_what_a_server_says_does_nothing_to_the_terminal(fault_server: FaultServer) -> None:
    answers(fault_server, chat("Answer: 5 \x1b[31mred"))
    done = arena("doctor", f"local:tiny?base_url={fault_server.url}", "--quick")
    assert "\x1b" not in done.stdout


# Others -----------------------------------------------------------------------------------------------------


def test_a_baseline_is_asked_nothing() -> None:
    assert printed("doctor", "minimax") == "minimax is no language model: nothing is asked.\n"
    assert json.loads(printed("doctor", "random", "--json")) == {"player": "random", "findings": []}


def test_an_unknown_player_is_refused_as_everywhere() -> None:
    done = arena("doctor", "nobody")
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.embedded
def test_the_embedded_model() -> None:
    lines = printed("doctor", "smollm2?style=terse&retries=0").splitlines()
    verdicts = {line[:17].strip(): line[19:28].strip() for line in lines}
    assert verdicts == {
        "text": "works",
        "latency": "works",
        "usage": "works",
        "reasoning": "not known",
        "log-probabilities": "works",
        "structured output": "works",
        "picture": "refused",
    }
