"""What the list says of a match, and the words that find it: whatever stands in a row can be looked for."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from arena.labels import labels
from arena.record import FORFEITS, MatchRecord
from arena.replay.plain import one_line
from arena.replay.story import Event, events_of, refusal_word
from games.base import GameError
from games.registry import parse_game

LONGEST = 120
"""Letters of a part of a row."""
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
        _result(facts, short_names(tuple(players))),
    ]
    return "\n".join(said).lower()


def _result(facts: Mapping[str, Any], players: Sequence[str]) -> str:
    """Who won, of facts that anybody may have written."""
    try:
        return result_words(players, facts["returns"], str(facts["ending"]), facts.get("culprit"))
    except (LookupError, TypeError, ValueError):
        return ""


@lru_cache(maxsize=256)
def short_names(players: tuple[str, ...]) -> tuple[str, ...]:
    """The players of a match with no more options than tell them apart; who plays itself by its seat too."""
    short = labels(players)
    seats = ("",) * len(players) if len(short) == len(players) else (" (1st)", " (2nd)")
    return tuple(short[player] + seat for player, seat in zip(players, seats, strict=False))


@lru_cache(maxsize=256)
def title_of(game: str) -> str:
    """The title of a game; '' if there is no such game."""
    try:
        return parse_game(game).title
    except GameError:
        return ""


@dataclass(frozen=True, slots=True)
class Row:
    """What the list says of a match."""

    players: tuple[str, ...] = ()
    """With no more options than tell them apart."""
    game: str = ""
    result: str = ""
    """Who won, and the score."""
    ending: str = ""
    plies: int = 0
    to_see: str = ""
    """Whose errors there are, and how many."""
    problem: str = ""
    """Why the match can't be shown."""


def row_of(record: MatchRecord) -> Row:
    """The row of a match."""
    players = tuple(one_line(name, LONGEST) for name in short_names(record.players))
    return Row(
        players,
        one_line(record.game, LONGEST),
        result_words(players, record.returns, record.ending, record.culprit),
        one_line(record.reason or record.ending.value, LONGEST),
        len(record.plies),
        "; ".join(_errors(record, players)),
    )


def result_words(
    players: Sequence[str], returns: Sequence[float] | None, ending: str, culprit: int | None
) -> str:
    """Who won, and the score: 'minimax wins, +1 : -1'.

    >>> result_words(("a", "b"), (0.0, 0.0), "completed", None)
    'draw, 0 : 0'
    >>> result_words(("a", "b"), (-1.0, 1.0), "empty reply", 0)
    'forfeit by a, -1 : +1'
    """
    if returns is None:
        return "not scored"
    score = " : ".join(f"{r:+.3g}" if r else "0" for r in returns)
    if ending in FORFEITS.values() and culprit is not None and culprit < len(players):
        return f"forfeit by {players[culprit]}, {score}"
    if len(returns) == 1:
        return f"{'solved' if returns[0] > 0 else 'not solved'}, {score}"
    best = [seat for seat, got in enumerate(returns) if got == max(returns)]
    return f"{players[best[0]]} wins, {score}" if len(best) == 1 else f"draw, {score}"


SIGNS = {Event.BLUNDER: "??", Event.WRONG_CLAIM: "claim"}


def _errors(record: MatchRecord, players: Sequence[str]) -> Iterator[str]:
    """Of each player that made some: 'smollm2: 3 ??, 2 claim, 1 unparsable'."""
    for seat, player in enumerate(players):
        plies = [ply for ply in record.plies if ply.seat == seat]
        counted = Counter(event for ply in plies for event in events_of(ply))
        parts = [f"{counted[event]} {sign}" for event, sign in SIGNS.items() if counted[event]]
        if counted[Event.ILLEGAL]:
            parts.append(f"{counted[Event.ILLEGAL]} {refusal_word(plies)}")
        if parts:
            yield f"{player}: {', '.join(parts)}"
