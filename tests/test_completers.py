"""Completers against a server that misbehaves: a fault is a ProviderError that names cause and endpoint."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Mapping
from typing import Any

import pytest

from players.completers.base import (
    Completion,
    Message,
    ProviderError,
    Request,
    Sampling,
    TurnTimeout,
    Usage,
    split_reasoning,
)
from players.completers.endpoint import Endpoint
from players.completers.openai_answers import read_usage
from players.completers.openai_completer import http_completer
from players.completers.scripted import ScriptedCompleter
from tests.conftest import FaultServer

KEY = "sk-not-a-real-key-123"
STREAMED = {"stream": True, "stream_options": {"include_usage": True}}
ASKED = (Message("system", "You play."), Message("user", "Your move?"))


def chat(content: object = "Answer: 5", finish: str | None = "stop", **more: Any) -> dict[str, Any]:
    """A chat completion as servers send it."""
    message = {"role": "assistant", "content": content, **more.pop("message", {})}
    return {
        "id": "1",
        "object": "chat.completion",
        "model": "tiny-2026",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3},
        **more,
    }


def complete(
    server: FaultServer,
    *,
    sampling: Sampling | None = None,
    retries: int = 0,
    clock: float | None = None,
    key: str = KEY,
    **endpoint: Any,
) -> Completion:
    """One completion by a fresh client, which is closed whatever happens."""

    async def ask() -> Completion:
        given = {"timeout_s": 10.0, **endpoint}
        where = Endpoint("tiny", server.url, retries=retries, **given)
        completer = http_completer(where, lambda: key)
        try:
            return await completer.complete(Request(ASKED, sampling or Sampling()), clock)
        finally:
            await completer.close()

    return asyncio.run(ask())


def fault(server: FaultServer, **endpoint: Any) -> ProviderError:
    """The fault of one completion; it names the endpoint and never the key."""
    with pytest.raises(ProviderError) as caught:
        complete(server, **endpoint)
    text = str(caught.value)
    assert text.startswith(f"tiny at {server.url}: ")
    assert KEY not in text
    assert len(text) < 400
    return caught.value


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the client would have waited before each further try; here it does not wait."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("players.completers.openai_completer._sleep", sleep)
    return waited


# Answers ----------------------------------------------------------------------------------------------------


def test_an_answer_with_its_facts(fault_server: FaultServer) -> None:
    fault_server.answers(chat())
    completion = complete(fault_server)
    assert completion.text == "Answer: 5"
    assert completion.reasoning == ""
    assert completion.finish_reason == "stop"
    assert completion.usage == Usage(prompt_tokens=7, completion_tokens=3, reasoning_tokens=None)
    assert completion.model == "tiny-2026"
    assert completion.tries == 1
    assert 0 < completion.latency_s < 10


def test_parameters_not_given_are_not_sent(fault_server: FaultServer) -> None:
    fault_server.answers(chat())
    completion = complete(fault_server)
    messages = [{"role": "system", "content": "You play."}, {"role": "user", "content": "Your move?"}]
    assert completion.request == {"model": "tiny", "messages": messages, **STREAMED}
    (request,) = fault_server.requests
    assert request.body == completion.request, "the record holds what the server got"
    assert request.path == "/v1/chat/completions"
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_parameters_given_are_sent_under_the_names_of_the_server(fault_server: FaultServer) -> None:
    fault_server.answers(chat())
    sampling = Sampling(temperature=0.0, top_p=0.9, max_tokens=50, seed=3, reasoning_effort="low")
    completion = complete(
        fault_server, sampling=sampling, max_tokens_name="max_completion_tokens", extra_body={"top_k": 40}
    )
    sent = {n: v for n, v in completion.request.items() if n not in ("model", "messages", *STREAMED)}
    assert sent == {
        "temperature": 0.0,
        "top_p": 0.9,
        "max_completion_tokens": 50,
        "seed": 3,
        "reasoning_effort": "low",
        "top_k": 40,
    }
    assert fault_server.requests[0].body == completion.request


def test_the_key_is_nowhere_but_in_the_request_header(fault_server: FaultServer) -> None:
    fault_server.answers(chat())
    completer = http_completer(Endpoint("tiny", fault_server.url), lambda: KEY)
    assert KEY not in repr(complete(fault_server))
    assert KEY not in repr(completer.config)
    assert KEY not in repr(completer.endpoint)
    assert completer.config["base_url"] == fault_server.url


def test_the_config_says_what_the_server_calls_the_token_limit() -> None:
    config = http_completer(Endpoint("tiny", "http://127.0.0.1:9/v1", max_tokens_name="limit")).config
    assert config["max_tokens_name"] == "limit"


CHAT_ANSWERS: Mapping[str, tuple[dict[str, Any], tuple[str, str, str]]] = {
    "null content": (chat(None), ("", "", "stop")),
    "cut off": (chat("Answer: 5", "length"), ("Answer: 5", "", "length")),
    "no finish reason": (chat("Answer: 5", None), ("Answer: 5", "", "stop")),
    "parts": (chat([{"type": "text", "text": "Answer: "}, {"text": "5"}, {"text": None}]),
              ("Answer: 5", "", "stop")),
    "reasoning_content": (chat(message={"reasoning_content": "centre?"}), ("Answer: 5", "centre?", "stop")),
    "reasoning": (chat(message={"reasoning": "centre?"}), ("Answer: 5", "centre?", "stop")),
    "think tags": (chat("<think>centre?</think>\n\nAnswer: 5"), ("Answer: 5", "centre?", "stop")),
    "think without end": (chat("<think>cent", "length"), ("", "cent", "length")),
    "reasoning alone": (chat(None, "length", message={"reasoning": "hm"}), ("", "hm", "length")),
    "refusal": (chat(None, message={"refusal": "I'd rather not."}), ("I'd rather not.", "", "stop")),
    "two megabytes": (chat("x" * 2_000_000), ("x" * 2_000_000, "", "stop")),
    "half a character": (chat("Answer: \ud8005"), ("Answer: ?5", "", "stop")),
}  # fmt: skip


@pytest.mark.parametrize("name", CHAT_ANSWERS)
def test_an_answer_of_any_shape_is_no_fault(fault_server: FaultServer, name: str) -> None:
    body, expected = CHAT_ANSWERS[name]
    fault_server.answers(body)
    completion = complete(fault_server)
    assert (completion.text, completion.reasoning, completion.finish_reason) == expected


def test_good_json_under_a_wrong_content_type_is_an_answer(fault_server: FaultServer) -> None:
    fault_server.answers(chat(), content_type="text/html")
    assert complete(fault_server).text == "Answer: 5"


def test_invalid_utf8_in_an_answer_is_replaced(fault_server: FaultServer) -> None:
    fault_server.answers(b'{"choices": [{"message": {"content": "Answer: 5 \xff"}}]}')
    assert complete(fault_server).text == "Answer: 5 \ufffd"


@pytest.mark.parametrize(
    ("said", "usage"),
    [
        (None, Usage()),
        ({}, Usage()),
        ("many", Usage()),
        ({"prompt_tokens": "7", "completion_tokens": True}, Usage()),
        ({"prompt_tokens": 7, "completion_tokens": 0}, Usage(7, 0)),
        (
            {
                "prompt_tokens": 7,
                "completion_tokens": 90,
                "completion_tokens_details": {"reasoning_tokens": 80},
            },
            Usage(7, 90, 80),
        ),
        ({"prompt_tokens": 7, "completion_tokens": 9, "completion_tokens_details": None}, Usage(7, 9)),
        ({"prompt_tokens": 7, "completion_tokens": 9, "completion_tokens_details": [1]}, Usage(7, 9)),
    ],
)
def test_tokens_are_counted_as_the_server_says(fault_server: FaultServer, said: Any, usage: Usage) -> None:
    fault_server.answers(chat(usage=said))
    assert complete(fault_server).usage == usage


# The Responses API ------------------------------------------------------------------------------------------


def response(text: str = "Answer: 5", **more: Any) -> dict[str, Any]:
    summary = [{"type": "summary_text", "text": "centre?"}, {"type": "summary_text", "text": "yes"}]
    return {
        "id": "1",
        "object": "response",
        "model": "tiny-2026",
        "status": "completed",
        "output": [
            {"type": "reasoning", "summary": summary},
            {"type": "message", "content": [{"type": "output_text", "text": text}]},
        ],
        "usage": {"input_tokens": 7, "output_tokens": 90, "output_tokens_details": {"reasoning_tokens": 80}},
        **more,
    }


def test_responses_answer_with_summary_and_reasoning_tokens(fault_server: FaultServer) -> None:
    fault_server.answers(response())
    sampling = Sampling(max_tokens=100, seed=3, reasoning_effort="high", reasoning_summary="auto")
    completion = complete(fault_server, api="responses", sampling=sampling)
    assert (completion.text, completion.reasoning) == ("Answer: 5", "centre?\nyes")
    assert completion.finish_reason == "stop"
    assert completion.usage == Usage(7, 90, 80)
    assert completion.request == {
        "model": "tiny",
        "input": [{"role": "system", "content": "You play."}, {"role": "user", "content": "Your move?"}],
        "store": False,
        "max_output_tokens": 100,
        "reasoning": {"effort": "high", "summary": "auto"},
        "stream": True,
    }, "this API has no seed, so the record shows that none was sent"
    assert fault_server.requests[0].path == "/v1/responses"


@pytest.mark.parametrize(
    ("sampling", "sent"),
    [
        (Sampling(reasoning_effort="low"), {"effort": "low"}),
        (Sampling(reasoning_summary="detailed"), {"summary": "detailed"}),
        (Sampling(), None),
    ],
)
def test_a_summary_is_asked_for_as_it_was_asked_of_us(
    fault_server: FaultServer, sampling: Sampling, sent: object
) -> None:
    fault_server.answers(response())
    assert complete(fault_server, api="responses", sampling=sampling).request.get("reasoning") == sent


@pytest.mark.parametrize(
    ("reason", "finish_reason"),
    [("max_output_tokens", "length"), ("content_filter", "content_filter")],
)
def test_an_incomplete_response_says_why(fault_server: FaultServer, reason: str, finish_reason: str) -> None:
    fault_server.answers(response(status="incomplete", incomplete_details={"reason": reason}))
    assert complete(fault_server, api="responses").finish_reason == finish_reason


def test_a_response_of_reasoning_alone_has_no_text(fault_server: FaultServer) -> None:
    fault_server.answers(response(output=[{"type": "reasoning", "summary": []}]))
    assert complete(fault_server, api="responses").text == ""


def test_a_response_without_output_is_a_fault(fault_server: FaultServer) -> None:
    fault_server.answers({"id": "1", "status": "queued"})
    assert "the response is queued" in str(fault(fault_server, api="responses"))
    fault_server.script.clear()
    fault_server.answers({"id": "1", "status": "completed"})
    assert "no completion in the answer" in str(fault(fault_server, api="responses"))


FAILED_RESPONSES: Mapping[str, tuple[dict[str, Any], str, bool]] = {
    "failed": ({"status": "failed", "error": {"code": "server_error", "message": "boom"}}, "boom", False),
    "failed in silence": ({"status": "failed", "error": None}, "the response is failed", False),
    "model gone": ({"status": "failed", "error": {"code": "model_not_found"}}, "model_not_found", True),
    "cancelled": ({"status": "cancelled"}, "the response is cancelled", False),
    "incomplete": ({"status": "incomplete", "incomplete_details": {"reason": "outage"}},
                   "the response is incomplete (outage)", False),
    "incomplete in silence": ({"status": "incomplete"}, "the response is incomplete", False),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILED_RESPONSES)
def test_a_response_that_failed_is_a_fault_and_no_empty_reply(fault_server: FaultServer, name: str) -> None:
    """The request itself went well (HTTP 200), so only the answer says that nobody wrote it."""
    more, cause, fatal = FAILED_RESPONSES[name]
    fault_server.answers(response(output=[], **more))
    error = fault(fault_server, api="responses")
    assert cause in str(error)
    assert error.fatal is fatal


# Faults of the provider -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "message", "fatal"),
    [
        (400, "max_tokens is not supported with this model", True),
        (401, "wrong API key", True),
        (403, "no access", True),
        (404, "the model 'tiny' does not exist", True),
        (422, "unprocessable", True),
        (400, "This model's maximum context length is 2048 tokens", False),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", False),
        (413, "too many tokens", False),
        (422, "context_length_exceeded", False),
        (401, "context length", True),
        (429, "slow down", False),
        (500, "out of memory", False),
        (503, "overloaded", False),
    ],
)
def test_an_error_status_is_named(fault_server: FaultServer, status: int, message: str, fatal: bool) -> None:
    fault_server.answers({"error": {"message": message}}, status)
    error = fault(fault_server)
    assert f"HTTP {status}: " in str(error)
    assert message in str(error)
    assert error.fatal is fatal


BAD_BODIES: Mapping[str, tuple[bytes, str]] = {
    "a web page": (b"<html><body>Please log in</body></html>", "not JSON: <html><body>Please log in"),
    "half a JSON": (b'{"choices": [{"mess', 'not JSON: {"choices": [{"mess'),
    "nothing": (b"", "not JSON: (nothing)"),
    "a long page": (b"<html>" + b"x" * 2_000_000, "x ..."),
    "a list": (b"[1, 2]", "not a JSON object: [1, 2]"),
    "a number": (b"5", "not a JSON object: 5"),
    "null": (b"null", "not a JSON object: null"),
    "no choices": (b'{"choices": []}', 'no completion in the answer: {"choices": []}'),
    "choices null": (b'{"choices": null}', "no completion in the answer"),
    "no message": (b'{"choices": [{}]}', "no completion in the answer"),
    "message null": (b'{"choices": [{"message": null}]}', "no completion in the answer"),
    "an error in disguise": (b'{"error": {"message": "credits used up"}}', "credits used up"),
    "a deep nest": (b"[" * 200_000, "not JSON: [[["),
    "a huge number": (b"9" * 10_000, "not JSON: 999"),
    "half a character": (b'{"error": "\\ud800"}', "the answer is an error: ?"),
    "bytes": (bytes(range(128, 256)), "not JSON: "),
}


FAILED_CHATS: Mapping[str, tuple[dict[str, Any], str, bool]] = {
    "finish reason": (chat("", "error"), "finish reason: error", False),
    "finish reason after a text": (chat("Answer: 5", "error"), "finish reason: error", False),
    "interrupted": (chat("", "insufficient_system_resource"), "insufficient_system_resource", False),
    "error beside the choices": (chat("", error={"message": "upstream down"}), "upstream down", False),
    "error in the choice": ({"choices": [{"error": {"code": 502, "message": "bad gateway"}}]},
                            "bad gateway", False),
    "a wrong key": ({"error": {"code": 401, "message": "no such key"}}, "no such key", True),
    "a wrong key in words": ({"error": {"code": "invalid_api_key"}}, "invalid_api_key", True),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILED_CHATS)
def test_a_chat_completion_that_failed_is_a_fault_and_no_reply(fault_server: FaultServer, name: str) -> None:
    body, cause, fatal = FAILED_CHATS[name]
    fault_server.answers(body)
    error = fault(fault_server)
    assert cause in str(error)
    assert error.fatal is fatal


def test_an_error_that_is_null_is_none(fault_server: FaultServer) -> None:
    fault_server.answers(chat(error=None))
    assert complete(fault_server).text == "Answer: 5"
    fault_server.script.clear()
    fault_server.answers(response(error=None, incomplete_details=None))
    assert complete(fault_server, api="responses").text == "Answer: 5"


def test_a_filtered_answer_is_the_players_and_keeps_its_reason(fault_server: FaultServer) -> None:
    fault_server.answers(chat("", "content_filter"))
    completion = complete(fault_server)
    assert (completion.text, completion.finish_reason) == ("", "content_filter")


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_body_that_is_no_completion_is_a_fault(fault_server: FaultServer, name: str) -> None:
    body, cause = BAD_BODIES[name]
    fault_server.answers(body, content_type="application/json")
    error = fault(fault_server)
    assert cause in str(error)
    assert not error.fatal


def test_a_page_for_an_error_status_is_quoted(fault_server: FaultServer) -> None:
    fault_server.answers("<html>Bad Gateway</html>", 502, content_type="text/html")
    assert "HTTP 502: <html>Bad Gateway</html>" in str(fault(fault_server))


def test_an_error_status_without_a_body_is_named(fault_server: FaultServer) -> None:
    fault_server.answers(b"", 500)
    assert "HTTP 500: (nothing)" in str(fault(fault_server))


def test_a_server_that_repeats_the_key_does_not_get_it_into_the_record(fault_server: FaultServer) -> None:
    fault_server.answers({"error": {"message": f"wrong key {KEY}"}}, 401)
    assert "wrong key ***" in str(fault(fault_server))
    fault_server.script.clear()
    fault_server.answers("x" * 190 + KEY)
    assert KEY[:8] not in str(fault(fault_server)), "not even where the excerpt cuts it"


@pytest.mark.parametrize("content", [f"{KEY} Answer: 5", f"<think>{KEY}</think>{KEY} Answer: 5"])
def test_a_server_that_repeats_the_key_in_its_answer_does_not_get_it_into_the_record(
    fault_server: FaultServer, content: str
) -> None:
    fault_server.answers(chat(content, KEY, model=KEY))
    completion = complete(fault_server)
    assert completion.text == "*** Answer: 5"
    assert KEY not in repr(completion)


def test_a_placeholder_for_a_key_is_no_secret(fault_server: FaultServer) -> None:
    """Servers of one's own take any key; taken out of the text it would change the answer."""
    fault_server.answers(chat("Answer: 5"))
    assert complete(fault_server, key="5").text == "Answer: 5"


def test_a_dropped_connection_is_a_fault(fault_server: FaultServer) -> None:
    fault_server.resets()
    error = fault(fault_server)
    assert "connection failed: " in str(error)
    assert not error.fatal


def test_a_body_that_stops_short_is_a_fault(fault_server: FaultServer) -> None:
    fault_server.stops_short(b'{"choices": [')
    assert "connection failed: " in str(fault(fault_server))


def test_a_server_that_does_not_answer_is_left_after_the_timeout(fault_server: FaultServer) -> None:
    fault_server.stalls()
    error = fault(fault_server, timeout_s=0.2)
    assert "no answer within 0.2 s" in str(error)
    assert not error.fatal


def test_nobody_listens(fault_server: FaultServer) -> None:
    fault_server.close()
    assert "connection failed: " in str(fault(fault_server))


# Further tries ----------------------------------------------------------------------------------------------


def test_a_rate_limit_is_waited_for_as_long_as_the_server_asks(
    fault_server: FaultServer, waits: list[float]
) -> None:
    fault_server.answers({"error": {"message": "slow down"}}, 429, retry_after="7")
    fault_server.answers(chat())
    completion = complete(fault_server, retries=2)
    assert (completion.text, completion.tries) == ("Answer: 5", 2)
    assert waits == [7.0]


def test_two_server_errors_and_a_dropped_connection_pass(
    fault_server: FaultServer, waits: list[float]
) -> None:
    fault_server.answers("", 500)
    fault_server.resets()
    fault_server.answers("", 503)
    fault_server.answers(chat())
    assert complete(fault_server, retries=3).tries == 4
    assert len(waits) == 3


def test_a_server_error_that_stays_is_a_fault(fault_server: FaultServer, waits: list[float]) -> None:
    fault_server.answers({"error": {"message": "broken"}}, 500)
    error = fault(fault_server, retries=2)
    assert "HTTP 500" in str(error)
    assert not error.fatal
    assert len(fault_server.requests) == 3
    assert len(waits) == 2


def test_a_wrong_key_is_not_tried_again(fault_server: FaultServer, waits: list[float]) -> None:
    fault_server.answers({"error": {"message": "wrong key"}}, 401)
    assert fault(fault_server, retries=2).fatal
    assert len(fault_server.requests) == 1
    assert waits == []


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7", 7.0), ("0", 0.0), ("3600", 0.5), ("-1", 0.5), ("nan", 0.5), ("soon", 0.5),
     ("Wed, 21 Oct 2015 07:28:00 GMT", 0.5)],
)  # fmt: skip
def test_a_wait_is_as_asked_if_that_is_sensible(
    fault_server: FaultServer, waits: list[float], asked: str, waited: float
) -> None:
    fault_server.answers("", 503, retry_after=asked)
    fault_server.answers(chat())
    assert complete(fault_server, retries=1).tries == 2
    assert waits == [pytest.approx(waited, rel=0.25)]


def test_a_failure_inside_an_answer_may_pass_too(fault_server: FaultServer, waits: list[float]) -> None:
    fault_server.answers({"error": {"code": 502, "message": "bad gateway"}})
    fault_server.answers(chat())
    assert complete(fault_server, retries=1).tries == 2
    assert len(waits) == 1


# The clock of a turn ----------------------------------------------------------------------------------------


def test_an_answer_that_takes_too_long_is_the_players_fault(fault_server: FaultServer) -> None:
    fault_server.stalls()
    with pytest.raises(TurnTimeout):
        complete(fault_server, clock=0.2, retries=2)
    assert len(fault_server.requests) == 1, "the turn is over, so nothing is asked again"


def test_a_fault_of_the_server_is_none_of_the_player_whatever_the_clock(fault_server: FaultServer) -> None:
    """Further tries wait longer than the clock, and still no timeout is scored."""
    fault_server.answers({"error": {"message": "overloaded"}}, 503)
    with pytest.raises(ProviderError, match="HTTP 503"):
        complete(fault_server, clock=0.3, retries=1)
    assert len(fault_server.requests) == 2


def test_only_the_try_that_succeeds_is_on_the_clock(fault_server: FaultServer) -> None:
    fault_server.answers("", 503)
    fault_server.resets()
    fault_server.answers(chat())
    completion = complete(fault_server, clock=0.4, retries=2)
    assert completion.tries == 3
    assert completion.latency_s < 0.4, "two waits of half a second and more are not in it"


def test_an_endpoint_that_gives_up_before_the_clock_is_a_fault(fault_server: FaultServer) -> None:
    fault_server.stalls()
    assert "no answer within 0.2 s" in str(fault(fault_server, timeout_s=0.2, clock=5.0))


def test_a_connection_that_never_stands_is_a_fault_and_no_timeout() -> None:
    """Nobody accepts and the queue is full: the request has not even been sent when the clock would end."""
    with socket.socket() as deaf, contextlib.ExitStack() as waiting:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for _ in range(3):
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(deaf.getsockname())
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/v1"

        async def ask() -> None:
            completer = http_completer(Endpoint("tiny", url, retries=0, timeout_s=0.5))
            try:
                await completer.complete(Request(ASKED), 0.1)
            finally:
                await completer.close()

        with pytest.raises(ProviderError, match=r"no connection within 0\.5 s"):
            asyncio.run(ask())


# Thoughts, and the scripted completer -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("Answer: 5", "", "Answer: 5"),
        (" Answer: 5 ", "", " Answer: 5 "),
        ("<think>a</think>b", "a", "b"),
        ("\n<think>\na\n</think>\n\nb\n", "a", "b"),
        ("a</think>b", "a", "b"),
        ("<think>a", "a", ""),
        ("b<think>a", "a", "b"),
        ("b<think>a</think>c", "a", "b\nc"),
        ("<think>a</think>b<think>c</think>d", "a\nc", "b\nd"),
        ("<think></think>b", "", "b"),
    ],
)
def test_thoughts_are_split_from_the_answer(text: str, reasoning: str, answer: str) -> None:
    assert split_reasoning(text) == (reasoning, answer)


def test_the_scripted_completer_answers_in_order_and_then_fails() -> None:
    whole = Completion("Answer: 2", finish_reason="length")
    completer = ScriptedCompleter(["<think>hm</think>Answer: 1", whole, ProviderError("down")])

    def ask() -> Completion:
        return asyncio.run(completer.complete(Request(ASKED)))

    assert (ask().text, ask()) == ("Answer: 1", whole)
    with pytest.raises(ProviderError, match="down"):
        ask()
    with pytest.raises(ProviderError, match="no answer left after 3") as caught:
        ask()
    assert caught.value.fatal
    assert completer.conversations == [ASKED] * 4


def test_the_scripted_completer_asks_a_function() -> None:
    completer = ScriptedCompleter(lambda messages: messages[-1].content.upper())
    completion = asyncio.run(completer.complete(Request(ASKED)))
    assert completion.text == "YOUR MOVE?"
    assert completion.request["messages"][1] == {"role": "user", "content": "Your move?"}
    assert dict(completer.config) == {"completer": "scripted"}


def test_what_a_provider_says_it_cost_is_kept() -> None:
    assert read_usage({"prompt_tokens": 7, "cost": 0.0012}).dollars == 0.0012
    assert read_usage({"prompt_tokens": 7, "cost": "free"}).dollars is None


# Several servers --------------------------------------------------------------------------------------------


def test_requests_go_to_the_server_with_the_least_to_do() -> None:
    with_two = (FaultServer(), FaultServer())
    for server in with_two:
        server.streams({"choices": [{"delta": {"content": "5"}, "finish_reason": "stop"}]}, pause_s=0.1)
    try:

        async def ask() -> None:
            completer = http_completer(Endpoint("tiny", f"{with_two[0].url}, {with_two[1].url}"))
            try:
                await asyncio.gather(*(completer.complete(Request(ASKED)) for _ in range(6)))
            finally:
                await completer.close()

        asyncio.run(ask())
        assert [len(server.requests) for server in with_two] == [3, 3]
    finally:
        for server in with_two:
            server.close()


def test_a_server_that_fails_rests_and_the_other_answers(waits: list[float]) -> None:
    down, up = FaultServer(), FaultServer()
    down.answers("", 500)
    up.answers(chat())
    try:

        async def ask() -> list[Completion]:
            completer = http_completer(Endpoint("tiny", f"{down.url},{up.url}", retries=1))
            try:
                return [await completer.complete(Request(ASKED)) for _ in range(5)]
            finally:
                await completer.close()

        assert [completion.tries for completion in asyncio.run(ask())] == [2, 1, 1, 1, 1]
        assert (len(down.requests), len(up.requests)) == (1, 5)
    finally:
        down.close()
        up.close()
