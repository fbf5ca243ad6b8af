"""What records say about tokens, seconds and money: sums of what is known, and how much is not.

A decision is one turn of one seat with all its attempts; an answer is what one request brought. What is
unknown for one answer is unknown for its decision and its match: left out and counted, never taken for 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from arena.record import Attempt, Ending, MatchRecord
from players.purse import NOTHING, Amount, Payment

QUANTITIES = ("prompt_tokens", "completion_tokens", "reasoning_tokens", "seconds", "dollars")


@dataclass(frozen=True, slots=True)
class Tally:
    """A sum over those for which a quantity is known."""

    total: float = 0.0
    known: int = 0
    of: int = 0

    @property
    def mean(self) -> float | None:
        return self.total / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class Spending:
    """What one player needed, by quantity."""

    answers: int
    """Requests that were answered; 0 for players that ask no model."""
    total: Mapping[str, Tally]
    """Over everything recorded, matches that were broken off included."""
    per_match: Mapping[str, Tally]
    """Over the matches that were finished."""
    per_decision: Mapping[str, Tally]
    """Over the decisions of these."""


def spending(records: Sequence[MatchRecord]) -> dict[str, Spending]:
    """What each player needed, in order of first appearance."""
    names = dict.fromkeys(name for record in records for name in record.players)
    finished = [record for record in records if record.ending is not Ending.ERROR]
    return {name: _spending(records, finished, name) for name in names}


def _spending(records: Sequence[MatchRecord], finished: Sequence[MatchRecord], name: str) -> Spending:
    everything = [attempt for turns in _matches(records, name) for turn in turns for attempt in turn]
    matches = [[attempt for turn in turns for attempt in turn] for turns in _matches(finished, name)]
    decisions = [turn for turns in _matches(finished, name) for turn in turns]
    return Spending(
        answers=sum(len(answers(attempt)) for attempt in everything),
        total=_tallies([attempt] for attempt in everything),
        per_match=_tallies(matches),
        per_decision=_tallies(decisions),
    )


def _matches(records: Iterable[MatchRecord], name: str) -> Iterator[list[Sequence[Attempt]]]:
    """The attempts of each turn, for every seat in which the player sat."""
    for record in records:
        for seat in (seat for seat, player in enumerate(record.players) if player == name):
            yield [ply.attempts for ply in record.plies if ply.seat == seat]


def _tallies(groups: Iterable[Sequence[Attempt]]) -> dict[str, Tally]:
    listed = list(groups)
    return {quantity: tally(quantity_of(group, quantity) for group in listed) for quantity in QUANTITIES}


def tally(numbers: Iterable[float | None]) -> Tally:
    """The sum of what is known."""
    listed = list(numbers)
    known = [number for number in listed if number is not None]
    return Tally(sum(known), len(known), len(listed))


def quantity_of(attempts: Sequence[Attempt], quantity: str) -> float | None:
    """The quantity over some attempts; None if there is none, or one of whom it is not known."""
    if quantity == "seconds":
        return sum(attempt.seconds for attempt in attempts)
    parts = [_known(usage, quantity) for attempt in attempts for usage in _usages(attempt)]
    known = [part for part in parts if part is not None]
    return sum(known) if parts and len(known) == len(parts) else None


def _known(usage: Mapping[str, Any], quantity: str) -> float | None:
    """A quantity as it stands in a record, which may have been written by anybody."""
    said = usage.get(quantity)
    number = isinstance(said, int | float) and not isinstance(said, bool) and isfinite(said) and said >= 0
    return said if number else None


def _usages(attempt: Attempt) -> list[Mapping[str, Any]]:
    """The usage of each answer; an attempt without an answer is one of which nothing is known."""
    return [answer.get("usage") or {} for answer in answers(attempt)] or [{}]


def answers(attempt: Attempt) -> list[Mapping[str, Any]]:
    """The completions that an attempt took."""
    further = (call.completion for call in attempt.calls)
    return [facts for facts in (attempt.completion, *further) if facts is not None]


# What a run has paid ----------------------------------------------------------------------------------------


def amount_of(record: MatchRecord) -> Amount:
    """What a match took from the purse, as far as its record says."""
    return sum((Amount(p.tokens, p.dollars or 0.0) for p in payments_of([record])), NOTHING)


def payments_of(records: Iterable[MatchRecord]) -> list[Payment]:
    """The payments that records tell of; a match that was judged later stands there twice and counts once."""
    plays = {(record.match_id, record.started, record.seconds): record for record in records}
    return [
        payment(record.players[ply.seat], answer)
        for record in plays.values()
        for ply in record.plies
        for attempt in ply.attempts
        for answer in answers(attempt)
        if not answer.get("cached")
    ]


def payment(player: str, answer: Mapping[str, Any]) -> Payment:
    """What an answer cost."""
    usage = answer.get("usage") or {}
    tokens = (_known(usage, "prompt_tokens") or 0) + (_known(usage, "completion_tokens") or 0)
    return Payment(player, int(tokens), _known(usage, "dollars"))


def spending_data(spent: Spending) -> dict[str, Any]:
    """As plain data: what is unknown is null."""
    totals = {
        name: {"sum": t.total if t.known else None, "n": t.known, "of": t.of}
        for name, t in spent.total.items()
    }
    return {
        "answers": spent.answers,
        "total": totals,
        "per_match": _means(spent.per_match),
        "per_decision": _means(spent.per_decision),
    }


def _means(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    return {name: {"mean": t.mean, "n": t.known, "of": t.of} for name, t in tallies.items()}
