"""From a player string to a player: NAME, NAME:ARGUMENT, with ?option=value&option=value behind it.

minimax            minimax?ties=first         epsilon?epsilon=0.3       scripted:5,1,9
smollm2            o3?reasoning_effort=low    openrouter:qwen/qwen3-32b?style=plain&view=boxed
llama:model.gguf   local:my-model?base_url=http://127.0.0.1:9000/v1
o3?vote=5          o3?best_of=5               o3?verify=yes    o3?search=24
"""

from __future__ import annotations

import inspect

from players.base import Player, PlayerError
from players.completers.transport import Wrap, as_it_is
from players.human import ScriptedPlayer
from players.known import BASELINES, refuse_unknown
from players.model_players import model_player
from players.options import STYLE
from players.player_strings import PlayerSpec, convert_option, parse_player, take_options
from players.prompts import PromptStyle, style_of
from players.purse import Purse


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
    return model_player(spec, wrap, purse)


def parse_style(text: str) -> PromptStyle:
    """The prompt style a text names, as in a player string: plain, or plain?view=boxed&history=yes."""
    spec = parse_player(text)
    for name in spec.options:
        if name not in STYLE:
            raise PlayerError(f"{text!r}: unknown field {name!r} of a style; there are: {', '.join(STYLE)}")
    return style_of(text.partition("?")[0], **take_options(spec, STYLE))


def _baseline(spec: PlayerSpec) -> Player:
    if spec.argument:
        raise PlayerError(f"{spec.text!r}: {spec.name} takes no argument after a colon")
    kind = BASELINES[spec.name]
    takes = {
        name: parameter.default
        for name, parameter in inspect.signature(kind).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    }
    refuse_unknown(spec, tuple(takes))
    given = {
        name: convert_option(spec, name, value, type(takes[name])) for name, value in spec.options.items()
    }
    return kind(spec.text, **given)
