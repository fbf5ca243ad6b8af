"""From a player string to a player: NAME, NAME:ARGUMENT, with ?option=value&option=value behind it.

minimax            minimax?ties=first         epsilon?epsilon=0.3       scripted:5,1,9
smollm2            o3?reasoning_effort=low    openrouter:qwen/qwen3-32b?style=plain&view=boxed
llama:model.gguf   local:my-model?base_url=http://127.0.0.1:9000/v1
o3?vote=5          o3?best_of=5               o3?verify=yes    o3?search=24
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from players.base import Player, PlayerError
from players.baselines import EpsilonPlayer, GreedyPlayer, MinimaxPlayer, RandomPlayer
from players.completers.base import Completer, Sampling
from players.completers.endpoint import Endpoint
from players.completers.openai_completer import OpenAICompleter, http_completer
from players.completers.scripted import ScriptedCompleter
from players.completers.transport import Wrap, as_it_is
from players.compute import wrapped
from players.human import HumanPlayer, ScriptedPlayer
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
    Kind,
    in_words,
    is_of_kind,
    read_option,
)
from players.prompts import PromptStyle, style_of
from players.prices import FREE, Price, price_of, user_price
from players.purse import MeteredCompleter, Purse
from players.table import Model, Provider, endpoint_problem, load_table


@dataclass(frozen=True, slots=True)
class PlayerSpec:
    """A player string, taken apart."""

    text: str
    name: str
    argument: str
    options: Mapping[str, str]


BASELINES: Mapping[str, type[Player]] = {
    "minimax": MinimaxPlayer,
    "epsilon": EpsilonPlayer,
    "greedy": GreedyPlayer,
    "random": RandomPlayer,
    "human": HumanPlayer,
}
"""Players without a model that take no argument: name -> class; its keyword arguments are the options."""

WITH_ARGUMENT: Mapping[str, str] = {
    "scripted": "scripted:5,1,9 plays these notations in order, right or wrong",
    "replies": "replies:FILE is an LLM player whose replies are the lines of a file, JSON strings",
    "llama": "llama:PATH serves a GGUF file on this machine's CPU",
    "vllm": "vllm:MODEL starts a vLLM server for a folder or a name on the hub, and ends it with us",
    "vllm-local": "vllm-local:MODEL runs vLLM's engine in this process, for batch work",
}


VLLM_KINDS = ("vllm", "vllm-local")
OURS = ("embedded", "llama", "replies", *VLLM_KINDS)
"""Providers that are this program itself: what they answer costs nothing."""


def make_player(text: str, wrap: Wrap = as_it_is, purse: Purse | None = None) -> Player:
    """The player a string names; PlayerError says what is wrong with it and names the valid choices.

    `wrap` puts a recorder, a recording or a cache around the transport of a language model. With a purse,
    everything it is asked is priced and paid from it.
    """
    spec = parse_player(text)
    if spec.name in BASELINES:
        return _baseline(spec)
    if spec.name == "scripted":
        return ScriptedPlayer(text, tuple(filter(None, spec.argument.split(","))))
    return _model_player(spec, wrap, purse)


def parse_player(text: str) -> PlayerSpec:
    """Take a player string apart; nothing is looked up yet."""
    head, _, tail = text.partition("?")
    name, _, argument = head.partition(":")
    options: dict[str, str] = {}
    for part in filter(None, tail.split("&")):
        key, equals, value = part.partition("=")
        if not equals:
            raise PlayerError(f"{text!r}: option {part!r} has no value (write {part}=...)")
        options[key] = value
    if not name.strip():
        raise PlayerError(f"{text!r} names no player")
    return PlayerSpec(text, name, argument, options)


def parse_style(text: str) -> PromptStyle:
    """The prompt style a text names, as in a player string: plain, or plain?view=boxed&history=yes."""
    spec = parse_player(text)
    for name in spec.options:
        if name not in STYLE:
            raise PlayerError(f"{text!r}: unknown field {name!r} of a style; there are: {', '.join(STYLE)}")
    return style_of(text.partition("?")[0], **_taken(spec, STYLE))


def known_players() -> dict[str, str]:
    """Every name a player string may begin with, and a line about it."""
    table = load_table()
    about = {name: _first_line(kind) for name, kind in BASELINES.items()}
    models = {name: model.about or model.model for name, model in table.models.items()}
    providers = {
        f"{name}:MODEL": f"any model served at {provider.base_url}"
        + (f" (key in {provider.key_variable})" if provider.key_variable else "")
        for name, provider in table.providers.items()
    }
    return {**about, **WITH_ARGUMENT, **models, **providers}


def _first_line(kind: type[Player]) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0].rstrip(".")


def _baseline(spec: PlayerSpec) -> Player:
    if spec.argument:
        raise PlayerError(f"{spec.text!r}: {spec.name} takes no argument after a colon")
    kind = BASELINES[spec.name]
    takes = {
        name: parameter.default
        for name, parameter in inspect.signature(kind).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    _refuse_unknown(spec, tuple(takes))
    given = {name: _convert(spec, name, value, type(takes[name])) for name, value in spec.options.items()}
    return kind(spec.text, **given)


# Language models --------------------------------------------------------------------------------------------


def _model_player(spec: PlayerSpec, wrap: Wrap, purse: Purse | None) -> Player:
    """A model by name, or PROVIDER:MODEL; options in the string go over those of the table."""
    model = load_table().models.get(spec.name) if not spec.argument else None
    spec = replace(spec, options={**(_table_options(spec, model) if model else {}), **spec.options})
    model = model or Model(spec.name, spec.argument)
    if model.provider not in VLLM_KINDS:
        _refuse_unknown(spec, tuple(MODEL))
    completer = _completer(spec, model)
    find_price = _price_finder(spec, model, completer)
    completer = _wrapped(completer, spec.text, wrap)
    if purse is not None:
        completer = MeteredCompleter(completer, spec.text, find_price, purse)
    style = style_of(spec.options.get("style", "plain"), **_taken(spec, STYLE))
    sampling = Sampling(**_taken(spec, SAMPLING))
    inner = LLMPlayer(spec.text, completer, style, sampling, **_taken(spec, GUIDE))
    return wrapped(inner, _taken(spec, COMPUTE))


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
    if model.provider not in OURS:
        return _http_completer(spec, model)
    if model.extra_body:
        raise PlayerError(f"{spec.text!r}: extra_body is for models that are asked over HTTP")
    if model.provider == "replies":
        return ScriptedCompleter(_read_replies(spec, Path(model.model)))
    return _local_completer(spec, model.provider, model.model)


def _price_finder(spec: PlayerSpec, model: Model, completer: Completer) -> Callable[[], Price | None]:
    """Finds the model's price, when it is needed: as the user says, nothing for ours, as the library says."""
    given = _taken(spec, PRICE)
    if len(given) == 1:
        (missing,) = set(PRICE) - set(given)
        raise PlayerError(f"{spec.text!r}: {next(iter(given))} needs {missing} beside it")
    if given:
        return partial(user_price, **given)
    if model.provider in OURS or not isinstance(completer, OpenAICompleter):
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
    given = _taken(spec, VLLM)
    lora = given.pop("lora", "")
    others = {name: v for name, v in spec.options.items() if name not in MODEL and name not in VLLM}
    config = VllmConfig(model.model, flags=flags_of(others), **given)
    return vllm_completer(
        model.provider, config, lora, {**_taken(spec, ENDPOINT), "extra_body": model.extra_body}
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
        raise PlayerError(_unknown_player(spec))
    if not model.model:
        raise PlayerError(f"{spec.text!r} names no model; write {model.provider}:MODEL")
    asked = {**provider.asked, "base_url": provider.base_url, "extra_body": model.extra_body}
    endpoint = Endpoint(model.model, **asked)
    given = _taken(spec, ENDPOINT)
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


def _unknown_player(spec: PlayerSpec) -> str:
    table = load_table()
    names = [*BASELINES, *table.models]
    heads = [*WITH_ARGUMENT, *table.providers]
    return (
        f"unknown player {spec.text!r}; there are: {', '.join(names)}; "
        f"and with an argument: {', '.join(f'{head}:...' for head in heads)}"
    )


def _read_replies(spec: PlayerSpec, path: Path) -> list[str]:
    import json

    try:
        lines = path.read_text("utf-8").splitlines()
        replies = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise PlayerError(f"{spec.text!r}: can't read replies: {error}") from error
    if not all(isinstance(reply, str) for reply in replies):
        raise PlayerError(f"{spec.text!r}: every line of {path} must be one JSON string")
    return replies


# Options ----------------------------------------------------------------------------------------------------


def _taken(spec: PlayerSpec, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The given options among these, converted."""
    return {
        name: _convert(spec, name, value, kinds[name])
        for name, value in spec.options.items()
        if name in kinds
    }


def _convert(spec: PlayerSpec, name: str, value: str, kind: Kind) -> Any:
    try:
        return read_option(kind, value)
    except ValueError as error:
        raise PlayerError(f"{spec.text!r}: {name} is {in_words(kind)}, not {value!r}") from error


def _refuse_unknown(spec: PlayerSpec, takes: tuple[str, ...]) -> None:
    for name in spec.options:
        if name not in takes:
            known_name = spec.name in BASELINES or spec.name in load_table().models or spec.argument
            if not known_name:
                raise PlayerError(_unknown_player(spec))
            choices = f"the options are: {', '.join(takes)}" if takes else "it takes no options"
            raise PlayerError(f"{spec.text!r}: unknown option {name!r}; {choices}")
