"""Short names for players that stand beside each other: a player string says everything, a table can't.

local:hostile?base_url=http://127.0.0.1:8765/v1&max_tokens=200 is 'local:hostile' beside minimax; of two
players of one model the label has those options that tell them apart. The full strings stay in the records.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from arena.record import MatchRecord
from players.base import PlayerError
from players.player_strings import parse_player

WHERE = ("base_url",)
"""Options that say where a player is found and not what it is: named only where nothing else differs."""
Options: TypeAlias = Mapping[str, str]


def labels(players: Iterable[str]) -> dict[str, str]:
    """A label for each player string, none of them twice.

    >>> labels(["smollm2", "smollm2?style=plain&seed=1", "o3?seed=1", "replies:/tmp/some/replies.jsonl"])
    {'smollm2': 'smollm2', 'smollm2?style=plain&seed=1': 'smollm2 style=plain seed=1', 'o3?seed=1': 'o3', \
'replies:/tmp/some/replies.jsonl': 'replies:replies.jsonl'}
    """
    by_name: dict[str, dict[str, Options]] = defaultdict(dict)
    for player in dict.fromkeys(players):
        name, options = _apart(player)
        by_name[name][player] = options
    found = {player: label for name, group in by_name.items() for player, label in _group(name, group)}
    often = Counter(found.values())
    return {player: label if often[label] == 1 else player for player, label in found.items()}


def labelled(record: MatchRecord, short: Mapping[str, str]) -> MatchRecord:
    """The record with labels for its players."""
    return replace(record, players=tuple(short.get(player, player) for player in record.players))


def _apart(player: str) -> tuple[str, Options]:
    """A player's name without the folders of a path, and its options."""
    try:
        spec = parse_player(player)
    except PlayerError:
        return player, {}
    is_path = spec.argument.startswith(("/", "./", "../", "~"))
    argument = spec.argument.rstrip("/").rpartition("/")[2] if is_path else spec.argument
    return f"{spec.name}:{argument}" if argument else spec.name, spec.options


def _group(name: str, group: Mapping[str, Options]) -> Iterable[tuple[str, str]]:
    """Labels of the players of one name, with as few options as tell them apart."""
    shown = _differing(list(group.values()))
    without = [option for option in shown if option not in WHERE]
    if len({_chosen(options, without) for options in group.values()}) == len(group):
        shown = without
    for player, options in group.items():
        words = " ".join(f"{option}={value}" for option, value in _chosen(options, shown))
        yield player, f"{name} {words}".strip()


def _differing(group: Sequence[Options]) -> list[str]:
    """The options that are not the same for all, in the order in which they are first given."""
    every = dict.fromkeys(option for options in group for option in options)
    return [option for option in every if len({options.get(option) for options in group}) > 1]


def _chosen(options: Options, shown: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((option, options[option]) for option in shown if option in options)
