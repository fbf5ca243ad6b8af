"""The names that a player string may begin with."""

from __future__ import annotations

from collections.abc import Mapping

from games.suggestions import nearest, unknown
from players.base import Player, PlayerError
from players.baselines import EpsilonPlayer, GreedyPlayer, MinimaxPlayer, RandomPlayer
from players.human import HumanPlayer
from players.player_strings import PlayerSpec
from players.table import load_table

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


def unknown_player(spec: PlayerSpec) -> str:
    table = load_table()
    names = [*BASELINES, *table.models]
    heads = [*WITH_ARGUMENT, *table.providers]
    return (
        f"{unknown('player', spec.text, names)}; "
        f"and with an argument: {', '.join(f'{head}:...' for head in heads)}"
    )


def refuse_unknown(spec: PlayerSpec, takes: tuple[str, ...]) -> None:
    for name in spec.options:
        if name not in takes:
            known_name = spec.name in BASELINES or spec.name in load_table().models or spec.argument
            if not known_name:
                raise PlayerError(unknown_player(spec))
            choices = (
                f"{nearest(name, takes)}the options are: {', '.join(takes)}"
                if takes
                else "it takes no options"
            )
            raise PlayerError(f"{spec.text!r}: unknown option {name!r}; {choices}")
