"""Streamed answers: put together as the openai client does it, timed, and never half an answer."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from players.base import PlayerError
from players.completers.base import (
    Completion,
    Guide,
    Message,
    Picture,
    ProviderError,
    Request,
    Sampling,
    Token,
    TurnTimeout,
    Usage,
)
from players.completers.endpoint import Endpoint
from players.completers.openai_completer import http_completer
from players.completers.openai_requests import GUIDANCE, request_body, with_digests
from players.completers.openai_streams import END, whole_answer
from players.completers.pools import Gate

if TYPE_CHECKING:
    from tests.conftest import FaultServer

ASKED = (Message("user", "Your move?"),)


def delta(finish: str | None = None, **said: Any) -> dict[str, Any]:
    """One event of a streamed chat completion."""
    choice = {"index": 0, "delta": said, "finish_reason": finish, "logprobs": None}
    return {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "tiny-2026",
        "choices": [choice],
    }


ANSWER = (
    delta(role="assistant", content=""),
    delta(reasoning_content="cen"),
    delta(reasoning_content="tre?"),
    delta(content="Ans"),
    delta(content="wer: 5"),
    delta("stop"),
    {**delta(), "choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}},
    END,
)


def complete(
    server: FaultServer, request: Request | None = None, clock: float | None = None, **endpoint: Any
) -> Completion:
    async def ask() -> Completion:
        given = {"retries": 0, "timeout_s": 10.0, **endpoint}
        completer = http_completer(Endpoint("tiny", server.url, **given))
        try:
            return await completer.complete(request or Request(ASKED), clock)
        finally:
            await completer.close()

    return asyncio.run(ask())


def fault(server: FaultServer, **more: Any) -> str:
    with pytest.raises(ProviderError) as caught:
        complete(server, **more)
    assert not caught.value.fatal
    return str(caught.value)


# Put together -----------------------------------------------------------------------------------------------


def test_a_stream_says_what_an_answer_says(fault_server: FaultServer) -> None:
    fault_server.streams(*ANSWER)
    completion = complete(fault_server)
    assert (completion.text, completion.reasoning) == ("Answer: 5", "centre?")
    assert (completion.finish_reason, completion.model) == ("stop", "tiny-2026")
    assert completion.usage == Usage(7, 3)
    assert fault_server.requests[0].body["stream_options"] == {"include_usage": True}


def test_the_first_token_is_timed(fault_server: FaultServer) -> None:
    """The event that only names the role is no token."""
    fault_server.streams(*ANSWER, pause_s=0.05)
    completion = complete(fault_server)
    assert completion.first_token_s is not None
    assert 0.08 < completion.first_token_s < completion.latency_s - 0.2


def test_an_answer_that_did_not_stream_has_no_first_token(fault_server: FaultServer) -> None:
    fault_server.answers({"choices": [{"message": {"content": "Answer: 5"}}]})
    assert complete(fault_server).first_token_s is None


def test_a_chat_stream_is_put_together_as_the_openai_client_does_it() -> None:
    state_of = pytest.importorskip("openai.lib.streaming.chat").ChatCompletionStreamState
    chunk_of = pytest.importorskip("openai.types.chat").ChatCompletionChunk
    state = state_of()
    for event in ANSWER[:-1]:
        state.handle_chunk(chunk_of.model_validate(event))
    theirs = state.get_final_completion()
    ours = whole_answer("chat", "".join(f"data: {e if e == END else json.dumps(e)}\n\n" for e in ANSWER))
    (choice,) = ours["choices"]
    assert choice["message"]["content"] == theirs.choices[0].message.content
    assert choice["finish_reason"] == theirs.choices[0].finish_reason
    assert ours["usage"] == theirs.usage.model_dump(exclude_none=True)
    assert ours["model"] == theirs.model


def test_comments_other_fields_and_odd_line_ends_are_passed_over(fault_server: FaultServer) -> None:
    lines = [b": keep alive\r\n\r\n", b"event: message\r\nid: 3\r\n"]
    fault_server.streams(*lines, *ANSWER)
    assert complete(fault_server).text == "Answer: 5"


def test_a_character_split_over_two_pieces_is_whole(fault_server: FaultServer) -> None:
    event = f"data: {json.dumps(delta(content='Ä 5'), ensure_ascii=False)}\n\n".encode()
    cut = event.index("Ä".encode()) + 1
    fault_server.streams(event[:cut], event[cut:], delta("stop"), END, pause_s=0.02)
    assert complete(fault_server).text == "Ä 5"


def test_log_probabilities_come_token_by_token(fault_server: FaultServer) -> None:
    said = {"token": "5", "logprob": -0.1, "top_logprobs": [{"token": "5", "logprob": -0.1},
                                                            {"token": "7", "logprob": -2.5}]}  # fmt: skip
    event = delta(content="5")
    event["choices"][0]["logprobs"] = {"content": [said]}
    fault_server.streams(event, delta("stop"), END)
    completion = complete(fault_server, Request(ASKED, Sampling(top_logprobs=2)))
    assert completion.tokens == (Token("5", -0.1, (("5", -0.1), ("7", -2.5))),)
    assert (completion.request["logprobs"], completion.request["top_logprobs"]) == (True, 2)


def response_events(last: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "response.created", "response": {"status": "in_progress"}},
        {"type": "response.output_text.delta", "delta": "Answer: 5"},
        {"type": "response.completed", "response": last},
    ]


WHOLE = {
    "status": "completed",
    "model": "tiny-2026",
    "output": [{"type": "message", "content": [{"type": "output_text", "text": "Answer: 5"}]}],
    "usage": {"input_tokens": 7, "output_tokens": 3},
}


def test_the_last_event_of_a_streamed_response_tells_it_whole(fault_server: FaultServer) -> None:
    fault_server.streams(*response_events(WHOLE))
    completion = complete(fault_server, api="responses")
    assert (completion.text, completion.usage) == ("Answer: 5", Usage(7, 3))
    assert completion.first_token_s is not None


# Never half an answer ---------------------------------------------------------------------------------------

HALF = ANSWER[:5]
BROKEN: Mapping[str, tuple[tuple[object, ...], str]] = {
    "no end": (HALF, "the stream broke off: centre?Answer: 5"),
    "nothing": ((), "the stream broke off"),
    "half an event": ((*HALF, b'data: {"choi'), 'an event of the stream is not JSON: {"choi'),
    "a list": (("[1]",), "an event of the stream is not a JSON object: [1]"),
    "an error": ((*HALF, {"error": {"code": 502, "message": "gone"}}), "the answer is an error: "),
    "an error in a choice": (({"choices": [{"error": {"message": "gone"}}]},), "gone"),
    "broken off by the server": ((*HALF, delta("error"), END), "finish reason: error"),
    "no object for a delta": (({"choices": [{"delta": 5}]},), "no known shape"),
    "a number of choices": (({"choices": 5},), "no known shape"),
    "bytes": ((b"data: \xff\xfe\n\n",), "not JSON"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_stream_that_breaks_off_is_a_fault_and_no_reply(fault_server: FaultServer, name: str) -> None:
    events, cause = BROKEN[name]
    fault_server.streams(*events)
    assert cause in fault(fault_server)


def test_a_streamed_response_that_breaks_off_is_a_fault(fault_server: FaultServer) -> None:
    fault_server.streams(*response_events(WHOLE)[:2])
    assert "the stream broke off" in fault(fault_server, api="responses")
    fault_server.script.clear()
    fault_server.streams({"type": "error", "code": "server_error", "message": "boom"})
    assert "boom" in fault(fault_server, api="responses")


def test_a_reset_in_the_middle_of_a_stream_is_a_fault(fault_server: FaultServer) -> None:
    fault_server.streams(*HALF, fault="reset")
    assert "connection failed" in fault(fault_server) or "broke off" in fault(fault_server)


def test_a_dead_stream_is_noticed(fault_server: FaultServer) -> None:
    fault_server.streams(*HALF, fault="stall")
    assert "the answer stalled for 0.3 s" in fault(fault_server, stall_s=0.3)


def test_a_stream_that_never_ends_is_left(fault_server: FaultServer) -> None:
    fault_server.streams(*[b": alive\n\n"] * 60, pause_s=0.05)
    assert "not whole within 0.4 s" in fault(fault_server, total_s=0.4)


def test_a_slow_stream_can_use_up_the_clock_of_the_turn(fault_server: FaultServer) -> None:
    fault_server.streams(*[delta(content="hm ")] * 60, pause_s=0.05)
    with pytest.raises(TurnTimeout):
        complete(fault_server, clock=0.3)


@pytest.mark.parametrize(
    ("events", "text", "finish_reason"),
    [
        ((delta(content=None), delta("length"), END), "", "length"),
        ((delta(content="<think>so"), delta("length"), END), "", "length"),
        ((delta(refusal="no"), delta("stop"), END), "no", "stop"),
        ((delta(content=[{"type": "text", "text": "5"}]), END), "5", "stop"),
        ((*[delta(content="x" * 1000)] * 2000, delta("stop"), END), "x" * 2_000_000, "stop"),
        ((b'data: {"choices": [{"delta": {"content": "5 \xff"}}]}\n\n', END), "5 \ufffd", "stop"),
    ],
)  # fmt: skip
def test_what_the_player_said_is_a_reply(
    fault_server: FaultServer, events: tuple[object, ...], text: str, finish_reason: str
) -> None:
    fault_server.streams(*events)
    completion = complete(fault_server)
    assert (completion.text, completion.finish_reason) == (text, finish_reason)


def test_a_redirect_is_not_followed(fault_server: FaultServer) -> None:
    """It would carry the key to whatever host the answer names."""
    fault_server.answers("", 307, location="http://127.0.0.1:9/v1/chat/completions")
    with pytest.raises(ProviderError, match="HTTP 307") as caught:
        complete(fault_server)
    assert caught.value.fatal


# Limits -----------------------------------------------------------------------------------------------------


def test_no_more_requests_are_under_way_than_the_gate_lets_in() -> None:
    inside, most = 0, 0

    async def visit(gate: Gate) -> None:
        nonlocal inside, most
        async with gate:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    async def crowd() -> None:
        gate = Gate(3, None)
        await asyncio.gather(*(visit(gate) for _ in range(30)))

    asyncio.run(crowd())
    assert most == 3


def test_requests_follow_each_other_no_faster_than_asked() -> None:
    times: list[float] = []

    async def visit(gate: Gate) -> None:
        async with gate:
            times.append(time.monotonic())

    async def crowd() -> None:
        gate = Gate(8, per_minute=60 / 0.03)
        await asyncio.gather(*(visit(gate) for _ in range(5)))

    asyncio.run(crowd())
    assert times[-1] - times[0] > 4 * 0.03 - 0.01


# What is asked ----------------------------------------------------------------------------------------------

PICTURED = Request((Message("user", "The board?", (Picture(b"\x89PNG", "low"),)),))
SCHEMA = Guide("legal", schema={"type": "object"})


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_request_is_what_the_openai_client_would_take(api: str) -> None:
    types = pytest.importorskip(f"openai.types.{'chat' if api == 'chat' else 'responses'}")
    params = getattr(
        types.completion_create_params if api == "chat" else types.response_create_params,
        "CompletionCreateParamsStreaming" if api == "chat" else "ResponseCreateParamsStreaming",
    )
    sampling = Sampling(0.5, 0.9, 50, 3, "low", None, 2)
    endpoint = Endpoint("tiny", api=api, guidance="json_schema", max_tokens_name="max_completion_tokens")
    body = request_body(endpoint, Request(PICTURED.messages, sampling, SCHEMA))
    try:
        TypeAdapter(params).validate_python(body)
    except ValidationError as error:
        pytest.fail(str(error))
    assert not set(body) - set(params.__annotations__) - set(params.__mro__[0].__annotations__)


def test_a_picture_is_sent_whole_and_recorded_by_its_checksum(fault_server: FaultServer) -> None:
    fault_server.streams(*ANSWER)
    completion = complete(fault_server, PICTURED)
    ((sent,), (kept,)) = fault_server.requests[0].body["messages"], completion.request["messages"]
    assert sent["content"][0] == {
        "type": "image_url",
        "image_url": {"url": "data:image/png;base64,iVBORw==", "detail": "low"},
    }
    assert sent["content"][1] == {"type": "text", "text": "The board?"}
    assert kept["content"][0]["image_url"]["url"].startswith("png of 4 bytes, sha256 0f4636c7")
    assert with_digests(sent) == kept


@pytest.mark.parametrize(
    ("guidance", "guide", "sent"),
    [
        ("vllm", Guide("legal", "[0-2]"), {"structured_outputs": {"regex": "[0-2]"}}),
        ("vllm", SCHEMA, {"structured_outputs": {"json": {"type": "object"}}}),
        ("sglang", Guide("legal", "[0-2]"), {"regex": "[0-2]"}),
        ("llama", Guide("legal", "1/2"), {"grammar": "%llguidance {}\nstart: /1\\/2/"}),
    ],
)
def test_a_guide_is_told_in_the_words_of_the_server(guidance: str, guide: Guide, sent: Any) -> None:
    assert GUIDANCE[guidance](guide) == sent


def test_a_guide_that_a_server_can_not_be_told_is_refused() -> None:
    with pytest.raises(PlayerError, match="guidance=NAME, one of: json_schema, vllm, llama, sglang"):
        GUIDANCE[""](Guide("legal", "[0-2]"))
    with pytest.raises(PlayerError, match="form=json"):
        GUIDANCE["json_schema"](Guide("legal", "[0-2]"))
