"""arena tournament --dry-run: what would be played, and what it may need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from arena.cli.output import console, inert, print_json

if TYPE_CHECKING:
    from arena.estimate import Estimate
    from arena.run import RunConfig
    from players.base import Player
    from players.purse import Limits

FEW = 5
"""Openings of a game that are named."""


def print_plan(config: RunConfig, players: Mapping[str, Player], limits: Limits, *, as_json: bool) -> None:
    """The schedule, whole as JSON, else in numbers; and what it may need of what is allowed."""
    from arena.estimate import estimates, likely

    found = estimates(likely(config), players)
    if as_json:
        matches = [
            {"match": s.match_id, "game": s.game, "players": s.players, "opening": s.opening}
            for s in config.schedule()
        ]
        needed = {name: asdict(estimate) for name, estimate in found.items()}
        print_json({"matches": matches, "size": config.size, "estimates": needed})
        return
    asked = {name: estimate for name, estimate in found.items() if estimate.calls}
    for line in (*_schedule(config), *_openings(config), *_needs(asked), *_limits(asked, limits)):
        console().print(line, markup=False, soft_wrap=True)


def _schedule(config: RunConfig) -> Iterator[str]:
    specs = config.schedule()
    for (game, seated), n in Counter((s.game, s.players) for s in specs).items():
        yield f"{n:6} x {game}: {inert(' vs '.join(seated))}"
    if config.pairing == "swiss":
        rounds = f"{config.rounds} rounds of {config.size // config.rounds}"
        yield f"{config.size} matches: {rounds}; the first stands above, the next follow from results."
    else:
        yield f"{len(specs)} matches."


def _openings(config: RunConfig) -> Iterator[str]:
    for game, found in config.openings.items():
        named = ", ".join(" ".join(opening) or "(the start)" for opening in found[:FEW])
        more = f" and {len(found) - FEW} more (--telling json names all)" if len(found) > FEW else ""
        yield f"{game}: {len(found)} openings: {named}{more}"


def _needs(asked: Mapping[str, Estimate]) -> Iterator[str]:
    for name, e in asked.items():
        out = _range(e.completion_tokens, e.completion_tokens_most)
        yield f"{inert(name)}: about {e.calls} calls, {e.prompt_tokens} tokens in, {out} out, {_money(e)}"
    if asked:
        yield (
            "Estimated from random play, one reply a turn: from short answers to those as long as max_tokens "
            "allows or, where it is not given, as a model writes that reasons."
        )


def _range(low: int, high: int) -> str:
    return f"{low} to {high}" if low < high else f"{low}"


def _money(e: Estimate) -> str:
    if e.dollars is None or e.dollars_most is None:
        return "price not known"
    low, high = f"${e.dollars:.2f}", f"${e.dollars_most:.2f}"
    return low if low == high else f"{low} to {high}"


def _limits(asked: Mapping[str, Estimate], limits: Limits) -> Iterator[str]:
    """Whether the limits of the run are enough for the whole of it."""
    tokens = [(e.prompt_tokens + e.completion_tokens, e.prompt_tokens + e.completion_tokens_most)
              for e in asked.values()]  # fmt: skip
    dollars = [(e.dollars or 0.0, e.dollars_most or 0.0) for e in asked.values()]
    for name, limit, each, digits in (
        ("max_cost", limits.dollars, dollars, 2),
        ("max_tokens_total", limits.tokens, tokens, 0),
    ):
        if asked and limit is not None:
            low, high = (sum(column) for column in zip(*each, strict=True))
            says = "won't be enough" if low > limit else "may not be enough" if high > limit else "is enough"
            yield f"{name} {limit:g} {says}: the estimate is {low:.{digits}f} to {high:.{digits}f}."
