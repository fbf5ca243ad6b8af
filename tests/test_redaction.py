"""Keys that a server repeats, however it spells them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from players.completers.base import Completer, Completion, Message, ProviderError, Request, Token
from players.completers.endpoint import Endpoint
from players.completers.openai_answers import read_answer
from players.completers.openai_completer import http_completer
from players.completers.redaction import Redactor, clean_completion
from players.completers.transport import Answer

if TYPE_CHECKING:
    from tests.conftest import FaultServer

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
        lambda key: "".join(f"\\u{ord(c):04x}" for c in key),
        lambda key: f"\\u{ord(key[0]):04X}" + key[1:4] + f"\\u{ord(key[4]):04x}" + json.dumps(key[5:])[1:-1],
        lambda key: "".join(f"%{ord(c):02X}" for c in key),
        lambda key: "".join(f"&#{ord(c)};" for c in key),
    ],
)
def test_a_key_is_found_however_it_is_spelled(key: str, spell: Callable[[str], str]) -> None:
    assert Redactor(key).text(f"wrong key {spell(key)}, {spell(key)}!") == "wrong key ***, ***!"


def kept(key: str, answer: Answer) -> Answer:
    """As a cassette keeps it."""
    redactor = Redactor(key)
    return redactor.to_keep(redactor.answer(answer))


def event(**delta: Any) -> str:
    return "data: " + json.dumps({"choices": [{"index": 0, "delta": delta}]}) + "\n\n"


def stream(*deltas: dict[str, Any]) -> Answer:
    last = 'data: {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'
    return Answer(200, ("".join(event(**delta) for delta in deltas) + last).encode(), "text/event-stream")


@pytest.mark.parametrize("key", [KEY, PLAIN])
@pytest.mark.parametrize("size", [1, 2, 5, 100])
def test_a_key_is_found_though_a_stream_spells_it_piece_by_piece(key: str, size: int) -> None:
    said = f"Answer: 5 {key} and {key}."
    pieces = [said[i : i + size] for i in range(0, len(said), size)]
    answer = stream(*({"content": piece} for piece in pieces), *({"reasoning": piece} for piece in pieces))
    completion = read_answer("chat", kept(key, answer))
    assert completion.text == completion.reasoning == "Answer: 5 *** and ***."


def test_a_key_is_found_in_the_tokens_of_an_answer() -> None:
    tokens = [{"token": piece, "logprob": -1.0} for piece in (PLAIN[:9], PLAIN[9:], " yes")]
    choice = {"message": {"content": PLAIN + " yes"}, "logprobs": {"content": tokens}}
    body = json.dumps({"choices": [choice]}).encode()
    completion = read_answer("chat", kept(PLAIN, Answer(200, body)))
    assert (completion.text, "".join(t.text for t in completion.tokens)) == ("*** yes", "*** yes")


def test_a_key_is_found_in_the_headers_of_an_answer() -> None:
    answer = Redactor(PLAIN).answer(Answer(429, b"", f"text/{PLAIN}", f"{PLAIN}7"))
    assert (answer.content_type, answer.retry_after) == ("text/***", "***7")


def test_what_holds_no_key_stays_byte_for_byte() -> None:
    answer = stream({"content": "Answer: 5 \ud83d"}, {"content": PLAIN[:-1]})
    assert kept(PLAIN, answer) == answer
    assert Redactor("none").answer(Answer(200, b"none")) == Answer(200, b"none"), "a placeholder is no secret"


HALF = len(PLAIN) // 2
FIRST, SECOND = ([{"type": "text", "text": half}] for half in (PLAIN[:HALF], PLAIN[HALF:]))
PARTS: list[list[dict[str, Any]]] = [
    [{"content": FIRST}, {"content": SECOND}],
    [{"content": PLAIN[:HALF]}, {"content": SECOND}],
    [{"reasoning": PLAIN[:HALF]}, {"reasoning_content": PLAIN[HALF:]}],
]


@pytest.mark.parametrize("deltas", PARTS)
def test_a_key_is_found_though_it_is_split_over_parts_of_other_names(deltas: list[dict[str, Any]]) -> None:
    completion = read_answer("chat", kept(PLAIN, stream(*deltas)))
    assert completion.text + completion.reasoning == "***"


def test_every_text_of_a_completion_is_cleaned() -> None:
    tokens = (Token("A", -1.0, ((PLAIN, -2.0),)),)
    request = {"messages": [{"role": "user", "content": f"say {PLAIN}"}], "seed": 7}
    said = Completion(PLAIN, PLAIN, PLAIN, tokens=tokens, model=PLAIN, request=request)
    sent = json.dumps(request).encode()
    cleaned = clean_completion(said, sent, Redactor(PLAIN).text)
    assert PLAIN not in repr(cleaned)
    assert (cleaned.text, cleaned.request["seed"], cleaned.tokens[0].text) == ("***", 7, "A")
    assert clean_completion(said, sent, Redactor("another-key").text) is said


def test_tokens_that_spell_the_key_together_are_dropped() -> None:
    said = Completion("5", tokens=(Token(PLAIN[:HALF], -1.0), Token(PLAIN[HALF:], -1.0)))
    assert clean_completion(said, b"", Redactor(PLAIN).text).tokens == ()


@pytest.mark.parametrize("deltas", [*PARTS, [{"content": PLAIN[:HALF]}, {}, {"content": PLAIN[HALF:]}]])
@pytest.mark.parametrize("status", [200, 401])
def test_no_key_leaves_the_completer(
    fault_server: FaultServer, deltas: list[dict[str, Any]], status: int
) -> None:
    fault_server.answers(stream(*deltas).body, status, content_type="text/event-stream")
    completer = http_completer(Endpoint("m", fault_server.url, retries=0), lambda: PLAIN)
    try:
        said = repr(asyncio.run(_asked(completer)))
    except ProviderError as error:
        said = str(error)
    assert PLAIN not in said
    assert PLAIN[:HALF] not in said or status == 401


async def _asked(completer: Completer) -> Completion:
    try:
        return await completer.complete(Request((Message("user", "Your move?"),)))
    finally:
        await completer.close()
