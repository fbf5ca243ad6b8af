"""Language models by their player strings: who serves them, how they are asked, what is put around them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from players.base import Player, PlayerError
from players.completers.base import Completer, Sampling
from players.completers.endpoint import Endpoint
from players.completers.openai_completer import OpenAICompleter, http_completer
from players.completers.scripted import ScriptedCompleter
from players.completers.transport import Wrap
from players.compute import wrapped
from players.known import refuse_unknown, unknown_player
from players.llm import LLMPlayer
from players.options import (
    COMPUTE,
    ENDPOINT,
    GUIDE,
    MODEL,
    PRICE,
    SAMPLING,
    STYLE,
    VLLM,
    in_words,
    is_of_kind,
)
from players.player_strings import PlayerSpec, take_options
from players.prices import FREE, Price, price_of, user_price
from players.prompts import style_of
from players.purse import MeteredCompleter, Purse
from players.table import Model, Provider, endpoint_problem, load_table

VLLM_KINDS = ("vllm", "vllm-local")
SERVED_HERE = ("embedded", "llama", "replies", *VLLM_KINDS)
"""Providers that are this program itself: what they answer costs nothing."""


def model_player(spec: PlayerSpec, wrap: Wrap, purse: Purse | None) -> Player:
    """A model by name, or PROVIDER:MODEL; options in the string go over those of the table."""
    model = load_table().models.get(spec.name) if not spec.argument else None
    spec = replace(spec, options={**(_table_options(spec, model) if model else {}), **spec.options})
    model = model or Model(spec.name, spec.argument)
    if model.provider not in VLLM_KINDS:
        refuse_unknown(spec, tuple(MODEL))
    completer = _completer(spec, model)
    find_price = _price_finder(spec, model, completer)
    completer = _wrapped(completer, spec.text, wrap)
    if purse is not None:
        completer = MeteredCompleter(completer, spec.text, find_price, purse)
    style = style_of(spec.options.get("style", "plain"), **take_options(spec, STYLE))
    sampling = Sampling(**take_options(spec, SAMPLING))
    inner = LLMPlayer(spec.text, completer, style, sampling, **take_options(spec, GUIDE))
    return wrapped(inner, take_options(spec, COMPUTE))


def _wrapped(completer: Completer, player: str, wrap: Wrap) -> Completer:
    """The completer with something around its transport, if it has one."""
    if not isinstance(completer, OpenAICompleter):
        return completer
    endpoint, transport = completer.endpoint, completer.transport
    server = endpoint.base_url or f"{transport.kind} {endpoint.model}"
    return OpenAICompleter(endpoint, wrap(transport, player, server))


def _table_options(spec: PlayerSpec, model: Model) -> dict[str, str]:
    """The options of a model's entry in the table, as texts; those of a wrong type are refused."""
    for name, value in model.options.items():
        kind = MODEL.get(name, str)
        if name in MODEL and not is_of_kind(kind, value):
            where = f"[models.{spec.name}] of the table of players"
            raise PlayerError(f"{where}: {name} is {in_words(kind)}, not {value!r}")
    return {name: str(value) for name, value in model.options.items()}


def _completer(spec: PlayerSpec, model: Model) -> Completer:
    if model.provider in VLLM_KINDS:
        return _vllm_completer(spec, model)
    if model.provider not in SERVED_HERE:
        return _http_completer(spec, model)
    if model.extra_body:
        raise PlayerError(f"{spec.text!r}: extra_body is for models that are asked over HTTP")
    if model.provider == "replies":
        return ScriptedCompleter(_read_replies(spec, Path(model.model)))
    return _local_completer(spec, model.provider, model.model)


def _price_finder(spec: PlayerSpec, model: Model, completer: Completer) -> Callable[[], Price | None]:
    """Finds the model's price, when it is needed: as the user says, nothing for ours, as the library says."""
    given = take_options(spec, PRICE)
    if len(given) == 1:
        (missing,) = set(PRICE) - set(given)
        raise PlayerError(f"{spec.text!r}: {next(iter(given))} needs {missing} beside it")
    if given:
        return partial(user_price, **given)
    if model.provider in SERVED_HERE or not isinstance(completer, OpenAICompleter):
        return lambda: FREE
    return partial(price_of, completer.endpoint.base_url, completer.endpoint.model)


def _local_completer(spec: PlayerSpec, provider: str, model_id: str) -> Completer:
    from players.completers.llama import llama_completer
    from players.embedded import PACKAGE, embedded_model

    if provider == "embedded":
        return llama_completer(embedded_model, model_id, PACKAGE)
    return llama_completer(partial(_gguf_file, spec, model_id), Path(model_id).stem)


def _gguf_file(spec: PlayerSpec, path: str) -> Path:
    """Looked for when a match is about to begin, not before: a replay needs none."""
    if not Path(path).is_file():
        raise PlayerError(f"{spec.text!r}: no GGUF file at {path or '(nothing)'!r}")
    return Path(path)


def _vllm_completer(spec: PlayerSpec, model: Model) -> Completer:
    """Options that are none of the arena's are flags of `vllm serve`."""
    from players.completers.vllm import vllm_completer
    from players.servers.vllm_server import VllmConfig, flags_of

    if not model.model:
        raise PlayerError(
            f"{spec.text!r} names no model; write {model.provider}:MODEL (a folder, or a name on the hub)"
        )
    given = take_options(spec, VLLM)
    lora = given.pop("lora", "")
    others = {name: v for name, v in spec.options.items() if name not in MODEL and name not in VLLM}
    config = VllmConfig(model.model, flags=flags_of(others), **given)
    return vllm_completer(
        model.provider, config, lora, {**take_options(spec, ENDPOINT), "extra_body": model.extra_body}
    )


def _http_completer(spec: PlayerSpec, model: Model) -> OpenAICompleter:
    """Asks a provider of the table. The key is looked up when a match is about to begin, not before."""
    provider = load_table().providers.get(model.provider)
    if provider is None and spec.name != model.provider:
        there = ", ".join(load_table().providers)
        raise PlayerError(
            f"{spec.text!r}: its provider {model.provider!r} is in no table; there are: {there}"
        )
    if provider is None:
        raise PlayerError(unknown_player(spec))
    if not model.model:
        raise PlayerError(f"{spec.text!r} names no model; write {model.provider}:MODEL")
    asked = {**provider.asked, "base_url": provider.base_url, "extra_body": model.extra_body}
    endpoint = Endpoint(model.model, **asked)
    given = take_options(spec, ENDPOINT)
    if given.get("max_tokens_name", endpoint.max_tokens_name) in model.extra_body:
        raise PlayerError(f"{spec.text!r}: extra_body can't set what max_tokens_name names")
    if problem := endpoint_problem(given):
        raise PlayerError(f"{spec.text!r}: {problem}")
    return http_completer(replace(endpoint, **given), partial(_key, spec, provider))


def _key(spec: PlayerSpec, provider: Provider) -> str:
    """The provider's key. A base_url of one's own gets it only if it is set, and no complaint if not."""
    variable = provider.key_variable
    key = os.environ.get(variable, "").strip() if variable else ""
    if variable and not key and "base_url" not in spec.options:
        raise PlayerError(f"{spec.text} needs a key: set the environment variable {variable}")
    if not (key.isascii() and key.isprintable()):
        raise PlayerError(f"{spec.text}: the key in {variable} holds characters that no key has")
    return key


def _read_replies(spec: PlayerSpec, path: Path) -> list[str]:
    try:
        lines = path.read_text("utf-8").splitlines()
        replies = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise PlayerError(f"{spec.text!r}: can't read replies: {error}") from error
    if not all(isinstance(reply, str) for reply in replies):
        raise PlayerError(f"{spec.text!r}: every line of {path} must be one JSON string")
    return replies
