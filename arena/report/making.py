"""From a run's folder to report.md and report.html: the edge at which files are read and written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from arena.record import MatchRecord
from arena.report.baselines import baseline_table
from arena.report.build import RunFacts, report_data
from arena.report.data import Report
from arena.report.markdown import markdown_lines
from arena.report.page import page
from arena.report.tally import RunTally
from arena.run import CONFIG, RunError

CONFIG_FACTS = ("command", "name", "game", "games", "players", "seed", "rules", "imported")
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
    tally = RunTally().add_all(records)
    config = _config(run)
    tables = {spec: baseline_table(spec) for spec in tally.games}
    facts = RunFacts(
        title=f"Report of {config.get('name') or run.resolve().name}",
        folder=str(run),
        facts=tuple(_facts(config)),
        passed_over=tuple(passed_over),
        baselines={spec: table for spec, table in tables.items() if table is not None},
    )
    return report_data(facts, tally, find)


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
