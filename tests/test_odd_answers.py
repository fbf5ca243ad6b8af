"""Answers of odd shapes: what they say is read, what says nothing is a fault, and no number breaks it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from players.completers.base import Completion, Token, Usage, split_reasoning
from players.completers.openai_answers import read_answer
from players.completers.transport import Answer, Fault

HUGE = 10**400
END = b"data: [DONE]\n\n"
PIECE = b'data: {"choices": [{"index": 0, "delta": {"content": "Answer: 5"}}]}\n\n'


def read(body: object, api: str = "chat") -> Completion:
    return read_answer(api, Answer(200, json.dumps(body).encode(), "application/json"))


def said(choice: dict[str, Any] | None = None, **body: Any) -> Completion:
    """What an answer says whose only choice has these fields beside a message."""
    message = {"role": "assistant", "content": "Answer: 5"}
    return read({"choices": [{"message": message, "finish_reason": "stop", **(choice or {})}], **body})


def streamed(raw: bytes) -> Completion:
    return read_answer("chat", Answer(200, raw, "text/event-stream"))


# Streams ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "cause", "status"),
    [
        (END, "broke off", 503),
        (b'data: {"detail": "engine died"}\n\n' + END, "of no known kind", 503),
        (b'data: {"choices": []}\n\n' + END, "broke off", 503),
        (b'data: {"choices": [{"index": 0, "delta": {"role": "assistant"}}]}\n\n' + END, "broke off", 503),
        ((PIECE + END).replace(b'"index": 0', b'"index": 1'), "broke off", 503),
        (PIECE + b'event: error\ndata: {"message": "overloaded"}\n\n' + END, "tells of an error", 503),
        (PIECE + b"event: error\ndata: [DONE]\n\n", "tells of an error", 503),
    ],
)
def test_a_stream_without_an_answer_is_a_fault_and_no_empty_reply(
    raw: bytes, cause: str, status: int
) -> None:
    with pytest.raises(Fault, match=cause) as caught:
        streamed(raw)
    assert caught.value.status == status


@pytest.mark.parametrize(
    "raw",
    [
        PIECE + END,
        b"\xef\xbb\xbf" + PIECE + END,
        (PIECE + END).replace(b"\n", b"\r"),
        (PIECE + END).replace(b"\n", b"\r\n"),
        b'event: ping\ndata: {"type": "ping"}\n\ndata: {"type": "ping"}\n\ndata:\n\n' + PIECE + END,
        PIECE.replace(b'"delta"', b'"message"') + END,
        PIECE.replace(b"}}]", b'}}, {"index": 0, "delta": {"content": "7"}}]') + END,
        PIECE.replace(b'"Answer: 5"', b'["Answer: ", {"type": "text", "text": "5"}]') + END,
    ],
)
def test_streams_of_odd_shapes_are_read(raw: bytes) -> None:
    assert streamed(raw).text == "Answer: 5"


@pytest.mark.parametrize(
    "where", ['"choices": [{"index": 0, "usage": U}]', '"choices": [], "x_groq": {"usage": U}']
)
def test_usage_is_found_wherever_it_stands(where: str) -> None:
    event = "data: {" + where.replace("U", '{"prompt_tokens": 7, "completion_tokens": 3}') + "}\n\n"
    assert streamed(PIECE + event.encode() + END).usage == Usage(7, 3)


# Numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", [-1, HUGE, 10**9 + 1, "7", True, 1.5, None, [7]])
def test_an_odd_count_is_none(odd: object) -> None:
    usage = {"prompt_tokens": odd, "completion_tokens": odd, "total_tokens": odd, "cost": "?"}
    assert said(usage=usage).usage == Usage()


def test_whole_floats_are_counts() -> None:
    assert said(usage={"prompt_tokens": 10.0, "completion_tokens": 5.0}).usage == Usage(10, 5)


@pytest.mark.parametrize("odd", [HUGE, -1, -HUGE, "x", [1], {}])
def test_odd_amounts_and_probabilities_are_none(odd: object) -> None:
    tokens = [{"token": "A", "logprob": None if odd == -1 else odd}, {"token": "B", "prob": odd}]
    completion = said({"logprobs": {"content": tokens}}, usage={"cost": odd})
    assert completion.usage.dollars is None
    assert completion.tokens == (Token("A", None), Token("B", None))


def test_nan_and_infinity_are_no_numbers() -> None:
    tokens = b'"logprobs": {"content": [{"token": "A", "logprob": NaN}]}'
    raw = b'{"choices": [{"message": {"content": "5"}, ' + tokens + b"}],"
    completion = read_answer("chat", Answer(200, raw + b'"usage": {"prompt_tokens": Infinity, "cost": NaN}}'))
    assert (completion.tokens, completion.usage) == ((Token("A", None),), Usage())


# Words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["length", "LENGTH", "model_length", "max_tokens", "MAX_TOKENS", "token_limit"]
)
def test_every_word_for_a_limit_on_tokens_is_length(word: str) -> None:
    assert said({"finish_reason": word}).finish_reason == "length"


@pytest.mark.parametrize(
    ("word", "read_as"), [("STOP", "stop"), (None, "stop"), ("tool_calls", "tool_calls")]
)
def test_other_finish_reasons_stay(word: str | None, read_as: str) -> None:
    assert said({"finish_reason": word}).finish_reason == read_as


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (["Answer: ", "5"], "Answer: 5"),
        ({"type": "text", "text": "Answer: 5"}, "Answer: 5"),
        (5, "5"),
        (None, ""),
    ],
)
def test_content_of_every_shape_is_text(content: object, text: str) -> None:
    assert said({"message": {"content": content}}).text == text


def test_an_object_as_content_is_the_json_that_was_meant() -> None:
    assert said({"message": {"content": {"answer": "5"}}}).text == '{"answer": "5"}'


def test_an_answer_that_is_no_json_may_come_whole_the_next_time() -> None:
    for raw, status in ((b'{"choices": [{"mess', 503), (b"", 503), (b"<html>", 503)):
        with pytest.raises(Fault, match="not JSON") as caught:
            read_answer("chat", Answer(200, raw))
        assert caught.value.status == status


def test_reasoning_is_kept_from_every_place() -> None:
    message = {"content": "<think>b</think>Answer: 5", "reasoning": "a"}
    completion = said({"message": message})
    assert (completion.reasoning, completion.text) == ("a\nb", "Answer: 5")


@pytest.mark.parametrize("tag", ["think", "THINK", "thinking", "think "])
def test_thoughts_are_split_off_under_every_tag(tag: str) -> None:
    assert split_reasoning(f"<{tag}>\nAnswer: 9\n</{tag}>\nAnswer: 5") == ("Answer: 9", "Answer: 5")
    assert split_reasoning(f"Answer: 9</{tag}>Answer: 5") == ("Answer: 9", "Answer: 5")
    assert split_reasoning("I think 1 < 2: Answer: 5") == ("", "I think 1 < 2: Answer: 5")


def test_messages_of_a_response_are_lines_and_commentary_is_left_out() -> None:
    parts = [("Answer: 3", None), ("on my way", "commentary"), ("Answer: 5", "final_answer")]
    output = [
        {"type": "message", "phase": phase, "content": [{"type": "output_text", "text": text}]}
        for text, phase in parts
    ]
    thought = {"type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": "centre?"}]}
    completion = read({"status": "completed", "output": [thought, *output]}, "responses")
    assert (completion.text, completion.reasoning) == ("Answer: 3\nAnswer: 5", "centre?")
