"""Names of models: the table that ships with the arena, and the one a user adds to it."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from players.base import PlayerError
from players.completers.endpoint import PATHS
from players.completers.openai_requests import GUIDANCE
from players.options import ENDPOINT, in_words, is_of_kind

T = TypeVar("T", "Provider", "Model")

USER_TABLE_VARIABLE = "ARENA_PLAYERS"

RESERVED = (
    *("minimax", "epsilon", "greedy", "random", "human"),
    *("scripted", "replies", "llama", "embedded", "vllm", "vllm-local"),
)
"""Words with a meaning of their own at the beginning of a player string: no model or provider is named so."""

OURS = {
    *("model", "messages", "input", "stream", "stream_options", "store", "include", "n", "tools"),
    *("temperature", "top_p", "seed", "max_tokens", "max_completion_tokens", "max_output_tokens"),
    *("reasoning", "reasoning_effort", "logprobs", "top_logprobs", "prompt_logprobs"),
    *("response_format", "structured_outputs", "grammar", "regex", "text"),
    *("add_generation_prompt", "continue_final_message"),
}
"""Parts of a request that are not for a table to set: the arena says them, or reads one answer only."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Provider:
    """A service, or a local server, that speaks the OpenAI API."""

    base_url: str
    key_variable: str = ""
    """The environment variable with the key; '' where none is needed."""
    asked: Mapping[str, Any] = field(default_factory=dict)
    """How its server wants to be asked: fields of Endpoint that differ from the usual."""


@dataclass(frozen=True, slots=True)
class Model:
    """A name for a model of a provider, with the options it plays with unless others are given."""

    provider: str
    model: str
    about: str = ""
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    """Sent along with every request as it is, for parameters that only this server knows."""
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    providers: Mapping[str, Provider]
    models: Mapping[str, Model]


def user_table_path() -> Path:
    """Where a user's own table lies: as ARENA_PLAYERS says, or players.toml in the config folder."""
    import platformdirs

    named = os.environ.get(USER_TABLE_VARIABLE)
    return Path(named) if named else Path(platformdirs.user_config_dir("exact-arena"), "players.toml")


def load_table() -> Table:
    """The shipped table with the user's entries over it."""
    path = user_table_path()
    if os.environ.get(USER_TABLE_VARIABLE) and not path.is_file():
        raise PlayerError(f"{USER_TABLE_VARIABLE} names no file: {path}")
    shipped = resources.files("players").joinpath("models.toml").read_text("utf-8")
    try:
        own = path.read_text("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise PlayerError(f"{path} is not a table of players: {error}") from error
    return _joined(shipped, own, str(path))


@lru_cache(maxsize=8)
def _joined(shipped: str, own: str, where: str) -> Table:
    base, extra = _parse(shipped, "models.toml"), _parse(own, where)
    return Table({**base.providers, **extra.providers}, {**base.models, **extra.models})


def endpoint_problem(given: Mapping[str, Any]) -> str:
    """What is wrong with a base_url or an api, '' if nothing."""
    for url in given.get("base_url", "").split(",") if "base_url" in given else ():
        if problem := _url_problem(url.strip()):
            return problem
    if given.get("api", "chat") not in PATHS:
        return f"api is one of {', '.join(PATHS)}, not {given['api']!r}"
    if given.get("guidance", "") not in GUIDANCE:
        return f"guidance is one of {', '.join(filter(None, GUIDANCE))}, not {given['guidance']!r}"
    return ""


def _url_problem(url: str) -> str:
    """What is wrong with one address; what may be a secret in it is not repeated."""
    if "@" in url:
        return "base_url holds no name and no password: it stands in every record"
    if "?" in url or "#" in url:
        return "base_url holds no '?' and no '#': paths are put behind it, and no key belongs into it"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError as error:
        return f"base_url is no address: {url!r} ({error})"
    if parts.scheme not in ("http", "https"):
        return f"base_url begins with http:// or https://, not {url!r}"
    if not host or port == 0 or not url.isprintable() or " " in url:
        return f"base_url names no host: {url!r}; it looks like https://HOST/v1 or http://HOST:PORT/v1"
    return ""


def _parse(text: str, where: str) -> Table:
    try:
        data = tomllib.loads(text)
        unknown = set(data) - {"providers", "models"}
        if unknown:
            raise TypeError(f"unknown table {sorted(unknown)[0]!r}; there are: providers, models")
        providers = _entries(data, "providers", _provider)
        models = _entries(data, "models", _model)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise PlayerError(f"{where} is not a table of players: {error}") from error
    return Table(providers, models)


def _entries(data: Mapping[str, Any], kind: str, make: Callable[[Mapping[str, Any]], T]) -> dict[str, T]:
    made = {}
    entries = data.get(kind, {})
    for name, entry in _table(kind, entries).items():
        _table(f"{kind}.{name}", entry)
        try:
            _check_name(name)
            made[name] = make(entry)
        except TypeError as error:
            raise TypeError(f"[{kind}.{name}]: {error}") from error
    return made


def _table(name: str, entry: Any) -> Mapping[str, Any]:
    if not isinstance(entry, dict):
        raise TypeError(f"{name} is no table, write [{name}]")
    return entry


def _check_name(name: str) -> None:
    if name in RESERVED:
        raise TypeError(f"the name {name!r} has a meaning of its own; choose another")
    if not name.strip() or set(name) & set(":?"):
        raise TypeError("a name is not empty and holds neither ':' nor '?', which divide a player string")


def _provider(entry: Mapping[str, Any]) -> Provider:
    known = ("base_url", "key_variable", *(name for name in ENDPOINT if name != "base_url"))
    if unknown := [name for name in entry if name not in known]:
        raise TypeError(f"unknown field {unknown[0]!r}; there are: {', '.join(known)}")
    _check_texts(entry, needed=("base_url",), others=("key_variable",))
    asked = {name: value for name, value in entry.items() if name not in ("base_url", "key_variable")}
    for name, value in asked.items():
        if not is_of_kind(ENDPOINT[name], value):
            raise TypeError(f"{name} is {in_words(ENDPOINT[name])}, not {value!r}")
    if problem := endpoint_problem(entry):
        raise TypeError(problem)
    variable = entry.get("key_variable", "")
    if variable and not _VARIABLE.fullmatch(variable):  # not repeated: it may be the key itself
        raise TypeError(
            "key_variable is the name of an environment variable, such as WORK_API_KEY, not a key"
        )
    return Provider(entry["base_url"], entry.get("key_variable", ""), asked)


def _model(entry: Mapping[str, Any]) -> Model:
    _check_texts(entry, needed=("provider", "model"), others=("about",))
    known = {f.name for f in fields(Model)}
    if "options" in entry:
        raise TypeError("unknown field 'options'; write each option beside provider and model")
    given = {name: value for name, value in entry.items() if name in known}
    _check_extra_body(given.get("extra_body", {}))
    return Model(**given, options={name: value for name, value in entry.items() if name not in known})


def _check_texts(entry: Mapping[str, Any], needed: tuple[str, ...], others: tuple[str, ...]) -> None:
    for name in needed:
        if name not in entry:
            raise TypeError(f"{name} is missing")
    for name in (*needed, *others):
        if not isinstance(entry.get(name, ""), str):
            raise TypeError(f"{name} is a text, not {entry[name]!r}")


def _check_extra_body(extra: Any) -> None:
    """Fields for a request: anything JSON can hold, but not what the arena itself says there."""
    if not isinstance(extra, dict):
        raise TypeError(f"extra_body is a table of further fields, not {extra!r}")
    if ours := OURS & set(extra):
        raise TypeError(f"extra_body can't set {sorted(ours)[0]!r}")
    try:
        json.dumps(extra, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise TypeError(f"extra_body can't be sent as JSON: {error}") from error
