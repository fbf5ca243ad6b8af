"""What the list says of a match, and the words that find it: whatever stands in a row can be looked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from arena.labels import labels
from games.base import GameError
from games.registry import parse_game

ID_LETTERS = 4
"""From so many on a word may be the beginning of an id: shorter ones would stand in half of all ids."""


def is_found(words: Sequence[str], raw: bytes, number: int) -> bool:
    """Whether all the words, in lower case, stand in the row of a match; of an id its beginning will do."""
    facts = outer_facts(raw)
    text, ids = _text(facts, raw), (str(facts.get("match_id", "")), str(facts.get("pair_id", "")))
    return all(
        word in text
        or word.removeprefix("#") == str(number)
        or (len(word) >= ID_LETTERS and any(name.startswith(word) for name in ids))
        for word in words
    )


def outer_facts(raw: bytes) -> Mapping[str, Any]:
    """What a line says before and behind the plies: who plays what, and how it ended; nothing if it is torn.

    A line of ours is not taken apart for it: its prompts are a hundred times longer than all else.
    """
    head, tail = raw.find(b',"configs":'), raw.rfind(b'"ending":')
    try:
        if 0 < head < tail:
            end = raw.rindex(b',"started":')
            return dict(json.loads(raw[:head] + b"," + raw[tail:end] + b"}"))
        return dict(json.loads(raw))
    except (ValueError, TypeError):
        return {}


def _text(facts: Mapping[str, Any], raw: bytes) -> str:
    """What stands in the row, in lower case; of a line that can't be read all there is."""
    if not facts:
        return raw.decode(errors="replace").lower()
    players = [str(player) for player in facts.get("players", ())]
    game = str(facts.get("game", ""))
    said = [
        " vs ".join(players),
        " vs ".join(short_names(tuple(players))),
        game,
        title_of(game),
        f"{facts.get('ending', '')}: {facts.get('reason', '')}",
    ]
    return "\n".join(said).lower()


@lru_cache(maxsize=256)
def short_names(players: tuple[str, ...]) -> tuple[str, ...]:
    """The players of a match with no more options than tell them apart."""
    short = labels(players)
    return tuple(short[player] for player in players)


@lru_cache(maxsize=256)
def title_of(game: str) -> str:
    """The title of a game; '' if there is no such game."""
    try:
        return parse_game(game).title
    except GameError:
        return ""
