"""From a run's folder to report.md and report.html: the edge at which files are read and written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from arena.ratings import Result, match_results, rate
from arena.record import MatchRecord
from arena.report.baselines import baseline_table
from arena.report.build import RunFacts, report_data
from arena.report.data import Estimate, Report
from arena.report.markdown import markdown_lines
from arena.report.page import page
from arena.report.tally import RunTally
from arena.run import CONFIG, RunError

CONFIG_FACTS = (
    *("command", "name", "game", "games", "players", "pairing", "rounds", "openings"),
    *("seed", "rules", "imported"),
)
"""What of a config is worth a line."""


def make_report(
    run: Path,
    records: Iterable[MatchRecord],
    find: Callable[[str], MatchRecord],
    passed_over: list[str],
) -> Report:
    """The report of a run: its records are read once, and those that are shown in full found again by id.

    `passed_over` is looked at when all are read.
    """
    results: list[Result] = []
    tally = RunTally().add_all(_noting(records, results))
    config = _config(run)
    tables = {spec: baseline_table(spec) for spec in tally.games}
    facts = RunFacts(
        title=f"Report of {config.get('name') or run.resolve().name}",
        folder=str(run),
        facts=tuple(_facts(config)),
        passed_over=tuple(passed_over),
        baselines={spec: table for spec, table in tables.items() if table is not None},
        ratings=_ratings(results),
    )
    return report_data(facts, tally, find)


def _noting(records: Iterable[MatchRecord], results: list[Result]) -> Iterator[MatchRecord]:
    """The records as they come by, with the results noted that ratings are made of."""
    for record in records:
        results += match_results([record])
        yield record


def _ratings(results: list[Result]) -> dict[str, Estimate]:
    """Elo of each player; nothing where some never met, not even through others, or too few play to rank."""
    if len({name for result in results for name in (result.first, result.second)}) < 3:
        return {}
    found = rate(results)
    if found.groups > 1:
        return {}
    return {
        one.player: Estimate(
            one.elo,
            one.matches,
            None if one.interval is None else one.interval.low,
            None if one.interval is None else one.interval.high,
        )
        for one in found.players
    }


def _config(run: Path) -> dict[str, Any]:
    """What the run's config says; nothing for a lone file of records, or a config of another kind."""
    try:
        data = json.loads((run / CONFIG).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _facts(config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in CONFIG_FACTS:
        if config.get(name) not in (None, "", [], {}):
            value = config[name]
            yield name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def write_report(report: Report, folder: Path) -> tuple[Path, Path]:
    """Write report.md and report.html, each whole or not at all; RunError if that can't be."""
    pages = {
        folder / "report.md": (line + "\n" for line in markdown_lines(report)),
        folder / "report.html": page(report),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, pieces in pages.items():
            new = path.with_name(path.name + ".new")
            with new.open("w", encoding="utf-8") as file:
                file.writelines(pieces)
            new.replace(path)
    except OSError as error:
        raise RunError(f"can't write a report to {folder}: {error.strerror or error}") from error
    first, second = pages
    return first, second
