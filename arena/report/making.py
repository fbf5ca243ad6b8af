"""From a run's folder to report.md and report.html: the edge at which files are read and written."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from arena.labels import labelled, labels
from arena.ratings import Ratings, Result, match_results, rate, renamed
from arena.record import MatchRecord
from arena.report.baselines import baseline_tables
from arena.report.build import RunFacts, report_data
from arena.report.data import Report
from arena.report.markdown import markdown_lines
from arena.report.page import page
from arena.report.progress import Schedule, schedule_of
from arena.report.tally import RunTally
from arena.run import CONFIG, RunError, other_schema, read_config

CONFIG_FACTS = (
    *("command", "name", "game", "games", "pairing", "rounds", "openings"),
    *("seed", "rules", "imported"),
)
"""What of a config is worth a line; the players have a table."""


def make_report(
    run: Path,
    read: Callable[[], Iterable[MatchRecord]],
    find: Callable[[str], MatchRecord],
    passed_over: Iterable[str],
    tell: Callable[[str], None] = lambda doing: None,
) -> Report:
    """The report of a run: its records are read once, and those that are shown in full found again by id.

    `passed_over` is looked at when all are read; what takes long is told.
    """
    config = _raw_config(run)
    named = config.get("players")
    counted = _count(read, map(str, named if isinstance(named, list) else ()))
    baselines = {}
    for spec, found in baseline_tables(counted.tally.games):
        tell(f"exact baselines of {spec} ...")
        baselines[spec] = found
    tell("ratings ...")
    facts = RunFacts(
        title=f"Report of {config.get('name') or run.resolve().name}",
        folder=str(run),
        facts=((("config", strange),) if (strange := other_schema(run)) else tuple(_facts(config))),
        passed_over=tuple(passed_over),
        schedule=_schedule(run),
        baselines=baselines,
        ratings=_ratings(counted),
        in_full={label: player for player, label in counted.short.items()},
    )
    return report_data(facts, counted.tally, lambda match_id: labelled(find(match_id), counted.short))


@dataclass(slots=True)
class _Counted:
    """What one reading of the records brought; players go by their labels."""

    short: Mapping[str, str]
    tally: RunTally = field(default_factory=RunTally)
    results: dict[str, list[Result]] = field(default_factory=lambda: defaultdict(list))
    """By game, with the players in full."""
    met: set[str] = field(default_factory=set)


def _count(read: Callable[[], Iterable[MatchRecord]], players: Iterable[str]) -> _Counted:
    """One reading; a second one if not all players were known, on whom the labels hang."""
    known = dict.fromkeys(players)
    counted = _counted(read, known)
    return counted if counted.met <= known.keys() else _counted(read, sorted(counted.met))


def _counted(read: Callable[[], Iterable[MatchRecord]], players: Iterable[str]) -> _Counted:
    counted = _Counted(labels(players))
    for record in read():
        counted.met.update(record.players)
        counted.results[record.game] += match_results([record])
        counted.tally.add(labelled(record, counted.short))
    return counted


def _ratings(counted: _Counted) -> dict[str, Ratings]:
    """By game; none where too few play to rank."""
    return {
        game: renamed(rate(results), counted.short)
        for game, results in counted.results.items()
        if len({name for result in results for name in (result.first, result.second)}) > 2
    }


def _schedule(run: Path) -> Schedule | None:
    """What the run's config asks for; None for a lone file, or records that came from elsewhere."""
    try:
        return schedule_of(read_config(run), run)
    except (RunError, ValueError, KeyError, TypeError):  # edited by hand: no report fails for it
        return None


def _raw_config(run: Path) -> dict[str, Any]:
    """What the run's config says; nothing for a lone file of records, or a config of another kind."""
    try:
        data = json.loads((run / CONFIG).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _facts(config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name in CONFIG_FACTS:
        if config.get(name) not in (None, "", [], {}):
            yield name, _in_words(config[name])


def _in_words(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


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
