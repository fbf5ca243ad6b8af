"""Players that spend more calls on a reply: wrappers around a language model, named by options.

o3?vote=5    o3?best_of=5    o3?verify=yes    o3?search=24    vllm:MODEL?reason=no&weigh=yes
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from players.base import Player, PlayerError
from players.compute.base import ComputePlayer
from players.compute.sampling import BestOfPlayer, VotingPlayer
from players.compute.searching import SearchingPlayer
from players.compute.verifying import VerifyingPlayer
from players.compute.weighing import WeighingPlayer
from players.llm import LLMPlayer

WRAPPERS: Mapping[str, Callable[[LLMPlayer, Any], Player]] = {
    "vote": VotingPlayer,
    "best_of": BestOfPlayer,
    "verify": lambda inner, wanted: VerifyingPlayer(inner) if wanted else inner,
    "search": SearchingPlayer,
    "weigh": lambda inner, wanted: WeighingPlayer(inner) if wanted else inner,
}
"""By the name of the option: what makes a player of a language model and the option's value."""


def wrapped(inner: LLMPlayer, given: Mapping[str, Any]) -> Player:
    """The player that the options ask for; the model itself if they ask for none. PlayerError for two."""
    if len(given) > 1:
        raise PlayerError(f"{inner.name}: {' and '.join(given)} can't be had together; choose one")
    for name, value in given.items():
        return WRAPPERS[name](inner, value)
    return inner


def language_model(player: Player) -> LLMPlayer | None:
    """The language model that a player is or wraps; None if it is a player of another kind."""
    if isinstance(player, ComputePlayer):
        return player.inner
    return player if isinstance(player, LLMPlayer) else None
