"""Names of models: the table that ships with the arena, and the one a user adds to it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from players.base import PlayerError

USER_TABLE_VARIABLE = "ARENA_PLAYERS"


@dataclass(frozen=True, slots=True)
class Provider:
    """A service, or a local server, that speaks the OpenAI API."""

    base_url: str
    key_variable: str = ""
    """The environment variable with the key; '' where none is needed."""
    api: str = "chat"
    max_tokens_name: str = "max_tokens"


@dataclass(frozen=True, slots=True)
class Model:
    """A name for a model of a provider, with the options it plays with unless others are given."""

    provider: str
    model: str
    about: str = ""
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
    shipped = resources.files("players").joinpath("models.toml").read_text("utf-8")
    own = path.read_text("utf-8") if path.is_file() else ""
    return _joined(shipped, own, str(path))


@lru_cache(maxsize=8)
def _joined(shipped: str, own: str, where: str) -> Table:
    base, extra = _parse(shipped, "models.toml"), _parse(own, where)
    return Table({**base.providers, **extra.providers}, {**base.models, **extra.models})


def _parse(text: str, where: str) -> Table:
    try:
        data = tomllib.loads(text)
        unknown = set(data) - {"providers", "models"}
        if unknown:
            raise TypeError(f"unknown table {sorted(unknown)[0]!r}; there are: providers, models")
        providers = {name: Provider(**entry) for name, entry in data.get("providers", {}).items()}
        models = {name: _model(entry) for name, entry in data.get("models", {}).items()}
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as error:
        raise PlayerError(f"{where} is not a table of players: {error}") from error
    return Table(providers, models)


def _model(entry: Mapping[str, Any]) -> Model:
    known = {name: entry[name] for name in ("provider", "model", "about") if name in entry}
    return Model(**known, options={name: value for name, value in entry.items() if name not in known})
