"""Who stands where when a tournament is over, or where it was stopped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from arena.cli.measuring import estimate_cells
from arena.cli.money import money_line
from arena.cli.output import console, inert, say
from arena.labels import labels

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.table import Table

    from arena.estimates import Estimate
    from arena.record import MatchRecord
    from arena.results import MatchResult
    from arena.run import RunConfig
    from players.purse import Purse


def print_standings(folder: Path, config: RunConfig, purse: Purse, *, fresh: bool) -> None:
    """The points of all with their intervals, what these leave open, what was paid, where the record is."""
    from arena.estimates import mean_of, points_of_all
    from arena.results import results_of
    from arena.resume import results
    from arena.run import MATCHES

    if not (folder / MATCHES).exists():
        return
    # what was written just now need not be looked at again field by field
    over = (r for r in results_of(folder) if r.returns is not None) if fresh else results(folder, config, say)
    played = _Counted(over)
    found = {name: mean_of((), (0.0, 1.0)) for name in config.players} | points_of_all(played)
    ranked = sorted(found, key=lambda name: _place(found[name], config.pairing), reverse=True)
    short = labels(config.players)
    console().print(_table((short[name], found[name]) for name in ranked))
    where = f"Record: {folder / MATCHES}   (more: arena report {folder})"
    for text in [*_notes(found, config, played.number), money_line(purse), where]:
        if text:
            console().print(text, markup=False, soft_wrap=True)


class _Counted:
    """Results, and how many there were."""

    def __init__(self, results: Iterable[MatchResult | MatchRecord]) -> None:
        self._results = results
        self.number = 0

    def __iter__(self) -> Iterator[MatchResult | MatchRecord]:
        for result in self._results:
            self.number += 1
            yield result


def _place(e: Estimate, pairing: str) -> float:
    """By the mean, since a run may have been stopped; a Swiss tournament is about points."""
    mean = e.value or 0.0
    return mean * e.n if pairing == "swiss" else mean


def _table(rows: Iterable[tuple[str, Estimate]]) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("player", overflow="fold")
    for heading in ("points", "mean", "95 %", "n", "pairs"):
        # intervals from the left: so the '?' behind some of them moves no digit
        table.add_column(heading, justify="left" if heading == "95 %" else "right", no_wrap=True)
    for name, e in rows:
        table.add_row(Text(inert(name)), f"{(e.value or 0.0) * e.n:g}", *estimate_cells(e))
    return table


def _notes(found: dict[str, Estimate], config: RunConfig, played: int) -> list[str]:
    known = config.size
    if played < known:
        missing = f"what stands above is not all: {known - played} are missing"
        notes = [f"{played} of {known} matches are played{_rounds(config, played)}; {missing}."]
    else:
        notes = [f"All {known} matches are played."]
    if any(e.interval is not None and not e.enough for e in found.values()):
        notes.append("?: too few pairs, or too few that differ, for the interval to be trusted.")
    if config.pairing == "swiss":
        notes.append("Not everybody met the same opponents; `arena rate` puts all on one scale.")
    return notes


def _rounds(config: RunConfig, played: int) -> str:
    if config.pairing != "swiss":
        return ""
    return f", {played * config.rounds // config.size} of {config.rounds} rounds are over"
