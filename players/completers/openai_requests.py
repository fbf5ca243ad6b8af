"""A request as the two APIs of OpenAI want it said: messages, pictures, sampling and guides as JSON."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Any

from players.base import PlayerError
from players.completers.base import Guide, Message, Picture, Request
from players.completers.endpoint import Endpoint


def request_body(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    """The JSON body of a request; what was not asked for is not in it.

    PlayerError for what the server can't be told: a guide, an answer to weigh.
    """
    if request.weighed:
        return {**_weighing_request(endpoint, request), **endpoint.extra_body}
    return {**_REQUEST[endpoint.api](endpoint, request), **endpoint.extra_body}


def _given(**parameters: Any) -> dict[str, Any]:
    """Only what was asked for: a parameter that is None is not sent."""
    return {name: value for name, value in parameters.items() if value is not None}


def _chat_request(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    s = request.sampling
    if s.reasoning_summary is not None:
        raise PlayerError("only the Responses API has reasoning_summary: add api=responses, or leave it out")
    return {
        "model": endpoint.model,
        "messages": [{"role": m.role, "content": _content(m, _chat_parts)} for m in request.messages],
        **_given(temperature=s.temperature, top_p=s.top_p, seed=s.seed, reasoning_effort=s.reasoning_effort),
        **_given(**{endpoint.max_tokens_name: s.max_tokens}),
        **({} if s.top_logprobs is None else {"logprobs": True, "top_logprobs": s.top_logprobs}),
        **({} if request.guide is None else GUIDANCE[endpoint.guidance](request.guide)),
        **({"stream": True} if endpoint.stream else {}),
        **({"stream_options": {"include_usage": True}} if endpoint.stream and endpoint.stream_usage else {}),
    }


def _weighing_request(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    """As vLLM takes it: the answer stands at the end of the prompt, whose log-probabilities are asked for."""
    if endpoint.guidance != "vllm" or endpoint.api != "chat":
        raise PlayerError("only vLLM gives the log-probabilities of an answer that is put to it")
    messages = (*request.messages, Message("assistant", request.weighed))
    return {
        "model": endpoint.model,
        "messages": [{"role": m.role, "content": _content(m, _chat_parts)} for m in messages],
        "add_generation_prompt": False,
        "continue_final_message": True,
        "prompt_logprobs": 0,
        "max_tokens": 1,
        "temperature": 0.0,
    }


def _responses_request(endpoint: Endpoint, request: Request) -> dict[str, Any]:
    """The Responses API has no seed, so none is sent; nothing is stored on the provider's side."""
    s = request.sampling
    wanted = {"top_logprobs": s.top_logprobs, "include": ["message.output_text.logprobs"]}
    schema = None if request.guide is None else _json_schema(request.guide)["response_format"]["json_schema"]
    return {
        "model": endpoint.model,
        "input": [{"role": m.role, "content": _content(m, _responses_parts)} for m in request.messages],
        "store": False,
        **_given(
            temperature=s.temperature,
            top_p=s.top_p,
            max_output_tokens=s.max_tokens,
            reasoning=_given(effort=s.reasoning_effort, summary=s.reasoning_summary) or None,
            text=None if schema is None else {"format": {"type": "json_schema", **schema}},
        ),
        **({} if s.top_logprobs is None else wanted),
        **({"stream": True} if endpoint.stream else {}),
    }


# Pictures ---------------------------------------------------------------------------------------------------


def _content(message: Message, parts: Callable[[str, list[Picture]], list[dict[str, Any]]]) -> Any:
    """Plain text where there is no picture: not every server takes a list of parts."""
    return parts(message.content, list(message.pictures)) if message.pictures else message.content


def _chat_parts(text: str, pictures: list[Picture]) -> list[dict[str, Any]]:
    seen = [
        {"type": "image_url", "image_url": {"url": data_url(p), **_given(detail=p.detail)}} for p in pictures
    ]
    return [*seen, {"type": "text", "text": text}]


def _responses_parts(text: str, pictures: list[Picture]) -> list[dict[str, Any]]:
    seen = [{"type": "input_image", "image_url": data_url(p), **_given(detail=p.detail)} for p in pictures]
    return [*seen, {"type": "input_text", "text": text}]


_DATA_URL = "data:image/png;base64,"


def data_url(picture: Picture) -> str:
    """The picture as a URL that carries it."""
    return _DATA_URL + b64encode(picture.png).decode()


def with_digests(body: Any) -> Any:
    """A request for the record: the checksum of each picture in place of its bytes."""
    if isinstance(body, dict):
        return {name: with_digests(value) for name, value in body.items()}
    if isinstance(body, list):
        return [with_digests(value) for value in body]
    if isinstance(body, str) and body.startswith(_DATA_URL):
        png = b64decode(body.removeprefix(_DATA_URL))
        return f"png of {len(png)} bytes, sha256 {hashlib.sha256(png).hexdigest()}"
    return body


# Guides -----------------------------------------------------------------------------------------------------


def _json_schema(guide: Guide) -> dict[str, Any]:
    """As OpenAI wants it; a guide that is no schema can't be told so."""
    if guide.schema is None:
        raise PlayerError("this server takes a guide as a JSON schema only: add form=json")
    schema = {"name": "answer", "schema": guide.schema, "strict": True}
    return {"response_format": {"type": "json_schema", "json_schema": schema}}


def _vllm(guide: Guide) -> dict[str, Any]:
    described = {"json": guide.schema} if guide.schema is not None else {"regex": guide.regex}
    return {"structured_outputs": described}  # guided_regex and the like were removed, and are ignored


def _llama(guide: Guide) -> dict[str, Any]:
    if guide.schema is not None:
        return _json_schema(guide)
    return {"grammar": "%llguidance {}\nstart: /" + guide.regex.replace("/", r"\/") + "/"}


def _sglang(guide: Guide) -> dict[str, Any]:
    return _json_schema(guide) if guide.schema is not None else {"regex": guide.regex}


def _no_guidance(guide: Guide) -> dict[str, Any]:
    there = ", ".join(name for name in GUIDANCE if name)
    raise PlayerError(f"it is not known how this server is told one; add guidance=NAME, one of: {there}")


GUIDANCE: Mapping[str, Callable[[Guide], dict[str, Any]]] = {
    "": _no_guidance,
    "json_schema": _json_schema,
    "vllm": _vllm,
    "llama": _llama,
    "sglang": _sglang,
}
"""How servers are told what an answer may look like."""

_REQUEST = {"chat": _chat_request, "responses": _responses_request}
