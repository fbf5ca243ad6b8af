"""Player strings taken apart: NAME, NAME:ARGUMENT, with ?option=value&option=value behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from players.base import PlayerError
from players.options import Kind, in_words, read_option


@dataclass(frozen=True, slots=True)
class PlayerSpec:
    """A player string, taken apart."""

    text: str
    name: str
    argument: str
    options: Mapping[str, str]


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


def take_options(spec: PlayerSpec, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The given options among these, converted."""
    return {
        name: convert_option(spec, name, value, kinds[name])
        for name, value in spec.options.items()
        if name in kinds
    }


def convert_option(spec: PlayerSpec, name: str, value: str, kind: Kind) -> Any:
    try:
        return read_option(kind, value)
    except ValueError as error:
        raise PlayerError(f"{spec.text!r}: {name} is {in_words(kind)}, not {value!r}") from error
