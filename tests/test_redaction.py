"""Keys that a server repeats, however it spells them."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from players.completers.openai_answers import read_answer
from players.completers.redaction import Redactor
from players.completers.transport import Answer

KEY = 'sk-not/a+real"key\\with=odd%letters&123'
PLAIN = "sk-not-a-real-key-123"


def escaped(text: str) -> str:
    """As careful encoders write JSON: no letter that means something anywhere."""
    return json.dumps(text)[1:-1].replace("+", "\\u002B").replace("/", "\\/").replace("&", "\\u0026")


@pytest.mark.parametrize("key", [KEY, PLAIN])
@pytest.mark.parametrize(
    "spell",
    [
        str,
        lambda key: json.dumps(key)[1:-1],
        lambda key: json.dumps(json.dumps(key))[3:-3],
        escaped,
        lambda key: quote(key, safe=""),
        lambda key: quote(quote(key, safe=""), safe=""),
        lambda key: key.replace("+", "%2b").replace("/", "%2f"),
        lambda key: key.replace("&", "&amp;").replace('"', "&quot;"),
    ],
)
def test_a_key_is_found_however_it_is_spelled(key: str, spell: Callable[[str], str]) -> None:
    assert Redactor(key).text(f"wrong key {spell(key)}, {spell(key)}!") == "wrong key ***, ***!"


def event(**delta: str) -> str:
    return "data: " + json.dumps({"choices": [{"index": 0, "delta": delta}]}) + "\n\n"


def stream(*deltas: dict[str, str]) -> Answer:
    last = 'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
    return Answer(200, ("".join(event(**delta) for delta in deltas) + last).encode(), "text/event-stream")


@pytest.mark.parametrize("key", [KEY, PLAIN])
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_a_key_is_found_though_a_stream_spells_it_piece_by_piece(key: str, size: int) -> None:
    said = f"Answer: 5 {key} and {key}."
    pieces = [said[i : i + size] for i in range(0, len(said), size)]
    answer = stream(*({"content": piece} for piece in pieces), *({"reasoning": piece} for piece in pieces))
    completion = read_answer("chat", Redactor(key).answer(answer))
    assert completion.text == completion.reasoning == "Answer: 5 *** and ***."


def test_a_key_is_found_in_the_tokens_of_an_answer() -> None:
    tokens = [{"token": piece, "logprob": -1.0} for piece in (PLAIN[:9], PLAIN[9:], " yes")]
    choice = {"message": {"content": PLAIN + " yes"}, "logprobs": {"content": tokens}}
    body = json.dumps({"choices": [choice]}).encode()
    completion = read_answer("chat", Redactor(PLAIN).answer(Answer(200, body)))
    assert (completion.text, "".join(t.text for t in completion.tokens)) == ("*** yes", "*** yes")


def test_a_key_is_found_in_the_headers_of_an_answer() -> None:
    answer = Redactor(PLAIN).answer(Answer(429, b"", f"text/{PLAIN}", f"{PLAIN}7"))
    assert (answer.content_type, answer.retry_after) == ("text/***", "***7")


def test_what_holds_no_key_stays_byte_for_byte() -> None:
    answer = stream({"content": "Answer: 5 \ud83d"}, {"content": PLAIN[:-1]})
    assert Redactor(PLAIN).answer(answer) == answer
    assert Redactor("none").answer(Answer(200, b"none")) == Answer(200, b"none"), "a placeholder is no secret"
